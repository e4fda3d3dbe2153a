import { createHmac } from 'node:crypto'
import { type Personal } from '#schemas'
import { seal, unseal } from './privacy/aes-gcm.ts'

/** Personal data in the clear: kept in memory at the edges only, never logged, never in an error. */
export type PersonalData = Readonly<Record<string, string>>

/**
 * What a record of personal data is: `contact` {email} or {phone} · `address` {name, line1, …} · `profile` {name} · `receipt` {name} of who took a
 * parcel · `secret`, values for nobody but the recipient · `message`, what was written to somebody. Authenticated, so that one is never taken for another.
 */
export type PersonalKind = 'contact' | 'address' | 'profile' | 'receipt' | 'secret' | 'message'

/**
 * Gives the data key of a person. Destroying the key erases the person: what was encrypted with it can never be read again.
 * Used at the edges (intake, notification channels) only; processors carry ciphertext.
 *
 * How to read: `decryptPersonal(keys, 'contact', recipient)` gives the data, or null for somebody who is erased: carry on without him, as done. How to
 * write: `encryptPersonal(keys, subjectKeyId(order), 'address', data)`, with the id of privacy/subject.ts, so that erasing finds it. Keep what it
 * gives no longer than one piece of work: a copy outlives the erasure.
 */
export interface KeyProvider {
  /** The 32-byte key of that id, made when it is new; null when it was destroyed. @throws {KeysUnavailable} */
  dataKey (keyId: string): Promise<Buffer | null>
  /** The same, and never made; null when it was destroyed or never there. @throws {KeysUnavailable} */
  findKey (keyId: string): Promise<Buffer | null>
}

/** Personal data that was not given: takes no key. */
export const noPersonal: Personal = Object.freeze({ keyId: '', ciphertext: Buffer.alloc(0) })

/** Somebody who was erased cannot be written about again. */
export class PersonErased extends Error {
  override readonly name = 'PersonErased'
  readonly code = 'PERSON_ERASED'

  constructor () {
    super('the person was erased: nothing can be kept about him any more')
  }
}

const nonceBytes = 12

/**
 * Encrypts personal data with AES-256-GCM; key id and kind are authenticated.
 *
 * The nonce is derived from key, kind and text, so equal data of one person gives equal bytes: a repeated command stays an identical
 * repeat. That tells a reader of the log no more than that a person gave the same address twice.
 *
 * @throws {PersonErased} when the key was destroyed.
 * @throws {KeysUnavailable}
 */
export async function encryptPersonal (keys: KeyProvider, keyId: string, kind: PersonalKind, data: PersonalData): Promise<Personal> {
  const key = await keys.dataKey(keyId)
  if (key === null) throw new PersonErased()
  const text = Buffer.from(JSON.stringify(data))
  const context = contextOf(keyId, kind)
  const nonce = createHmac('sha256', key).update('nonce').update(context).update('\0').update(text).digest().subarray(0, nonceBytes)
  return { keyId, ciphertext: seal(key, nonce, context, text) }
}

/**
 * Decrypts personal data; null when its key was destroyed, or never was in this key store. Nothing was given: an empty record.
 *
 * @throws {Error} when the bytes were changed, or belong to another key or kind.
 * @throws {KeysUnavailable}
 */
export async function decryptPersonal (keys: KeyProvider, kind: PersonalKind, { keyId, ciphertext }: Personal): Promise<PersonalData | null> {
  if (keyId === '' && ciphertext.length === 0) return {}
  const key = await keys.findKey(keyId)
  if (key === null) return null
  return JSON.parse(unseal(key, contextOf(keyId, kind), ciphertext).toString()) as PersonalData
}

/** A kind has no slash, so no two pairs are one. */
function contextOf (keyId: string, kind: PersonalKind): string {
  return `${kind}/${keyId}`
}
