//! Complaints of the last two years, and the talks that signs of forced labour ask for.

use entity::complaint::{self, ComplaintAgainst, ComplaintKind, ComplaintStage, ComplaintStatus};
use entity::list::List;
use entity::person::Answer;
use entity::screening_request::{self, ForcedLabourSign};
use entity::{complainant, visit};
use sea_orm::{ActiveValue, Set};
use uuid::Uuid;

use super::draw::Draw;
use super::id_of;
use super::plans::Staff;
use super::store::made;
use crate::domain::complaint as rules;

/// Complaints of one organisation.
const COMPLAINTS: usize = 80;

#[derive(Default)]
pub(super) struct Complaints {
    pub(super) rows: Vec<complaint::ActiveModel>,
    pub(super) complainants: Vec<complainant::ActiveModel>,
    pub(super) requests: Vec<screening_request::ActiveModel>,
}

/// The complaints, and a request for each visit and complaint with signs; some were answered by a screening.
pub(super) fn complaints(
    staff: &Staff,
    centres: &[Uuid],
    known: &[Uuid],
    visits: &[visit::ActiveModel],
    screenings: &[Uuid],
    draw: &mut Draw,
) -> Complaints {
    let mut all = Complaints::default();
    for row in visits {
        if let ActiveValue::Set(List(signs)) = &row.signs
            && !signs.is_empty()
        {
            all.request(Some(id_of(&row.id)), None, signs.clone(), screenings, draw);
        }
    }
    for number in 1..=COMPLAINTS {
        if let Some(centre) = draw.of(centres) {
            all.one(staff, centre, known, screenings, number, draw);
        }
    }
    all
}

impl Complaints {
    fn request(
        &mut self,
        visit: Option<Uuid>,
        complaint: Option<Uuid>,
        signs: Vec<ForcedLabourSign>,
        screenings: &[Uuid],
        draw: &mut Draw,
    ) {
        let day = draw.days_ago(0, 500);
        let at = draw.at(day);
        let row = screening_request::ActiveModel {
            id: Set(draw.id(at)),
            visit_id: Set(visit),
            complaint_id: Set(complaint),
            screening_id: Set(if draw.chance(60) { draw.of(screenings) } else { None }),
            signs: Set(List::codes(signs)),
            ..Default::default()
        };
        self.requests.push(made(row, at, None));
    }

    fn one(
        &mut self,
        staff: &Staff,
        centre: Uuid,
        known: &[Uuid],
        screenings: &[Uuid],
        number: usize,
        draw: &mut Draw,
    ) {
        use ComplaintStatus as S;
        const KINDS: [ComplaintKind; 8] = [
            ComplaintKind::OverchargedFees,
            ComplaintKind::DeceptionOrContractSubstitution,
            ComplaintKind::UnpaidOrUnderpaidWages,
            ComplaintKind::IllegalDeductions,
            ComplaintKind::DocumentRetention,
            ComplaintKind::PoorConditions,
            ComplaintKind::DebtBondage,
            ComplaintKind::InjuryCompensation,
        ];
        let filed_on = draw.days_ago(20, 650);
        let at = draw.at(filed_on);
        let id = draw.id(at);
        let handler = draw.of(&staff.counsellors);
        let kinds = draw.some(&KINDS, 1, 3);
        let status = draw.mostly(
            S::Settled,
            &[
                (S::Received, 15),
                (S::Screening, 12),
                (S::Mediation, 14),
                (S::Court, 6),
                (S::Awarded, 14),
                (S::Withdrawn, 8),
            ],
        );
        let resolved_on = rules::is_closed(status).then(|| draw.later(filed_on, 10, 300));
        let currency = draw.mostly("MMK", &[("THB", 40)]);
        let claimed = f64::from(draw.between(4, 90)) * 50_000.0;
        let gives = matches!(status, S::Settled | S::Awarded);
        let was_brought = !matches!(status, S::Received | S::Screening | S::Withdrawn);
        let money = |is_there: bool, amount: f64| (is_there.then_some(amount), is_there.then(|| currency.to_owned()));
        let (awarded_amount, awarded_currency) = money(gives, claimed * 0.6);
        let (recovered_amount, recovered_currency) = money(gives && draw.chance(70), claimed * 0.4);
        let signs = rules::signs(&kinds);
        let row = complaint::ActiveModel {
            id: Set(id),
            reference: Set(format!("CP-{number:05}")),
            centre_id: Set(centre),
            visit_id: Set(None),
            handler_id: Set(handler),
            stage: Set(draw.mostly(
                ComplaintStage::InEmployment,
                &[(ComplaintStage::PreDeparture, 35), (ComplaintStage::Return, 10)],
            )),
            status: Set(status),
            filed_on: Set(filed_on),
            filed_with: Set(was_brought.then(|| "Township labour office (demo)".to_owned())),
            resolved_on: Set(resolved_on),
            against: Set(draw.mostly(
                ComplaintAgainst::Employer,
                &[(ComplaintAgainst::Recruiter, 35), (ComplaintAgainst::Broker, 20)],
            )),
            respondent: Set(draw.chance(70).then(|| "Golden Example Agency (demo)".to_owned())),
            kinds: Set(List::codes(kinds)),
            remedy_sought: Set(draw.chance(40).then(|| "Pay back what was taken (demo).".to_owned())),
            claimed_amount: Set(Some(claimed)),
            claimed_currency: Set(Some(currency.to_owned())),
            awarded_amount: Set(awarded_amount),
            awarded_currency: Set(awarded_currency),
            recovered_amount: Set(recovered_amount),
            recovered_currency: Set(recovered_currency),
            retaliation_risk: Set(if was_brought {
                draw.mostly(Answer::No, &[(Answer::Yes, 30)])
            } else {
                Answer::NotAsked
            }),
            withdrawal_reason: Set((status == S::Withdrawn).then(|| "Afraid of the broker (demo).".to_owned())),
            ..Default::default()
        };
        self.rows.push(made(row, at, handler));
        for position in 0..draw.count(1, 9) {
            let person = if draw.chance(40) { draw.of(known) } else { None };
            let row = complainant::ActiveModel {
                id: Set(draw.id(at)),
                complaint_id: Set(id),
                person_id: Set(person),
                ticket: Set(person.is_none().then(|| format!("C-{number:05}-{position}"))),
                ..Default::default()
            };
            self.complainants.push(made(row, at, handler));
        }
        if !signs.is_empty() {
            self.request(None, Some(id), signs, screenings, draw);
        }
    }
}
