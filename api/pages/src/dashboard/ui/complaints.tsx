// Complaints by how far they have come, and what has come in.
import { useMemo } from 'preact/hooks'
import { ask } from '../../shared/api'
import { cell, type Figures, type Group } from '../core/figures'
import { label, money, t } from '../core/i18n'
import { filterOf } from '../core/panels'
import { useStore } from '../core/store'
import { span } from '../core/view'
import { COMPLAINTS } from '../documents'
import { useAsked } from './asked'
import { BarChart } from './chart'
import { Frame } from './frame'
import { Numbers } from './numbers'

type Sums = { amount: number | null; currency: string | null }[] | null
interface Told {
  complaintStatistics: {
    groupCount: number
    isPublished: boolean
    total: { complaints: number | null; recovered: Sums }
    groups: (Group & { recovered: Sums })[]
  }
}

/** A line for each currency. */
function sums(given: Sums): string[] {
  if (given === null) return [t('notTold')]
  if (given.length === 0) return ['–']
  return given.map(({ amount, currency }) => (amount === null || currency === null ? t('notTold') : money(amount, currency)))
}

export function Complaints() {
  const { view, round, language } = useStore()
  const { from, to } = span(view)
  const { found, trouble, busy, again } = useAsked(() => ask<Told>(COMPLAINTS, { where: filterOf(view, 'filedOn') }), [view.centre, from, to, round])
  const told = found?.data?.complaintStatistics
  const figures = useMemo<Figures | null>(() => {
    if (!told) return null
    const rows = told.groups.map((group) => {
      const status = String(group.key.status)
      return { key: status, label: label('ComplaintStatus', status), cells: [cell(group)], more: sums(group.recovered) }
    })
    return { rows, series: [], adds: true, published: told.isPublished, quarters: [], quarter: '', hidden: 0 }
  }, [told, language])
  const refused = trouble !== null && ['CLASS_NOT_ALLOWED', 'ROLE_NOT_ALLOWED'].includes(trouble.code)
  const state = busy ? 'busy' : trouble ? (refused ? 'refused' : 'trouble') : figures?.rows.length ? 'ready' : 'empty'
  const title = t('complaints')
  const parameters = { groupBy: 'STATUS', from, to, ...(view.centre && { centre: view.centre }) }
  return (
    <Frame id="complaints" title={title} state={state} trouble={trouble} again={again} file={told ? { name: 'complaint-statistics', parameters } : null}>
      {figures && told && figures.rows.length > 0 && (
        <>
          <p class="big">
            {told.total.recovered === null ? t('recovered.not') : <><strong id="recovered">{sums(told.total.recovered).join(' · ')}</strong> {t('recovered.what')}</>}
          </p>
          <div class="both">
            <BarChart kind="ranked" title={title} measure={t('complaints.measure')} figures={figures} />
            <Numbers id="complaints" title={title} head={t('state')} measure={t('complaints.measure')} figures={figures} more={t('recovered')} />
          </div>
        </>
      )}
      {view.channel && told && <p class="note">{t('complaints.channel')}</p>}
    </Frame>
  )
}
