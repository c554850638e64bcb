// The operations that are there as tabs, in this order. The tab shows the operation's name.

import whoAmI from './examples/who-am-i.graphql?raw'
import children from './examples/children-cases-services.graphql?raw'
import survivors from './examples/survivors-episodes.graphql?raw'
import centres from './examples/centres-visits.graphql?raw'
import visits from './examples/visits-this-year.graphql?raw'
import capacity from './examples/capacity-scores.graphql?raw'
import places from './examples/places.graphql?raw'
import visitRecord from './examples/visit-record.graphql?raw'
import cpms from './examples/cpms-risk.graphql?raw'
import complaints from './examples/complaints.graphql?raw'
import statistics from './examples/statistics.graphql?raw'
import published from './examples/published-figures.graphql?raw'
import auditTrail from './examples/audit-trail.graphql?raw'

export interface Example {
  title: string
  query: string
  variables?: string
}

const json = (value: unknown) => JSON.stringify(value, null, 2)

export const EXAMPLES: Example[] = [
  { title: 'Who am I', query: whoAmI },
  { title: 'Children → cases → services', query: children },
  { title: 'Survivors → episodes', query: survivors },
  { title: 'Centres → visits', query: centres },
  {
    title: 'Visits this year, filtered',
    query: visits,
    variables: json({ since: `${new Date().getFullYear()}-01-01` }),
  },
  { title: 'Capacity assessments → scores', query: capacity },
  { title: 'Places', query: places },
  {
    title: 'Log a visit (mutation)',
    query: visitRecord,
    variables: json({
      input: {
        idempotencyKey: 'demo-visit-1',
        centre: '<paste a centre id from CentresVisits>',
        visitedOn: new Date().toISOString().slice(0, 10),
        channel: 'WALK_IN',
        visitorKind: 'ASPIRANT',
        sex: 'FEMALE',
        topics: ['LEGAL_CHANNELS_AND_MOU'],
        services: ['INFORMATION'],
      },
    }),
  },
  { title: 'CPMS: children at high risk', query: cpms },
  { title: 'Complaints', query: complaints },
  { title: 'Statistics', query: statistics, variables: json({ since: `${new Date().getFullYear() - 1}-01-01` }) },
  { title: 'Published figures (data officer)', query: published },
  { title: 'Who read what (auditor)', query: auditTrail },
]
