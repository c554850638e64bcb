//! Who may read and do what, as a page that a reviewer reads: a change of the policy shows as a change of this file.

use std::fmt::Write as _;

use entity::Code as _;
use entity::user::RoleCode;
use lanpya::access::{Action, Area, Class, Reach, may, reading};

fn table(title: &str, columns: &[String], cell: impl Fn(RoleCode, usize) -> String) -> String {
    let mut text = format!("{title}\n\n");
    let width = |column: &String| column.len().max(22);
    let _ = write!(text, "{:<22}", "");
    for column in columns {
        let _ = write!(text, "{column:<width$}", width = width(column) + 2);
    }
    for role in RoleCode::all() {
        let _ = write!(text, "\n{:<22}", role.code());
        for (position, column) in columns.iter().enumerate() {
            let _ = write!(text, "{:<width$}", cell(role, position), width = width(column) + 2);
        }
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

fn page() -> String {
    let mut text = String::from(
        "Who may read and do what. Written by `LANPYA_UPDATE=1 tests/run access`; compared by tests/tests/api/access.rs.\n\n",
    );
    let areas: Vec<String> = Area::ALL.iter().map(|area| format!("{area:?}")).collect();
    text += &table("Reading: rows within reach, fields up to a class; - is nothing.", &areas, |role, position| {
        let area = Area::ALL.get(position).copied().unwrap();
        reading(role, area).map_or("-".to_owned(), |grant| {
            let reach = match grant.reach {
                Reach::Own => "own",
                Reach::Team => "team",
                Reach::Organisation => "organisation",
            };
            format!("{reach}, {}", grant.class.word())
        })
    });
    let actions: Vec<String> = Action::ALL.iter().map(|action| action.code().to_owned()).collect();
    text += "\n";
    text += &table("Doing.", &actions, |role, position| {
        if may(role, Action::ALL.get(position).copied().unwrap()) { "yes".to_owned() } else { "-".to_owned() }
    });
    text
}

#[test]
fn the_policy_is_the_committed_one() {
    let path = crate::root().join("tests/snapshots/access.txt");
    let page = page();
    if std::env::var("LANPYA_UPDATE").is_ok() {
        std::fs::write(&path, &page).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let changed: Vec<&str> = page.lines().filter(|line| !committed.lines().any(|other| other == *line)).collect();
    assert!(
        page == committed,
        "The policy is not that of tests/snapshots/access.txt. If it is meant: LANPYA_UPDATE=1 tests/run access\n{}",
        changed.join("\n")
    );
}

/// What no change of the table may bring.
#[test]
fn some_things_are_never_granted() {
    for role in RoleCode::all() {
        for area in Area::ALL {
            let Some(grant) = reading(role, area) else { continue };
            assert!(grant.class < Class::Restricted, "{role:?} {area:?}: nobody reads restricted fields by role alone");
            let people = !matches!(area, Area::Reference | Area::Directory | Area::Capacity);
            if people && grant.reach == Reach::Organisation {
                assert!(grant.class <= Class::Internal, "{role:?} {area:?}: all people of an organisation, by name");
            }
        }
    }
    for action in Action::ALL {
        for role in [RoleCode::Auditor, RoleCode::SurvivorSelf, RoleCode::OrgDataOfficer, RoleCode::NetworkCoordinator]
        {
            assert!(!may(role, action), "{role:?} only reads");
        }
    }
}
