use super::table::{Format, Table};
use super::{Asked, Report};
use crate::error::Code;
use entity::locale::Locale;
use serde_json::json;

fn asked(pairs: &[(&str, &str)]) -> crate::error::Result<Asked> {
    Asked::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())), Locale::En)
}

#[test]
fn formulas_stay_texts() {
    let table = Table {
        columns: vec![("Name".into(), "#loc+name".into()), ("Visits".into(), "#reached".into())],
        rows: vec![vec![json!("=1+1"), json!(-3)], vec![json!("a, \"b\""), json!(null)]],
    };
    let text = String::from_utf8(table.bytes(Format::Csv).unwrap()).unwrap();
    assert_eq!(text, "\u{feff}Name,Visits\n#loc+name,#reached\n'=1+1,-3\n\"a, \"\"b\"\"\",\n");
    assert!(table.bytes(Format::Xlsx).unwrap().starts_with(b"PK"));
}

#[test]
fn links_are_read_to_the_letter() {
    assert_eq!(asked(&[("grouped", "SEX")]).err().unwrap().code, Code::BadUserInput);
    assert_eq!(asked(&[("from", "2026-01-01"), ("from", "2026-01-02")]).err().unwrap().code, Code::BadUserInput);
    assert_eq!(asked(&[("locale", "fr")]).err().unwrap().code, Code::CodeUnknown);
    let Some(report) = Report::named("visit-statistics") else { panic!("a file") };
    assert_eq!(report.question(&asked(&[("groupBy", "SEX,NONE")]).unwrap()).err().unwrap().code, Code::CodeUnknown);
    assert!(Report::named("people").is_none());
}

#[test]
fn every_dimension_and_measure_has_a_tag_of_its_own() {
    for cube in crate::graph::graph().cubes() {
        let report = Report::Statistics(cube);
        let names: Vec<&str> = cube.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
        let asked = asked(&[("groupBy", &names.join(","))]).unwrap();
        let data = json!({ "statistics": { "groupCount": 0, "isPublished": false, "groups": [] } });
        let table = report.table(&asked, &data).unwrap();
        for (title, tag) in &table.columns {
            let rest = tag.strip_prefix('#').unwrap_or_else(|| panic!("{title}: {tag}"));
            assert!(rest.split('+').all(|part| part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')), "{tag}");
        }
    }
}
