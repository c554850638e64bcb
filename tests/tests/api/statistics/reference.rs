//! The same statistics by hand: rows as a list gives them, counted one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{Datelike as _, NaiveDate};
use entity::user::RoleCode;
use harness::random::Random;
use harness::{ALPHA, World};
use serde_json::{Value, json};

const CODES: [(&str, &str, &str); 7] = [
    ("CHANNEL", "channel", "VisitChannel"),
    ("VISITOR_KIND", "visitorKind", "VisitorKind"),
    ("SEX", "sex", "Sex"),
    ("DISABILITY", "disability", "Answer"),
    ("DISPLACEMENT", "displacement", "DisplacementStatus"),
    ("SECTOR", "sector", "IsicSection"),
    ("HEARD_THROUGH", "heardThrough", "HeardThrough"),
];
const LISTS: [(&str, &str); 3] = [("TOPICS", "topics"), ("SERVICES", "services"), ("SIGNS", "signs")];
const SCHEMES: [(&str, &[i64]); 4] = [
    ("CHILD_ADULT", &[0, 18]),
    ("CHILD_PROTECTION", &[0, 6, 12, 15, 18]),
    ("UNHCR", &[0, 5, 12, 18, 60]),
    ("WORKING_AGE", &[0, 15, 18, 25, 35, 45, 60]),
];

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    by: Vec<&'static str>,
    bucket: Option<(&'static str, i64)>,
    level: Option<i64>,
    scheme: Option<(&'static str, &'static [i64])>,
    least: Option<usize>,
    by_count: bool,
    first: Option<usize>,
    channel: Option<&'static str>,
}

/// What must come of it.
pub struct Expected {
    pub shown: Vec<Value>,
    pub count: usize,
    pub total: Value,
}

impl Expected {
    /// Takes a measure out that is not asked for.
    pub fn forget(&mut self, measure: &str) {
        for one in self.shown.iter_mut().chain([&mut self.total]) {
            one.as_object_mut().unwrap().remove(measure);
        }
    }
}

impl Asked {
    pub fn any(random: &mut Random) -> Self {
        const ALL: [&str; 17] = [
            "CENTRE",
            "PROJECT",
            "CHANNEL",
            "COUNSELLOR",
            "IS_FIRST",
            "VISITOR_KIND",
            "SEX",
            "AGE_BAND",
            "DISABILITY",
            "DISPLACEMENT",
            "HOME_TOWNSHIP",
            "DESTINATION",
            "SECTOR",
            "HEARD_THROUGH",
            "TOPICS",
            "SERVICES",
            "SIGNS",
        ];
        let mut by: Vec<&'static str> = (0..random.below(4)).map(|_| *random.pick(&ALL)).collect();
        let mut seen = BTreeSet::new();
        by.retain(|one| seen.insert(*one));
        let mut maybe = |percent: usize| random.chance(percent);
        let (bucket, level, scheme, least, by_count, first, channel) =
            (maybe(50), maybe(50), maybe(60), maybe(20), maybe(30), maybe(20), maybe(25));
        Self {
            by,
            bucket: bucket.then(|| *random.pick(&[("MONTH", 1), ("QUARTER", 3), ("YEAR", 12)])),
            level: level.then(|| *random.pick(&[0, 1, 2, 3, 6])),
            scheme: scheme.then(|| *random.pick(&SCHEMES)),
            least: least.then_some(2),
            by_count,
            first: first.then_some(3),
            channel: channel.then_some("WALK_IN"),
        }
    }

    pub fn variables(&self) -> Value {
        json!({
            "by": self.by, "bucket": self.bucket.map(|(name, _)| name), "level": self.level,
            "ages": self.scheme.map(|(name, _)| name), "having": self.least.map(|least| json!({ "gte": least })),
            "order": if self.by_count { "COUNT" } else { "KEY" }, "first": self.first,
            "where": self.channel.map(|channel| json!({ "channel": { "eq": channel } })),
        })
    }
}

/// Every visit that the role lists, with the chain of places above its home, and the order of every list of codes.
pub async fn rows(world: &World, role: RoleCode) -> Vec<Value> {
    let place =
        "id pcode admLevel parent { id pcode admLevel parent { id pcode admLevel parent { id pcode admLevel } } }";
    let query = format!(
        "{{ visits(first: 100) {{ pageInfo {{ hasNextPage }} nodes {{ id visitedOn ticket isFirst ageYears ageGroup channel visitorKind sex \
         disability displacement destination sector heardThrough topics services signs person {{ id }} project {{ id }} centre {{ id }} \
         counsellor {{ id }} homeTownship {{ {place} }} }} }} }}"
    );
    let answer = world.ask(&world.token(&ALPHA, role), &query, json!({})).await;
    assert_eq!(answer.at("/data/visits/pageInfo/hasNextPage"), false, "{}", answer.body);
    answer.at("/data/visits/nodes").as_array().unwrap().clone()
}

/// A value by which groups are told apart and ordered, and as it is shown.
type Part = (u8, i64, String, String);

fn order_of(name: &str, code: &str) -> i64 {
    static SCHEMA: LazyLock<String> = LazyLock::new(lanpya::schema::sdl);
    let list = SCHEMA.split(&format!("enum {name} {{")).nth(1).unwrap().split('}').next().unwrap().to_owned();
    let codes: Vec<&str> =
        list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('"')).collect();
    i64::try_from(codes.iter().position(|one| *one == code).unwrap()).unwrap()
}

fn none() -> Part {
    (1, 0, String::new(), "null".to_owned())
}

fn text(value: &Value, shown: &Value) -> Part {
    value.as_str().map_or_else(none, |text| (0, 0, text.to_owned(), shown.to_string()))
}

fn place(visit: &Value, level: Option<i64>) -> Part {
    let mut place = &visit["homeTownship"];
    while let Some(level) = level
        && place["admLevel"].as_i64().is_some_and(|here| here > level)
        && !place["parent"].is_null()
    {
        place = &place["parent"];
    }
    text(&place["id"], &json!({ "pcode": place["pcode"] }))
}

fn record(value: &Value) -> Part {
    text(&value["id"], &json!({ "id": value["id"] }))
}

fn band(visit: &Value, scheme: &[i64]) -> Part {
    let band_of = |age: i64| scheme.iter().rposition(|start| *start <= age).unwrap();
    let of_group = |group: &str| {
        let years: Vec<i64> = group.split('_').filter_map(|part| part.parse().ok()).collect();
        // The last group has no end.
        let (first, last) = (band_of(years[0]), band_of(years.get(1).copied().unwrap_or(1_000)));
        (first == last).then_some(first)
    };
    let band = match (visit["ageYears"].as_i64(), visit["ageGroup"].as_str()) {
        (Some(age), _) => Some(band_of(age)),
        (None, group) => group.and_then(of_group),
    };
    let Some(band) = band else { return none() };
    let (from, to) = (scheme[band], scheme.get(band + 1).map(|next| next - 1));
    let label = to.map_or_else(|| format!("{from}+"), |to| format!("{from}–{to}"));
    let shown = json!({ "fromYears": from, "toYears": to, "label": label });
    (0, i64::try_from(band).unwrap(), String::new(), shown.to_string())
}

fn parts(visit: &Value, dimension: &str, asked: &Asked) -> Vec<Part> {
    if let Some((_, field, list)) = CODES.iter().find(|(name, ..)| *name == dimension) {
        let value = &visit[*field];
        return vec![
            value.as_str().map_or_else(none, |code| (0, order_of(list, code), String::new(), value.to_string())),
        ];
    }
    if let Some((_, field)) = LISTS.iter().find(|(name, _)| *name == dimension) {
        let list = match *field {
            "topics" => "VisitTopic",
            "services" => "VisitService",
            _ => "ForcedLabourSign",
        };
        let entries = visit[*field].as_array().unwrap();
        let part = |code: &Value| (0, order_of(list, code.as_str().unwrap()), String::new(), code.to_string());
        return if entries.is_empty() { vec![none()] } else { entries.iter().map(part).collect() };
    }
    vec![match dimension {
        "CENTRE" => record(&visit["centre"]),
        "PROJECT" => record(&visit["project"]),
        "COUNSELLOR" => record(&visit["counsellor"]),
        "IS_FIRST" => (0, i64::from(visit["isFirst"] == true), String::new(), visit["isFirst"].to_string()),
        "AGE_BAND" => band(visit, asked.scheme.map_or(SCHEMES[2].1, |(_, starts)| starts)),
        "HOME_TOWNSHIP" => place(visit, asked.level),
        "DESTINATION" => text(&visit["destination"], &visit["destination"]),
        other => panic!("{other}"),
    }]
}

fn period(visit: &Value, months: i64) -> Part {
    let day: NaiveDate = visit["visitedOn"].as_str().unwrap().parse().unwrap();
    let month = i64::from(day.year()) * 12 + i64::from(day.month0());
    let number = month / months;
    let begin = |number: i64| {
        let first = number * months;
        NaiveDate::from_ymd_opt(i32::try_from(first / 12).unwrap(), u32::try_from(first % 12).unwrap() + 1, 1).unwrap()
    };
    let (from, to) = (begin(number), begin(number + 1).pred_opt().unwrap());
    let label = match months {
        1 => from.format("%Y-%m").to_string(),
        3 => format!("{}-Q{}", from.year(), from.month0() / 3 + 1),
        _ => from.year().to_string(),
    };
    (0, number, String::new(), json!({ "from": from.to_string(), "to": to.to_string(), "label": label }).to_string())
}

fn field(dimension: &str) -> &str {
    match dimension {
        "CENTRE" => "centre",
        "PROJECT" => "project",
        "COUNSELLOR" => "counsellor",
        "IS_FIRST" => "isFirst",
        "AGE_BAND" => "ageBand",
        "HOME_TOWNSHIP" => "homeTownship",
        "DESTINATION" => "destination",
        other => {
            let codes = CODES.iter().map(|(name, field, _)| (*name, *field)).chain(LISTS);
            codes.into_iter().find(|(name, _)| *name == other).unwrap().1
        }
    }
}

fn figures(of: &[&Value]) -> Value {
    let visitor = |visit: &&Value| match visit["person"]["id"].as_str() {
        Some(person) => person.to_owned(),
        None => format!("{}{}", visit["centre"]["id"], visit["ticket"]),
    };
    let visitors: BTreeSet<String> = of.iter().map(visitor).collect();
    let first = of.iter().filter(|visit| visit["isFirst"] == true).count();
    json!({ "visits": of.len(), "visitors": visitors.len(), "firstVisits": first, "repeatVisits": of.len() - first })
}

fn answered(part: &Part) -> bool {
    part.0 == 0 && !["UNKNOWN", "REFUSED", "NOT_ASKED"].iter().any(|code| part.3 == format!("\"{code}\""))
}

/// Counts.
pub fn groups(rows: &[Value], asked: &Asked) -> Expected {
    let rows: Vec<&Value> =
        rows.iter().filter(|row| asked.channel.is_none_or(|channel| row["channel"] == channel)).collect();
    let mut found: BTreeMap<Vec<Part>, Vec<&Value>> = BTreeMap::new();
    let mut known: BTreeMap<Vec<Part>, BTreeSet<&str>> = BTreeMap::new();
    for row in &rows {
        let mut keys: Vec<Vec<Part>> = vec![asked.bucket.map(|(_, months)| period(row, months)).into_iter().collect()];
        for dimension in &asked.by {
            let parts = parts(row, dimension, asked);
            let with = |key: &Vec<Part>| {
                parts.iter().map(|part| [key.clone(), vec![part.clone()]].concat()).collect::<Vec<_>>()
            };
            keys = keys.iter().flat_map(with).collect();
        }
        for key in keys {
            if let Some((last, before)) = key.split_last()
                && answered(last)
            {
                known.entry(before.to_vec()).or_default().insert(row["id"].as_str().unwrap());
            }
            found.entry(key).or_default().push(row);
        }
    }
    if found.is_empty() && asked.by.is_empty() && asked.bucket.is_none() {
        found.insert(Vec::new(), Vec::new());
    }
    let mut shown: Vec<(Vec<Part>, usize, Value)> = Vec::new();
    for (key, of) in found {
        if asked.least.is_some_and(|least| of.len() < least) {
            continue;
        }
        let mut group = figures(&of);
        let share = key.split_last().filter(|(last, _)| answered(last)).map(|(_, before)| {
            let of_known = known[before].len();
            (float(of.len()) * 1_000.0 / float(of_known)).round() / 10.0
        });
        group["atLeast"] = json!(of.len());
        group["share"] = json!(share);
        group["isSuppressed"] = json!(false);
        group["key"] = named(&key, asked);
        shown.push((key, of.len(), group));
    }
    if asked.by_count {
        shown.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
    }
    let count = shown.len();
    shown.truncate(asked.first.unwrap_or(100));
    Expected { count, shown: shown.into_iter().map(|(_, _, group)| group).collect(), total: figures(&rows) }
}

fn named(key: &[Part], asked: &Asked) -> Value {
    let mut named = json!({ "period": null });
    for (name, _) in LISTS {
        named[field(name)] = Value::Null;
    }
    for (_, field, _) in CODES {
        named[field] = Value::Null;
    }
    for field in ["centre", "project", "counsellor", "isFirst", "ageBand", "homeTownship", "destination"] {
        named[field] = Value::Null;
    }
    let fields = asked.bucket.map(|_| "period").into_iter().chain(asked.by.iter().map(|dimension| field(dimension)));
    for (field, part) in fields.zip(key) {
        named[field] = serde_json::from_str(&part.3).unwrap();
    }
    named
}

fn float(count: usize) -> f64 {
    u32::try_from(count).map(f64::from).unwrap()
}

/// The mean to the hundredth, if there is any.
pub fn mean(of: impl Iterator<Item = f64>) -> Option<f64> {
    let all: Vec<f64> = of.collect();
    (!all.is_empty()).then(|| (all.iter().sum::<f64>() / float(all.len()) * 100.0).round() / 100.0)
}

/// Sums in each currency.
pub fn sums<'v>(of: impl Iterator<Item = &'v Value>) -> Vec<(String, f64)> {
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    for money in of.filter(|money| !money.is_null()) {
        *sums.entry(money["currency"].as_str().unwrap().to_owned()).or_default() += money["amount"].as_f64().unwrap();
    }
    sums.into_iter().collect()
}
