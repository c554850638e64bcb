//! From a verified token to a viewer: what the token claims, met by what the database grants now.

use entity::value::{Cell, Scalar};
use entity::{Code as _, user::RoleCode};
use uuid::Uuid;

use super::connect::Database;
use super::{Dialect, Snapshot, Value};
use crate::access::{Team, Viewer, Weakness};
use crate::error::Result;

impl Database {
    /// The enabled user behind `subject` in `organisation`, if the token's role is still the user's own.
    pub async fn identify(&self, organisation: Uuid, subject: &str, role: &str) -> Result<Option<Viewer>> {
        Ok(self.find(organisation, subject).await?.filter(|viewer| viewer.role.code() == role))
    }

    /// The enabled user behind `subject` in `organisation`, whatever a token says.
    pub async fn find(&self, organisation: Uuid, subject: &str) -> Result<Option<Viewer>> {
        let mut sql = String::from(
            "SELECT u.id, u.role, u.team, u.epoch, o.time_zone FROM app_user u JOIN organisation o \
             ON o.organisation_id = u.organisation_id WHERE u.is_enabled AND o.is_active AND u.organisation_id = ",
        );
        let dialect = self.dialect();
        dialect.placeholder(&mut sql, 1);
        sql.push_str(" AND u.subject = ");
        dialect.placeholder(&mut sql, 2);
        let snapshot = Snapshot::begin(self, organisation).await?;
        let rows = snapshot.rows(sql.into(), vec![Value::Uuid(organisation), Value::Text(subject.to_owned())]).await?;
        let mut viewer = if rows.is_empty() { None } else { viewer(&rows, organisation, self.weakness)? };
        if let Some(Viewer { team: Some(team), .. }) = &mut viewer {
            team.members = members(&snapshot, organisation, &team.name).await?;
        }
        snapshot.release();
        Ok(viewer)
    }
}

/// Members a statement names at most. PostgreSQL compares a row with one after the other; a team that is larger it
/// looks up in the table.
const NAMED: usize = 32;

/// The members of a team on PostgreSQL, whose reach then needs no table but that of the rows.
async fn members(snapshot: &Snapshot, organisation: Uuid, team: &str) -> Result<Option<Vec<Uuid>>> {
    if snapshot.dialect() != Dialect::Postgres {
        return Ok(None);
    }
    let sql = format!("SELECT id FROM app_user WHERE organisation_id = $1 AND team = $2 LIMIT {}", NAMED + 1);
    let rows = snapshot.rows(sql.into(), vec![Value::Uuid(organisation), Value::Text(team.to_owned())]).await?;
    if rows.len() > NAMED {
        return Ok(None);
    }
    let mut found = Vec::with_capacity(rows.len());
    for row in 0..rows.len() {
        found.extend(rows.cell(row, 0, Scalar::Uuid)?.uuid());
    }
    Ok(Some(found))
}

fn viewer(rows: &super::Rows, organisation: Uuid, weakness: Weakness) -> Result<Option<Viewer>> {
    let text = |column| rows.cell(0, column, Scalar::Text).map(|cell| cell.text().map(str::to_owned));
    let Cell::Uuid(user) = rows.cell(0, 0, Scalar::Uuid)? else { return Ok(None) };
    let Some(role) = text(1)?.as_deref().and_then(RoleCode::from_code) else { return Ok(None) };
    let epoch = rows.cell(0, 3, Scalar::Int)?.int().and_then(|epoch| i32::try_from(epoch).ok()).unwrap_or_default();
    let time_zone = text(4)?.and_then(|zone| zone.parse().ok()).unwrap_or(chrono_tz::UTC);
    let team = text(2)?.map(|name| Team { name, members: None });
    Ok(Some(Viewer { user, organisation, role, team, time_zone, epoch, weakness }))
}

impl Dialect {
    /// The name a start-up message uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Sqlite => "SQLite",
        }
    }
}
