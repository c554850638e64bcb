//! The closed list of things that can go wrong, as a client sees them: a code, a constant text and, for input, the
//! field. Never SQL, a constraint's name, a value, or a hint that another organisation's row exists.

use std::borrow::Cow;

use async_graphql::Pos;
use serde::Serialize;

use crate::domain::{Fault, Refusal};

/// Every value of `extensions.code` and of `UserError.code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, async_graphql::Enum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[graphql(name = "ErrorCode")]
pub enum Code {
    /// The request carries no valid token.
    Unauthenticated,
    /// The request is not a well-formed GraphQL-over-HTTP request.
    BadRequest,
    /// The document is not valid GraphQL syntax.
    GraphqlParseFailed,
    /// The document does not fit the schema.
    GraphqlValidationFailed,
    /// No trusted document has the id that the request names. Send the document itself: nothing is registered on the way.
    PersistedQueryNotFound,
    /// The document is not a trusted one, and the caller's role may send no other.
    DocumentNotTrusted,
    /// The request goes beyond a limit; the message names it.
    LimitExceeded,
    /// The user or the organisation has spent its cost points: `extensions.retryAfter` says for how many seconds.
    RateLimited,
    /// An argument or variable has a value that its type does not allow.
    BadUserInput,
    /// The cursor is not one this list gave out, or it is older than a day.
    InvalidCursor,
    /// The caller's role does not include this action.
    RoleNotAllowed,
    /// The caller's role does not include fields of this sensitivity class, so it may not filter or sort by them.
    ClassNotAllowed,
    /// No such record within the caller's reach.
    NotFound,
    /// The record is not in a state that allows this step.
    WrongState,
    /// The record changed since it was read: read it again and repeat the change.
    VersionConflict,
    /// A field that this step needs is missing or empty.
    FieldRequired,
    /// A value is not in the closed list it belongs to.
    CodeUnknown,
    /// No place has this P-code.
    PcodeUnknown,
    /// A date is impossible or lies on the wrong side of another.
    DateInvalid,
    /// Two spans of time overlap that must not.
    Overlaps,
    /// A reason must be given.
    ReasonRequired,
    /// The case still has services that were neither implemented nor ended.
    OpenServices,
    /// The case still has follow-ups that were not done.
    OpenTasks,
    /// The child already has an observation for this year.
    DuplicateYear,
    /// A record with this value already exists in the organisation.
    Duplicate,
    /// The rule that allows this decision is not met.
    RuleNotMet,
    /// The text is longer, or the number greater, than the field allows.
    TooLong,
    /// The idempotency key was used before with a different request.
    IdempotencyKeyReused,
    /// The receiver of the record cannot take it: unknown, disabled, without the role, or without an agreement.
    ReceiverNotEligible,
    /// There is no consent to share with another organisation.
    ConsentMissing,
    /// The consent does not allow this: a referral needs services and sharing with other organisations.
    ConsentScopeMissing,
    /// The consent holds no more.
    ConsentExpired,
    /// The consent was withdrawn.
    ConsentWithdrawn,
    /// The step is for the organisation that received the referral.
    NotReceiver,
    /// The step is for the organisation that sent the referral.
    NotSender,
    /// The record belongs to another record than the one named beside it.
    ParentMismatch,
    /// The request took longer than the server allows.
    Timeout,
    /// The service cannot answer just now. Try again: what was sent with an `idempotencyKey` happens once, whatever became
    /// of this attempt.
    Unavailable,
    /// A fault of the server. Report the request id.
    Internal,
}

impl Code {
    /// Whether the user can mend it: neither a fault of the server nor a missing right.
    pub fn is_users(self) -> bool {
        !matches!(
            self,
            Self::Unauthenticated
                | Self::PersistedQueryNotFound
                | Self::DocumentNotTrusted
                | Self::RoleNotAllowed
                | Self::ClassNotAllowed
                | Self::RateLimited
                | Self::Timeout
                | Self::Unavailable
                | Self::Internal
        )
    }

    /// The constant text a client reads; it never depends on data.
    pub fn message(self) -> &'static str {
        match self {
            Self::Unauthenticated => "A valid bearer token is required.",
            Self::BadRequest => "The request is not well formed.",
            Self::GraphqlParseFailed => "The document is not valid GraphQL.",
            Self::GraphqlValidationFailed => "The document does not fit the schema.",
            // Some clients look for the first word.
            Self::PersistedQueryNotFound => "PersistedQueryNotFound: no trusted document has this id.",
            Self::DocumentNotTrusted => "This document is not a trusted one.",
            Self::LimitExceeded => "The request goes beyond a limit.",
            Self::RateLimited => "Too many cost points were spent in a short time.",
            Self::BadUserInput => "A value does not fit its type.",
            Self::InvalidCursor => "The cursor does not belong to this list or is too old.",
            Self::RoleNotAllowed => "Your role does not include this action.",
            Self::ClassNotAllowed => "Your role may not use this field.",
            Self::NotFound => "No such record.",
            Self::WrongState => "The record is not in a state that allows this step.",
            Self::VersionConflict => "The record has changed since it was read.",
            Self::FieldRequired => "This field is required.",
            Self::CodeUnknown => "This value is not in the list.",
            Self::PcodeUnknown => "No place has this P-code.",
            Self::DateInvalid => "This date is not possible here.",
            Self::Overlaps => "Two spans of time overlap.",
            Self::ReasonRequired => "A reason is required.",
            Self::OpenServices => "The case has open services.",
            Self::OpenTasks => "The case has open follow-ups.",
            Self::DuplicateYear => "This child already has an observation for this year.",
            Self::Duplicate => "A record with this value already exists.",
            Self::RuleNotMet => "The rule for this decision is not met.",
            Self::TooLong => "This value is too long or too great.",
            Self::IdempotencyKeyReused => "This idempotency key was used with a different request.",
            Self::ReceiverNotEligible => "This receiver cannot take the record.",
            Self::ConsentMissing => "There is no consent to share with another organisation.",
            Self::ConsentScopeMissing => "The consent does not allow this.",
            Self::ConsentExpired => "The consent has expired.",
            Self::ConsentWithdrawn => "The consent was withdrawn.",
            Self::NotReceiver => "This step is the receiver's.",
            Self::NotSender => "This step is the sender's.",
            Self::ParentMismatch => "The record belongs to another one.",
            Self::Timeout => "The request took too long.",
            Self::Unavailable => "The service is not available just now.",
            Self::Internal => "Something went wrong on the server.",
        }
    }
}

/// One error of an answer: code, constant text, where in the document and in the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What went wrong.
    pub code: Code,
    /// The text; [`Code::message`] unless a limit or a field must be named.
    pub message: Cow<'static, str>,
    /// The input field, as a dotted path (`input.visitedOn`).
    pub field: Option<String>,
    /// Response path of the field the error belongs to.
    pub path: Vec<String>,
    /// Place in the document.
    pub location: Option<Pos>,
    /// In how many seconds the same request may pass.
    pub retry_after: Option<u32>,
}

impl Error {
    /// An error with its code's constant text.
    pub fn new(code: Code) -> Self {
        Self {
            code,
            message: Cow::Borrowed(code.message()),
            field: None,
            path: Vec::new(),
            location: None,
            retry_after: None,
        }
    }

    /// Replaces the text. The text may name limits, fields and types of the schema, never values.
    #[must_use]
    pub fn saying(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = message.into();
        self
    }

    /// Whether a right was missing: what the audit keeps even though nothing happened.
    pub fn is_refusal(&self) -> bool {
        matches!(self.code, Code::RoleNotAllowed | Code::ClassNotAllowed)
    }

    /// Names the input field.
    #[must_use]
    pub fn on(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Names the place in the document.
    #[must_use]
    pub fn at(mut self, location: Pos) -> Self {
        self.location = Some(location);
        self
    }

    /// Says in how many seconds to try again.
    #[must_use]
    pub fn after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Names the response path.
    #[must_use]
    pub fn under(mut self, path: Vec<String>) -> Self {
        self.path = path;
        self
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// What most functions answer with.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<&Fault> for Error {
    /// A rule's refusal as the client sees it, with the field below `input`.
    fn from(fault: &Fault) -> Self {
        let code = match fault.refusal {
            Refusal::FieldRequired => Code::FieldRequired,
            Refusal::BadValue => Code::BadUserInput,
            Refusal::TooLong => Code::TooLong,
            Refusal::CodeUnknown => Code::CodeUnknown,
            Refusal::DateInvalid => Code::DateInvalid,
            Refusal::Overlaps => Code::Overlaps,
            Refusal::WrongState => Code::WrongState,
            Refusal::OpenServices => Code::OpenServices,
            Refusal::OpenTasks => Code::OpenTasks,
            Refusal::ReasonRequired => Code::ReasonRequired,
            Refusal::DuplicateYear => Code::DuplicateYear,
            Refusal::RuleNotMet => Code::RuleNotMet,
            Refusal::ConsentMissing => Code::ConsentMissing,
            Refusal::ConsentScopeMissing => Code::ConsentScopeMissing,
            Refusal::ConsentExpired => Code::ConsentExpired,
            Refusal::ConsentWithdrawn => Code::ConsentWithdrawn,
            Refusal::NotReceiver => Code::NotReceiver,
            Refusal::NotSender => Code::NotSender,
            Refusal::ParentMismatch => Code::ParentMismatch,
            Refusal::ReceiverNotEligible => Code::ReceiverNotEligible,
        };
        let error = Self::new(code).saying(fault.says);
        if fault.field.is_empty() { error } else { error.on(format!("input.{}", fault.field)) }
    }
}

/// Everything that kept an act from happening: a form is mended in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errors(pub Vec<Error>);

impl Errors {
    /// Fails if there is any.
    pub fn none(faults: &[Fault]) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self(faults.iter().map(Error::from).collect())) }
    }
}

impl From<Error> for Errors {
    fn from(error: Error) -> Self {
        Self(vec![error])
    }
}

impl From<Code> for Errors {
    fn from(code: Code) -> Self {
        Self(vec![code.into()])
    }
}

impl From<Fault> for Errors {
    fn from(fault: Fault) -> Self {
        Self(vec![Error::from(&fault)])
    }
}
