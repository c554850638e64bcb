//! Writes: an id of BETA's in any input is an id of nobody's, and nothing of BETA's changes.

use std::collections::BTreeMap;

use entity::Owner;
use entity::user::RoleCode;
use harness::inputs::{Inputs, payload};
use harness::introspection::Schema;
use harness::{ALPHA, Answer, BETA, Backend, World, both};
use lanpya::plan::GlobalId;
use serde_json::json;

use super::{foreign, ids, nobody};

both! { ids_of_others_in_inputs_are_ids_of_nobody }

fn masked(answer: &Answer, ids: &[&str]) -> String {
    ids.iter().fold(answer.masked(), |text, id| text.replace(id, "ID"))
}

async fn ids_of_others_in_inputs_are_ids_of_nobody(backend: Backend) {
    let world = World::new(backend).await;
    let schema = Schema::of(&world).await;
    let others = foreign(&world.store).await;
    let mut good = BTreeMap::new();
    for noun in lanpya::graph::graph().nouns() {
        good.insert(noun.name, GlobalId::text(noun.prefix, ids(&world.store, noun, &ALPHA).await[0]));
    }
    let before = world.store.dump(Some(BETA.id())).await;
    let mut vacuous = Vec::new();
    for mutation in schema.fields("Mutation") {
        let inputs = Inputs { schema: &schema, mutation: &mutation.name, good: &good };
        let payload = payload(&schema, mutation.ty.named());
        let argument = mutation.args.first().expect("an input");
        assert_eq!((mutation.args.len(), argument.name.as_str()), (1, "input"), "{}: one `input`", mutation.name);
        let mut ways = Vec::new();
        inputs.ids(&argument.ty, "input", &mut ways);
        for (way, noun) in ways {
            if matches!(noun.owner, Owner::Shared) {
                continue;
            }
            let (stranger, nobody) = (GlobalId::text(noun.prefix, others[noun.name][0]), nobody(noun));
            let mut refused = false;
            for role in lanpya::access::roles() {
                let token = world.token(&ALPHA, role);
                let (mut answers, mut texts) = (Vec::new(), Vec::new());
                for id in [&stranger, &nobody] {
                    let input = inputs.object(&argument.ty, "input", (&way, id));
                    let document = format!("mutation {{ {}(input: {input}) {{ {payload} }} }}", mutation.name);
                    let answer = world.ask(&token, &document, json!({})).await;
                    refused |= is_not_found(&answer, &mutation.name, &way);
                    texts.push(masked(&answer, &[&stranger, &nobody]));
                    answers.push(answer);
                }
                assert_eq!(texts[0], texts[1], "{role:?} {} {way}", mutation.name);
            }
            // A client makes the id of what it creates; everything else must be found.
            if !(refused || inputs.makes(&argument.ty, &way)) {
                vacuous.push(format!("{} {way}", mutation.name));
            }
        }
    }
    assert!(vacuous.is_empty(), "no role is answered NOT_FOUND on this field: {vacuous:#?}");
    let after = world.store.dump(Some(BETA.id())).await;
    for (table, rows) in &before {
        assert_eq!(&after[table], rows, "{table} of BETA changed");
    }
    // What a good id does shows that the inputs above are no nonsense.
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let mutation = schema.field("Mutation", "visitRecord");
    let inputs = Inputs { schema: &schema, mutation: "visitRecord", good: &good };
    let input = inputs.object(&mutation.args[0].ty, "input", ("", ""));
    let document =
        format!("mutation {{ visitRecord(input: {input}) {{ visit {{ id }} userErrors {{ code field }} }} }}");
    let answer = world.ask(&token, &document, json!({})).await;
    assert!(answer.at("/data/visitRecord/visit/id").is_string(), "{document}: {}", answer.body);
    world.stop().await;
}

fn is_not_found(answer: &Answer, mutation: &str, way: &str) -> bool {
    ["userErrors", "results/0/userErrors"].iter().any(|place| {
        let error = answer.at(&format!("/data/{mutation}/{place}/0"));
        // In a batch the way leads through the one place of its list.
        let field = error["field"].as_str().unwrap_or_default().replace(".0.", ".");
        error["code"] == "NOT_FOUND" && field == way
    })
}
