//! From the declared cubes to the types of the schema: a root field, its groups and their keys.

use async_graphql::OutputType;
use async_graphql::registry::{MetaField, Registry};
use entity::statistics::{AgeScheme, DateBucket, GroupOrder};
use entity::value::Scalar;

use super::types::{argument, class_note, enum_type, field, input_type, object_type};
use crate::graph::cube::{Counted, Cube, Cut, Dimension, Measure};
use crate::graph::graph;
use crate::plan::{CUTS, LARGEST_TALLY, USUAL_TALLY};

/// Registers the types of every cube and returns the root fields.
pub(super) fn register(registry: &mut Registry) -> Vec<MetaField> {
    shared(registry);
    graph().cubes().iter().map(|cube| root(registry, cube)).collect()
}

fn shared(registry: &mut Registry) {
    <DateBucket as OutputType>::create_type_info(registry);
    <AgeScheme as OutputType>::create_type_info(registry);
    <GroupOrder as OutputType>::create_type_info(registry);
    object_type(
        registry,
        "Period",
        "A span of the calendar.",
        vec![
            field("from", "Date!", "Its first day."),
            field("to", "Date!", "Its last day."),
            field("label", "String!", "How it is written: `2026-03`, `2026-Q1` or `2026`."),
        ],
    );
    object_type(
        registry,
        "AgeBand",
        "A band of ages in completed years.",
        vec![
            field("fromYears", "Int!", "The first age of it."),
            field("toYears", "Int", "The last age of it; null where it has no end."),
            field("label", "String!", "How it is written: `12–17` or `60+`."),
        ],
    );
    input_type(
        registry,
        "GroupCountFilter",
        "Narrows groups by how many they count.",
        vec![argument("gte", "Int", "That many or more."), argument("lte", "Int", "That many or fewer.")],
    );
}

fn root(registry: &mut Registry, cube: &'static Cube) -> MetaField {
    let noun = cube.noun;
    let values = cube.dimensions.iter().map(|one| (one.name.clone(), described(one))).collect();
    enum_type(registry, &format!("{noun}Dimension"), &format!("What {} can be cut by.", words(cube)), values);
    object_type(registry, &format!("{noun}Key"), KEY, keys(cube));
    let mut group = vec![
        field("key", format!("{noun}Key!"), "What the group has in common."),
        field("atLeast", "Int!", "The count as far as it may be told; the count itself unless that is suppressed."),
        field("share", "Float", SHARE),
        field("isSuppressed", "Boolean!", "Whether the count may not be told: it would say too much about few people."),
    ];
    group.extend(cube.measures.iter().map(measured));
    object_type(registry, &format!("{noun}Group"), &format!("A group of {}.", words(cube)), group);
    let total = cube.measures.iter().map(measured).collect();
    object_type(registry, &format!("{noun}Total"), &format!("All of the {} together.", words(cube)), total);
    object_type(
        registry,
        &format!("{noun}Statistics"),
        &format!("{} counted in groups.", capital(words(cube))),
        vec![
            field("groups", format!("[{noun}Group!]!"), "The groups that are not empty, as many as `first` says."),
            field("groupCount", "Int!", "How many groups there are in all."),
            field(
                "total",
                format!("{noun}Total!"),
                "Everything that fits, in one. Groups need not add up to it: a record may stand in several, or in none.",
            ),
            field("isPublished", "Boolean!", published(cube)),
        ],
    );
    let mut root = field(cube.root, format!("{noun}Statistics!"), format!("{} {PUBLISHED_ROOT}", cube.description));
    let arguments = [
        argument("where", format!("{noun}Filter"), "Count only what fits."),
        argument(
            "groupBy",
            format!("[{noun}Dimension!]"),
            format!(
                "What to cut by, at most {CUTS}, the first weighs most; one group of everything if nothing is said."
            ),
        ),
        argument("bucket", "DateBucket", "Cut by spans of time too; they are the first key."),
        argument("placeLevel", "Int", PLACE_LEVEL),
        argument("ageScheme", "AgeScheme", "How ages are cut into bands; UNHCR if nothing is said."),
        argument("having", "GroupCountFilter", "Only groups that count so many; what is suppressed stays."),
        argument("orderBy", "GroupOrder", "In which order; KEY if nothing is said."),
        argument(
            "first",
            "Int",
            format!("At most so many groups, 1 to {LARGEST_TALLY}; {USUAL_TALLY} if nothing is said."),
        ),
    ];
    for one in arguments {
        let offered = match one.name.as_str() {
            "placeLevel" => cube.dimensions.iter().any(|one| matches!(one.cut, Cut::Place(_))),
            "ageScheme" => cube.dimensions.iter().any(|one| matches!(one.cut, Cut::Age(..))),
            _ => true,
        };
        if offered {
            root.args.insert(one.name.clone(), one);
        }
    }
    root
}

const KEY: &str = "What a group has in common. A field that was not asked for in `groupBy` is null, and so is one whose value \
                   is unknown.";
const SHARE: &str = "Of those whose keys before the last are the same and whose last key is known: how many these are, in \
                     percent to one decimal. Null where the last key is unknown or the count suppressed.";
const PUBLISHED_ROOT: &str =
    "True counts of what you may list; cut by what your role does not read, published figures.";
const PLACE_LEVEL: &str = "Roll places up to this administrative level: 0 country, 1 state or region, 2 district, 3 township. \
                           As recorded if nothing is said; a place that is recorded coarser stays as it is.";

/// What published figures are, told of a cube.
fn published(cube: &Cube) -> String {
    format!(
        "Whether these are published figures: for what your role does not read, cut one way (ages by UNHCR, places by \
         township), by {} and by quarters that have ended, with small counts and what would give them away suppressed. \
         What is received late counts in the quarter it is received in.",
        cube.unit_word()
    )
}

fn words(cube: &Cube) -> &'static str {
    graph().named(cube.noun).map_or("", |noun| noun.words.unwrap_or(noun.plural))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn described(dimension: &Dimension) -> String {
    let more = match dimension.cut {
        Cut::Codes(..) => " A record counts under each of several.",
        Cut::Age(..) => " In bands: see `ageScheme`.",
        Cut::Place(_) => " See `placeLevel`.",
        _ => "",
    };
    format!("{}{more}", dimension.description)
}

fn keys(cube: &'static Cube) -> Vec<MetaField> {
    let mut keys = vec![field("period", "Period", "The span of time; null unless `bucket` was given.")];
    keys.extend(cube.dimensions.iter().map(|dimension| {
        let kind = match &dimension.cut {
            Cut::Code(_, codes) | Cut::Codes(_, codes) => codes.name.as_str(),
            Cut::Edge(_, target) => target,
            Cut::Place(_) => "Location",
            Cut::Age(..) => "AgeBand",
            Cut::Text(_) => "String",
            Cut::Truth(_) => "Boolean",
        };
        field(dimension.field, kind, dimension.description)
    }));
    keys
}

fn measured(measure: &Measure) -> MetaField {
    let kind = match measure.counted {
        Counted::Rows | Counted::Different(..) | Counted::Truth(..) | Counted::Known(_) => "Int",
        Counted::Sum(column) if column.scalar == Scalar::Int => "Int",
        Counted::Sum(_) | Counted::Mean(_) | Counted::Days(..) => "Float",
        Counted::Money(..) => "[Money!]",
    };
    field(
        measure.name,
        kind,
        format!("{} Null where it is suppressed.{}", measure.description, class_note(measure.class)),
    )
}
