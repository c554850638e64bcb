// A panel of visits.
import { useMemo } from 'preact/hooks'
import { quarter, t } from '../core/i18n'
import { fileOf, find, type Panel } from '../core/panels'
import { look } from '../core/session'
import { useStore } from '../core/store'
import { span } from '../core/view'
import { useAsked } from './asked'
import { BarChart } from './chart'
import { Frame } from './frame'
import { Numbers } from './numbers'

export function Visits({ panel }: { panel: Panel }) {
  const { view, round, language } = useStore()
  const { from, to } = span(view)
  const level = panel.id === 'places' ? view.level : 0
  // The answer is kept with the view it answers, for its months.
  const { found, trouble, busy, again } = useAsked(async () => ({ ...(await find(panel, view)), of: view }), [panel, view.centre, view.channel, from, to, level, round])
  // One list as long as its answer stands: a chart is drawn again for a new one.
  const figures = useMemo(
    () => (found?.answer ? panel.figures(found.answer, { ...found.of, quarter: view.quarter }) : null),
    [found, view.quarter, language],
  )
  if (found && !found.answer && !trouble && panel.instead) return <>{panel.instead.map((one) => <Visits key={one.id} panel={one} />)}</>
  const title = t(`panel.${panel.id}`)
  const refused = trouble !== null && ['CLASS_NOT_ALLOWED', 'ROLE_NOT_ALLOWED'].includes(trouble.code)
  const state = busy ? 'busy' : trouble ? (refused ? 'refused' : 'trouble') : figures?.rows.length ? 'ready' : 'empty'
  const hiding = figures?.rows.some((row) => row.cells.some((cell) => cell.suppressed))
  return (
    <Frame
      id={panel.id}
      title={title}
      state={state}
      trouble={trouble}
      again={again}
      file={found?.answer ? { name: 'visit-statistics', parameters: fileOf(panel, view, found.published) } : null}
      tools={
        <>
          {panel.id === 'places' && <Levels />}
          {figures?.published && figures.quarters.length > 0 && <Quarters id={panel.id} quarters={figures.quarters} chosen={figures.quarter} />}
        </>
      }
    >
      {found?.published && <p class="note published">{t('published')}</p>}
      {figures && figures.rows.length > 0 && (
        <div class="both" lang={language}>
          <BarChart kind={panel.chart} title={title} measure={t('visits')} figures={figures} />
          <Numbers id={panel.id} title={title} head={t(`head.${panel.id}`)} measure={t('visits')} figures={figures} />
        </div>
      )}
      {hiding && <p class="note hatched">{t('suppressed.why')}</p>}
      {figures && panel.id === 'topics' && figures.rows.length > 0 && <p class="note">{t('topics.several')}</p>}
      {figures && figures.hidden > 0 && <p class="note">{t('more', { count: figures.hidden })}</p>}
    </Frame>
  )
}

function Levels() {
  const { view } = useStore()
  return (
    <label class="tool">
      <span class="unseen">{t('level')}</span>
      <select id="level" onChange={(event) => look({ level: Number(event.currentTarget.value) })}>
        {[3, 1].map((level) => (
          <option key={level} value={level} selected={level === view.level}>
            {t(level === 3 ? 'level.3' : 'level.1')}
          </option>
        ))}
      </select>
    </label>
  )
}

function Quarters({ id, quarters, chosen }: { id: string; quarters: string[]; chosen: string }) {
  return (
    <label class="tool">
      <span class="unseen">{t('quarter')}</span>
      <select id={`quarter-${id}`} onChange={(event) => look({ quarter: event.currentTarget.value })}>
        {quarters.map((one) => (
          <option key={one} value={one} selected={one === chosen}>
            {quarter(one)}
          </option>
        ))}
      </select>
    </label>
  )
}
