// The frame of a panel: title, files, what is wrong or missing.
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Trouble } from '../../shared/api'
import { download } from '../core/download'
import { sentence, t } from '../core/i18n'
import { get } from '../core/store'

interface Properties {
  id: string
  title: string
  state: 'busy' | 'ready' | 'empty' | 'refused' | 'trouble'
  /** There is something to look at while the new is fetched. */
  children?: ComponentChildren
  /** Beside the title. */
  tools?: ComponentChildren
  file?: { name: string; parameters: Record<string, string> } | null
  trouble?: Trouble | null
  again?: () => void
}

export function Frame({ id, title, state, children, tools, file, trouble, again }: Properties) {
  return (
    <section class="panel figure" id={id} data-state={state} aria-labelledby={`${id}-title`} aria-busy={state === 'busy'}>
      <div class="head">
        <h2 id={`${id}-title`}>{title}</h2>
        {tools}
        {file && <Files name={file.name} parameters={file.parameters} title={title} />}
      </div>
      {trouble && state === 'trouble' && <Wrong trouble={trouble} again={again} />}
      {state === 'refused' && <p class="calm">{t('refused')}</p>}
      {state === 'empty' && <p class="calm">{t('empty')}</p>}
      {state === 'busy' && !children && <p class="calm waiting">{t('busy')}</p>}
      {children}
    </section>
  )
}

/** A sentence for what went wrong; the server may say how long to wait. */
function Wrong({ trouble, again }: { trouble: Trouble; again: (() => void) | undefined }) {
  const [left, setLeft] = useState(Math.ceil(trouble.retryAfter))
  useEffect(() => {
    setLeft(Math.ceil(trouble.retryAfter))
    const timer = setInterval(() => setLeft((before) => Math.max(0, before - 1)), 1_000)
    return () => clearInterval(timer)
  }, [trouble])
  return (
    <div class="calm" role="alert">
      <p>{sentence(trouble.code)}</p>
      {trouble.kind !== 'refused' && again && (
        <button type="button" class="again" disabled={left > 0} onClick={again}>
          {left > 0 ? t('again.in', { count: left }) : t('again')}
        </button>
      )}
    </div>
  )
}

function Files({ name, parameters, title }: { name: string; parameters: Record<string, string>; title: string }) {
  const [busy, setBusy] = useState('')
  const [wrong, setWrong] = useState('')
  async function fetchFile(ending: string) {
    setBusy(ending)
    const code = await download(`${name}.${ending}`, { ...parameters, locale: get().language })
    setBusy('')
    setWrong(code && sentence(code))
  }
  return (
    <div class="files">
      {['csv', 'xlsx'].map((ending) => (
        <button key={ending} type="button" class={ending} disabled={busy !== ''} aria-label={t('file', { title, kind: ending.toUpperCase() })} onClick={() => void fetchFile(ending)}>
          {ending.toUpperCase()}
        </button>
      ))}
      {wrong && (
        <p class="error" role="alert">
          {wrong}
        </p>
      )}
    </div>
  )
}
