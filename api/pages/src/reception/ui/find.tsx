// A visitor who comes again: by the beginning of a ticket or a name, on this device and on the server.
import { useEffect, useRef, useState } from 'preact/hooks'
import { label, sentence, t } from '../core/i18n'
import { type Found, find, type Hits, type Person } from '../core/lists'
import { get, useStore } from '../core/store'
import { tidy } from '../core/text'
import type { Kept } from '../core/types'
import { TextField } from './fields'

interface Props {
  takeVisit: (visit: Found) => void
  takePerson: (person: Person) => void
  /** Empties the search when a new visit begins. */
  round: string
}

/** A visit on this device as the server would show it. */
const asFound = ({ id, input, visitor }: Kept): Found => ({
  id,
  ticket: input.ticket ?? '',
  visitedOn: input.visitedOn,
  channel: input.channel,
  createdAt: input.recordedOnDeviceAt,
  visitorKind: input.visitorKind,
  sex: input.sex ?? null,
  ageYears: input.ageYears ?? null,
  topics: input.topics ?? null,
  services: input.services ?? null,
  needsFollowUp: input.needsFollowUp ?? null,
  person: input.person ? { id: input.person, fullName: visitor } : null,
  homeTownship: input.homeTownship ? { pcode: input.homeTownship } : null,
  destination: input.destination ?? null,
  sector: input.sector ?? null,
  disability: input.disability ?? null,
  displacement: input.displacement ?? null,
})

function local(text: string): Found[] {
  const fits = (value: string) => value.toLowerCase().startsWith(text.toLowerCase())
  const { kept, today } = get()
  const rows = (today?.rows ?? []).map((row) => ({ ...row, homeTownship: null, destination: null, sector: null, disability: null, displacement: null }))
  return [...kept.map(asFound), ...rows].filter((row) => fits(row.ticket) || fits(row.person?.fullName ?? ''))
}

/** The latest visit of each visitor. */
function visitors(rows: Found[]): Found[] {
  const seen = new Set<string>()
  return rows.filter((row) => {
    const who = row.person?.id ?? row.ticket
    return seen.has(who) ? false : seen.add(who)
  })
}

export function Find({ takeVisit, takePerson, round }: Props) {
  const { online, signedIn } = useStore()
  const [text, setText] = useState('')
  const [hits, setHits] = useState<Hits | null>(null)
  const [said, setSaid] = useState('')
  const latest = useRef(0)

  useEffect(() => {
    setText('')
  }, [round])

  useEffect(() => {
    const wanted = tidy(text)
    latest.current += 1
    const mine = latest.current
    setSaid('')
    if ([...wanted].length < 2) return setHits(null)
    const here: Hits = { visits: visitors(local(wanted)), persons: [] }
    setHits(here)
    if (!online || !signedIn) return setSaid(t('find.here'))
    const timer = setTimeout(async () => {
      const { hits: there, trouble } = await find(wanted)
      if (mine !== latest.current) return
      if (trouble) return setSaid(`${sentence(trouble.code)} ${t('find.here')}`)
      const known = new Set(here.visits.map((visit) => visit.id))
      const visits = visitors([...here.visits, ...(there?.visits ?? []).filter((visit) => !known.has(visit.id))])
      const named = new Set(visits.map((visit) => visit.person?.id))
      setHits({ visits, persons: (there?.persons ?? []).filter((person) => !named.has(person.id)) })
    }, 300)
    return () => clearTimeout(timer)
  }, [text, online, signedIn])

  const none = hits !== null && hits.visits.length + hits.persons.length === 0
  return (
    <div class="find">
      <TextField name="find" title={t('find')} hint={t('find.hint')} value={text} onChange={setText} />
      <p class="quiet" role="status">
        {none ? t('find.none') : ''} {said}
      </p>
      {hits !== null && !none && (
        <ul class="hits">
          {hits.visits.map((visit) => (
            <li key={visit.id}>
              <button type="button" data-ticket={visit.ticket} onClick={() => takeVisit(visit)}>
                <strong>{visit.ticket}</strong>
                {visit.person?.fullName && <span>{visit.person.fullName}</span>}
                <span class="quiet">{[visit.visitorKind && label('VisitorKind', visit.visitorKind), visit.visitedOn].filter(Boolean).join(' · ')}</span>
              </button>
            </li>
          ))}
          {hits.persons.map((person) => (
            <li key={person.id}>
              <button type="button" onClick={() => takePerson(person)}>
                <strong>{person.fullName}</strong>
                <span class="quiet">{t('find.person')}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
