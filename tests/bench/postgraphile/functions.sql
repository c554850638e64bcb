-- What a team would write beside PostGraphile for the write: the visit with its visitor, and its audit row in one call. Bound by the same
-- policies, for it runs with the rights of its caller.
CREATE SCHEMA IF NOT EXISTS bench;
GRANT USAGE ON SCHEMA bench TO lanpya_app;
CREATE OR REPLACE FUNCTION bench.visit_record(centre uuid, visited_on date, channel text, ticket text, is_first boolean,
  visitor_kind text, sex text, age_years int, minutes int, topics text, services text) RETURNS visit
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
  made visit;
  holder uuid;
BEGIN
  INSERT INTO visitor (organisation_id, id, centre_id, ticket, visitor_kind, sex, age_years, disability, displacement,
      first_visit_on, last_visit_on, created_at, updated_at)
    VALUES (lanpya_organisation(), gen_random_uuid(), visit_record.centre, visit_record.ticket, visit_record.visitor_kind,
      visit_record.sex, visit_record.age_years, 'NOT_ASKED', 'NOT_ASKED', visit_record.visited_on, visit_record.visited_on,
      now(), now())
    ON CONFLICT (organisation_id, centre_id, ticket) DO UPDATE SET visitor_kind = excluded.visitor_kind,
      sex = excluded.sex, age_years = COALESCE(excluded.age_years, visitor.age_years),
      first_visit_on = LEAST(visitor.first_visit_on, excluded.first_visit_on),
      last_visit_on = GREATEST(visitor.last_visit_on, excluded.last_visit_on),
      row_version = visitor.row_version + 1, updated_at = excluded.updated_at
    RETURNING visitor.id INTO holder;
  INSERT INTO visit (organisation_id, id, centre_id, ticket, visited_on, channel, is_first, minutes, visitor_kind, sex,
      age_years, disability, displacement, topics, services, documents_given, needs_follow_up, created_at, updated_at,
      visitor_id)
    VALUES (lanpya_organisation(), gen_random_uuid(), visit_record.centre, visit_record.ticket, visit_record.visited_on,
      visit_record.channel, visit_record.is_first, visit_record.minutes, visit_record.visitor_kind, visit_record.sex,
      visit_record.age_years, 'NOT_ASKED', 'NOT_ASKED', visit_record.topics, visit_record.services, '[]', false, now(),
      now(), holder)
    RETURNING * INTO made;
  INSERT INTO audit_event (organisation_id, id, at, role, action, outcome, record_type, record_id, fields, request_id)
    VALUES (made.organisation_id, gen_random_uuid(), now(), 'SUPERVISOR', 'VISIT_RECORD', 'ALLOWED', 'Visit', made.id,
      '["visit"]', 'postgraphile');
  RETURN made;
END
$$;
GRANT EXECUTE ON FUNCTION bench.visit_record TO lanpya_app;
-- Of which organisation a visit is follows from its centre, and no reference says it again: PostGraphile is told, as its
-- authors tell it of what the database does not declare.
COMMENT ON TABLE visit IS '@foreignKey (organisation_id) references organisation (organisation_id)';
