// Which of the four faces is shown: signing in, choosing a PIN, locked, the desk.
import { useEffect, useState } from 'preact/hooks'
import type { Draft } from '../core/draft'
import { SignIn as SignInForm } from '../../shared/sign-in'
import { close as lock } from '../core/idle'
import { isLanguage, LANGUAGES, label, sentence, speak, t } from '../core/i18n'
import { signIn, signOut } from '../core/session'
import { useStore } from '../core/store'
import { FollowUps } from './follow-ups'
import { ChoosePin, EnterPin } from './pin'
import { Queue } from './queue'
import { Status } from './status'
import { Today } from './today'
import { VisitForm } from './visit-form'
import { Wipe } from './wipe'

export function App({ begun }: { begun: string }) {
  const { stage, newer } = useStore()
  const [wiping, setWiping] = useState(false)
  useEffect(() => {
    if (newer) navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  }, [newer])
  if (stage === 'starting') return null
  return (
    <div class={`app ${stage}`} data-stage={stage}>
      <Header wipe={() => setWiping(true)} />
      {newer && (
        <p class="newer">
          {t('newer')}{' '}
          <button type="button" onClick={() => newer.postMessage('now')}>
            {t('newer.use')}
          </button>
        </p>
      )}
      {stage === 'open' ? (
        <Desk />
      ) : (
        <main class="narrow card">
          {stage === 'signIn' && (
            <>
              <h2>{t('signIn.title')}</h2>
              <SignIn begun={begun} />
            </>
          )}
          {stage === 'choosePin' && <ChoosePin />}
          {stage === 'locked' && <EnterPin wipe={() => setWiping(true)} />}
        </main>
      )}
      {wiping && <Wipe close={() => setWiping(false)} />}
      <Said />
    </div>
  )
}

function SignIn({ begun = '' }: { begun?: string }) {
  const { config, online, stage } = useStore()
  const use = async (token: string) => {
    const trouble = await signIn(token)
    return !trouble ? '' : trouble.kind === 'signedOut' ? t('signIn.refused') : sentence(trouble.code)
  }
  const warning = online ? '' : t('signIn.offline')
  return <SignInForm t={t} client={{ ...config, path: '/reception' }} use={use} begun={begun} warning={warning} first={stage === 'signIn'} />
}

function Header({ wipe }: { wipe: () => void }) {
  const { stage, language, viewer } = useStore()
  return (
    <header>
      <div class="bar">
        <h1>
          Lanpya <span lang="my">လမ်းပြ</span> <span class="quiet">{t('title')}</span>
        </h1>
        <label class="language">
          <span class="unseen">{t('language')}</span>
          <select id="language" onChange={(event) => isLanguage(event.currentTarget.value) && void speak(event.currentTarget.value)}>
            {Object.entries(LANGUAGES).map(([code, name]) => (
              <option key={code} value={code} lang={code} selected={code === language}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {stage === 'open' && (
          <>
            <button type="button" id="lock" onClick={lock}>
              {t('lock')}
            </button>
            <details class="menu">
              <summary>{t('menu')}</summary>
              <div>
                {viewer && (
                  <p>
                    <strong>{viewer.name}</strong>
                    <br />
                    {label('RoleCode', viewer.role)} · {viewer.organisation}
                  </p>
                )}
                <Kept />
                <button type="button" id="sign-out" onClick={signOut}>
                  {t('signOut')}
                </button>
                <button type="button" id="wipe" class="bad" onClick={wipe}>
                  {t('wipe')}
                </button>
              </div>
            </details>
          </>
        )}
      </div>
      {(stage === 'open' || stage === 'locked') && <Status />}
    </header>
  )
}

/** What lies on the device, and for how long. */
function Kept() {
  const { config } = useStore()
  return <p class="quiet">{t('kept', { count: config.retentionHours })}</p>
}

function Desk() {
  const { signedIn } = useStore()
  const [draft, setDraft] = useState<Draft | null>(null)
  return (
    <main class="desk">
      {!signedIn && (
        <section class="panel again" aria-labelledby="again-title">
          <h2 id="again-title">{t('signIn.again')}</h2>
          <p>{t('signIn.again.why')}</p>
          <SignIn />
        </section>
      )}
      <div class="panel form">
        <VisitForm given={draft} done={() => setDraft(null)} />
      </div>
      <div class="aside">
        <Queue correct={setDraft} />
        <Today correct={setDraft} />
        <FollowUps />
      </div>
    </main>
  )
}

/** What was just done: read out, and shown for some seconds. */
function Said() {
  const { said } = useStore()
  const [shown, show] = useState(false)
  useEffect(() => {
    if (!said.text) return show(false)
    show(true)
    const timer = setTimeout(() => show(false), 6_000)
    return () => clearTimeout(timer)
  }, [said])
  return (
    <p id="said" role="status" aria-live="polite" class={`said${shown ? '' : ' gone'}${said.good ? '' : ' bad'}`}>
      {shown ? said.text : ''}
    </p>
  )
}
