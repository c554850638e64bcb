//! Ids of reference rows: made from their codes, so every installation has the same ones.

use uuid::{Uuid, uuid};

/// The namespace of all ids made from codes.
pub const NAMESPACE: Uuid = uuid!("0b5f6a52-7e0d-5d4e-9c0f-6c616e707961");

fn named(name: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, name.as_bytes())
}

/// The id of the place with this P-code.
pub fn location(pcode: &str) -> Uuid {
    named(&format!("location:{pcode}"))
}

/// The id of one spelling of the place with this P-code.
pub fn place_name(pcode: &str, name: &str) -> Uuid {
    named(&format!("place_name:{pcode}|{name}"))
}

/// The id of the organisation with this code.
pub fn organisation(code: &str) -> Uuid {
    named(&format!("organisation:{code}"))
}

/// The id of a version of a capacity tool.
pub fn capacity_tool(code: &str, version: &str) -> Uuid {
    named(&format!("capacity_tool:{code}:{version}"))
}

/// The id of a domain of a capacity tool.
pub fn capacity_domain(tool: &str, version: &str, domain: &str) -> Uuid {
    named(&format!("capacity_tool:{tool}:{version}:{domain}"))
}

/// The id of an item of a domain of a capacity tool.
pub fn capacity_item(tool: &str, version: &str, domain: &str, item: &str) -> Uuid {
    named(&format!("capacity_tool:{tool}:{version}:{domain}:{item}"))
}

/// The id of a visit brought in from a register, by what identifies its row there: no shift of a boundary between the
/// parts repeats it.
pub fn imported_visit(organisation: Uuid, key: &[impl AsRef<str>]) -> Uuid {
    let mut name = format!("imported_visit:{organisation}");
    for part in key {
        let part = part.as_ref();
        name.extend([":", &part.len().to_string(), ":", part]);
    }
    named(&name)
}

#[cfg(test)]
mod tests {
    use super::{capacity_item, capacity_tool, imported_visit, location, organisation, place_name};

    #[test]
    fn are_name_based_and_apart() {
        let ids = [
            location("MMR001001"),
            place_name("MMR001001", "Myitkyina"),
            organisation("KMSS"),
            capacity_tool("OCA", "1"),
            capacity_item("OCA", "1", "GOV", "GOV1"),
            imported_visit(organisation("KMSS"), &["12", "3"]),
            imported_visit(organisation("KMSS"), &["1", "23"]),
            imported_visit(organisation("KMSS"), &["1:23"]),
            imported_visit(organisation("SMSS"), &["12", "3"]),
        ];
        for (position, id) in ids.iter().enumerate() {
            assert_eq!(id.get_version_num(), 5);
            assert!(ids.iter().skip(position + 1).all(|other| other != id));
        }
        assert_eq!(location("MMR001001"), location("MMR001001"));
    }
}
