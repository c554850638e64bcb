// One line per role: what its token may see. A help for the reader; the server decides.

const SEES: Record<string, string> = {
  CASEWORKER: 'the cases, children and survivors assigned to them, with personal data',
  SUPERVISOR: 'the cases, visits and observations of their group, with personal data; decides approvals',
  ORG_ADMIN: "the organisation's users, trainings and capacity assessments; no case content",
  ORG_DATA_OFFICER: 'de-identified and aggregated figures of the organisation; no personal data',
  SERVICE_PROVIDER: 'only what was referred to them, as far as consent goes',
  MRC_COUNSELLOR: 'their own visits, complaints and screenings at the resource centre',
  COMMUNITY_VOLUNTEER: 'the intakes they took themselves, until handed over',
  CAPACITY_FACILITATOR: 'the capacity assessments they facilitate, while sharing lasts',
  TRAINING_OFFICER: 'trainings, campaigns and community groups; no cases',
  MRM_MONITOR: 'nothing to read back: may only submit grave-violation reports',
  MRM_VERIFIER: 'grave-violation reports of the organisation; no cases',
  NETWORK_COORDINATOR: 'suppressed totals across the network; no single record',
  AUDITOR: 'the audit log; no content of cases',
  INTEGRATION: 'what its subscription covers (a service account)',
  SURVIVOR_SELF: 'their own record',
}

export const roleName = (role: string) =>
  role.toLowerCase().replaceAll('_', ' ').replace(/^mr[cm]\b/, (short) => short.toUpperCase())

export const roleSees = (role: string) => SEES[role] ?? 'what the server grants this role; run WhoAmI to see its permissions'
