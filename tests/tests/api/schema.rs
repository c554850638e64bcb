//! The contract: what is committed is what is served, everything is described, names keep one style.

use harness::introspection::Schema;
use harness::{Backend, World, both};

both! { everything_is_described, names_keep_one_style, every_code_has_a_label }

#[test]
fn the_committed_schema_is_the_served_one() {
    let path = crate::root().join("schema.graphql");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let served = lanpya::schema::sdl();
    let line = served.lines().zip(committed.lines()).position(|(one, other)| one != other);
    assert!(
        served == committed,
        "schema.graphql is not this code's schema (first difference in line {:?}). \
         run: cargo run -- schema --output schema.graphql",
        line.map(|line| line + 1)
    );
}

/// Every named thing of the schema: where it stands, its name, its description.
fn everything(schema: &Schema) -> Vec<(String, &str, Option<&str>)> {
    let mut all = Vec::new();
    for ty in schema.types.values() {
        let standard = matches!(ty.name.as_str(), "String" | "Int" | "Float" | "Boolean" | "ID");
        all.push((ty.name.clone(), ty.name.as_str(), if standard { Some("-") } else { ty.description.as_deref() }));
        for field in ty.fields.iter().flatten() {
            all.push((format!("{}.{}", ty.name, field.name), &field.name, field.description.as_deref()));
            for argument in &field.args {
                let place = format!("{}.{}({})", ty.name, field.name, argument.name);
                all.push((place, &argument.name, argument.description.as_deref()));
            }
        }
        for field in ty.input_fields.iter().flatten() {
            all.push((format!("{}.{}", ty.name, field.name), &field.name, field.description.as_deref()));
        }
        for value in ty.enum_values.iter().flatten() {
            all.push((format!("{}.{}", ty.name, value.name), &value.name, value.description.as_deref()));
        }
    }
    all
}

/// What people choose from is called something in every language; what only a program writes is not.
async fn every_code_has_a_label(backend: Backend) {
    let world = World::new(backend).await;
    let schema = Schema::of(&world).await;
    let labels = |locale: &'static str| {
        let query = format!("{{ enumLabels(locale: {locale}) {{ name values {{ code label }} }} }}");
        let (world, token) = (&world, world.token(&harness::ALPHA, entity::user::RoleCode::Auditor));
        async move { world.ask(&token, &query, serde_json::json!({})).await.at("/data/enumLabels").clone() }
    };
    let spoken = |header: &'static str| {
        let token = world.token(&harness::ALPHA, entity::user::RoleCode::Auditor);
        let query = serde_json::json!({ "query": "{ enumLabels(names: [\"Sex\"]) { values { label } } }" });
        let request = reqwest::Client::new().post(world.url("/graphql")).bearer_auth(token).json(&query);
        let request = request.header("accept-language", header);
        async move { harness::world::answer(request).await.at("/data/enumLabels/0/values/0/label").clone() }
    };
    let mut female = Vec::new();
    for (locale, header) in [("EN", "de"), ("MY", "my-MM,en;q=0.3"), ("TH", "en;q=0.5, th-TH;q=0.9, th;q=0.8")] {
        let told = labels(locale).await;
        for ty in schema
            .types
            .values()
            .filter(|ty| ty.kind == "ENUM" && !ty.name.ends_with("OrderField") && ty.name != "OrderDirection")
        {
            let values: Vec<&str> = ty.enum_values.iter().flatten().map(|value| value.name.as_str()).collect();
            let list = told.as_array().unwrap().iter().find(|list| list["name"] == ty.name.as_str());
            let list = list.unwrap_or_else(|| panic!("{} has no labels", ty.name));
            let codes: Vec<&str> =
                list["values"].as_array().unwrap().iter().map(|value| value["code"].as_str().unwrap()).collect();
            assert_eq!(codes, values, "{} in {locale}", ty.name);
        }
        let sex = told.as_array().unwrap().iter().find(|list| list["name"] == "Sex").unwrap();
        assert_eq!(sex["values"][0]["label"], spoken(header).await, "{locale}");
        female.push(sex["values"][0]["label"].clone());
    }
    // Qualities that are no numbers, many of them: nothing to trip over.
    let odd = "th;q=nan, en-GB;q=nan, de;q=nan, fr;q=-nan, my;q=inf, ".repeat(12);
    let odd: &'static str = (odd + "th;q=0.9").leak();
    assert!(spoken(odd).await.is_string());
    female.dedup();
    assert_eq!(female.len(), 3, "{female:?}");
    world.stop().await;
}

async fn everything_is_described(backend: Backend) {
    let world = World::new(backend).await;
    let schema = Schema::of(&world).await;
    let all = everything(&schema);
    assert!(all.len() > 300, "the schema was read");
    let silent: Vec<_> = all
        .iter()
        .filter(|(_, _, text)| !text.is_some_and(|text| text == "-" || (text.len() >= 4 && !text.contains("TODO"))))
        .map(|(place, ..)| place)
        .collect();
    assert!(silent.is_empty(), "without a description: {silent:#?}");
    let untidy: Vec<_> = all
        .iter()
        .filter(|(_, _, text)| {
            text.is_some_and(|text| text.contains('\t') || text.contains("  ") || text.ends_with(' '))
        })
        .map(|(place, _, text)| format!("{place}: {text:?}"))
        .collect();
    assert!(untidy.is_empty(), "white space in descriptions: {untidy:#?}");
    world.stop().await;
}

fn is_camel(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_pascal(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_screaming(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_') && !name.contains("__")
}

/// American spellings, as they begin or stand within a name or a text. Names of others (International Labour
/// Organization) stay as they are.
const AMERICAN: [&str; 14] = [
    "organization",
    "center",
    "counselor",
    "counseling",
    "labor ",
    "behavior",
    "color",
    "neighbor",
    "enrollment",
    "categoriz",
    "recogniz",
    "stigmatiz",
    "traveled",
    "judgment",
];

async fn names_keep_one_style(backend: Backend) {
    let world = World::new(backend).await;
    let schema = Schema::of(&world).await;
    let mut wrong = Vec::new();
    for ty in schema.types.values() {
        if !is_pascal(&ty.name) {
            wrong.push(ty.name.clone());
        }
        let fields = ty.fields.iter().flatten();
        for name in fields.clone().map(|field| &field.name).chain(ty.input_fields.iter().flatten().map(|one| &one.name))
        {
            if !is_camel(name) {
                wrong.push(format!("{}.{name}", ty.name));
            }
        }
        for argument in fields.flat_map(|field| &field.args) {
            if !is_camel(&argument.name) {
                wrong.push(format!("{}({})", ty.name, argument.name));
            }
        }
        for value in ty.enum_values.iter().flatten() {
            if !is_screaming(&value.name) {
                wrong.push(format!("{}.{}", ty.name, value.name));
            }
        }
    }
    for (place, name, text) in everything(&schema) {
        let text = text.unwrap_or_default().replace("International Labour Organization", "");
        let text = text.replace("World Health Organization", "").replace("International Organization for", "");
        for word in AMERICAN {
            if name.to_lowercase().contains(word) || text.to_lowercase().contains(word) {
                wrong.push(format!("{place}: {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    world.stop().await;
}
