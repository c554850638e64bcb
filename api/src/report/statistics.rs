//! Groups of a cube as rows: a column or two for each key, one for each measure.

use serde_json::{Map, Value, json};

use super::{Asked, Question, Table, label, name};
use crate::error::{Code, Error, Result};
use crate::graph::cube::{Counted, Cube, Cut, Dimension};
use crate::graph::graph;

/// What a key's record is asked for: its code and names.
const CENTRE: &str = "code names { en my th }";
const CAMPAIGN: &str = "id provider startsOn";
const PLACE: &str = "pcode admLevel names { en my th }";

fn asked_dimensions(cube: &'static Cube, asked: &Asked) -> Result<Vec<&'static Dimension>> {
    let unknown = || Error::new(Code::CodeUnknown).on("groupBy");
    let find = |name: &&str| cube.dimension(name).and_then(|one| cube.dimensions.get(one)).ok_or_else(unknown);
    asked.list("groupBy").iter().map(find).collect()
}

pub(super) fn question(cube: &'static Cube, asked: &Asked) -> Result<Question> {
    let noun = graph().named(cube.noun).ok_or(Code::Internal)?;
    let day = noun
        .fields
        .iter()
        .find(|field| matches!(&field.shape, crate::graph::declare::Shape::Plain(column) if *column == cube.day));
    let day = day.ok_or(Code::Internal)?.name;
    let mut keys = String::new();
    for dimension in asked_dimensions(cube, asked)? {
        let inner = match &dimension.cut {
            Cut::Place(_) => format!("{{ {PLACE} }}"),
            Cut::Age(..) => "{ label }".to_owned(),
            Cut::Edge(_, "User") => "{ displayName }".to_owned(),
            Cut::Edge(_, "Project") => "{ names { en my th } }".to_owned(),
            Cut::Edge(_, "Campaign") => format!("{{ {CAMPAIGN} }}"),
            Cut::Edge(..) => format!("{{ {CENTRE} }}"),
            _ => String::new(),
        };
        keys.extend([" ", dimension.field, " ", inner.as_str()]);
    }
    let measures: Vec<String> = cube
        .measures
        .iter()
        .map(|measure| match measure.counted {
            Counted::Money(..) => format!("{} {{ amount currency }}", measure.name),
            _ => measure.name.to_owned(),
        })
        .collect();
    let (type_name, root, measures) = (cube.noun, cube.root, measures.join(" "));
    let mut arguments = Vec::new();
    let mut variables = Map::new();
    let mut give = |name: &str, kind: String, value: Value| {
        arguments.push((name.to_owned(), kind));
        variables.insert(name.to_owned(), value);
    };
    give("groupBy", format!("[{type_name}Dimension!]"), json!(asked.list("groupBy")));
    for (name, kind) in [("bucket", "DateBucket"), ("orderBy", "GroupOrder"), ("ageScheme", "AgeScheme")] {
        if let Some(value) = asked.text(name) {
            give(name, kind.to_owned(), value.into());
        }
    }
    if let Some(level) = asked.text("placeLevel") {
        let level: i32 = level.parse().map_err(|_| Error::new(Code::BadUserInput).on("placeLevel"))?;
        give("placeLevel", "Int".to_owned(), level.into());
    }
    let filter = asked.filter(day);
    if !filter.is_empty() {
        give("where", format!("{type_name}Filter"), filter.into());
    }
    let declared: Vec<String> = arguments.iter().map(|(name, kind)| format!("${name}: {kind}")).collect();
    let given: Vec<String> = arguments.iter().map(|(name, _)| format!("{name}: ${name}")).collect();
    let query = format!(
        "query Export({}) {{ statistics: {root}({}, first: 1000) {{ groupCount isPublished groups {{ atLeast isSuppressed \
         {measures} key {{ period {{ from to label }} {keys} }} }} }} }}",
        declared.join(", "),
        given.join(", ")
    );
    Ok(Question { query, variables })
}

/// Values of one column, in the order of the groups.
type Values = Vec<Value>;

pub(super) fn table(cube: &'static Cube, asked: &Asked, data: &Value) -> Result<Table> {
    let statistics = data.get("statistics").ok_or(Code::Internal)?;
    let groups = statistics.get("groups").and_then(Value::as_array).ok_or(Code::Internal)?;
    if statistics.get("groupCount").and_then(Value::as_u64).is_some_and(|count| count > groups.len() as u64) {
        let text = "More than 1,000 rows: cut less, or take a shorter span with from and to.";
        return Err(Error::new(Code::LimitExceeded).saying(text).on("groupBy"));
    }
    let mut columns: Vec<(String, String, Values)> = Vec::new();
    let each = |value: &dyn Fn(&Value) -> Value| groups.iter().map(value).collect::<Values>();
    if asked.text("bucket").is_some() {
        for (part, title, tag) in [("from", "From", "#date+start"), ("to", "To", "#date+end")] {
            columns.push((title.into(), tag.into(), each(&|group| at(group, &["key", "period", part]))));
        }
    }
    for dimension in asked_dimensions(cube, asked)? {
        let found = super::label(&format!("{}Dimension", cube.noun), &dimension.name, asked.locale);
        columns.extend(keyed(dimension, found, groups, asked));
    }
    let published = statistics.get("isPublished") == Some(&Value::Bool(true));
    for measure in &cube.measures {
        if let Counted::Money(..) = measure.counted {
            columns.extend(money(measure.name, groups));
        } else if !(published && measure.name != counted(cube)) {
            let values = each(&|group| at(group, &[measure.name]));
            columns.push((title(measure.name), tag(measure.name), values));
        }
    }
    if published {
        columns.push(("At least".into(), "#reached+min".into(), each(&|group| at(group, &["atLeast"]))));
        columns.push(("Suppressed".into(), "#meta+suppressed".into(), each(&|group| at(group, &["isSuppressed"]))));
    }
    Ok(turned(columns, groups.len()))
}

fn counted(cube: &Cube) -> &'static str {
    cube.measures.first().map_or("", |measure| measure.name)
}

/// Columns to rows.
pub(super) fn turned(columns: Vec<(String, String, Values)>, rows: usize) -> Table {
    let mut table = Table { columns: Vec::with_capacity(columns.len()), rows: vec![Vec::new(); rows] };
    for (title, tag, values) in columns {
        table.columns.push((title, tag));
        for (row, value) in table.rows.iter_mut().zip(values) {
            row.push(value);
        }
    }
    table
}

/// What stands at a path; null where the path ends before.
pub(super) fn at(value: &Value, path: &[&str]) -> Value {
    path.iter().try_fold(value, |value, part| value.get(part)).cloned().unwrap_or_default()
}

/// The columns of one key: its code, and what it is called.
fn keyed(dimension: &Dimension, title: String, groups: &[Value], asked: &Asked) -> Vec<(String, String, Values)> {
    let field = dimension.field;
    let each = |value: &dyn Fn(&Value) -> Value| {
        groups.iter().map(|group| value(&at(group, &["key", field]))).collect::<Values>()
    };
    let base = hxl(dimension);
    let code = |tag: &str| format!("{base}+code{tag}");
    match &dimension.cut {
        Cut::Code(_, codes) | Cut::Codes(_, codes) => {
            let list = codes.name.as_str();
            let called =
                |value: &Value| value.as_str().map(|code| label(list, code, asked.locale).into()).unwrap_or_default();
            vec![
                (format!("{title} (code)"), code(""), each(&Value::clone)),
                (title, format!("{base}+name"), each(&called)),
            ]
        }
        Cut::Place(_) => vec![
            (format!("{title} (P-code)"), code("+v_pcode"), each(&|value| at(value, &["pcode"]))),
            (title, format!("{base}+name"), each(&|value| name(&at(value, &["names"]), asked.locale))),
        ],
        Cut::Edge(_, "User") => vec![(title, base, each(&|value| at(value, &["displayName"])))],
        Cut::Edge(_, "Project") => vec![(title, base, each(&|value| name(&at(value, &["names"]), asked.locale)))],
        Cut::Edge(_, "Campaign") => vec![
            (title, code(""), each(&|value| at(value, &["id"]))),
            ("Provider of it".into(), format!("{base}+org"), each(&|value| at(value, &["provider"]))),
            ("From".into(), format!("{base}+start"), each(&|value| at(value, &["startsOn"]))),
        ],
        Cut::Edge(..) => vec![
            (format!("{title} (code)"), code(""), each(&|value| at(value, &["code"]))),
            (title, format!("{base}+name"), each(&|value| name(&at(value, &["names"]), asked.locale))),
        ],
        Cut::Age(..) => vec![(title, base, each(&|value| at(value, &["label"])))],
        Cut::Text(_) | Cut::Truth(_) => vec![(title, base, each(&Value::clone))],
    }
}

/// Sums of an amount: a column for each currency.
fn money(measure: &str, groups: &[Value]) -> Vec<(String, String, Values)> {
    let sums: Vec<Vec<Value>> =
        groups.iter().map(|group| at(group, &[measure]).as_array().cloned().unwrap_or_default()).collect();
    let mut currencies: Vec<String> =
        sums.iter().flatten().filter_map(|sum| at(sum, &["currency"]).as_str().map(str::to_owned)).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let of = |sums: &Vec<Value>, currency: &str| {
        sums.iter().find(|sum| at(sum, &["currency"]) == currency).map(|sum| at(sum, &["amount"])).unwrap_or_default()
    };
    let column = |currency: String| {
        let values = sums.iter().map(|sums| of(sums, &currency)).collect();
        let tag = format!("#value+{measure}+{}", currency.to_lowercase());
        (format!("{} ({currency})", title(measure)), tag, values)
    };
    currencies.into_iter().map(column).collect()
}

/// `meanDaysToResolve` as a title: Mean days to resolve.
fn title(name: &str) -> String {
    let mut title = String::new();
    for (position, c) in name.chars().enumerate() {
        match (position, c.is_ascii_uppercase()) {
            (0, _) => title.push(c.to_ascii_uppercase()),
            (_, true) => title.extend([' ', c.to_ascii_lowercase()]),
            (_, false) => title.push(c),
        }
    }
    title
}

/// The tag of a measure. Source: HXL 1.1, hashtags and attributes.
fn tag(measure: &str) -> String {
    match measure {
        "visits" | "complaints" | "visitors" => format!("#reached+{measure}+num"),
        "attendances" | "participants" => format!("#reached+{measure}+num"),
        "sessions" => "#activity+sessions+num".to_owned(),
        "days" => "#indicator+days+num".to_owned(),
        "results" => "#indicator+tests+num".to_owned(),
        "compared" => "#indicator+tests+compared+num".to_owned(),
        "meanPercent" => "#indicator+score+mean+num".to_owned(),
        "meanChange" => "#indicator+score+change+mean+num".to_owned(),
        "reports" => "#meta+reports+num".to_owned(),
        "sent" | "answered" | "referred" => format!("#reached+messages+{measure}+num"),
        "listenedAtLeastPercent" => "#reached+messages+listened+num".to_owned(),
        "keyMessageCompleted" => "#reached+messages+completed+num".to_owned(),
        "optedOut" => "#reached+messages+opted_out+num".to_owned(),
        "surveyAnswers" => "#indicator+answers+num".to_owned(),
        "firstVisits" => "#reached+visits+first+num".to_owned(),
        "repeatVisits" => "#reached+visits+repeat+num".to_owned(),
        "meanMinutes" => "#indicator+minutes+mean+num".to_owned(),
        "meanSatisfaction" => "#indicator+satisfaction+mean+num".to_owned(),
        _ => "#indicator+days+mean+num".to_owned(),
    }
}

/// The tag of a key. Source: HXL 1.1, hashtags and attributes.
fn hxl(dimension: &Dimension) -> String {
    match dimension.field {
        "centre" => "#loc+centre",
        "counsellor" | "handler" => "#contact+staff",
        "project" => "#activity+project",
        "channel" => "#activity+channel",
        "curriculum" => "#activity+curriculum",
        "audience" => "#population+audience",
        "place" => "#loc+training",
        "phase" => "#indicator+phase",
        "campaign" => "#activity+campaign",
        "provider" => "#org+provider",
        "township" => "#adm3",
        "services" => "#service",
        "topics" => "#subsector+topic",
        "homeTownship" => "#adm3+origin",
        "destination" => "#country+destination",
        "sector" => "#sector+work",
        "sex" => "#population+sex",
        "ageBand" => "#population+age",
        "disability" => "#population+disability",
        "displacement" => "#population+displacement",
        "visitorKind" => "#population+kind",
        "isFirst" => "#meta+first",
        "status" => "#status",
        _ => "#meta",
    }
    .to_owned()
}
