//! Places and their spellings: shared by all, owned by none.

use entity::location::{Column as C, Country, Entity, LocationKind};
use entity::place_name;

use super::declare::{Noun, Shortcut, code, many, names, one, plain, text_list};
use crate::access::Class::Public;
use crate::domain::text;

pub(super) fn nouns() -> Vec<Noun> {
    vec![location(), spelling()]
}

fn location() -> Noun {
    Noun::of::<Entity>(
        "Location",
        "location",
        ["location", "locations"],
        "A country, state or region, province, district, township or sub-district with its P-code. Names are not \
         unique: look up by P-code, or by name and expect several.",
        vec![
            plain(
                "pcode",
                C::Pcode,
                Public,
                "Place code of MIMU (Myanmar) or the Thai administration, e.g. `MMR015009`.",
            )
            .filtered()
            .sorted(),
            plain(
                "admLevel",
                C::AdmLevel,
                Public,
                "Depth in the administrative tree: 0 country, 1 state, region or \
                province, 2 district, 3 township or sub-district.",
            )
            .filtered()
            .sorted(),
            code::<LocationKind>("kind", C::Kind, Public, "What kind of place.").filtered(),
            code::<Country>("country", C::Country, Public, "Which country it lies in.").filtered(),
            names("names", [C::NameEn, C::NameMy, C::NameTh], Public, "Its name."),
            text_list("aliases", C::Aliases, Public, "Other spellings in use."),
            one("parent", C::ParentId, "Location", Public, "The place it is part of; null for a country.").filtered(),
            many("children", C::ParentId, "Location", Public, "The places within it, one level down.").filtered(),
            many("spellings", place_name::Column::LocationId, "PlaceName", Public, "Every spelling it is found by."),
        ],
    )
    .keyed("pcode", C::Pcode, Public)
    .shortcut(Shortcut {
        name: "name",
        description: "Any spelling in English, Burmese or Thai, upper or lower case, with or without spaces.",
        edge: "spellings",
        column: "folded",
        fold: text::fold,
    })
}

fn spelling() -> Noun {
    use place_name::Column as P;
    Noun::of::<place_name::Entity>(
        "PlaceName",
        "place_name",
        ["placeName", "placeNames"],
        "One spelling of a place's name.",
        vec![
            plain("name", P::Name, Public, "As it is written."),
            plain("folded", P::Folded, Public, "As it is compared: lower case, without spaces, hyphens and dots.")
                .filtered()
                .sorted(),
            one("location", P::LocationId, "Location", Public, "The place.").always(),
        ],
    )
}
