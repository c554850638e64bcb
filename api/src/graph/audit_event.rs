//! The audit: who read and did what.

use entity::audit_event::{AuditOutcome, Column as C, Entity};
use entity::user::RoleCode;
use entity::value::{Cell, Scalar};

use super::declare::{Moment, Noun, code, derived, one, plain, records, text_list};
use crate::access::Class::Internal;

const RECORDS: &str = "The records read or changed; the first 200 where there are more. Null where the trail is asked for by one \
                       record within reach: the others may lie beyond.";
const COUNT: &str = "How many records were read or changed; null where they are.";

pub(super) fn nouns() -> Vec<Noun> {
    let about = [C::RecordType, C::RecordId, C::Records];
    vec![
        Noun::of::<Entity>(
            "AuditEvent",
            "audit_event",
            ["auditEvent", "auditTrail"],
            "That somebody read or changed records, or was refused. Events are added and never changed; none holds a \
             value of a record. Ids run with time: the last page holds the latest.",
            vec![
                plain("at", C::At, Internal, "When it happened (UTC).").filtered().sorted().in_id(),
                one(
                    "user",
                    C::UserId,
                    "User",
                    Internal,
                    "Who acted; null for the operator of the server, and for a partner.",
                )
                .filtered(),
                code::<RoleCode>("role", C::Role, Internal, "The role it was done in; INTEGRATION for a partner."),
                plain("action", C::Action, Internal, "The act: READ, or what the mutation is called."),
                code::<AuditOutcome>("outcome", C::Outcome, Internal, "Whether it was allowed."),
                plain("recordType", C::RecordType, Internal, "The type of the records; null for a refusal."),
                records("records", about, Internal, RECORDS),
                derived("recordCount", &about, Scalar::Int, count, Internal, COUNT),
                text_list("fields", C::Fields, Internal, "The fields read, filtered or changed; never their contents."),
                plain("requestId", C::RequestId, Internal, "The request, as the server's log and its answer name it."),
                plain(
                    "operation",
                    C::Operation,
                    Internal,
                    "The operation that read: the first half of the SHA-256 of its document, in hexadecimal digits.",
                ),
            ],
        )
        .called("audit events"),
    ]
}

fn count(cells: &[Cell<'_>], _: &Moment) -> Cell<'static> {
    let [_, one, many] = cells else { return Cell::Null };
    let many = many.bytes().map_or(0, |ids| ids.len() / 16);
    Cell::Int(i64::try_from(many).unwrap_or(i64::MAX).saturating_add(one.uuid().is_some().into()))
}
