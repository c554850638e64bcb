// The numbers of a chart as a table.
import { useState } from 'preact/hooks'
import { type Cell, type Figures, sum } from '../core/figures'
import { count, percent, t } from '../core/i18n'

export const WIDE = '(min-width: 720px)'

export function Numbers({ id, title, head, measure, figures, more }: { id: string; title: string; head: string; measure: string; figures: Figures; more?: string }) {
  const [open] = useState(() => matchMedia(WIDE).matches)
  const { rows, series } = figures
  const shares = series.length === 0 && rows.some((row) => row.cells.some((cell) => cell.share !== null))
  return (
    <details class="numbers" open={open}>
      <summary>{t('table')}</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={t('table.name', { title })}>
        <table id={`table-${id}`}>
          <caption class="unseen">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{head}</th>
              {series.length === 0 ? (
                <th scope="col" class="number">
                  {measure}
                </th>
              ) : (
                series.map((name) => (
                  <th key={name} scope="col" class="number">
                    {name}
                  </th>
                ))
              )}
              {series.length > 1 && (
                <th scope="col" class="number">
                  {t('sum')}
                </th>
              )}
              {shares && (
                <th scope="col" class="number">
                  {t('share')}
                </th>
              )}
              {more && (
                <th scope="col" class="number">
                  {more}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key} data-key={row.key}>
                <th scope="row">{row.label}</th>
                {row.cells.map((cell, place) => (
                  <Count key={series[place] ?? ''} cell={cell} />
                ))}
                {series.length > 1 && <Sum value={sum(row)} />}
                {shares && <td class="number quiet">{percent(row.cells[0]?.share ?? null)}</td>}
                {more && <td class="number">{row.more?.map((line) => <div key={line}>{line}</div>)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

function Count({ cell }: { cell: Cell }) {
  if (!cell.suppressed) return <td class="number" data-count={cell.count ?? ''}>{cell.count === null ? t('notTold') : count(cell.count)}</td>
  return (
    <td class="number hidden" data-suppressed={cell.atLeast}>
      {cell.atLeast > 0 ? t('atLeast', { value: count(cell.atLeast) }) : t('suppressed')}
    </td>
  )
}

const Sum = ({ value }: { value: number | null }) => <td class="number sum">{value === null ? t('suppressed') : count(value)}</td>
