//! The answers as structs that borrow from the rows.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use tokio_postgres::Row;
use uuid::Uuid;

/// `{"data": …}`.
#[derive(Serialize)]
pub(crate) struct Data<T> {
    pub(crate) data: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageInfo {
    pub(crate) has_next_page: bool,
    pub(crate) end_cursor: Option<Uuid>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page<T> {
    pub(crate) nodes: Vec<T>,
    pub(crate) page_info: PageInfo,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counted<T> {
    #[serde(flatten)]
    pub(crate) page: Page<T>,
    pub(crate) total_count: i64,
}

#[derive(Serialize)]
pub(crate) struct Nodes<T> {
    pub(crate) nodes: Vec<T>,
}

fn instant<S: Serializer>(at: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// A struct read from a row's columns in their order.
macro_rules! row {
    ($($(#[$about:meta])* $name:ident { $($(#[$serde:meta])* $field:ident: $type:ty = $column:literal,)+ })+) => {$(
        $(#[$about])*
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        pub(crate) struct $name<'r> {
            $($(#[$serde])* pub(crate) $field: $type,)+
        }

        impl<'r> $name<'r> {
            pub(crate) fn of(row: &'r Row) -> Self {
                Self { $($field: row.get($column),)+ }
            }
        }
    )+};
}

row! {
    /// A child with all that W1 and W2 ask for.
    Child {
        id: Uuid = 0,
        code: &'r str = 1,
        schooling: &'r str = 2,
        out_of_school_reason: Option<&'r str> = 3,
        registered_on: NaiveDate = 4,
        latest_risk_class: Option<&'r str> = 5,
        row_version: i32 = 6,
        #[serde(serialize_with = "instant")]
        updated_at: DateTime<Utc> = 7,
    }
    /// A service.
    Service {
        id: Uuid = 0,
        #[serde(rename = "serviceType")]
        kind: &'r str = 1,
        requested_on: NaiveDate = 2,
        implementation: &'r str = 3,
        agency: Option<&'r str> = 4,
    }
    /// A visit in a list.
    Visit {
        id: Uuid = 0,
        ticket: &'r str = 1,
        visited_on: NaiveDate = 2,
        channel: &'r str = 3,
        sex: &'r str = 4,
        age_years: Option<i32> = 5,
        minutes: Option<i32> = 6,
        needs_follow_up: bool = 7,
    }
    /// A case in a list.
    ShortCase { id: Uuid = 0, display_number: &'r str = 1, status: &'r str = 2, registered_on: NaiveDate = 3, }
    /// A visit on a dashboard.
    ShortVisit { id: Uuid = 0, ticket: &'r str = 1, visited_on: NaiveDate = 2, channel: &'r str = 3, }
    /// A child on a dashboard.
    ShortChild { id: Uuid = 0, code: &'r str = 1, registered_on: NaiveDate = 4, }
}

/// A case with its services.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Case<'r> {
    pub(crate) id: Uuid,
    pub(crate) display_number: &'r str,
    pub(crate) status: &'r str,
    pub(crate) workflow: &'r str,
    pub(crate) risk_level: Option<&'r str>,
    pub(crate) registered_on: NaiveDate,
    pub(crate) services: Nodes<Service<'r>>,
}

/// A child with its cases.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WithCases<'r> {
    pub(crate) id: Uuid,
    pub(crate) code: &'r str,
    pub(crate) registered_on: NaiveDate,
    pub(crate) cases: Nodes<Case<'r>>,
}

/// A child with its newest cases.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WithLatest<'r> {
    pub(crate) id: Uuid,
    pub(crate) code: &'r str,
    pub(crate) cases: Nodes<ShortCase<'r>>,
}

#[derive(Serialize)]
pub(crate) struct Names<'r> {
    pub(crate) en: &'r str,
}

/// A centre.
#[derive(Serialize)]
pub(crate) struct Centre<'r> {
    pub(crate) id: Uuid,
    pub(crate) code: &'r str,
    pub(crate) names: Names<'r>,
}

impl<'r> Centre<'r> {
    pub(crate) fn of(row: &'r Row) -> Self {
        Self { id: row.get(0), code: row.get(1), names: Names { en: row.get(2) } }
    }
}

/// An organisation.
#[derive(Serialize)]
pub(crate) struct Organisation<'r> {
    pub(crate) id: Uuid,
    pub(crate) code: &'r str,
}

/// A visit with everything around it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WideVisit<'r> {
    pub(crate) id: Uuid,
    pub(crate) ticket: &'r str,
    pub(crate) visited_on: NaiveDate,
    pub(crate) channel: &'r str,
    pub(crate) is_first: bool,
    pub(crate) minutes: Option<i32>,
    pub(crate) visitor_kind: &'r str,
    pub(crate) sex: &'r str,
    pub(crate) age_years: Option<i32>,
    pub(crate) destination: Option<&'r str>,
    pub(crate) topics: &'r RawValue,
    pub(crate) services: &'r RawValue,
    pub(crate) note: Option<&'r str>,
    pub(crate) centre: Option<&'r Centre<'r>>,
    pub(crate) organisation: &'r Organisation<'r>,
}

/// A column that holds JSON as text.
pub(crate) fn json(row: &Row, column: usize) -> Result<&RawValue, serde_json::Error> {
    serde_json::from_str(row.get(column))
}
