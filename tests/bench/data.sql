-- Rows of nobody, in the real schema, by a rule and a number: the same every time. psql variables: organisations,
-- children, cases, visits; a table bench_organisation (place, id, code) made by the driver, whose ids come from their codes.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
SET work_mem = '128MB';
-- The rows are right by construction; a million checked references are not what is measured.
SET session_replication_role = replica;

-- A UUIDv7 of a kind and a number: later numbers are later ids.
CREATE FUNCTION pg_temp.id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (substr(t, 1, 8) || '-' || substr(t, 9, 4) || '-7' || substr(h, 1, 3) || '-8' || substr(h, 4, 3) || '-'
          || substr(h, 7, 12))::uuid
  FROM (SELECT lpad(to_hex(1730000000000 + n * 250), 12, '0') AS t, md5(kind || ':' || n) AS h) AS parts
$$;
-- A number between 0 and `below`, by chance but always the same.
CREATE FUNCTION pg_temp.roll(n bigint, salt int, below int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (((hashint8extended(n, salt) % below) + below) % below)::int
$$;
CREATE FUNCTION pg_temp.pick(n bigint, salt int, choices text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT choices[1 + (((hashint8extended(n, salt) % cardinality(choices)) + cardinality(choices)) % cardinality(choices))::int]
$$;

CREATE TEMP TABLE town AS
  SELECT (row_number() OVER (ORDER BY pcode))::int - 1 AS place, id FROM location WHERE adm_level = 3 ORDER BY pcode LIMIT 300;
ALTER TABLE town ADD PRIMARY KEY (place);
ANALYZE town, bench_organisation;

-- Indexes that no constraint needs are dropped, and built again when the rows are there.
CREATE TEMP TABLE dropped AS
  SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
  FROM pg_index WHERE indrelid IN ('person'::regclass, 'child'::regclass, '"case"'::regclass, 'case_service'::regclass,
    'visit'::regclass) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid);
SELECT format('DROP INDEX %s', name) FROM dropped \gexec

INSERT INTO organisation (organisation_id, code, kind, name_en, name_my, is_active, time_zone, created_at, updated_at)
  SELECT id, code, 'CSO', 'Organisation ' || place, 'အဖွဲ့အစည်း ' || place, true, 'Asia/Yangon', timestamptz '2024-01-01 00:00Z',
         timestamptz '2024-01-01 00:00Z' FROM bench_organisation;

-- Eight users for each, all of one team: so that whoever knows only the organisation's policy sees the same rows.
INSERT INTO app_user (organisation_id, id, subject, display_name, role, team, language, is_enabled, created_at, updated_at)
  SELECT o.id, pg_temp.id('user', o.place * 8 + u),
         CASE WHEN u = 0 THEN 'supervisor' ELSE 'worker-' || u END, 'Worker ' || u,
         CASE WHEN u = 0 THEN 'SUPERVISOR' WHEN u < 6 THEN 'CASEWORKER' ELSE 'MRC_COUNSELLOR' END,
         'field', 'my', true, timestamptz '2024-01-01 00:00Z', timestamptz '2024-01-01 00:00Z'
  FROM bench_organisation o, generate_series(0, 7) u;

INSERT INTO resource_centre (organisation_id, id, code, name_en, name_my, township_id, opening_hours, languages,
    has_female_counsellor, channels, is_active, created_at, updated_at)
  SELECT o.id, pg_temp.id('centre', o.place * 4 + c), 'MRC-' || c, 'Centre ' || c || ' of organisation ' || o.place,
         'အရင်းအမြစ်စင်တာ ' || c, t.id, '9-16', '["my","shn"]', c % 2 = 0, '["PHONE","WALK_IN"]', true,
         timestamptz '2024-01-01 00:00Z', timestamptz '2024-01-01 00:00Z'
  FROM bench_organisation o, generate_series(0, 3) c JOIN town t ON t.place = c;

INSERT INTO person (organisation_id, id, full_name, is_name_hidden, sex, birth_date, birth_precision, is_age_estimated,
    nationality, is_stateless, birth_registered, displacement, disability, languages, current_location_id,
    documentation, created_at, created_by, updated_at, updated_by)
  SELECT o.id, pg_temp.id('person', n), 'Child ' || n || ' မမ', false, pg_temp.pick(n, 1, '{FEMALE,MALE,OTHER}'),
         date '2010-01-01' + pg_temp.roll(n, 2, 4000), 'DAY', n % 5 = 0, 'MMR', 'NO',
         pg_temp.pick(n, 3, '{YES,NO,UNKNOWN}'), pg_temp.pick(n, 4, '{RESIDENT,IDP,RETURNEE,NOT_ASKED}'),
         pg_temp.pick(n, 5, '{YES,NO,NO,NO,UNKNOWN}'), '["my"]', t.id, '["NONE"]',
         timestamptz '2024-11-01 00:00Z' + n * interval '250 seconds', pg_temp.id('user', o.place * 8 + 1 + n % 5),
         timestamptz '2024-11-01 00:00Z' + n * interval '251 seconds', pg_temp.id('user', o.place * 8 + 1 + n % 5)
  FROM generate_series(0::bigint, :children - 1) n
  JOIN bench_organisation o ON o.place = n % :organisations JOIN town t ON t.place = n % 300 ORDER BY n;

INSERT INTO child (organisation_id, id, person_id, code, schooling, out_of_school_reason, registered_on, registered_by,
    community_id, latest_risk_class, row_version, created_at, created_by, updated_at, updated_by)
  SELECT o.id, pg_temp.id('child', n), pg_temp.id('person', n), 'C-' || lpad(n::text, 7, '0'),
         pg_temp.pick(n, 11, '{IN_SCHOOL,OUT_OF_SCHOOL,PRE_SCHOOL,WORKING,NOT_ASKED}'),
         CASE WHEN n % 3 = 0 THEN 'ကျောင်းဝေးသည် (school is far, ' || n % 97 || ' minutes)' END,
         date '2024-11-01' + (n * 700 / :children)::int, pg_temp.id('user', o.place * 8 + 1 + n % 5), t.id,
         pg_temp.pick(n, 12, ARRAY['NONE', 'AT_RISK', 'HIGH_RISK', NULL]), 1 + (n % 4)::int,
         timestamptz '2024-11-01 00:00Z' + n * interval '250 seconds', pg_temp.id('user', o.place * 8 + 1 + n % 5),
         timestamptz '2024-11-01 00:00Z' + n * interval '251 seconds', pg_temp.id('user', o.place * 8 + 1 + n % 5)
  FROM generate_series(0::bigint, :children - 1) n
  JOIN bench_organisation o ON o.place = n % :organisations JOIN town t ON t.place = n % 300 ORDER BY n;

-- One case for every child and a second one for every other child; k is the case's own number.
CREATE TEMP TABLE casework AS
  SELECT k, CASE WHEN k < :children THEN k ELSE (k - :children) * 2 END AS n
  FROM generate_series(0::bigint, :cases - 1) k;

INSERT INTO "case" (organisation_id, id, display_number, module, owner_id, status, workflow, child_id, township_id,
    identified_through, risk_level, is_urgent, legal_basis, goals, registered_on, assessment_due_on, row_version,
    created_at, created_by, updated_at, updated_by)
  SELECT o.id, pg_temp.id('case', k), 'CP-' || lpad(k::text, 7, '0'), 'CHILD_PROTECTION',
         pg_temp.id('user', o.place * 8 + 1 + k % 5), pg_temp.pick(k, 21, '{OPEN,OPEN,CLOSED,IDENTIFIED}'),
         pg_temp.pick(k, 22, '{REGISTERED,ASSESSED,PLANNED,IN_SERVICE,FOLLOW_UP,CLOSED}'), pg_temp.id('child', n), t.id,
         pg_temp.pick(k, 23, '{FAMILY,SCHOOL,COMMUNITY_GROUP,HOTLINE}'),
         pg_temp.pick(k, 24, ARRAY['HIGH', 'MEDIUM', 'LOW', NULL]), k % 9 = 0, 'CONSENT', '["safe at home"]',
         date '2024-11-05' + (k * 700 / greatest(:cases, 1))::int,
         date '2024-12-05' + (k * 700 / greatest(:cases, 1))::int, 1 + (k % 3)::int,
         timestamptz '2024-11-05 00:00Z' + k * interval '170 seconds', pg_temp.id('user', o.place * 8 + 1 + k % 5),
         timestamptz '2024-11-05 00:00Z' + k * interval '171 seconds', pg_temp.id('user', o.place * 8 + 1 + k % 5)
  FROM casework JOIN bench_organisation o ON o.place = n % :organisations JOIN town t ON t.place = k % 300 ORDER BY k;

INSERT INTO case_service (organisation_id, id, case_id, response_kind, service_type, requested_on, timeframe, agency,
    implementation, implemented_on, provider_note, row_version, created_at, created_by, updated_at, updated_by)
  SELECT o.id, pg_temp.id('service', k * 3 + s), pg_temp.id('case', k), 'SERVICE_PROVISION',
         pg_temp.pick(k * 3 + s, 31, '{HEALTH_MEDICAL,PSYCHOSOCIAL,EDUCATION,SHELTER,LEGAL_ASSISTANCE,NUTRITION}'),
         date '2024-11-06' + (k * 700 / greatest(:cases, 1))::int + s, 'WITHIN_3_DAYS',
         CASE WHEN k % 2 = 0 THEN 'Partner ' || k % 31 END,
         CASE WHEN s = 0 THEN 'IMPLEMENTED' ELSE 'NOT_IMPLEMENTED' END,
         CASE WHEN s = 0 THEN date '2024-11-16' + (k * 700 / greatest(:cases, 1))::int END,
         CASE WHEN k % 3 = 0 THEN 'Went well; next talk in ' || k % 12 || ' weeks' END, 1,
         timestamptz '2024-11-06 00:00Z' + k * interval '170 seconds', pg_temp.id('user', o.place * 8 + 1 + k % 5),
         timestamptz '2024-11-06 00:00Z' + k * interval '171 seconds', pg_temp.id('user', o.place * 8 + 1 + k % 5)
  FROM casework CROSS JOIN generate_series(0, 2) s JOIN bench_organisation o ON o.place = n % :organisations ORDER BY k, s;

-- Every third visit is a visitor's first; the two after it, at the same centre, are theirs too.
INSERT INTO visitor (organisation_id, id, centre_id, ticket, visitor_kind, sex, age_years, disability, displacement,
    home_township_id, destination, first_visit_on, last_visit_on, row_version, created_at, created_by, updated_at, updated_by)
  SELECT o.id, pg_temp.id('visitor', n), pg_temp.id('centre', o.place * 4 + (n / :organisations) % 4),
         'T-' || lpad(n::text, 7, '0'), pg_temp.pick(n, 43, '{ASPIRANT,CURRENT_MIGRANT,RETURNEE,FAMILY_MEMBER}'),
         pg_temp.pick(n, 44, '{FEMALE,FEMALE,MALE,MALE,OTHER,NOT_ASKED}'),
         CASE WHEN n % 11 > 0 THEN 16 + pg_temp.roll(n, 45, 50) END, pg_temp.pick(n, 46, '{YES,NO,NO,NO,NOT_ASKED}'),
         pg_temp.pick(n, 47, '{RESIDENT,IDP,RETURNEE,NOT_ASKED}'), t.id,
         pg_temp.pick(n, 48, ARRAY['TH', 'TH', 'MY', 'SG', NULL]), date '2024-11-01' + (n * 720 / :visits)::int,
         date '2024-11-01' + (n * 720 / :visits)::int, 1, timestamptz '2024-11-01 00:00Z' + n * interval '62 seconds',
         pg_temp.id('user', o.place * 8 + 6 + n % 2), timestamptz '2024-11-01 00:00Z' + n * interval '62 seconds',
         pg_temp.id('user', o.place * 8 + 6 + n % 2)
  FROM generate_series(0::bigint, :visits - 1, 3) n
  JOIN bench_organisation o ON o.place = n % :organisations JOIN town t ON t.place = n % 300 ORDER BY n;

-- As many visits on as leave a rest of one and come to the same centre.
SELECT (:organisations * 4 * (CASE :organisations * 4 % 3 WHEN 2 THEN 2 ELSE 1 END)) AS apart \gset

INSERT INTO visit (organisation_id, id, centre_id, ticket, visitor_id, visited_on, channel, is_first, counsellor_id, minutes,
    visitor_kind, sex, age_years, disability, displacement, home_township_id, destination, sector, heard_through,
    topics, services, documents_given, satisfaction, needs_follow_up, note, row_version, created_at, created_by,
    updated_at, updated_by)
  SELECT o.id, pg_temp.id('visit', n), pg_temp.id('centre', o.place * 4 + (n / :organisations) % 4),
         'T-' || lpad(n::text, 7, '0'), CASE WHEN n >= n % 3 * :apart THEN pg_temp.id('visitor', n - n % 3 * :apart) END,
         date '2024-11-01' + (n * 720 / :visits)::int,
         pg_temp.pick(n, 41, '{WALK_IN,WALK_IN,PHONE,ONLINE,OUTREACH,GROUP_SESSION}'), n % 3 = 0,
         pg_temp.id('user', o.place * 8 + 6 + n % 2), CASE WHEN n % 7 > 0 THEN 5 + pg_temp.roll(n, 42, 55) END,
         pg_temp.pick(n, 43, '{ASPIRANT,CURRENT_MIGRANT,RETURNEE,FAMILY_MEMBER}'),
         pg_temp.pick(n, 44, '{FEMALE,FEMALE,MALE,MALE,OTHER,NOT_ASKED}'),
         CASE WHEN n % 11 > 0 THEN 16 + pg_temp.roll(n, 45, 50) END, pg_temp.pick(n, 46, '{YES,NO,NO,NO,NOT_ASKED}'),
         pg_temp.pick(n, 47, '{RESIDENT,IDP,RETURNEE,NOT_ASKED}'), t.id,
         pg_temp.pick(n, 48, ARRAY['TH', 'TH', 'MY', 'SG', NULL]), NULL,
         pg_temp.pick(n, 49, '{FRIEND,RADIO,SOCIAL_MEDIA,CSO}'),
         pg_temp.pick(n, 50, ARRAY['["LEGAL_CHANNELS_AND_MOU","PASSPORTS_DOCUMENTS"]', '["HEALTH"]',
           '["AGENCY_VERIFICATION","COSTS_AND_FEES","CONTRACT_TERMS"]', '["REMITTANCES"]', '["TRAFFICKING_RISK"]']),
         pg_temp.pick(n, 51, ARRAY['["INFORMATION"]', '["COUNSELLING","INFORMATION"]', '["DOCUMENT_HELP"]']),
         '["leaflet-3"]', CASE WHEN n % 4 = 0 THEN 1 + pg_temp.roll(n, 52, 5) END, n % 10 = 0,
         CASE WHEN n % 5 < 2 THEN 'စာရွက်စာတမ်း အကူအညီ တောင်းခံသည် (asked for help with papers, no. ' || n % 1009 || ')' END, 1,
         timestamptz '2024-11-01 00:00Z' + n * interval '62 seconds', pg_temp.id('user', o.place * 8 + 6 + n % 2),
         timestamptz '2024-11-01 00:00Z' + n * interval '62 seconds', pg_temp.id('user', o.place * 8 + 6 + n % 2)
  FROM generate_series(0::bigint, :visits - 1) n
  JOIN bench_organisation o ON o.place = n % :organisations JOIN town t ON t.place = n % 300 ORDER BY n;

SELECT definition FROM dropped \gexec
RESET session_replication_role;
VACUUM (ANALYZE, FREEZE);
