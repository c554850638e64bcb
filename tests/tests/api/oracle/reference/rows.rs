//! Which rows, in which order: organisation, reach, filters, sort keys, in the simplest possible way.

use std::cmp::Ordering;

use entity::Owner;
use entity::value::Cell;
use lanpya::access::{Class, Own, Reach, holding, reading};
use lanpya::graph::declare::{Field as Declared, Noun, Shape};
use lanpya::graph::graph;
use lanpya::plan::GlobalId;
use serde_json::Value;

use super::{Mutant, Reference, compare, id_of, list, members, orders, read, text};
use crate::oracle::data::Row;

impl Reference<'_> {
    pub(super) fn in_organisation(&self, owner: Owner, row: &Row) -> bool {
        match owner {
            Owner::Shared => true,
            Owner::Organisation(column) => {
                self.is(Mutant::NoOrganisation) || row[column] == Cell::Uuid(self.asker.organisation)
            }
        }
    }

    pub(super) fn is_the_users(&self, cell: &Cell<'_>, reach: Reach) -> bool {
        let Cell::Uuid(user) = cell else { return false };
        match (&self.asker.team, reach) {
            (Some(team), Reach::Team) if !self.is(Mutant::NoTeam) => self.data.by("app_user", "id", *user).any(|row| {
                row["organisation_id"] == Cell::Uuid(self.asker.organisation) && row["team"].text() == Some(team)
            }),
            _ => *user == self.asker.user,
        }
    }

    pub(super) fn owned(&self, table: &'static str, row: &Row, reach: Reach) -> bool {
        let (made, names, links): (bool, &[&str], &[_]) = match holding(table).unwrap().1 {
            Own::Everyone => return true,
            Own::Only(names) => (false, names, &[]),
            Own::By(names) => (true, names, &[]),
            Own::Through(links) => (true, &[], links),
            Own::ByOrThrough(names, links) => (true, names, links),
        };
        made && self.is_the_users(&row["created_by"], reach)
            || names.iter().any(|name| self.is_the_users(&row[name], reach))
            || links.iter().any(|link| {
                let Cell::Uuid(here) = row[link.here] else { return false };
                self.data.by(link.table, link.there, here).any(|other| {
                    self.in_organisation(Owner::Organisation("organisation_id"), other)
                        && self.owned(link.table, other, reach)
                })
            })
    }

    /// Whether the asker reaches a row.
    pub fn sees(&self, noun: &Noun, row: &Row) -> bool {
        let Some(grant) = reading(self.asker.role, noun.area) else { return false };
        self.in_organisation(noun.owner, row)
            && (grant.reach == Reach::Organisation
                || self.is(Mutant::NoReach)
                || self.owned(noun.table, row, grant.reach))
    }

    pub(super) fn may_see(&self, noun: &Noun, class: Class) -> bool {
        self.is(Mutant::NoClass) || reading(self.asker.role, noun.area).is_some_and(|grant| class <= grant.class)
    }

    // Filters.

    pub(super) fn fits(&self, noun: &'static Noun, row: &Row, filter: &Value) -> bool {
        self.fits_or_not(noun, row, filter).unwrap_or(false)
    }

    /// `None` is the unknown of SQL, which only a mutant knows.
    pub(super) fn fits_or_not(&self, noun: &'static Noun, row: &Row, filter: &Value) -> Option<bool> {
        let mut all = Some(true);
        for (name, value) in members(filter) {
            let one = match name.as_str() {
                "and" => list(value).iter().try_fold(true, |so_far, part| Some(so_far & self.fits(noun, row, part))),
                "or" => Some(list(value).iter().any(|part| self.fits(noun, row, part))),
                "not" => match self.fits_or_not(noun, row, value) {
                    None if self.is(Mutant::ThreeValued) => None,
                    other => Some(!other.unwrap_or(false)),
                },
                name => match noun.shortcuts.iter().find(|shortcut| shortcut.name == name) {
                    Some(shortcut) => {
                        let Shape::Many(there, target) = noun.field(shortcut.edge).unwrap().shape else { panic!() };
                        let folded = (shortcut.fold)(text(value));
                        let target = graph().named(target).unwrap();
                        let mut others = self.data.by(target.table, there.name, id_of(noun, row));
                        Some(others.any(|other| other[shortcut.column].text() == Some(&folded)))
                    }
                    None => self.field_fits(noun, noun.field(name).unwrap(), row, value),
                },
            };
            all = match (all, one) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        all
    }

    pub(super) fn related_sees(&self, noun: &Noun, row: &Row) -> bool {
        if self.is(Mutant::RelationsSeeAll) { self.in_organisation(noun.owner, row) } else { self.sees(noun, row) }
    }

    pub(super) fn field_fits(
        &self,
        noun: &'static Noun,
        field: &'static Declared,
        row: &Row,
        filter: &Value,
    ) -> Option<bool> {
        match &field.shape {
            Shape::Object(_, _, inner) => {
                let mut all = Some(true);
                for (name, value) in members(filter) {
                    let field = inner.iter().find(|field| field.name == name).unwrap();
                    match self.field_fits(noun, field, row, value) {
                        Some(true) => {}
                        other => all = other,
                    }
                }
                all
            }
            Shape::One(column, target) => {
                let target = graph().named(target).unwrap();
                Some(members(filter).all(|(name, value)| match name.as_str() {
                    "isNull" => row[column.name].is_null() == value.as_bool().unwrap(),
                    "is" => row[column.name].uuid().is_some_and(|id| {
                        let mut others = self.data.by(target.table, target.id, id);
                        others.any(|other| self.related_sees(target, other) && self.fits(target, other, value))
                    }),
                    name => panic!("{name}"),
                }))
            }
            Shape::Many(column, target) => {
                let target = graph().named(target).unwrap();
                let there = || {
                    let rows = self.data.by(target.table, column.name, id_of(noun, row));
                    rows.filter(|other| self.related_sees(target, other))
                };
                Some(members(filter).all(|(name, value)| match name.as_str() {
                    "some" => there().any(|other| self.fits(target, other, value)),
                    "none" => !there().any(|other| self.fits(target, other, value)),
                    "every" => {
                        let empty = there().next().is_none();
                        there().all(|other| self.fits(target, other, value))
                            && !(empty && self.is(Mutant::EveryNeedsSome))
                    }
                    name => panic!("{name}"),
                }))
            }
            Shape::Id => Some(members(filter).all(|(_, value)| {
                let own = GlobalId::text(noun.prefix, id_of(noun, row));
                list(value).iter().any(|id| text(id) == own)
            })),
            Shape::Plain(column) | Shape::Code(column, _) => self.tests(&row[column.name], filter),
            _ => panic!("{}", field.name),
        }
    }

    pub(super) fn tests(&self, cell: &Cell<'_>, filter: &Value) -> Option<bool> {
        let mut all = Some(true);
        for (name, value) in members(filter) {
            let order = || compare(cell, &read(cell, value));
            let among = || list(value).iter().any(|one| compare(cell, &read(cell, one)) == Ordering::Equal);
            let one = match (name.as_str(), cell.is_null()) {
                ("isNull", null) => Some(null == value.as_bool().unwrap()),
                ("ne" | "notIn", true) => Some(!self.is(Mutant::NoNulls)),
                (_, true) => None,
                ("eq", _) => Some(order() == Ordering::Equal),
                ("ne", _) => Some(order() != Ordering::Equal),
                ("gt", _) => Some(order() == Ordering::Greater),
                ("gte", _) => Some(order() != Ordering::Less),
                ("lt", _) => Some(order() == Ordering::Less),
                ("lte", _) => Some(order() != Ordering::Greater),
                ("in", _) => Some(among()),
                ("notIn", _) => Some(!among()),
                ("startsWith", _) => Some(cell.text().unwrap().starts_with(text(value))),
                (name, _) => panic!("{name}"),
            };
            all = match (all, one) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        all
    }

    /// The rows of a list within reach, in order.
    pub fn listed<'d>(
        &self,
        noun: &'static Noun,
        rows: impl Iterator<Item = &'d Row>,
        filter: Option<&Value>,
        order: Option<&Value>,
    ) -> Vec<&'d Row> {
        let fits = |row: &&Row| self.sees(noun, row) && filter.is_none_or(|filter| self.fits(noun, row, filter));
        self.sorted(noun, rows.filter(fits).collect(), order)
    }

    // Order.

    pub(super) fn sorted<'d>(&self, noun: &Noun, mut rows: Vec<&'d Row>, order: Option<&Value>) -> Vec<&'d Row> {
        let known = orders(noun);
        let mut keys: Vec<(&str, bool)> = Vec::new();
        for key in order.map(list).unwrap_or_default() {
            let (_, column, _) = known.iter().find(|(name, ..)| name == text(&key["field"])).unwrap();
            if !keys.iter().any(|(other, _)| other == column) {
                keys.push((column, key["direction"] == "DESC"));
            }
        }
        let ids_descend = keys.first().is_some_and(|(_, descending)| *descending) && !self.is(Mutant::IdsAscend);
        rows.sort_by(|left, right| {
            for (column, descending) in &keys {
                let (left, right) = (&left[column], &right[column]);
                let mut order = compare(left, right);
                if self.is(Mutant::NullsFirst) && left.is_null() != right.is_null() {
                    order = order.reverse();
                }
                if order != Ordering::Equal {
                    return if *descending { order.reverse() } else { order };
                }
            }
            let order = id_of(noun, left).as_bytes().cmp(id_of(noun, right).as_bytes());
            if ids_descend { order.reverse() } else { order }
        });
        rows
    }

    // Selections.
}
