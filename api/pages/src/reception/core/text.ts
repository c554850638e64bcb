// Texts as they are typed or pasted: composed (NFC), without space around them.

export const tidy = (text: string) => text.normalize('NFC').trim()

/** Whether there is Burmese in it at all: only then are the tools for Zawgyi loaded. */
export const hasBurmese = (text: string) => /[\u1000-\u109f\uaa60-\uaa7f\ua9e0-\ua9ff]/.test(text)

/** From here on a text is offered converted. */
const SURE = 0.95

/** The text in Unicode, if it looks like Zawgyi and would change. */
export async function fromZawgyi(text: string): Promise<string | null> {
  if (!hasBurmese(text)) return null
  const tools = await import('./zawgyi').catch(() => null) // not on the device yet, and no network
  if (!tools || tools.detect(text) <= SURE) return null
  const converted = tools.convert(text).normalize('NFC')
  return converted === text ? null : converted
}

/** Today by the device's own calendar. */
export function today(now = new Date()): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
