import { GraphiQL } from 'graphiql'
import { buildSchema, type GraphQLSchema } from 'graphql'
import { useEffect, useMemo, useState } from 'react'
import { Bar, OWN } from './bar'
import { type Config, keyOf, loadConfig } from './config'
import { ExampleChooser } from './example-chooser'
import { EXAMPLES } from './examples'
import { roleName, roleSees } from './roles'
import { type Params, send } from './send'
import { memoryStorage } from './storage'
import { WrapLines } from './wrap-lines'

const TABS = EXAMPLES.map(({ query, variables }) => ({ query, variables: variables ?? null }))
const WIDE = window.matchMedia('(min-width: 700px)').matches
const NO_PLUGINS: [] = [] // no history either: it would keep what people asked for
const CHOICE = 'lanpya.choice' // which demo token was chosen; never a token itself

/** The published schema: what the editor and the docs know while there is no token. */
async function loadSdl(path: string): Promise<GraphQLSchema | null> {
  const url = new URL(path, location.href)
  if (url.origin !== location.origin) return null
  const answer = await fetch(url, { credentials: 'omit' })
  return answer.ok ? buildSchema(await answer.text(), { assumeValid: true }) : null
}

export function Page() {
  const [config, setConfig] = useState<Config>({ demo: false, sdl: '/schema.graphql', tokens: [] })
  const [choice, setChoice] = useState('')
  const [ownToken, setOwnToken] = useState('')
  const [published, setPublished] = useState<GraphQLSchema | null>(null)
  const [hidden, setHidden] = useState(false) // the server does not answer introspection to this token
  const [trouble, setTrouble] = useState('')

  useEffect(() => {
    loadConfig()
      .then((loaded) => {
        setConfig(loaded)
        const kept = sessionStorage.getItem(CHOICE) ?? ''
        if (loaded.tokens.some((token) => token.token && keyOf(token) === kept)) setChoice(kept)
        return loadSdl(loaded.sdl).then(setPublished, () => {})
      })
      .catch(() => setTrouble('The page could not read its settings (/pages/config.json). You can still paste a token.'))
  }, [])

  const chosen = config.tokens.find((token) => keyOf(token) === choice)
  const token = choice === OWN ? ownToken : (chosen?.token ?? '')

  function choose(next: string, own = '') {
    setChoice(next)
    setOwnToken(own)
    setHidden(false)
    setTrouble('')
    if (next === OWN || !next) sessionStorage.removeItem(CHOICE)
    else sessionStorage.setItem(CHOICE, next)
  }

  const fetcher = useMemo(
    () => async (params: Params) => {
      const answer = await send(params, token)
      setTrouble(answer.trouble)
      if (params.operationName === 'IntrospectionQuery' && !answer.body.data) setHidden(true)
      return answer.body
    },
    [token],
  )

  let line: string
  if (trouble) line = trouble
  else if (chosen) line = `${chosen.organisationName}, ${roleName(chosen.role)}: sees ${roleSees(chosen.role)}.`
  else if (token) line = 'Your own token, kept in memory until you close or reload the page. Run WhoAmI to see its rights.'
  else if (config.tokens.length) line = 'No token yet: choose an organisation and role above, or paste your own, then press the run button.'
  else line = 'No token yet: paste the one your organisation gave you, then press the run button.'

  return (
    <>
      <Bar config={config} choice={choice} choose={choose} line={line} trouble={trouble !== ''} waiting={!token} />
      <main>
        <GraphiQL
          fetcher={fetcher}
          // With a token GraphiQL asks the server itself; without one, or refused, it takes the SDL.
          schema={token && !hidden ? undefined : published}
          storage={memoryStorage}
          shouldPersistHeaders={false}
          isHeadersEditorEnabled={false}
          defaultTabs={TABS}
          defaultEditorToolsVisibility={WIDE}
          plugins={NO_PLUGINS}
          forcedTheme="system"
        >
          <GraphiQL.Logo>
            <ExampleChooser />
            <WrapLines />
          </GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  )
}
