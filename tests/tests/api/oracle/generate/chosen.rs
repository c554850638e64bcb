//! Operations that chance would seldom make.

use entity::user::RoleCode;
use harness::ALPHA;
use lanpya::graph::graph;
use serde_json::json;

use super::Asked;
use crate::oracle::ast::{Field, Item, Literal, Operation, Variable};

/// Operations for what chance seldom meets: nulls below `not`, and filters that look at rows beyond reach.
pub fn chosen() -> Vec<Asked> {
    let filters = [
        (RoleCode::Supervisor, "visits", json!({ "not": { "ageYears": { "gt": 12 } } })),
        (
            RoleCode::Supervisor,
            "visits",
            json!({ "not": { "or": [{ "destination": { "eq": "TH" } }, { "ageYears": { "lte": 11 } }] } }),
        ),
        (RoleCode::Supervisor, "visits", json!({ "destination": { "ne": "TH" } })),
        (RoleCode::MrcCounsellor, "visits", json!({ "destination": { "ne": "CN" } })),
        (RoleCode::MrcCounsellor, "resourceCentres", json!({ "visits": { "some": { "ticket": { "eq": "T-004" } } } })),
        (
            RoleCode::MrcCounsellor,
            "resourceCentres",
            json!({ "visits": { "every": { "ageYears": { "isNull": true } } } }),
        ),
        (
            RoleCode::Caseworker,
            "locations",
            json!({ "pcode": { "eq": "MMR015009" }, "children": { "every": { "pcode": { "eq": "x" } } } }),
        ),
        (RoleCode::Caseworker, "survivors", json!({ "cases": { "none": {} } })),
        (RoleCode::Caseworker, "children", json!({ "observations": { "every": { "year": { "eq": 2025 } } } })),
        (RoleCode::Caseworker, "people", json!({ "visits": { "none": {} } })),
        (RoleCode::MrcCounsellor, "people", json!({ "childProfiles": { "none": {} } })),
    ];
    let visits = (1..=12).map(|number| {
        let ticket = format!("T-{number:03}");
        (RoleCode::MrcCounsellor, "resourceCentres", json!({ "visits": { "none": { "ticket": { "eq": ticket } } } }))
    });
    let filters = filters.into_iter().chain(visits);
    // A role that does not read visits may not ask for them.
    let filters = filters.filter(|(role, _, filter)| *role != RoleCode::Caseworker || filter.get("visits").is_none());
    filters
        .map(|(role, root, filter)| {
            let mut field = Field::bare(root);
            let noun = graph().nouns().iter().find(|noun| noun.plural == root).unwrap();
            field.arguments.push(("where".to_owned(), Literal::Variable("filter".to_owned())));
            let mut nodes = Field::bare("nodes");
            nodes.items.push(Item::Field(Field::bare("id")));
            field.items = vec![Item::Field(Field::bare("totalCount")), Item::Field(nodes)];
            let mut operation = Operation { items: vec![Item::Field(field)], ..Operation::default() };
            let variable = Variable { kind: format!("{}Filter", noun.name), default: None, given: Some(filter) };
            operation.variables.insert("filter".to_owned(), variable);
            Asked { organisation: &ALPHA, role, operation }
        })
        .collect()
}
