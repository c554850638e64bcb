//! Lists in a selection: which parts of a connection are asked, and so which statements are needed.

use std::sync::Mutex;

use async_graphql::Positioned;
use async_graphql::parser::types::Field as Asked;

use super::args::arguments;
use super::compile::{Compiler, EdgeField, List, ListField, PageField, json_key, json_text, noun_at, sets};
use crate::access::Reach;
use crate::error::{Code, Error, Result};
use crate::graph::declare::Column;

impl<'d> Compiler<'d> {
    pub(super) fn list(
        &mut self,
        noun: usize,
        reach: Reach,
        via: Option<Column>,
        path: &str,
        fields: &[&'d Positioned<Asked>],
    ) -> Result<List> {
        let field = fields.first().ok_or(Code::Internal)?;
        let slot = self.plan.lists;
        self.plan.lists += 1;
        let level = self.level(noun, reach, false);
        let mut list = List {
            slot,
            via,
            arguments: arguments(&field.node),
            level,
            asked: reach,
            out: Vec::new(),
            rows: false,
            cursors: false,
            count: None,
            path: path.to_owned(),
            about: None,
            fits: Mutex::default(),
        };
        let connection = format!("{}Connection", noun_at(noun)?.name);
        for (key, fields) in self.reader.fields(&sets(fields), &|on| on == connection) {
            let field = self.list_field(&mut list, &connection, &fields, &format!("{path}.{key}"))?;
            list.out.push((json_key(key), field));
        }
        if list.rows {
            let id = noun_at(noun)?.id_column();
            self.project(&mut list.level, id);
        }
        Ok(list)
    }

    fn list_field(
        &mut self,
        list: &mut List,
        type_name: &str,
        fields: &[&'d Positioned<Asked>],
        path: &str,
    ) -> Result<ListField> {
        let asked = fields.first().ok_or(Code::Internal)?;
        Ok(match asked.node.name.node.as_str() {
            "nodes" => {
                list.rows = true;
                ListField::Nodes(self.object(&mut list.level, &sets(fields), path)?)
            }
            "edges" => {
                list.rows = true;
                ListField::Edges(self.edges(list, fields, path)?)
            }
            "pageInfo" => {
                list.rows = true;
                ListField::Page(self.page(list, fields))
            }
            "totalCount" => {
                let given = arguments(&asked.node);
                if list.count.as_ref().is_some_and(|other| *other != given) {
                    let text = "Ask for totalCount once per list.";
                    return Err(Error::new(Code::BadUserInput).saying(text).at(asked.pos));
                }
                list.count = Some(given);
                ListField::Total
            }
            _ => ListField::Constant(json_text(type_name)),
        })
    }

    fn edges(
        &mut self,
        list: &mut List,
        fields: &[&'d Positioned<Asked>],
        path: &str,
    ) -> Result<Vec<(Box<[u8]>, EdgeField)>> {
        let name = format!("{}Edge", noun_at(list.level.noun)?.name);
        let mut out = Vec::new();
        for (key, fields) in self.reader.fields(&sets(fields), &|on| on == name) {
            let what = match fields.first().map(|field| field.node.name.node.as_str()) {
                Some("cursor") => {
                    list.cursors = true;
                    EdgeField::Cursor
                }
                Some("node") => {
                    EdgeField::Node(self.object(&mut list.level, &sets(&fields), &format!("{path}.{key}"))?)
                }
                _ => EdgeField::Constant(json_text(&name)),
            };
            out.push((json_key(key), what));
        }
        Ok(out)
    }

    fn page(&mut self, list: &mut List, fields: &[&'d Positioned<Asked>]) -> Vec<(Box<[u8]>, PageField)> {
        let groups = self.reader.fields(&sets(fields), &|on| on == "PageInfo");
        groups
            .into_iter()
            .map(|(key, fields)| {
                let what = match fields.first().map_or("", |field| field.node.name.node.as_str()) {
                    "hasNextPage" => PageField::HasNext,
                    "hasPreviousPage" => PageField::HasPrevious,
                    "startCursor" => {
                        list.cursors = true;
                        PageField::Start
                    }
                    "endCursor" => {
                        list.cursors = true;
                        PageField::End
                    }
                    _ => PageField::Constant(json_text("PageInfo")),
                };
                (json_key(key), what)
            })
            .collect()
    }
}
