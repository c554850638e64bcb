//! Inputs of mutations made from the schema: what each requires, with good ids, and one id put where a test wants it.

use std::collections::BTreeMap;

use lanpya::graph::declare::Noun;

use crate::introspection::{Input, Schema, TypeRef};

/// What an id in an input names. `id` is the record's own: made by the client, or of the mutation's noun.
pub const NAMES: [(&str, &str); 34] = [
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
    ("visit", "Visit"),
    ("visitFollowUp", "VisitFollowUp"),
    ("complaint", "Complaint"),
    ("request", "ScreeningRequest"),
    ("partner", "Partner"),
    ("consent", "Consent"),
    ("referral", "Referral"),
    ("desk", "User"),
    ("handler", "User"),
    ("subscription", "WebhookSubscription"),
    ("curriculum", "Curriculum"),
    ("session", "TrainingSession"),
    ("trainingSession", "TrainingSession"),
    ("campaign", "Campaign"),
];

/// Texts that an input refuses unless they have a form.
const TEXTS: [(&str, &str); 4] =
    [("pcode", "MMR015009"), ("homeTownship", "MMR015009"), ("community", "MMR015009"), ("township", "MMR015009")];

/// Inputs that may be left out and without which the mutation still does nothing.
const NEEDED: [(&str, &str); 4] = [
    ("caseOpen", "input.child"),
    ("visitsRecord", "input.visits.idempotencyKey"),
    ("attendanceRecord", "input.attendances.idempotencyKey"),
    ("testResultsRecord", "input.testResults.idempotencyKey"),
];

/// Makes the inputs of one mutation.
pub struct Inputs<'s> {
    /// The served schema.
    pub schema: &'s Schema,
    /// The mutation's name.
    pub mutation: &'s str,
    /// A good id for each noun.
    pub good: &'s BTreeMap<&'static str, String>,
}

impl Inputs<'_> {
    /// The noun that an id in this field names.
    ///
    /// Panics where [`NAMES`] does not say.
    pub fn names(&self, field: &str) -> &'static Noun {
        if field == "id" {
            return made(self.schema, self.mutation);
        }
        let found = NAMES.iter().find(|(name, _)| *name == field);
        let named =
            found.unwrap_or_else(|| panic!("{}: what does the id `{field}` name? Add it to NAMES.", self.mutation));
        lanpya::graph::graph().named(named.1).expect("a noun")
    }

    /// Ways to every id below an input.
    pub fn ids(&self, input: &TypeRef, way: &str, found: &mut Vec<(String, &'static Noun)>) {
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

    /// Whether the id there is the new record's own, which its client makes.
    pub fn makes(&self, input: &TypeRef, way: &str) -> bool {
        let mut steps: Vec<&str> = way.split('.').skip(1).collect();
        if steps.pop() != Some("id") {
            return false;
        }
        let inputs = |name: &str| self.schema.get(name).input_fields.iter().flatten();
        let holder = steps.iter().fold(input.named().to_owned(), |name, step| {
            let field = inputs(&name).find(|field| field.name == *step).expect("a step");
            field.ty.named().to_owned()
        });
        inputs(&holder).any(|field| field.name == "idempotencyKey")
    }

    /// An input with what it requires and, on the way to `special`, that id.
    pub fn object(&self, input: &TypeRef, way: &str, special: (&str, &str)) -> String {
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
            "ID" => format!("\"{}\"", self.good.get(self.names(&field.name).name).expect("an id")),
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

/// The noun of the record that a mutation makes or changes: in its payload, or in the results of a batch.
///
/// Panics where there is none.
pub fn made(schema: &Schema, mutation: &str) -> &'static Noun {
    let payload = schema.field("Mutation", mutation).ty.named();
    let below = schema.fields(payload).iter().filter_map(|field| schema.types.get(field.ty.named()));
    let below = below.filter(|ty| ty.name != "UserError").flat_map(|ty| ty.fields.iter().flatten());
    let mut records = schema.fields(payload).iter().chain(below).map(|field| field.ty.named());
    records.find_map(|name| lanpya::graph::graph().named(name)).expect("a record in the payload")
}

/// The payload: the record by its id, and the errors.
pub fn payload(schema: &Schema, name: &str) -> String {
    let fields = schema.fields(name).iter().map(|field| match field.ty.named() {
        "UserError" => format!("{} {{ code field message }}", field.name),
        target if schema.is_leaf(target) => field.name.clone(),
        target if schema.fields(target).iter().any(|inner| inner.name == "id") => format!("{} {{ id }}", field.name),
        target => format!("{} {{ {} }}", field.name, payload(schema, target)),
    });
    fields.collect::<Vec<_>>().join(" ")
}
