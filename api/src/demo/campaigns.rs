//! Campaigns of messages, and what their provider reported of them week by week.

use chrono::{Days, NaiveDate};
use entity::campaign::{self, CampaignChannel};
use entity::list::List;
use entity::visit::VisitTopic;
use entity::{campaign_message, campaign_township, delivery_stat, ids};
use sea_orm::Set;
use uuid::Uuid;

use super::draw::Draw;
use super::plans::{Plan, Staff};
use super::store::made;

/// Who sends them.
const PROVIDER: &str = "Example Messaging (demo)";
/// What is sent: in English and in Burmese.
const MESSAGES: [(&str, &str); 3] = [
    ("Ask at a resource centre before you pay anybody (demo).", "ငွေမပေးမီ အရင်းအမြစ်စင်တာတွင် မေးမြန်းပါ။"),
    ("Keep a copy of your contract at home (demo).", "စာချုပ်မိတ္တူကို အိမ်တွင် ထားခဲ့ပါ။"),
    ("Nobody may keep your passport (demo).", "သင့်နိုင်ငံကူးလက်မှတ်ကို မည်သူမျှ သိမ်းထားခွင့်မရှိပါ။"),
];

#[derive(Default)]
pub(super) struct Campaigns {
    pub(super) rows: Vec<campaign::ActiveModel>,
    pub(super) townships: Vec<campaign_township::ActiveModel>,
    pub(super) messages: Vec<campaign_message::ActiveModel>,
    pub(super) stats: Vec<delivery_stat::ActiveModel>,
}

/// Two campaigns: one of calls, one of texts.
pub(super) fn campaigns(plan: &Plan, staff: &Staff, draw: &mut Draw) -> Campaigns {
    let mut all = Campaigns::default();
    for (number, (channel, ago)) in
        [(CampaignChannel::PushIvr, 330), (CampaignChannel::Sms, 120)].into_iter().enumerate()
    {
        let starts_on = draw.days_ago(ago, ago + 20);
        let at = draw.at(starts_on);
        let id = draw.id(at);
        let ends_on = starts_on + Days::new(84);
        let row = campaign::ActiveModel {
            id: Set(id),
            provider: Set(PROVIDER.to_owned()),
            channel: Set(channel),
            languages: Set(vec!["my".to_owned(), "kac".to_owned()].into()),
            topics: Set(List::codes([VisitTopic::CostsAndFees, VisitTopic::AgencyVerification])),
            starts_on: Set(starts_on),
            ends_on: Set(Some(ends_on)),
            batch_ids: Set(vec![format!("DEMO-{}-{}", plan.code, number + 1)].into()),
            officer_id: Set(Some(staff.officer)),
            ..Default::default()
        };
        all.rows.push(made(row, at, Some(staff.officer)));
        for (position, (en, my)) in (1..).zip(MESSAGES) {
            let row = campaign_message::ActiveModel {
                id: Set(draw.id(at)),
                campaign_id: Set(id),
                position: Set(position),
                text_en: Set(en.to_owned()),
                text_my: Set(Some(my.to_owned())),
                text_th: Set(None),
                ..Default::default()
            };
            all.messages.push(made(row, at, Some(staff.officer)));
        }
        for township in draw.some(plan.places, 3, 5) {
            let township = ids::location(township);
            let row = campaign_township::ActiveModel {
                id: Set(draw.id(at)),
                campaign_id: Set(id),
                township_id: Set(township),
                ..Default::default()
            };
            all.townships.push(made(row, at, Some(staff.officer)));
            let mut on = starts_on;
            while on <= ends_on.min(draw.today()) {
                all.stats.push(week((id, channel), township, on, staff.officer, draw));
                on = on + Days::new(7);
            }
        }
    }
    all
}

/// One report. Texts are neither answered nor listened to.
fn week(
    (campaign, channel): (Uuid, CampaignChannel),
    township: Uuid,
    on: NaiveDate,
    by: Uuid,
    draw: &mut Draw,
) -> delivery_stat::ActiveModel {
    let sent = draw.between(300, 900);
    let calls = channel == CampaignChannel::PushIvr;
    let answered = sent * draw.between(35, 70) / 100;
    let listened = answered * draw.between(50, 90) / 100;
    let at = draw.at(on);
    let row = delivery_stat::ActiveModel {
        id: Set(draw.id(at)),
        campaign_id: Set(campaign),
        channel: Set(channel),
        provider: Set(PROVIDER.to_owned()),
        reported_on: Set(on),
        township_id: Set(Some(township)),
        sent: Set(sent),
        answered: Set(calls.then_some(answered)),
        listened_at_least_percent: Set(calls.then_some(listened)),
        key_message_completed: Set(calls.then(|| listened * draw.between(60, 95) / 100)),
        opted_out: Set(Some(draw.between(0, 9))),
        survey_answers: Set(calls.then(|| draw.between(10, 120))),
        referred: Set(Some(draw.between(0, 25))),
        ..Default::default()
    };
    made(row, at, Some(by))
}
