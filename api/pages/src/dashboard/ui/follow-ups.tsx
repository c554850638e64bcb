// Follow-ups that are overdue today: tickets and days, nothing more of anybody.
import { ask } from '../../shared/api'
import { count, dayText, named, t } from '../core/i18n'
import { useStore } from '../core/store'
import { today } from '../core/view'
import { OVERDUE } from '../documents'
import { useAsked } from './asked'
import { Frame } from './frame'

interface Due {
  id: string
  neededBy: string
  visit: { ticket: string | null; centre: { code: string; names: { en: string; my: string | null; th: string | null } } } | null
}

const DAY = 86_400_000

export function FollowUps() {
  const { view, round } = useStore()
  const day = today()
  const where = {
    doneOn: { isNull: true },
    neededBy: { lt: day },
    ...((view.centre || view.channel) && {
      visit: { is: { ...(view.centre && { centre: { is: { code: { eq: view.centre } } } }), ...(view.channel && { channel: { eq: view.channel } }) } },
    }),
  }
  const { found, trouble, busy, again } = useAsked(() => ask<{ visitFollowUps: { totalCount: number; nodes: Due[] } }>(OVERDUE, { where }), [view.centre, view.channel, round])
  const due = found?.data?.visitFollowUps
  const refused = trouble !== null && ['CLASS_NOT_ALLOWED', 'ROLE_NOT_ALLOWED'].includes(trouble.code)
  const state = busy ? 'busy' : trouble ? (refused ? 'refused' : 'trouble') : 'ready'
  const title = t('followUps')
  const late = (neededBy: string) => Math.round((Date.parse(day) - Date.parse(neededBy)) / DAY)
  return (
    <Frame id="follow-ups" title={title} state={state} trouble={trouble} again={again}>
      {due && (
        <>
          <p class="big">
            <strong id="overdue" data-value={due.totalCount}>
              {count(due.totalCount)}
            </strong>{' '}
            {t('followUps.what')}
          </p>
          {due.nodes.length > 0 && (
            <div class="scroll" tabIndex={0} role="region" aria-label={t('table.name', { title })}>
              <table id="table-follow-ups">
                <caption class="unseen">{title}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t('ticket')}</th>
                    <th scope="col">{t('centre')}</th>
                    <th scope="col">{t('due')}</th>
                    <th scope="col" class="number">
                      {t('daysLate')}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {due.nodes.map(({ id, neededBy, visit }) => (
                    <tr key={id}>
                      <th scope="row">{visit?.ticket ?? '–'}</th>
                      <td>{visit ? named(visit.centre.names) : '–'}</td>
                      <td class="day">{dayText(neededBy)}</td>
                      <td class="number">{count(late(neededBy))}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {due.totalCount > due.nodes.length && <p class="note">{t('followUps.more', { count: due.totalCount - due.nodes.length })}</p>}
          <p class="note">{t('followUps.days')}</p>
        </>
      )}
    </Frame>
  )
}
