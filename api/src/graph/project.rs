//! Projects.

use entity::project::{Column as C, Entity};

use super::declare::{Noun, names, plain};
use crate::access::Class::Internal;

pub(super) fn nouns() -> Vec<Noun> {
    vec![Noun::of::<Entity>(
        "Project",
        "project",
        ["project", "projects"],
        "A funded piece of work, for instance SAFE from July 2019 to June 2022.",
        vec![
            names("names", [C::NameEn, C::NameMy, C::NameTh], Internal, "Its name."),
            plain("donor", C::Donor, Internal, "Who pays for it."),
            plain("startsOn", C::StartsOn, Internal, "First day.").filtered().sorted(),
            plain("endsOn", C::EndsOn, Internal, "Last day; null while it is open."),
        ],
    )]
}
