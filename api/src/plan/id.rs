//! Global ids: `visit_01h2…`, a type and a UUID in one word (TypeID).

use std::str::FromStr as _;

use type_safe_id::{DynamicType, TypeSafeId};
use uuid::Uuid;

/// A global id, read or to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlobalId {
    /// The noun's prefix.
    pub prefix: String,
    /// The id in its table.
    pub id: Uuid,
}

impl GlobalId {
    /// Reads an id; `None` if it is not one.
    pub fn read(text: &str) -> Option<Self> {
        let id = TypeSafeId::<DynamicType>::from_str(text).ok()?;
        Some(Self { prefix: id.type_prefix().to_owned(), id: id.uuid() })
    }

    /// Reads an id of the given noun.
    pub fn read_as(text: &str, prefix: &str) -> Option<Uuid> {
        Self::read(text).filter(|id| id.prefix == prefix).map(|id| id.id)
    }

    /// The id as text.
    pub fn text(prefix: &str, id: Uuid) -> String {
        DynamicType::new(prefix).map(|kind| TypeSafeId::from_type_and_uuid(kind, id).to_string()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let id = Uuid::from_u128(0x0190_1234_5678_7abc_8def_0123_4567_89ab);
        let text = GlobalId::text("cpms_observation", id);
        assert_eq!(GlobalId::read_as(&text, "cpms_observation"), Some(id));
        assert_eq!(GlobalId::read_as(&text, "visit"), None);
        assert_eq!(GlobalId::read(&text.to_uppercase()), None);
        assert_eq!(GlobalId::read("visit_"), None);
    }
}
