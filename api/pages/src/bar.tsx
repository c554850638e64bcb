import { type FormEvent, useState } from 'react'
import { type Config, keyOf } from './config'
import { roleName } from './roles'

export const OWN = 'own'

interface Props {
  config: Config
  choice: string
  choose: (choice: string, ownToken?: string) => void
  line: string
  trouble: boolean
  waiting: boolean
}

export function Bar({ config, choice, choose, line, trouble, waiting }: Props) {
  const [draft, setDraft] = useState('')

  function paste(event: FormEvent) {
    event.preventDefault()
    const token = draft.trim().replace(/^(authorization:\s*)?bearer\s+/i, '')
    choose(token ? OWN : '', token)
    setDraft('')
  }

  return (
    <header className="bar">
      <h1>
        Lanpya <span lang="my">လမ်းပြ</span>
      </h1>
      {config.demo && (
        <p className="demo">
          <strong>DEMO</strong> fictional data
        </p>
      )}
      {config.tokens.length > 0 && (
        <label className="chooser">
          Token
          <select value={choice} onChange={(event) => choose(event.target.value)}>
            <option value="">choose: organisation · role</option>
            {config.tokens.map((token) => (
              <option key={keyOf(token)} value={keyOf(token)}>
                {token.organisation} · {roleName(token.role)}
              </option>
            ))}
            {choice === OWN && <option value={OWN}>your own token</option>}
          </select>
        </label>
      )}
      <form onSubmit={paste}>
        {/* Not type=password: browsers would offer to save it. The style hides the characters. */}
        <input
          className="secret"
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          placeholder={choice === OWN ? 'own token in use' : 'paste your own token'}
          aria-label="Paste your own token"
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
        />
        <button type="submit" disabled={!draft.trim()}>
          Use
        </button>
        {choice === OWN && (
          <button type="button" onClick={() => choose('')}>
            Forget
          </button>
        )}
      </form>
      {/* in a new tab: this one holds the token in memory */}
      <a href={config.sdl} target="_blank" rel="noopener noreferrer" title="The schema as SDL, in a new tab">
        Schema
      </a>
      <p className={`line${trouble ? ' trouble' : waiting ? ' waiting' : ''}`} role="status">
        {line}
      </p>
    </header>
  )
}
