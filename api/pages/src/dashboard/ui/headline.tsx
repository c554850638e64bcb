// The numbers of everything that fits, in one row.
import { ask } from '../../shared/api'
import { count, decimal, t } from '../core/i18n'
import { filterOf, filterPairs } from '../core/panels'
import { useStore } from '../core/store'
import { span } from '../core/view'
import { HEADLINE } from '../documents'
import { useAsked } from './asked'
import { Frame } from './frame'

const NUMBERS = ['visits', 'visitors', 'firstVisits', 'meanSatisfaction'] as const
type Total = Record<(typeof NUMBERS)[number], number | null>

export function Headline() {
  const { view, round } = useStore()
  const { from, to } = span(view)
  const { found, trouble, busy, again } = useAsked(() => ask<{ visitStatistics: { total: Total } }>(HEADLINE, { where: filterOf(view) }), [view.centre, view.channel, from, to, round])
  const total = found?.data?.visitStatistics.total
  const state = busy ? 'busy' : trouble ? 'trouble' : 'ready'
  return (
    <Frame id="headline" title={t('headline')} state={state} trouble={trouble} again={again} file={total ? { name: 'visit-statistics', parameters: filterPairs(view) } : null}>
      <dl class="tiles">
        {NUMBERS.map((name) => (
          <div key={name}>
            <dt>{t(`total.${name}`)}</dt>
            <dd id={`total-${name}`} data-value={total?.[name] ?? ''} class={total && total[name] === null ? 'none' : ''}>
              {total ? told(name, total) : '…'}
            </dd>
          </div>
        ))}
      </dl>
    </Frame>
  )
}

function told(name: keyof Total, total: Total): string {
  const value = total[name]
  if (value !== null) return name === 'meanSatisfaction' ? t('ofFive', { value: decimal(value) }) : count(value)
  // Without a mark there is no mean; whoever may read marks may read visitors.
  return name === 'meanSatisfaction' && total.visitors !== null ? t('noMark') : t('notToRole')
}
