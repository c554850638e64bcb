//! What referrals stand on: agreements with partners, and consents of visitors.

use entity::user::RoleCode;
use harness::{ALPHA, Backend, both};
use serde_json::{Value, json};

use super::referral::with;
use super::{Desk, seeded};

both! { an_agreement_is_noted, what_a_consent_needs }

async fn an_agreement_is_noted(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::OrgAdmin).await;
    let user = lanpya::plan::GlobalId::text("user", ALPHA.user(RoleCode::Supervisor));
    let agreement = |more: Value| {
        let input = json!({
            "code": "GAMMA", "names": { "en": "Gamma legal aid", "my": "ဂမ်မာ" }, "services": ["LEGAL_ASSISTANCE", "FOOD"],
            "agreedOn": "2026-11-01", "desk": user
        });
        with(input, more)
    };
    let selection = "partner { id rowVersion code names { en my } services agreedOn endsOn desk { subject } }";
    let noted = desk.done("partnerAgree", "DIRECTORY_WRITE", "Partner", agreement(json!({})), selection).await;
    let noted = &noted["partner"];
    assert_eq!((&noted["code"], &noted["desk"]["subject"]), (&json!("GAMMA"), &json!("supervisor")));
    assert_eq!(noted["services"], json!(["FOOD", "LEGAL_ASSISTANCE"]));
    for (more, code, field) in [
        (json!({}), "DUPLICATE", "input.code"),
        (json!({ "code": "ALPHA" }), "RECEIVER_NOT_ELIGIBLE", "input.code"),
        (json!({ "code": " " }), "FIELD_REQUIRED", "input.code"),
        (json!({ "code": "X", "agreedOn": "2026-11-23" }), "DATE_INVALID", "input.agreedOn"),
        (json!({ "code": "X", "endsOn": "2026-10-31" }), "DATE_INVALID", "input.endsOn"),
        (json!({ "code": "X", "desk": desk.fresh("user") }), "NOT_FOUND", "input.desk"),
        (json!({ "code": "X", "names": { "en": "" } }), "FIELD_REQUIRED", "input.names.en"),
    ] {
        desk.refuses("partnerAgree", agreement(more), code, field).await;
    }
    let change = json!({ "partner": noted["id"], "expectedVersion": 1, "endsOn": "2026-12-31" });
    let changed = desk.done("partnerChange", "DIRECTORY_WRITE", "Partner", change.clone(), selection).await;
    assert_eq!(
        (&changed["partner"]["endsOn"], &changed["partner"]["services"]),
        (&json!("2026-12-31"), &noted["services"])
    );
    assert_eq!(desk.refused("partnerChange", change).await[0].0, "VERSION_CONFLICT");
    let found = desk.ask("{ partner(code: \"GAMMA\") { id } }").await;
    assert_eq!(found["partner"]["id"], noted["id"]);
    desk.world.stop().await;
}

async fn what_a_consent_needs(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    let consent = |more: Value| {
        let input = json!({
            "visit": seeded("visit", "visit", 0), "givenBy": "PARENT", "method": "THUMBPRINT", "language": "shn",
            "scopes": ["SERVICES"], "informationGiven": ["PURPOSE"], "childAssent": "YES", "expiresOn": "2027-11-22"
        });
        with(input, more)
    };
    // The seeded visitor is ten years old.
    for (more, code, field) in [
        (json!({ "childAssent": null }), "FIELD_REQUIRED", "input.childAssent"),
        (json!({ "childAssent": "NO" }), "RULE_NOT_MET", "input.childAssent"),
        (json!({ "scopes": [] }), "FIELD_REQUIRED", "input.scopes"),
        (json!({ "informationGiven": [] }), "FIELD_REQUIRED", "input.informationGiven"),
        (json!({ "givenOn": "2026-11-23" }), "DATE_INVALID", "input.givenOn"),
        (json!({ "expiresOn": "2026-11-21" }), "DATE_INVALID", "input.expiresOn"),
        (json!({ "language": "" }), "FIELD_REQUIRED", "input.language"),
        (json!({ "visit": desk.fresh("visit") }), "NOT_FOUND", "input.visit"),
    ] {
        desk.refuses("consentRecord", consent(more), code, field).await;
    }
    let selection = "consent { givenOn givenBy method scopes childAssent isLive obtainedBy { subject } }";
    let made = desk.done("consentRecord", "CONSENT_WRITE", "Consent", consent(json!({})), selection).await;
    let expected = json!({
        "givenOn": "2026-11-22", "givenBy": "PARENT", "method": "THUMBPRINT", "scopes": ["SERVICES"], "childAssent": "YES",
        "isLive": true, "obtainedBy": { "subject": "supervisor" }
    });
    assert_eq!(made["consent"], expected);
    let reason = json!({ "consent": seeded("consent", "consent", 0), "expectedVersion": 1, "reason": " " });
    desk.refuses("consentWithdraw", reason, "REASON_REQUIRED", "input.reason").await;
    desk.world.stop().await;
}
