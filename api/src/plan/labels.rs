//! Labels of closed lists: no row is read for them.

use async_graphql::Positioned;
use async_graphql::parser::types::Field as Asked;
use async_graphql_value::ConstValue;
use entity::Code as _;
use entity::locale::Locale;

use super::args::{self, Arguments, Variables};
use super::compile::{Compiler, LabelPart, LabelsPart, json_key, json_text, sets};
use super::write::{comma, object};
use crate::error::{Code, Error, Result};
use crate::graph::labels::{CodeLabels, EnumLabels, labels};

/// Which lists are asked for, in which language.
pub(super) struct Labels {
    lists: Vec<&'static EnumLabels>,
    locale: Locale,
}

impl<'d> Compiler<'d> {
    pub(super) fn labels(&self, fields: &[&'d Positioned<Asked>]) -> Vec<(Box<[u8]>, LabelsPart)> {
        let name = |fields: &[&'d Positioned<Asked>]| fields.first().map_or("", |field| field.node.name.node.as_str());
        let value = |(key, fields): (&str, Vec<&Positioned<Asked>>)| {
            let part = match fields.first().map_or("", |field| field.node.name.node.as_str()) {
                "code" => LabelPart::Code,
                "label" => LabelPart::Label,
                _ => LabelPart::Constant(json_text("CodeLabel")),
            };
            (json_key(key), part)
        };
        let list = |(key, fields): (&str, Vec<&'d Positioned<Asked>>)| {
            let part = match name(&fields) {
                "name" => LabelsPart::Name,
                "values" => {
                    let values = self.reader.fields(&sets(&fields), &|on| on == "CodeLabel");
                    LabelsPart::Values(values.into_iter().map(value).collect())
                }
                _ => LabelsPart::Constant(json_text("EnumLabels")),
            };
            (json_key(key), part)
        };
        self.reader.fields(&sets(fields), &|on| on == "EnumLabels").into_iter().map(list).collect()
    }
}

impl Labels {
    /// By the arguments; in the reader's own language where none is said.
    pub fn asked(arguments: &Arguments, variables: &Variables, spoken: Locale) -> Result<Self> {
        let locale = match variables.argument(arguments, "locale") {
            Some(value) => Locale::from_code(args::name(&value, "locale")?)
                .ok_or_else(|| Error::new(Code::CodeUnknown).on("locale"))?,
            None => spoken,
        };
        let lists = match variables.argument(arguments, "names") {
            None => labels().iter().collect(),
            Some(ConstValue::List(names)) => named(&names)?,
            Some(one) => named(&[one])?,
        };
        Ok(Self { lists, locale })
    }

    pub fn write(&self, out: &mut Vec<u8>, parts: &[(Box<[u8]>, LabelsPart)]) -> Result<()> {
        each(out, self.lists.iter(), |out, list| {
            object(out, parts, |out, part| {
                match part {
                    LabelsPart::Constant(bytes) => out.extend_from_slice(bytes),
                    LabelsPart::Name => out.extend_from_slice(&json_text(&list.name)),
                    LabelsPart::Values(parts) => {
                        return each(out, list.values.iter(), |out, value| self.value(out, parts, value));
                    }
                }
                Ok(())
            })
        })
    }

    fn value(&self, out: &mut Vec<u8>, parts: &[(Box<[u8]>, LabelPart)], value: &CodeLabels) -> Result<()> {
        object(out, parts, |out, part| {
            match part {
                LabelPart::Constant(bytes) => out.extend_from_slice(bytes),
                LabelPart::Code => out.extend_from_slice(&json_text(&value.code)),
                LabelPart::Label => out.extend_from_slice(&json_text(value.label(self.locale))),
            }
            Ok(())
        })
    }
}

fn each<T>(
    out: &mut Vec<u8>,
    items: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut Vec<u8>, T) -> Result<()>,
) -> Result<()> {
    out.push(b'[');
    for (position, item) in items.enumerate() {
        comma(out, position);
        write(out, item)?;
    }
    out.push(b']');
    Ok(())
}

fn named(names: &[ConstValue]) -> Result<Vec<&'static EnumLabels>> {
    let one = |name: &ConstValue| {
        let name = args::text(name, "names")?;
        labels().iter().find(|list| list.name == name).ok_or_else(|| Error::new(Code::CodeUnknown).on("names"))
    };
    names.iter().map(one).collect()
}
