-- What a team would write beside PostGraphile for the write: the visit and its audit row in one call. Bound by the same
-- policies, for it runs with the rights of its caller.
CREATE SCHEMA IF NOT EXISTS bench;
GRANT USAGE ON SCHEMA bench TO lanpya_app;
CREATE OR REPLACE FUNCTION bench.visit_record(centre uuid, visited_on date, channel text, ticket text, is_first boolean,
  visitor_kind text, sex text, age_years int, minutes int, topics text, services text) RETURNS visit
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  made visit;
BEGIN
  INSERT INTO visit (organisation_id, id, centre_id, ticket, visited_on, channel, is_first, minutes, visitor_kind, sex,
      age_years, disability, displacement, topics, services, documents_given, needs_follow_up, created_at, updated_at)
    VALUES (lanpya_organisation(), gen_random_uuid(), centre, ticket, visited_on, channel, is_first, minutes, visitor_kind,
      sex, age_years, 'NOT_ASKED', 'NOT_ASKED', topics, services, '[]', false, now(), now())
    RETURNING * INTO made;
  INSERT INTO audit_event (organisation_id, id, at, role, action, outcome, record_type, record_id, fields, request_id)
    VALUES (made.organisation_id, gen_random_uuid(), now(), 'SUPERVISOR', 'VISIT_RECORD', 'ALLOWED', 'Visit', made.id,
      '["visit"]', 'postgraphile');
  RETURN made;
END
$$;
GRANT EXECUTE ON FUNCTION bench.visit_record TO lanpya_app;
