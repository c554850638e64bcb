//! The three organisations of the demo: who they are and how much they have.

use entity::Code as _;
use entity::capacity_assessment::{CapacityAssessmentKind as Kind, CapacityStatus};
use entity::organisation::{OrganisationKind, ServiceActorType};
use entity::user::RoleCode;
use uuid::Uuid;

use super::draw::Draw;
use crate::service::organisation::{NewOrganisation, NewUser};

/// A resource centre.
pub(super) struct Centre {
    pub(super) code: &'static str,
    pub(super) name_en: &'static str,
    pub(super) name_my: Option<&'static str>,
    pub(super) name_th: Option<&'static str>,
    pub(super) township: &'static str,
}

/// A capacity assessment: tool, kind, status and how many days ago it began.
pub(super) struct Assessment(pub(super) &'static str, pub(super) Kind, pub(super) CapacityStatus, pub(super) u64);

/// What an organisation gets.
pub(super) struct Plan {
    pub(super) code: &'static str,
    pub(super) kind: OrganisationKind,
    pub(super) actor_type: ServiceActorType,
    pub(super) name_en: &'static str,
    pub(super) name_my: Option<&'static str>,
    pub(super) name_th: Option<&'static str>,
    pub(super) time_zone: &'static str,
    pub(super) language: &'static str,
    pub(super) teams: [&'static str; 2],
    /// P-codes of the communities.
    pub(super) places: &'static [&'static str],
    pub(super) centres: &'static [Centre],
    pub(super) project: &'static str,
    pub(super) households: usize,
    pub(super) adults: usize,
    pub(super) children: usize,
    /// Children with yearly observations.
    pub(super) observed: usize,
    pub(super) survivors: usize,
    pub(super) cases: usize,
    pub(super) visits: usize,
    pub(super) assessments: &'static [Assessment],
}

const KACHIN: &[&str] = &[
    "MMR001001",
    "MMR001002",
    "MMR001010",
    "MMR001012",
    "MMR001013",
    "MMR015009",
    "MMR015010",
    "MMR015011",
    "MMR015001",
];
const RANONG: &[&str] = &[
    "TH850101", "TH850103", "TH850104", "TH850105", "TH850106", "TH850107", "TH850201", "TH850302", "TH850401",
    "TH850404", "TH850502",
];

/// The plans.
pub(super) fn all() -> [Plan; 3] {
    [lead(), kcso(), ranong()]
}

fn lead() -> Plan {
    Plan {
        code: "LEAD",
        kind: OrganisationKind::Un,
        actor_type: ServiceActorType::Ngo,
        name_en: "Border Lead Agency (demo)",
        name_my: None,
        name_th: None,
        time_zone: "Asia/Yangon",
        language: "en",
        teams: ["Myitkyina", "Muse"],
        places: KACHIN,
        centres: &[
            Centre {
                code: "MRC-MYITKYINA",
                name_en: "Migrant Resource Centre Myitkyina (demo)",
                name_my: Some("မြစ်ကြီးနား"),
                name_th: None,
                township: "MMR001001",
            },
            Centre {
                code: "MRC-MUSE",
                name_en: "Migrant Resource Centre Muse (demo)",
                name_my: Some("မူဆယ်"),
                name_th: None,
                township: "MMR015009",
            },
        ],
        project: "Safe steps across the border (demo)",
        households: 250,
        adults: 430,
        children: 1_080,
        observed: 0,
        survivors: 240,
        cases: 620,
        visits: 2_600,
        assessments: &[
            Assessment("OCA", Kind::Baseline, CapacityStatus::Validated, 560),
            Assessment("PROTECTION_PACK", Kind::Annual, CapacityStatus::Scored, 120),
        ],
    }
}

fn kcso() -> Plan {
    Plan {
        code: "KCSO",
        kind: OrganisationKind::Cso,
        actor_type: ServiceActorType::Ngo,
        name_en: "Kachin Community Support (demo)",
        name_my: None,
        name_th: None,
        time_zone: "Asia/Yangon",
        language: "my",
        teams: ["Myitkyina", "Waingmaw"],
        places: KACHIN,
        centres: &[Centre {
            code: "HELP-WAINGMAW",
            name_en: "Help point Waingmaw (demo)",
            name_my: Some("ဝိုင်းမော်"),
            name_th: None,
            township: "MMR001002",
        }],
        project: "Village groups for children (demo)",
        households: 230,
        adults: 400,
        children: 1_020,
        observed: 0,
        survivors: 110,
        cases: 530,
        visits: 1_300,
        assessments: &[
            Assessment("OCA", Kind::Baseline, CapacityStatus::Published, 700),
            Assessment("OPI", Kind::Baseline, CapacityStatus::Published, 690),
            Assessment("OCA", Kind::Midline, CapacityStatus::Validated, 340),
            Assessment("OPI", Kind::Midline, CapacityStatus::Validated, 330),
            Assessment("PROTECTION_PACK", Kind::Annual, CapacityStatus::Scored, 90),
            Assessment("OCA", Kind::Endline, CapacityStatus::Draft, 8),
        ],
    }
}

fn ranong() -> Plan {
    Plan {
        code: "RANONG",
        kind: OrganisationKind::Government,
        actor_type: ServiceActorType::LocalGovernment,
        name_en: "Ranong Provincial Office (demo)",
        name_my: None,
        name_th: Some("ระนอง (demo)"),
        time_zone: "Asia/Bangkok",
        language: "th",
        teams: ["Mueang Ranong", "Kra Buri"],
        places: RANONG,
        centres: &[Centre {
            code: "MRC-RANONG",
            name_en: "Migrant Help Centre Ranong (demo)",
            name_my: None,
            name_th: Some("ระนอง"),
            township: "TH8501",
        }],
        project: "Every child seen each year (demo)",
        households: 220,
        adults: 370,
        children: 900,
        observed: 800,
        survivors: 50,
        cases: 350,
        visits: 1_100,
        assessments: &[
            Assessment("OCA", Kind::Baseline, CapacityStatus::Validated, 430),
            Assessment("OPI", Kind::Annual, CapacityStatus::Scored, 60),
        ],
    }
}

/// Who works there. Names occur as often as they are to be drawn.
pub(super) struct Staff {
    pub(super) caseworkers: Vec<Uuid>,
    pub(super) counsellors: Vec<Uuid>,
    pub(super) registrars: Vec<Uuid>,
    pub(super) facilitator: Uuid,
    pub(super) officer: Uuid,
}

impl Plan {
    /// The organisation as it is installed, and its staff.
    pub(super) fn organisation(&self, draw: &mut Draw) -> (NewOrganisation, Staff) {
        let mut users = Vec::new();
        let (mut caseworkers, mut counsellors, mut registrars) = (Vec::new(), Vec::new(), Vec::new());
        let (mut facilitator, mut officer) = (Uuid::nil(), Uuid::nil());
        let [north, south] = self.teams;
        // The role's own user first, in the first team; then colleagues in both.
        let mut wanted: Vec<(RoleCode, String, &str, usize)> =
            RoleCode::all().into_iter().map(|role| (role, role.code().to_lowercase(), north, 4)).collect();
        for (role, count) in [(RoleCode::Caseworker, 6), (RoleCode::MrcCounsellor, 3), (RoleCode::Supervisor, 1)] {
            for number in 2..count + 2 {
                let team = if number % 2 == 0 { south } else { north };
                wanted.push((role, format!("{}_{number}", role.code().to_lowercase()), team, 2));
            }
        }
        let start = draw.days_ago(720, 730);
        for (role, subject, team, weight) in wanted {
            let at = draw.at(start);
            let id = draw.id(at);
            match role {
                RoleCode::Caseworker => {
                    caseworkers.extend(std::iter::repeat_n(id, weight));
                    registrars.extend(std::iter::repeat_n(id, weight));
                }
                RoleCode::Supervisor => caseworkers.extend(std::iter::repeat_n(id, weight / 2)),
                RoleCode::MrcCounsellor => counsellors.extend(std::iter::repeat_n(id, weight)),
                RoleCode::CommunityVolunteer => registrars.extend(std::iter::repeat_n(id, weight * 2)),
                RoleCode::CapacityFacilitator => facilitator = id,
                RoleCode::TrainingOfficer => officer = id,
                _ => {}
            }
            users.push(NewUser {
                id: Some(id),
                display_name: format!("Demo {}", spoken(&subject)),
                subject,
                role,
                team: Some(team.to_owned()),
                work_location: self.centres.first().map(|centre| centre.township.to_owned()),
                language: self.language.to_owned(),
            });
        }
        let organisation = NewOrganisation {
            code: self.code.to_owned(),
            kind: self.kind,
            actor_type: Some(self.actor_type),
            name_en: self.name_en.to_owned(),
            name_my: self.name_my.map(str::to_owned),
            name_th: self.name_th.map(str::to_owned),
            time_zone: self.time_zone.to_owned(),
            users,
        };
        (organisation, Staff { caseworkers, counsellors, registrars, facilitator, officer })
    }
}

/// `mrc_counsellor_2` as `MRC Counsellor 2`.
fn spoken(subject: &str) -> String {
    let word = |word: &str| match word {
        "mrc" | "mrm" => word.to_uppercase(),
        "org" => "Organisation".to_owned(),
        _ => {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    };
    subject.split('_').map(word).collect::<Vec<_>>().join(" ")
}
