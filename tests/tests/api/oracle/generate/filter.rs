//! Random filters on values that the data hold.

use chrono::{Days, SecondsFormat};
use entity::value::{Cell, Scalar};
use lanpya::graph::declare::{Column, Field as Declared, Noun, Shape};
use lanpya::plan::operators;
use serde_json::{Value, json};

use super::{Generator, TERMS, noun_named, uses};
use crate::oracle::ast::Literal;

impl Generator<'_> {
    pub(super) fn whole_filter(&mut self, noun: &'static Noun) -> Literal {
        if self.constant || !self.random.chance(20) {
            return self.filter(noun, 0);
        }
        self.constant = true;
        let filter = self.filter(noun, 0);
        self.constant = false;
        self.variable(&format!("{}Filter", noun.name), &filter)
    }

    pub(super) fn filter(&mut self, noun: &'static Noun, depth: usize) -> Literal {
        let highest = self.class(noun).unwrap();
        let fields: Vec<&'static Declared> = noun
            .fields
            .iter()
            .filter(|field| field.class <= highest && (field.filter || matches!(field.shape, Shape::Id)))
            .filter(|field| match &field.shape {
                Shape::One(_, target) | Shape::Many(_, target) => depth < 3 && self.readable(noun_named(target)),
                _ => true,
            })
            .collect();
        let mut members: Vec<(String, Literal)> = Vec::new();
        for _ in 0..self.random.between(1, 2) {
            self.terms += 1;
            let logic = depth < 3 && self.terms < TERMS;
            let (name, value) = match self.random.below(20) {
                0 | 1 if logic => ("and", self.filters(noun, depth)),
                2 | 3 if logic => ("or", self.filters(noun, depth)),
                4..=6 if logic => ("not", self.filter(noun, depth + 1)),
                7 if !noun.shortcuts.is_empty() => {
                    let (shortcut, spellings) = (&noun.shortcuts[0], self.data.rows("place_name"));
                    let text = self.random.pick(spellings)["folded"].text().unwrap().to_owned();
                    (shortcut.name, self.perhaps_variable(20, "String", Literal::Plain(json!(text))))
                }
                _ => {
                    let field = *self.random.pick(&fields);
                    if self.terms > TERMS && matches!(field.shape, Shape::One(..) | Shape::Many(..)) {
                        continue;
                    }
                    (field.name, self.field_filter(noun, field, depth))
                }
            };
            if !members.iter().any(|(other, _)| other == name) {
                members.push((name.to_owned(), value));
            } else if !self.constant {
                // Its variables would be left unused.
                let unused = |name: &String| uses(&value, name);
                self.operation.variables.retain(|name, _| !unused(name));
            }
        }
        Literal::Object(members)
    }

    pub(super) fn filters(&mut self, noun: &'static Noun, depth: usize) -> Literal {
        let count = self.random.below(4);
        Literal::List((0..count).map(|_| self.filter(noun, depth + 1)).collect())
    }

    pub(super) fn field_filter(&mut self, noun: &'static Noun, field: &'static Declared, depth: usize) -> Literal {
        match &field.shape {
            Shape::Object(_, _, inner) => {
                let parts: Vec<&'static Declared> = inner.iter().filter(|part| part.filter).collect();
                let part = *self.random.pick(&parts);
                Literal::Object(vec![(part.name.to_owned(), self.field_filter(noun, part, depth))])
            }
            Shape::One(_, target) => {
                let (name, value) = if self.random.chance(25) {
                    ("isNull", Literal::Plain(json!(self.random.chance(50))))
                } else {
                    ("is", self.filter(noun_named(target), depth + 1))
                };
                Literal::Object(vec![(name.to_owned(), value)])
            }
            Shape::Many(_, target) => {
                let name = *self.random.pick(&["some", "none", "every"]);
                let inner = if self.random.chance(15) {
                    Literal::Object(Vec::new())
                } else {
                    self.filter(noun_named(target), depth + 1)
                };
                Literal::Object(vec![(name.to_owned(), inner)])
            }
            shape => self.tests(noun, shape),
        }
    }

    pub(super) fn tests(&mut self, noun: &'static Noun, shape: &'static Shape) -> Literal {
        let known = operators(shape).0;
        let mut members: Vec<(String, Literal)> = Vec::new();
        for _ in 0..if self.random.chance(20) { 2 } else { 1 } {
            let (name, is_list, ..) = *self.random.pick(known);
            if members.iter().any(|(other, _)| other == name) {
                continue;
            }
            if name == "isNull" {
                let truth = Literal::Plain(json!(self.random.chance(50)));
                members.push((name.to_owned(), self.perhaps_variable(20, "Boolean", truth)));
                continue;
            }
            if self.random.chance(3) {
                members.push((name.to_owned(), Literal::Plain(Value::Null)));
                continue;
            }
            let count = if is_list { self.random.below(4) } else { 1 };
            let mut values: Vec<Literal> = (0..count).map(|_| self.literal(noun, shape, name)).collect();
            let kind = kind(shape);
            let value = if is_list {
                self.perhaps_variable(20, &format!("[{kind}!]"), Literal::List(values))
            } else {
                let value = values.remove(0);
                self.perhaps_variable(25, &kind, value)
            };
            members.push((name.to_owned(), value));
        }
        Literal::Object(members)
    }

    pub(super) fn literal(&mut self, noun: &'static Noun, shape: &'static Shape, operator: &str) -> Literal {
        match shape {
            Shape::Id => {
                let of = if self.random.chance(8) { self.noun() } else { noun };
                Literal::Plain(self.global(of))
            }
            Shape::Code(_, codes) => Literal::Enum((*self.random.pick(&codes.values)).to_owned()),
            Shape::Plain(column) => {
                let value = self.value(noun, *column);
                match value {
                    Value::String(text) if operator == "startsWith" => {
                        let count = self.random.below(text.chars().count().min(8) + 1);
                        Literal::Plain(json!(text.chars().take(count).collect::<String>()))
                    }
                    value => Literal::Plain(value),
                }
            }
            _ => panic!("not filtered"),
        }
    }

    /// A value that a column has, or one beside it.
    pub(super) fn value(&mut self, noun: &Noun, column: Column) -> Value {
        let rows = self.data.rows(noun.table);
        let mut found = Cell::Null;
        for _ in 0..6 {
            if found.is_null() && !rows.is_empty() {
                found = self.random.pick(rows)[column.name].clone();
            }
        }
        let beside = self.random.chance(15);
        match found {
            Cell::Text(text) if beside => json!(format!("{text}x")),
            Cell::Text(text) => json!(text),
            Cell::Int(number) => json!(number + i64::from(beside)),
            Cell::Float(number) => json!(number),
            Cell::Bool(truth) => json!(truth != beside),
            Cell::Date(day) => json!(day.checked_add_days(Days::new(u64::from(beside))).unwrap().to_string()),
            Cell::Timestamp(at) => json!(at.to_rfc3339_opts(SecondsFormat::Millis, true)),
            Cell::Uuid(id) => json!(id.to_string()),
            Cell::Bytes(_) => panic!("bytes are not filtered"),
            Cell::Null => match column.scalar {
                Scalar::Int => json!(1),
                Scalar::Float => json!(0.5),
                Scalar::Bool => json!(true),
                Scalar::Date => json!("2026-02-01"),
                Scalar::Timestamp => json!("2026-02-01T00:00:00Z"),
                Scalar::Text | Scalar::Uuid | Scalar::Bytes => json!("x"),
            },
        }
    }
}

/// The type of what a shape is compared with.
fn kind(shape: &Shape) -> String {
    match shape {
        Shape::Id => "ID",
        Shape::Code(_, codes) => &codes.name,
        Shape::Plain(column) => match column.scalar {
            Scalar::Text | Scalar::Bytes => "String",
            Scalar::Int => "Int",
            Scalar::Float => "Float",
            Scalar::Bool => "Boolean",
            Scalar::Uuid => "ID",
            Scalar::Date => "Date",
            Scalar::Timestamp => "DateTime",
        },
        _ => panic!("not filtered"),
    }
    .to_owned()
}
