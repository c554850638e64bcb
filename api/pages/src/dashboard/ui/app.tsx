// Signing in, or the panels.
import { SignIn as SignInForm } from '../../shared/sign-in'
import { dayText, isLanguage, LANGUAGES, label, named, sentence, speak, t } from '../core/i18n'
import { PANELS } from '../core/panels'
import { keepView, PATH, signIn, signOut } from '../core/session'
import { useStore } from '../core/store'
import { span, writeView } from '../core/view'
import { Complaints } from './complaints'
import { Filters } from './filters'
import { FollowUps } from './follow-ups'
import { Headline } from './headline'
import { Visits } from './visits'

export function App({ begun }: { begun: string }) {
  const { stage } = useStore()
  if (stage === 'starting') return null
  return (
    <div class={`app ${stage}`} data-stage={stage}>
      <Header />
      {stage === 'open' ? <Panels /> : <SignIn begun={begun} />}
    </div>
  )
}

function SignIn({ begun }: { begun: string }) {
  const { config, ended } = useStore()
  const use = async (token: string) => {
    const trouble = await signIn(token)
    return !trouble ? '' : trouble.kind === 'signedOut' ? t('signIn.refused') : sentence(trouble.code)
  }
  keepView()
  return (
    <main class="narrow card">
      <h2>{t('signIn.title')}</h2>
      <SignInForm t={t} client={{ ...config, path: PATH }} use={use} begun={begun} warning={ended ? t('signIn.ended') : ''} />
    </main>
  )
}

function Header() {
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
        {stage === 'open' && viewer && (
          <>
            <p class="who">
              {viewer.name && <strong>{viewer.name}</strong>} {label('RoleCode', viewer.role)}
              {viewer.organisation && ` · ${named(viewer.organisation)}`}
            </p>
            <button type="button" id="sign-out" onClick={() => signOut()}>
              {t('signOut')}
            </button>
          </>
        )}
      </div>
    </header>
  )
}

function Panels() {
  const { view, centres } = useStore()
  const { from, to } = span(view)
  const centre = centres.find(({ code }) => code === view.centre)
  return (
    <main class="board" data-search={writeView(view)}>
      <Filters />
      {/* On paper, where filters are not. */}
      <p class="paper">
        {dayText(from)} – {dayText(to)}
        {view.centre && ` · ${centre ? named(centre.names) : view.centre}`}
        {view.channel && ` · ${label('VisitChannel', view.channel)}`}
      </p>
      <Headline />
      {PANELS.map((panel) => (
        <Visits key={panel.id} panel={panel} />
      ))}
      <FollowUps />
      <Complaints />
    </main>
  )
}
