// What both pages say: signing in, and when the server does not answer.
const en = {
  language: 'Language',
  or: 'or',
  signOut: 'Sign out',
  signIn: 'Sign in',
  'signIn.title': 'Sign in',
  'signIn.provider': 'Sign in with your organisation’s account',
  'signIn.provider.failed': 'The sign-in did not work. Please try again.',
  'signIn.token': 'Token',
  'signIn.token.hint': 'Paste the token your organisation gave you.',
  'signIn.empty': 'Paste a token first.',
  'signIn.refused': 'The server does not accept this sign-in. It may have expired.',
  'signIn.busy': 'Signing in…',
  'signIn.kept': 'The token stays in this window only. It is gone when you close it.',
  'error.OFFLINE': 'The server could not be reached.',
  'error.INTERNAL': 'Something went wrong on the server.',
}

export type SharedWords = Record<keyof typeof en, string>

export default en
