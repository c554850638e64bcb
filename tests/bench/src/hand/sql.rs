//! The statements: the organisation's predicate and that of the team's reach are those Lanpya writes; `$1` is the
//! organisation, `$2` the members of the team.

/// The columns of a child, as W1 and W2 ask for them.
macro_rules! child {
    () => {
        "SELECT t.id, t.code, t.schooling, t.out_of_school_reason, t.registered_on, t.latest_risk_class, \
         t.row_version, t.updated_at FROM child t WHERE t.organisation_id = $1 AND "
    };
}

/// Whether a member of the team is meant.
macro_rules! team {
    () => {
        "= ANY($2)"
    };
}

/// Children within reach.
macro_rules! my_child {
    () => {
        concat!(
            "(t.created_by ",
            team!(),
            " OR t.registered_by ",
            team!(),
            " OR EXISTS (SELECT 1 FROM \"case\" c WHERE c.organisation_id = $1 AND (c.created_by ",
            team!(),
            " OR c.owner_id ",
            team!(),
            ") AND c.child_id = t.id))"
        )
    };
}

/// Cases within reach.
macro_rules! my_case {
    () => {
        concat!("(t.created_by ", team!(), " OR t.owner_id ", team!(), ")")
    };
}

/// Visits within reach.
macro_rules! my_visit {
    () => {
        concat!("(t.created_by ", team!(), " OR t.counsellor_id ", team!(), ")")
    };
}

macro_rules! wide_visit {
    () => {
        concat!(
            "SELECT t.id, t.ticket, t.visited_on, t.channel, t.is_first, t.minutes, t.visitor_kind, t.sex, \
             t.age_years, t.destination, t.topics, t.services, t.note, t.centre_id FROM visit t \
             WHERE t.organisation_id = $1 AND ",
            my_visit!()
        )
    };
}

macro_rules! statements {
    ($($(#[$about:meta])* $name:ident = $text:expr;)+) => {
        /// Every statement, prepared on one connection.
        pub(crate) struct Statements {
            $($(#[$about])* pub(crate) $name: tokio_postgres::Statement,)+
        }

        impl Statements {
            /// Prepares all of them.
            pub(crate) async fn prepare(client: &tokio_postgres::Client) -> Result<Self, tokio_postgres::Error> {
                Ok(Self { $($name: client.prepare($text).await?,)+ })
            }
        }
    };
}

statements! {
    identity = "SELECT u.id, u.role, (SELECT array_agg(m.id) FROM app_user m WHERE m.organisation_id = $1 \
                AND m.team = u.team) FROM app_user u JOIN organisation o ON o.organisation_id = u.organisation_id \
                WHERE u.is_enabled AND o.is_active AND u.organisation_id = $1 AND u.subject = $2";
    /// `$3`: the id.
    child = concat!(child!(), my_child!(), " AND t.id = $3");
    /// `$3`: after this id; `$4`: how many.
    children = concat!(child!(), my_child!(), " AND t.id > $3 ORDER BY t.id LIMIT $4");
    /// The first of all; `$3`: how many.
    first_children = concat!(child!(), my_child!(), " ORDER BY t.id LIMIT $3");
    /// `$3`: the children.
    cases = concat!(
        "SELECT t.id, t.display_number, t.status, t.workflow, t.risk_level, t.registered_on, t.child_id \
         FROM \"case\" t WHERE t.organisation_id = $1 AND ",
        my_case!(),
        " AND t.child_id = ANY($3) ORDER BY t.child_id, t.id"
    );
    /// `$3`: the cases.
    services = concat!(
        "SELECT t.id, t.service_type, t.requested_on, t.implementation, t.agency, t.case_id FROM case_service t \
         WHERE t.organisation_id = $1 AND (t.created_by ",
        team!(),
        " OR EXISTS (SELECT 1 FROM \"case\" c WHERE c.organisation_id = $1 AND (c.created_by ",
        team!(),
        " OR c.owner_id ",
        team!(),
        ") AND c.id = t.case_id)) AND t.case_id = ANY($3) ORDER BY t.case_id, t.id"
    );
    newest_visits = concat!(wide_visit!(), " ORDER BY t.visited_on DESC, t.id DESC LIMIT 100");
    oldest_visits = concat!(wide_visit!(), " ORDER BY t.visited_on, t.id LIMIT 100");
    /// `$2`: the centres.
    centres = "SELECT t.id, t.code, t.name_en FROM resource_centre t WHERE t.organisation_id = $1 AND t.id = ANY($2)";
    organisation = "SELECT t.organisation_id, t.code FROM organisation t WHERE t.organisation_id = $1";
    /// `$3`, `$4`: from, to.
    visits = concat!(
        "SELECT t.id, t.ticket, t.visited_on, t.channel, t.sex, t.age_years, t.minutes, t.needs_follow_up \
         FROM visit t WHERE t.organisation_id = $1 AND ",
        my_visit!(),
        " AND t.visited_on >= $3 AND t.visited_on < $4 ORDER BY t.visited_on DESC, t.id DESC LIMIT 51"
    );
    /// `$3`, `$4`: from, to.
    count = concat!(
        "SELECT count(*) FROM visit t WHERE t.organisation_id = $1 AND ",
        my_visit!(),
        " AND t.visited_on >= $3 AND t.visited_on < $4"
    );
    newest_cases = concat!(
        "SELECT t.id, t.display_number, t.status, t.registered_on FROM \"case\" t WHERE t.organisation_id = $1 AND ",
        my_case!(),
        " ORDER BY t.registered_on DESC, t.id DESC LIMIT 10"
    );
    short_visits = concat!(
        "SELECT t.id, t.ticket, t.visited_on, t.channel FROM visit t WHERE t.organisation_id = $1 AND ",
        my_visit!(),
        " ORDER BY t.visited_on DESC, t.id DESC LIMIT 10"
    );
    first_centres = "SELECT t.id, t.code, t.name_en FROM resource_centre t WHERE t.organisation_id = $1 \
                     ORDER BY t.id LIMIT 10";
    /// `$3`: the children.
    latest_cases = concat!(
        "SELECT p.id, c.* FROM unnest($3::uuid[]) WITH ORDINALITY p(id, place) CROSS JOIN LATERAL \
         (SELECT t.id, t.display_number, t.status, t.registered_on FROM \"case\" t WHERE t.organisation_id = $1 AND ",
        my_case!(),
        " AND t.child_id = p.id ORDER BY t.registered_on DESC, t.id DESC LIMIT 2) c \
         ORDER BY p.place, c.registered_on DESC, c.id DESC"
    );
    record = "WITH holder AS (INSERT INTO visitor (organisation_id, id, centre_id, ticket, visitor_kind, sex, age_years, \
              disability, displacement, first_visit_on, last_visit_on, created_at, created_by, updated_at, updated_by) \
              VALUES ($1, $16, $3, $4, $10, $11, $12, 'NOT_ASKED', 'NOT_ASKED', $5, $5, $15, $8, $15, $8) \
              ON CONFLICT (organisation_id, centre_id, ticket) DO UPDATE SET visitor_kind = excluded.visitor_kind, \
              sex = excluded.sex, age_years = COALESCE(excluded.age_years, visitor.age_years), \
              first_visit_on = LEAST(visitor.first_visit_on, excluded.first_visit_on), \
              last_visit_on = GREATEST(visitor.last_visit_on, excluded.last_visit_on), \
              row_version = visitor.row_version + 1, updated_at = excluded.updated_at, updated_by = excluded.updated_by \
              RETURNING id) \
              INSERT INTO visit (organisation_id, id, centre_id, ticket, visited_on, channel, is_first, counsellor_id, \
              minutes, visitor_kind, sex, age_years, disability, displacement, topics, services, documents_given, \
              needs_follow_up, created_at, created_by, updated_at, updated_by, visitor_id) SELECT $1, $2::uuid, $3, $4, $5, $6, \
              $7::boolean, $8, $9::integer, $10, $11, $12, 'NOT_ASKED', 'NOT_ASKED', $13, $14, '[]', false, $15, $8, $15, $8, holder.id \
              FROM holder RETURNING id, ticket, visited_on, channel, sex, age_years, minutes, topics";
    audit = "INSERT INTO audit_event (organisation_id, id, at, user_id, role, action, outcome, record_type, \
             record_id, fields, request_id) VALUES ($1, $2, $3, $4, 'SUPERVISOR', 'VISIT_RECORD', 'ALLOWED', \
             'Visit', $5, '[\"visit\"]', $6)";
}
