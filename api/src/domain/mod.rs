//! The rules of the field, pure: values in, verdict out. No clock, no database, no GraphQL.

pub mod campaign;
pub mod capacity;
pub mod case;
pub mod complaint;
pub mod consent;
pub mod cpms;
pub mod opening;
pub mod person;
pub mod referral;
pub mod suppression;
pub mod text;
pub mod trafficking;
pub mod training;
pub mod visit;
pub mod visit_work;
pub mod webhook;

/// Why a rule refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Something that the step needs is missing or empty.
    FieldRequired,
    /// A value is outside what the field can hold.
    BadValue,
    /// A text is too long or a number too great.
    TooLong,
    /// A value is not in the closed list it belongs to.
    CodeUnknown,
    /// A date is impossible or lies on the wrong side of another.
    DateInvalid,
    /// Two spans of time overlap.
    Overlaps,
    /// The record is not in a state that allows the step.
    WrongState,
    /// The case still has services that were not given.
    OpenServices,
    /// The case still has follow-ups that were not done.
    OpenTasks,
    /// A reason must be given.
    ReasonRequired,
    /// The child already has an observation for the year.
    DuplicateYear,
    /// The rule that allows the decision is not met.
    RuleNotMet,
    /// There is no consent.
    ConsentMissing,
    /// The consent does not allow it.
    ConsentScopeMissing,
    /// The consent holds no more.
    ConsentExpired,
    /// The consent was withdrawn.
    ConsentWithdrawn,
    /// The step is the receiver's.
    NotReceiver,
    /// The step is the sender's.
    NotSender,
    /// The record belongs to another one than the one named.
    ParentMismatch,
    /// The receiver cannot take the record.
    ReceiverNotEligible,
}

/// A refusal, the input it is about and why. The text is constant and names no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fault {
    /// Why.
    pub refusal: Refusal,
    /// The input field by its name in the schema; empty where it is about the record as a whole.
    pub field: &'static str,
    /// The rule in words.
    pub says: &'static str,
}

impl Fault {
    /// A refusal of one field.
    pub const fn new(refusal: Refusal, field: &'static str, says: &'static str) -> Self {
        Self { refusal, field, says }
    }
}

/// Fails with the fault unless the rule holds.
pub(crate) fn ensure(holds: bool, refusal: Refusal, field: &'static str, says: &'static str) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(Fault::new(refusal, field, says)) }
}
