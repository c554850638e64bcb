//! What the engine answers as JSON. A record that a plan has read is in it as the JSON that the plan has written: read as
//! the engine's own value and written again it would cost as much as the plan.

use async_graphql::Value;

/// JSON in the place of a value. The engine merges it with nothing, so it is for the only record of an answer.
pub fn written(json: Vec<u8>) -> Value {
    Value::Binary(json.into())
}

/// An answer of the engine.
pub fn json(answer: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(1_024);
    match write(answer, &mut out) {
        Ok(()) => out,
        Err(_) => b"null".to_vec(),
    }
}

fn write(value: &Value, out: &mut Vec<u8>) -> serde_json::Result<()> {
    match value {
        Value::Binary(json) => out.extend_from_slice(json),
        Value::List(items) => {
            out.push(b'[');
            for (place, item) in items.iter().enumerate() {
                separate(place, out);
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(members) => {
            out.push(b'{');
            for (place, (name, value)) in members.iter().enumerate() {
                separate(place, out);
                serde_json::to_writer(&mut *out, name.as_str())?;
                out.push(b':');
                write(value, out)?;
            }
            out.push(b'}');
        }
        scalar => serde_json::to_writer(out, scalar)?,
    }
    Ok(())
}

fn separate(place: usize, out: &mut Vec<u8>) {
    if place > 0 {
        out.push(b',');
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{Name, value};

    use super::*;

    #[test]
    fn written_as_serde_writes_it_but_for_json_that_is_there() {
        let mut answer = value!({
            "text": "a \"quoted\"\nမြန်မာ", "number": 1.5, "none": null, "yes": true, "empty": {},
            "list": [[], [1, "b"], { "c": [] }],
        });
        if let Value::Object(members) = &mut answer {
            members.insert(Name::new("code"), Value::Enum(Name::new("WALK_IN")));
        }
        assert_eq!(json(&answer), serde_json::to_vec(&answer).unwrap());
    }

    #[test]
    fn a_record_stands_in_its_place() {
        let record = written(br#"{"id":"visit_1"}"#.to_vec());
        let answer = Value::List(vec![Value::Object([(Name::new("visit"), record)].into()), Value::Null]);
        assert_eq!(json(&answer), br#"[{"visit":{"id":"visit_1"}},null]"#);
    }
}
