//! Valid operations out of the schema the server tells: every field, argument, filter, order and mutation, with ids,
//! keys, values and cursors of the asking organisation, of others and of nobody. What was used least comes first. The
//! same seed makes the same operations.

pub mod coverage;
mod cut;
pub mod document;
mod inputs;
pub mod material;
mod selection;
mod sweep;
pub mod value;

use entity::user::RoleCode;
use harness::introspection::{Field as Declared, Schema};
use harness::random::Random;
use lanpya::access::{may, reading};
use lanpya::graph::graph;
use std::collections::{BTreeMap, BTreeSet};

use coverage::{Coverage, Universe};
use document::{Argument, Node, Operation};
use material::Material;
use value::Val;

/// Roles that read or write anything beyond what all staff do.
const BUSY: [RoleCode; 8] = [
    RoleCode::Supervisor,
    RoleCode::Caseworker,
    RoleCode::MrcCounsellor,
    RoleCode::CommunityVolunteer,
    RoleCode::OrgDataOfficer,
    RoleCode::OrgAdmin,
    RoleCode::CapacityFacilitator,
    RoleCode::Integration,
];

/// Makes operations.
pub struct Generator<'s> {
    pub schema: &'s Schema,
    pub random: Random,
    pub material: Material,
    pub coverage: Coverage,
    /// How many of a hundred operations are mutations.
    pub mutations: usize,
    universe: Universe,
    ways: BTreeMap<String, Vec<String>>,
    wanted: BTreeSet<String>,
    role: RoleCode,
    operation: Operation,
    budget: usize,
    aliases: usize,
    made: usize,
    fresh: usize,
}

/// The mutation's action by its name: `visitRecord` is `VISIT_RECORD`; the steps of a case are two actions.
fn allowed(role: RoleCode, mutation: &str) -> bool {
    use lanpya::access::Action;
    let action = match mutation {
        "visitRecord" | "visitsRecord" => Action::VisitRecord,
        name if name.starts_with("visitFollowUp") || name.starts_with("directAssistance") => Action::VisitWork,
        name if name.starts_with("complaint") => Action::ComplaintWrite,
        name if name.starts_with("training")
            || matches!(name, "curriculumRecord" | "attendanceRecord" | "testResultsRecord") =>
        {
            Action::TrainingWrite
        }
        name if name.starts_with("campaign") || name == "deliveryStatRecord" => Action::CampaignWrite,
        "childRegister" => Action::ChildRegister,
        "resourceCentreOpen" | "projectStart" => Action::DirectoryWrite,
        name if name.starts_with("webhook") => Action::WebhookWrite,
        "caseOpen" => Action::CaseOpen,
        "survivorRegister" => Action::SurvivorRegister,
        "screeningRecord" => Action::ScreeningRecord,
        "cpmsObservationRecord" => Action::CpmsObservationRecord,
        name if name.starts_with("capacityAssessment") => Action::CapacityAssessmentScore,
        _ => Action::CaseAdvance,
    };
    may(role, action)
}

/// What the value of an argument uses of the schema, as far as it is a filter that was made before.
fn names_of(schema: &Schema, argument: &Argument) -> Vec<String> {
    fn walk(schema: &Schema, ty: &str, value: &Val, found: &mut Vec<String>) {
        match value {
            Val::List(items) => items.iter().for_each(|item| walk(schema, ty, item, found)),
            Val::Object(members) => {
                for (name, value) in members {
                    let inputs = schema.get(ty).input_fields.as_deref().unwrap_or_default();
                    let Some(input) = inputs.iter().find(|input| input.name == *name) else { continue };
                    found.push(format!("{ty}.{name}"));
                    walk(schema, input.ty.named(), value, found);
                }
            }
            Val::Name(name) => found.push(format!("{ty}.{name}")),
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(schema, argument.ty.trim_matches(['[', ']', '!']), &argument.value, &mut found);
    found
}

impl<'s> Generator<'s> {
    pub fn new(schema: &'s Schema, material: Material, seed: u64) -> Self {
        Self {
            schema,
            random: Random::new(seed),
            material,
            coverage: Coverage::default(),
            mutations: 30,
            universe: Universe::of(schema),
            ways: sweep::ways(schema),
            wanted: BTreeSet::new(),
            role: RoleCode::Supervisor,
            operation: Operation::default(),
            budget: 0,
            aliases: 0,
            made: 0,
            fresh: 0,
        }
    }

    /// The next operation and the role it is made for: every role in turn, and between them those who do most.
    pub fn make(&mut self) -> (RoleCode, Operation) {
        let roles = lanpya::access::roles();
        self.made += 1;
        self.role =
            if self.made.is_multiple_of(2) { roles[self.made / 2 % roles.len()] } else { *self.random.pick(&BUSY) };
        self.operation = Operation { mutation: self.random.chance(self.mutations), ..Operation::default() };
        self.budget = 30;
        self.aliases = 0;
        self.wanted.clear();
        // What chance has not used by then is aimed at.
        if self.made > 300 && self.made.is_multiple_of(2) {
            self.aim();
        }
        let owner = if self.operation.mutation { "Mutation" } else { "Query" };
        let roots = if self.operation.mutation || self.random.chance(80) { 1 } else { self.random.between(2, 3) };
        for _ in 0..roots {
            let field = self.root(owner);
            let depth = if self.wanted.is_empty() { self.random.between(1, 5) } else { 5 };
            let mut field = self.field(owner, field, depth);
            if self.operation.roots.iter().any(|node| matches!(node, Node::Field(other) if other.key() == field.key()))
            {
                field.alias = self.alias();
            }
            if self.operation.mutation {
                self.told(&mut field);
            }
            self.operation.roots.push(Node::Field(field));
        }
        self.operation.named = self.random.chance(10);
        (self.role, std::mem::take(&mut self.operation))
    }

    /// A mutation always says which record it made and what was wrong.
    fn told(&mut self, field: &mut document::Field) {
        for part in self.schema.fields(&field.target) {
            let mut set = Vec::new();
            let target = part.ty.named();
            for name in ["id", "code", "field", "visitId", "outcome"] {
                if let Some(inner) = self.schema.fields(target).iter().find(|inner| inner.name == name) {
                    set.push(Node::Field(document::Field::bare(target, &inner.name, inner.ty.named())));
                }
            }
            let mut told = document::Field::bare(&field.target, &part.name, target);
            told.alias = Some(format!("{}Told", part.name));
            told.set = set;
            field.set.push(Node::Field(told));
        }
    }

    /// A field of the root that the role may use; once in a while any.
    fn root(&mut self, owner: &str) -> &'s Declared {
        let schema = self.schema;
        let mut fields: Vec<&Declared> = schema.fields(owner).iter().collect();
        if self.wanted.is_empty() && !self.random.chance(6) {
            let usable = |field: &&Declared| {
                let name = field.ty.named().trim_end_matches("Connection").trim_end_matches("Statistics");
                match graph().named(name) {
                    Some(noun) => reading(self.role, noun.area).is_some(),
                    None => owner == "Query" || allowed(self.role, &field.name),
                }
            };
            let usable: Vec<&Declared> = fields.iter().copied().filter(usable).collect();
            if !usable.is_empty() {
                fields = usable;
            }
        }
        let parts: Vec<String> = fields.iter().map(|field| format!("{owner}.{}", field.name)).collect();
        fields[self.rarest(&parts).expect("a root field")]
    }

    /// The position of the part that was used least, or of any.
    fn rarest(&mut self, parts: &[String]) -> Option<usize> {
        if parts.is_empty() {
            return None;
        }
        if let Some(position) = parts.iter().position(|part| self.wanted.contains(part)) {
            return Some(position);
        }
        let start = self.random.below(parts.len());
        if self.random.chance(25) {
            return Some(start);
        }
        // From anywhere on, so that equals take turns.
        let positions = (0..parts.len()).map(|step| (start + step) % parts.len());
        positions.min_by_key(|position| self.coverage.weight(&parts[*position]))
    }

    fn used(&mut self, part: &str) {
        self.coverage.attempt(part);
        self.operation.uses.push(part.to_owned());
    }

    /// Takes in what came of an operation.
    pub fn learn(&mut self, role: RoleCode, operation: &Operation, answer: &serde_json::Value) {
        if operation.mutation {
            self.material.taken(&operation.body().to_string());
        }
        if answer["data"].is_object() {
            self.coverage.answer(&operation.uses);
            self.material.keep(role, operation.cursors(answer));
        }
    }
}
