//! Writes: an id of BETA's in any input is an id of nobody's, and nothing of BETA's changes.

use std::collections::BTreeMap;

use entity::Owner;
use entity::user::RoleCode;
use harness::introspection::{Input, Schema, TypeRef};
use harness::{ALPHA, Answer, BETA, Backend, World, both};
use lanpya::graph::declare::Noun;
use lanpya::plan::GlobalId;
use serde_json::json;

use super::documents::noun;
use super::{foreign, ids, nobody};

both! { ids_of_others_in_inputs_are_ids_of_nobody }

/// What an id in an input names. `id` is the record's own: made by the client, or of the mutation's noun.
const NAMES: [(&str, &str); 20] = [
    ("centre", "ResourceCentre"),
    ("project", "Project"),
    ("case", "Case"),
    ("child", "Child"),
    ("person", "Person"),
    ("household", "Household"),
    ("survivor", "Survivor"),
    ("service", "CaseService"),
    ("services", "CaseService"),
    ("followUp", "FollowUp"),
    ("owner", "User"),
    ("receiver", "User"),
    ("user", "User"),
    ("interviewer", "User"),
    ("caseWorker", "User"),
    ("collectedBy", "User"),
    ("tool", "CapacityTool"),
    ("item", "CapacityItem"),
    ("assessment", "CapacityAssessment"),
    ("duplicateOf", "Case"),
];

/// Texts that an input refuses unless they have a form.
const TEXTS: [(&str, &str); 4] =
    [("pcode", "MMR015009"), ("homeTownship", "MMR015009"), ("community", "MMR015009"), ("township", "MMR015009")];

/// Inputs that may be left out and without which the mutation still does nothing.
const NEEDED: [(&str, &str); 1] = [("caseOpen", "input.child")];

struct Inputs<'s> {
    schema: &'s Schema,
    mutation: &'s str,
    /// A good id for each noun.
    good: &'s BTreeMap<&'static str, String>,
}

impl Inputs<'_> {
    fn names(&self, field: &str) -> &'static Noun {
        if field == "id" {
            let payload = self.schema.field("Mutation", self.mutation).ty.named();
            let mut records = self.schema.fields(payload).iter().map(|field| field.ty.named());
            return records.find_map(|name| lanpya::graph::graph().named(name)).expect("a record in the payload");
        }
        let found = NAMES.iter().find(|(name, _)| *name == field);
        noun(found.unwrap_or_else(|| panic!("{}: what does the id `{field}` name? Add it to NAMES.", self.mutation)).1)
    }

    /// Ways to every id below an input.
    fn ids(&self, input: &TypeRef, way: &str, found: &mut Vec<(String, &'static Noun)>) {
        for field in self.schema.get(input.named()).input_fields.iter().flatten() {
            let way = format!("{way}.{}", field.name);
            let target = field.ty.named();
            if target == "ID" {
                found.push((way, self.names(&field.name)));
            } else if !self.schema.is_leaf(target) {
                self.ids(&field.ty, &way, found);
            }
        }
    }

    /// An input with what it requires and, on the way to `special`, that id.
    fn object(&self, input: &TypeRef, way: &str, special: (&str, &str)) -> String {
        let mut text = String::new();
        for field in self.schema.get(input.named()).input_fields.iter().flatten() {
            let way = format!("{way}.{}", field.name);
            let needed = field.ty.required() || NEEDED.contains(&(self.mutation, way.as_str()));
            if needed || special.0 == way || special.0.starts_with(&format!("{way}.")) {
                let value = self.value(field, &way, special);
                text.extend([field.name.as_str(), ": ", &value, ", "]);
            }
        }
        format!("{{ {text}}}")
    }

    fn value(&self, field: &Input, way: &str, special: (&str, &str)) -> String {
        let kind = self.schema.get(field.ty.named());
        let one = match kind.name.as_str() {
            "ID" if special.0 == way => format!("\"{}\"", special.1),
            "ID" => format!("\"{}\"", self.good[self.names(&field.name).name]),
            "Date" => "\"2026-11-01\"".to_owned(),
            "DateTime" => "\"2026-11-01T00:00:00Z\"".to_owned(),
            "Int" | "Float" => "1".to_owned(),
            "Boolean" => "true".to_owned(),
            "String" => {
                format!("\"{}\"", TEXTS.iter().find(|(name, _)| *name == field.name).map_or("text", |(_, text)| text))
            }
            _ if kind.kind == "ENUM" => kind.enum_values.iter().flatten().next().expect("a value").name.clone(),
            _ => self.object(&field.ty, way, special),
        };
        if field.ty.is_list() { format!("[{one}]") } else { one }
    }
}

/// The payload: the record by its id, and the errors.
fn payload(schema: &Schema, name: &str) -> String {
    let fields = schema.fields(name).iter().map(|field| match field.ty.named() {
        "UserError" => format!("{} {{ code field message }}", field.name),
        target if schema.is_leaf(target) => field.name.clone(),
        target if schema.fields(target).iter().any(|inner| inner.name == "id") => format!("{} {{ id }}", field.name),
        target => format!("{} {{ {} }}", field.name, payload(schema, target)),
    });
    fields.collect::<Vec<_>>().join(" ")
}

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
            let creates =
                schema.get(argument.ty.named()).input_fields.iter().flatten().any(|one| one.name == "idempotencyKey");
            let own = way == "input.id" && creates;
            if !(refused || own) {
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
    let error = answer.at(&format!("/data/{mutation}/userErrors/0"));
    error["code"] == "NOT_FOUND" && error["field"] == way
}
