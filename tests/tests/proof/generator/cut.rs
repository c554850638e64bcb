//! How a statistic is cut.

use harness::introspection::Field as Declared;
use lanpya::graph::graph;

use super::Generator;
use super::value::Val;

impl Generator<'_> {
    /// The arguments of a statistic: some of them, and those that are wanted.
    pub(super) fn cut(&mut self, owner: &str, field: &Declared) -> Vec<(String, Val)> {
        let noun = field.ty.named().trim_end_matches("Statistics");
        let noun = graph().named(noun).expect("a statistic of a noun");
        let mut given = Vec::new();
        for argument in &field.args {
            let part = format!("{owner}.{}({})", field.name, argument.name);
            let wanted = self.coverage.weight(&part) == 0 || self.wanted.contains(&part);
            if !wanted && !self.random.chance(35) {
                continue;
            }
            let value = match argument.name.as_str() {
                "where" => self.filter(noun, 2),
                "groupBy" => {
                    let many = self.random.between(1, 3);
                    Val::List((0..many).map(|_| self.one_of(argument.ty.named())).collect())
                }
                "placeLevel" => self.number(0, 4),
                "first" => self.number(1, 30),
                "having" => {
                    let end = if self.random.chance(50) { "gte" } else { "lte" };
                    self.used(&format!("GroupCountFilter.{end}"));
                    Val::Object(vec![(end.to_owned(), self.number(0, 5))])
                }
                _ => self.one_of(argument.ty.named()),
            };
            given.push((argument.name.clone(), value));
        }
        given
    }

    fn number(&mut self, low: usize, high: usize) -> Val {
        Val::Int(i64::try_from(self.random.between(low, high)).expect("a small number"))
    }

    /// A value of an enum, the least used first.
    fn one_of(&mut self, name: &str) -> Val {
        let schema = self.schema;
        let values = schema.get(name).enum_values.as_deref().unwrap_or_default();
        let parts: Vec<String> = values.iter().map(|value| format!("{name}.{}", value.name)).collect();
        let position = self.rarest(&parts).expect("a value");
        self.used(&parts[position]);
        Val::Name(values[position].name.clone())
    }
}
