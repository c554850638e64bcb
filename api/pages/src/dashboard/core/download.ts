// A file of the API, with the token that a plain link could not carry.
import { currentToken } from '../../shared/api'

/** The code of what went wrong, or nothing. */
export async function download(name: string, parameters: Record<string, string>): Promise<string> {
  const asked = new URLSearchParams(parameters)
  try {
    const answer = await fetch(`/exports/${name}?${asked}`, {
      headers: { Authorization: `Bearer ${currentToken()}` },
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(60_000),
    })
    if (!answer.ok) {
      const body = (await answer.json().catch(() => null)) as { errors?: { extensions?: { code?: string } }[] } | null
      return body?.errors?.[0]?.extensions?.code ?? 'UNAVAILABLE'
    }
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await answer.blob())
    link.download = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    return ''
  } catch {
    return 'OFFLINE'
  }
}
