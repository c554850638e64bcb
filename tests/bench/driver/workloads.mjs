// What is asked, once for each contender's way of asking, and how answers become comparable.
import { codeOf, organisationId } from "./database.mjs";

/** Organisations that ask in turn. */
export const ASKING = 8;
/** The day of logged visits: outside of what W7 counts. */
const LOGGED_ON = "2025-06-15";
/** Stands for a ticket of the same length that was never used: a ticket is logged once a day. */
export const TICKET = `BENCH-${"0".repeat(17)}`;
const WINDOWS = [["2025-01-01", "2025-04-01"], ["2025-07-01", "2025-10-01"], ["2025-10-01", "2026-01-01"], ["2026-01-01", "2026-04-01"]];

const CHILD = "id code schooling outOfSchoolReason registeredOn latestRiskClass rowVersion updatedAt";
// PostGraphile's names for the same: lists where no page is asked for, for they are its cheapest form.
const CHILD_ROW = CHILD.replace("id ", "id: rowId ");
const VISIT = "id ticket visitedOn channel isFirst minutes visitorKind sex ageYears destination topics services note";
const VISIT_ROW = VISIT.replace("id ", "id: rowId ");

export const workloads = {
  W1: {
    about: "a child by id, 8 fields",
    lanpya: `query Child($id: ID!) { child(id: $id) { ${CHILD} } }`,
    postgraphile: `query Child($organisation: UUID!, $id: UUID!) { child(organisationId: $organisation, rowId: $id) { ${CHILD_ROW} } }`,
    hand: ({ id }) => `/w1?id=${id}`,
    variables: (facts) => facts.children.map((id) => ({ id })),
    ids: { id: "child" },
  },
  W2: {
    about: "the first 50 children with pageInfo",
    lanpya: `query Children { children(first: 50) { nodes { ${CHILD} } pageInfo { hasNextPage endCursor } } }`,
    postgraphile: `query Children { children(first: 50, orderBy: PRIMARY_KEY_ASC) { nodes { ${CHILD_ROW} } pageInfo { hasNextPage endCursor } } }`,
    hand: () => "/w2",
  },
  W3: {
    about: "50 children, all their cases, all their services",
    lanpya: "query Nested { children(first: 50) { nodes { id code registeredOn cases(first: 10) { nodes { id displayNumber status workflow riskLevel registeredOn services(first: 10) { nodes { id serviceType requestedOn implementation agency } } } } } } }",
    postgraphile: "query Nested { children: childrenList(first: 50, orderBy: PRIMARY_KEY_ASC) { id: rowId code registeredOn cases: casesByOrganisationIdAndChildIdList(orderBy: PRIMARY_KEY_ASC) { id: rowId displayNumber status workflow riskLevel registeredOn services: caseServicesByOrganisationIdAndCaseIdList(orderBy: PRIMARY_KEY_ASC) { id: rowId serviceType requestedOn implementation agency } } } }",
    hand: () => "/w3",
  },
  W4: {
    about: "200 visits with centre and organisation, 18 fields",
    lanpya: `query Wide { newest: visits(first: 100, orderBy: [{ field: VISITED_ON, direction: DESC }]) { nodes { ...wide } } oldest: visits(first: 100, orderBy: [{ field: VISITED_ON }]) { nodes { ...wide } } } fragment wide on Visit { ${VISIT} centre { id code names { en } } organisation { id code } }`,
    postgraphile: `query Wide { newest: visitsList(first: 100, orderBy: [VISITED_ON_DESC, ROW_ID_DESC]) { ...wide } oldest: visitsList(first: 100, orderBy: [VISITED_ON_ASC, ROW_ID_ASC]) { ...wide } } fragment wide on Visit { ${VISIT_ROW} centre: organisationCentre { id: rowId code nameEn } organisation { id: organisationId code } }`,
    hand: () => "/w4",
  },
  W6: {
    about: "log a visit and read it back",
    writes: true,
    lanpya: "mutation Log($input: VisitRecordInput!) { visitRecord(input: $input) { visit { id ticket visitedOn channel sex ageYears minutes topics } userErrors { message code field } } }",
    postgraphile: "mutation Log($input: BenchVisitRecordInput!) { visitRecord: benchVisitRecord(input: $input) { visit: result { id: rowId ticket visitedOn channel sex ageYears minutes topics } } }",
    hand: () => "/w6",
    variables: (facts) => facts.centres.map((centre) => ({ input: { centre, visitedOn: LOGGED_ON, channel: "WALK_IN", ticket: TICKET, isFirst: true, visitorKind: "RETURNEE", sex: "FEMALE", ageYears: 31, minutes: 25, topics: ["HEALTH", "REMITTANCES"], services: ["INFORMATION"] } })),
    ids: { centre: "centre" },
    body: ({ input }) => input,
  },
  W7: {
    about: "a page of visits with a date filter and totalCount",
    lanpya: "query Counted($from: Date!, $to: Date!) { visits(first: 50, where: { visitedOn: { gte: $from, lt: $to } }, orderBy: [{ field: VISITED_ON, direction: DESC }]) { nodes { id ticket visitedOn channel sex ageYears minutes needsFollowUp } pageInfo { hasNextPage endCursor } totalCount } }",
    postgraphile: "query Counted($from: Date!, $to: Date!) { visits(first: 50, filter: { visitedOn: { greaterThanOrEqualTo: $from, lessThan: $to } }, orderBy: [VISITED_ON_DESC, ROW_ID_DESC]) { nodes { id: rowId ticket visitedOn channel sex ageYears minutes needsFollowUp } pageInfo { hasNextPage endCursor } totalCount } }",
    hand: ({ from, to }) => `/w7?from=${from}&to=${to}`,
    variables: () => WINDOWS.map(([from, to]) => ({ from, to })),
  },
  W8: {
    about: "four lists in one operation",
    lanpya: "query Dashboard { children(first: 10) { nodes { id code registeredOn } } cases(first: 10, orderBy: [{ field: REGISTERED_ON, direction: DESC }]) { nodes { id displayNumber status registeredOn } } visits(first: 10, orderBy: [{ field: VISITED_ON, direction: DESC }]) { nodes { id ticket visitedOn channel } } resourceCentres(first: 10) { nodes { id code names { en } } } }",
    postgraphile: "query Dashboard { children: childrenList(first: 10, orderBy: PRIMARY_KEY_ASC) { id: rowId code registeredOn } cases: casesList(first: 10, orderBy: [REGISTERED_ON_DESC, ROW_ID_DESC]) { id: rowId displayNumber status registeredOn } visits: visitsList(first: 10, orderBy: [VISITED_ON_DESC, ROW_ID_DESC]) { id: rowId ticket visitedOn channel } resourceCentres: resourceCentresList(first: 10, orderBy: PRIMARY_KEY_ASC) { id: rowId code nameEn } }",
    hand: () => "/w8",
  },
  W9: {
    about: "50 children with the latest 2 cases of each",
    lanpya: "query Latest { children(first: 50) { nodes { id code cases(first: 2, orderBy: [{ field: REGISTERED_ON, direction: DESC }]) { nodes { id displayNumber status registeredOn } } } } }",
    postgraphile: "query Latest { children: childrenList(first: 50, orderBy: PRIMARY_KEY_ASC) { id: rowId code cases: casesByOrganisationIdAndChildIdList(first: 2, orderBy: [REGISTERED_ON_DESC, ROW_ID_DESC]) { id: rowId displayNumber status registeredOn } } }",
    hand: () => "/w9",
  },
};

/** Ids that requests name, of one organisation. */
export function facts(cluster, database, place) {
  const organisation = organisationId(codeOf(place));
  const list = (sql) => cluster.ask(sql, database).split("\n");
  return {
    organisation,
    children: list(`SELECT id FROM child WHERE organisation_id = '${organisation}' ORDER BY md5(id::text) LIMIT 32`),
    centres: list(`SELECT id FROM resource_centre WHERE organisation_id = '${organisation}' ORDER BY id`),
  };
}

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** A UUID as Lanpya's id (TypeID). */
export function typeId(prefix, uuid) {
  let number = BigInt(`0x${uuid.replaceAll("-", "")}`);
  let text = "";
  for (let place = 0; place < 26; place++) {
    text = ALPHABET[Number(number & 31n)] + text;
    number >>= 5n;
  }
  return `${prefix}_${text}`;
}

function uuidOf(text) {
  const found = /^[a-z_]+_([0-7][0-9a-hjkmnp-tv-z]{25})$/.exec(text);
  if (!found) return null;
  let number = 0n;
  for (const letter of found[1]) number = (number << 5n) | BigInt(ALPHABET.indexOf(letter));
  return number.toString(16).padStart(32, "0").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** The same value for every way of writing it: ids, instants, lists and the order of keys; cursors only say whether they are. */
export function normal(value, key = "") {
  if (Array.isArray(value)) return value.map((one) => normal(one));
  if (value && typeof value === "object") {
    const keys = Object.keys(value);
    if (keys.length === 1 && keys[0] === "nodes") return normal(value.nodes);
    const pairs = keys.filter((name) => name !== "userErrors").map((name) => (name === "names" ? ["nameEn", value.names.en] : [name, normal(value[name], name)]));
    return Object.fromEntries(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
  if (key === "endCursor") return value === null ? null : "cursor";
  if (typeof value !== "string") return value;
  if (INSTANT.test(value)) return new Date(value).toISOString();
  if (value.startsWith("[")) return JSON.parse(value);
  return uuidOf(value) ?? value;
}

/** Every request of a workload as `{ method, path, body }`, in the way of one kind of contender; `who` is its token. */
export function requests(workload, kind, everyone) {
  const shape = workloads[workload];
  const perOrganisation = everyone.map((facts) => (shape.variables ? shape.variables(facts) : [{}]));
  const turns = Math.max(...perOrganisation.map((list) => list.length));
  const made = [];
  for (let turn = 0; turn < turns; turn++) {
    perOrganisation.forEach((list, who) => made.push({ who, ...request(shape, kind, list[turn % list.length], everyone[who]) }));
  }
  return made;
}

function request(shape, kind, variables, { organisation }) {
  if (kind === "hand") {
    const body = shape.body ? JSON.stringify(shape.body(variables)) : null;
    return { method: body ? "POST" : "GET", path: shape.hand(variables), body };
  }
  if (kind === "postgraphile") {
    const given = shape.writes ? { input: textual(variables.input) } : { ...variables, ...(shape.ids ? { organisation } : {}) };
    return { method: "POST", path: "/graphql", body: JSON.stringify({ query: shape.postgraphile, variables: given }) };
  }
  return { method: "POST", path: "/graphql", body: JSON.stringify({ query: shape.lanpya, variables: global(shape.ids ?? {}, variables) }) };
}

/** Variables with Lanpya's ids for plain ones. */
function global(ids, variables) {
  const write = (key, value) => {
    if (value && typeof value === "object" && !Array.isArray(value)) return global(ids, value);
    return ids[key] ? typeId(ids[key], value) : value;
  };
  return Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, write(key, value)]));
}

/** Lists as the text that their columns hold. */
const textual = (input) => Object.fromEntries(Object.entries(input).map(([key, value]) => [key, Array.isArray(value) ? JSON.stringify(value) : value]));
