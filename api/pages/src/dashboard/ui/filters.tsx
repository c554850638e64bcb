// What is looked at: kept in the address bar, so that a link shows the same.
import { t, named } from '../core/i18n'
import { look } from '../core/session'
import { get, set, useStore } from '../core/store'
import { EMPTY, span, today } from '../core/view'

export function Filters() {
  const { view, centres, channels } = useStore()
  const { from, to } = span(view)
  const filtered = view.centre || view.from || view.to || view.channel
  return (
    <form class="filters" aria-label={t('filters')} onSubmit={(event) => event.preventDefault()}>
      <label>
        <span>{t('centre')}</span>
        <select id="centre" onChange={(event) => look({ centre: event.currentTarget.value })}>
          <option value="" selected={!view.centre}>
            {t('centre.all')}
          </option>
          {/* A shared link may name a centre that is not within this user's reach. */}
          {view.centre && !centres.some(({ code }) => code === view.centre) && (
            <option value={view.centre} selected>
              {view.centre}
            </option>
          )}
          {centres.map(({ code, names }) => (
            <option key={code} value={code} selected={code === view.centre}>
              {named(names)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{t('from')}</span>
        <input id="from" type="date" value={from} max={to} onChange={(event) => event.currentTarget.value && look({ from: event.currentTarget.value })} />
      </label>
      <label>
        <span>{t('to')}</span>
        <input id="to" type="date" value={to} min={from} max={today()} onChange={(event) => event.currentTarget.value && look({ to: event.currentTarget.value })} />
      </label>
      <label>
        <span>{t('channel')}</span>
        <select id="channel" onChange={(event) => look({ channel: event.currentTarget.value })}>
          <option value="" selected={!view.channel}>
            {t('channel.all')}
          </option>
          {channels.map(({ code, label }) => (
            <option key={code} value={code} selected={code === view.channel}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <div class="acts">
        <button type="button" id="clear" disabled={!filtered} onClick={() => look({ ...EMPTY, level: view.level, quarter: view.quarter })}>
          {t('clear')}
        </button>
        <button type="button" id="refresh" onClick={() => set({ round: get().round + 1 })}>
          {t('refresh')}
        </button>
      </div>
    </form>
  )
}
