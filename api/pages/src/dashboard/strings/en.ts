import shared from '../../shared/strings/en'

const en = {
  ...shared,
  title: 'Dashboard',
  'signIn.ended': 'Your sign-in has expired. Please sign in again.',

  filters: 'What to show',
  centre: 'Centre',
  'centre.all': 'All centres',
  from: 'From',
  to: 'To',
  channel: 'Channel',
  'channel.all': 'All channels',
  clear: 'Last 12 months, everything',
  refresh: 'Refresh',

  headline: 'In this period',
  'total.visits': 'Visits',
  'total.visitors': 'Visitors',
  'total.firstVisits': 'First visits',
  'total.meanSatisfaction': 'Mean satisfaction',
  ofFive: '{{value}} of 5',
  noMark: 'No marks given',
  notToRole: 'Not shown to your role',
  notTold: 'Not shown',

  visits: 'Visits',
  'panel.months': 'Visits by month',
  'panel.topics': 'Topics',
  'panel.places': 'Where visitors come from',
  'panel.sexAge': 'Age and sex',
  'panel.sex': 'Sex',
  'panel.ages': 'Age',
  'head.months': 'Month',
  'head.topics': 'Topic',
  'head.places': 'Place',
  'head.sexAge': 'Age in years',
  'head.sex': 'Sex',
  'head.ages': 'Age in years',
  'topics.several': 'A visit counts under each of its topics, so the topics add up to more than the visits.',
  level: 'Places',
  'level.3': 'Townships',
  'level.1': 'States, regions and provinces',
  quarter: 'Quarter',

  table: 'Table',
  'table.name': 'Table: {{title}}',
  'chart.name': 'Bar chart: {{title}}. The table has the same numbers.',
  sum: 'All',
  share: 'Share',
  unknown: 'Not known',
  more_one: '{{count}} more is in the file.',
  more_other: '{{count}} more are in the file.',
  file: '{{title}}: {{kind}} file',

  suppressed: 'Suppressed',
  atLeast: '≥ {{value}}',
  'suppressed.why': 'Suppressed: the number may not be told, because it could say too much about few people. It is not zero. “≥” is as much as may be told.',
  published: 'These are published figures: of one quarter that has ended, for all centres and channels. The filters do not apply to them.',

  followUps: 'Overdue follow-ups',
  'followUps.what': 'are overdue today',
  'followUps.days': 'All that are overdue today, whatever the period chosen above.',
  'followUps.more_one': '{{count}} more is overdue. The longest overdue come first.',
  'followUps.more_other': '{{count}} more are overdue. The longest overdue come first.',
  ticket: 'Ticket',
  due: 'Due',
  daysLate: 'Days late',

  complaints: 'Complaints by state',
  'complaints.measure': 'Complaints',
  'complaints.channel': 'The channel does not apply to complaints.',
  state: 'State',
  recovered: 'Recovered',
  'recovered.what': 'recovered in all',

  busy: 'Loading…',
  empty: 'There is nothing in this period. Try a longer one, or fewer filters.',
  refused: 'Your role does not read this.',
  again: 'Try again',
  'again.in': 'Try again in {{count}} s',
  'error.RATE_LIMITED': 'Too much was asked in a short time. Please wait a moment.',
}

/** What every language says; a language with one form for all numbers needs no `_one`. */
export type Words = { [K in keyof typeof en as K extends `${string}_one` ? never : K]: string }

export default en satisfies Words
