//! Users: the staff of an organisation.

use entity::user::{Column as C, Entity, RoleCode};

use super::declare::{Noun, code, one, plain};
use crate::access::Class::Internal;

pub(super) fn nouns() -> Vec<Noun> {
    vec![Noun::of::<Entity>(
        "User",
        "user",
        ["user", "users"],
        "A member of staff who signs in. Roles decide what each may read and do.",
        vec![
            plain("subject", C::Subject, Internal, "The `sub` of the user's tokens.").filtered(),
            plain("displayName", C::DisplayName, Internal, "The name colleagues see.").filtered().sorted(),
            code::<RoleCode>("role", C::Role, Internal, "What the user may do.").filtered(),
            plain("team", C::Team, Internal, "The team whose records a supervisor sees.").filtered(),
            one("workLocation", C::WorkLocationId, "Location", Internal, "Where the user works."),
            plain("language", C::Language, Internal, "Preferred language (BCP 47)."),
            plain("isEnabled", C::IsEnabled, Internal, "Whether the user may sign in."),
        ],
    )]
}
