// Ids that the API takes: a UUIDv7 in the base 32 of TypeID, behind the name of its kind.
import { v7 } from 'uuid'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** 128 bits as 26 letters of 5 bits, the first two bits being zero. */
function base32(uuid: string): string {
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`)
  let text = ''
  for (let place = 0; place < 26; place += 1) {
    text = ALPHABET[Number(rest & 31n)] + text
    rest >>= 5n
  }
  return text
}

/** The UUID's 32 hexadecimal digits. */
function digits(id: string): string {
  let rest = 0n
  for (const letter of id.slice(id.lastIndexOf('_') + 1)) rest = (rest << 5n) | BigInt(ALPHABET.indexOf(letter))
  return rest.toString(16).padStart(32, '0')
}

export const newId = (kind: string) => `${kind}_${base32(v7())}`

/** The ticket that the server makes of a visit's id when none is given: made here too, so that it can be told at once. */
export const ticketOf = (id: string) => `T-${digits(id).slice(22).toUpperCase()}`
