//! Centres and projects.

use entity::user::RoleCode;
use harness::{Backend, both};
use serde_json::{Value, json};

use super::Desk;

both! { a_centre_is_opened_and_visited, hours, a_project_is_started, who_may_not }

const ACTION: &str = "DIRECTORY_WRITE";

fn centre(code: &str) -> Value {
    json!({
        "code": code, "names": { "en": "Migrant Resource Centre Lashio", "my": "လားရှိုး" }, "township": "MMR015001",
        "openedOn": "2026-11-01", "openingHours": "Monday to Friday, 9 to 16", "languages": ["my", "shn"], "channels": ["WALK_IN", "PHONE"],
    })
}

async fn a_centre_is_opened_and_visited(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::OrgAdmin).await;
    let selection = "resourceCentre { id code names { en my th } township { pcode } openedOn languages channels hasFemaleCounsellor isActive }";
    let made = desk.done("resourceCentreOpen", ACTION, "ResourceCentre", centre("MRC-LSO"), selection).await;
    let made = &made["resourceCentre"];
    assert_eq!(made["township"]["pcode"], "MMR015001", "{made}");
    assert_eq!((&made["isActive"], &made["hasFemaleCounsellor"]), (&json!(true), &json!(false)));
    assert_eq!(made["names"], json!({ "en": "Migrant Resource Centre Lashio", "my": "လားရှိုး", "th": null }));
    let refused = desk.refused("resourceCentreOpen", centre("MRC-LSO")).await;
    assert_eq!(refused, [("DUPLICATE".to_owned(), "input.code".to_owned())]);
    for (field, value, code, named) in [
        ("township", json!("MMR999999"), "PCODE_UNKNOWN", "input.township"),
        ("code", json!(" "), "FIELD_REQUIRED", "input.code"),
        ("names", json!({ "en": "" }), "FIELD_REQUIRED", "input.names.en"),
        ("openingHours", json!("x".repeat(201)), "TOO_LONG", "input.openingHours"),
    ] {
        let mut input = centre("MRC-2");
        input[field] = value;
        desk.refuses("resourceCentreOpen", input, code, named).await;
    }
    // From then on it is visited, but not before the day it opened.
    desk.sits(RoleCode::MrcCounsellor);
    let visit = |day: &str| json!({ "centre": made["id"], "visitedOn": day, "channel": "WALK_IN", "visitorKind": "ASPIRANT", "sex": "FEMALE" });
    desk.done("visitRecord", "VISIT_RECORD", "Visit", visit("2026-11-02"), "visit { id }").await;
    desk.refuses("visitRecord", visit("2026-10-31"), "DATE_INVALID", "input.visitedOn").await;
    desk.world.stop().await;
}

async fn hours(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::OrgAdmin).await;
    let period = |day: &str, opens: &str, closes: &str| json!({ "weekday": day, "opensAt": opens, "closesAt": closes });
    let mut input = centre("MRC-LSO");
    input["openingPeriods"] = json!([period("MONDAY", "09:00", "12:00"), period("MONDAY", "11:59", "16:00")]);
    desk.refuses("resourceCentreOpen", input.clone(), "OVERLAPS", "input.openingPeriods").await;
    input["openingPeriods"] = json!([period("MONDAY", "09:00", "12:00"), period("MONDAY", "12:00", "16:00")]);
    let selection =
        "resourceCentre { id rowVersion openingHours openingPeriods { nodes { weekday opensAt closesAt } } }";
    let made = desk.done("resourceCentreOpen", ACTION, "ResourceCentre", input.clone(), selection).await;
    let made = &made["resourceCentre"];
    let told = |made: &Value| {
        let mut told = made["openingPeriods"]["nodes"].as_array().unwrap().clone();
        told.sort_by_key(ToString::to_string);
        Value::from(told)
    };
    assert_eq!(told(made), input["openingPeriods"]);
    let set = |version: i32, periods: Value| json!({ "centre": made["id"], "expectedVersion": version, "openingHours": "Tuesdays", "openingPeriods": periods });
    for (version, periods, code, field) in [
        (
            1,
            json!([period("FRIDAY", "09:00", "12:00"), period("FRIDAY", "08:00", "13:00")]),
            "OVERLAPS",
            "openingPeriods",
        ),
        (1, json!([period("FRIDAY", "9:00", "12:00")]), "BAD_USER_INPUT", "openingPeriods"),
        (1, json!([period("FRIDAY", "12:00", "09:00")]), "DATE_INVALID", "openingPeriods"),
        (1, Value::from(vec![period("FRIDAY", "09:00", "12:00"); 22]), "TOO_LONG", "openingPeriods"),
        (2, json!([]), "VERSION_CONFLICT", "expectedVersion"),
    ] {
        let field = format!("input.{field}");
        desk.refuses("resourceCentreHoursSet", set(version, periods), code, &field).await;
    }
    let tuesday = json!([period("TUESDAY", "00:00", "24:00")]);
    let changed =
        desk.done("resourceCentreHoursSet", ACTION, "ResourceCentre", set(1, tuesday.clone()), selection).await;
    let changed = &changed["resourceCentre"];
    assert_eq!(
        (told(changed), &changed["rowVersion"], &changed["openingHours"]),
        (tuesday, &json!(2), &json!("Tuesdays"))
    );
    desk.world.stop().await;
}

async fn a_project_is_started(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::OrgAdmin).await;
    let input = json!({ "names": { "en": "SAFE", "th": "เซฟ" }, "donor": "LIFT", "startsOn": "2026-01-01", "endsOn": "2028-12-31" });
    let made = desk
        .done("projectStart", ACTION, "Project", input.clone(), "project { names { en th } donor startsOn endsOn }")
        .await;
    assert_eq!(made["project"]["donor"], "LIFT", "{made}");
    assert_eq!(made["project"]["endsOn"], "2028-12-31");
    let mut backward = input.clone();
    backward["endsOn"] = json!("2025-12-31");
    desk.refuses("projectStart", backward, "DATE_INVALID", "input.endsOn").await;
    desk.world.stop().await;
}

async fn who_may_not(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::Supervisor).await;
    let roles = [RoleCode::Supervisor, RoleCode::MrcCounsellor, RoleCode::OrgDataOfficer, RoleCode::Auditor];
    desk.denied("resourceCentreOpen", ACTION, &centre("MRC-9"), &roles).await;
    let project = json!({ "names": { "en": "SAFE" }, "startsOn": "2026-01-01" });
    desk.denied("projectStart", ACTION, &project, &roles).await;
    desk.world.stop().await;
}
