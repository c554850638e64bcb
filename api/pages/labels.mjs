// Writes the labels that the reception page shows, a file for each language, from those of the API. Part of `npm run build`.
import { readFileSync, writeFileSync } from 'node:fs'

const LISTS = [
  'VisitorKind', 'VisitChannel', 'Sex', 'AgeGroup', 'Difficulty', 'VisitTopic', 'VisitService', 'CallKind', 'HeardThrough', 'Answer',
  'DisplacementStatus', 'IsicSection', 'ForcedLabourSign', 'RoleCode', 'ErrorCode',
]
const here = (path) => new URL(path, import.meta.url)

/** A line of CSV; a field with a comma stands in quotes. */
const fields = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field]) => field.replace(/^"|"$/g, '').replaceAll('""', '"'))

const [head, ...lines] = readFileSync(here('../src/graph/labels.csv'), 'utf8').trim().split(/\r?\n/).map(fields)
for (const language of ['en', 'my', 'th']) {
  const column = head.indexOf(language)
  const labels = {}
  for (const list of LISTS) {
    const rows = lines.filter(([name]) => name === list)
    if (rows.length === 0) throw new Error(`no labels of ${list}`)
    for (const row of rows) labels[`${list}.${row[1]}`] = row[column]
  }
  const text = `${JSON.stringify(labels, null, 2)}\n`
  const file = here(`src/reception/labels/${language}.json`)
  if (readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
}
