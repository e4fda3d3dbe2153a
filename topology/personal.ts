import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import { type Personal } from '#schemas'

/** Personal data in the clear: kept in memory at the edges only, never logged, never in an error. */
export type PersonalData = Readonly<Record<string, string>>

/**
 * Gives the data key of a person. Destroying the key erases the person: what was encrypted with it can never be read again.
 * Used at the edges (intake, notification channels) only; processors carry ciphertext.
 */
export interface KeyProvider {
  /** The 32-byte key of that id, made when it is new; null when it was destroyed. */
  dataKey (keyId: string): Promise<Buffer | null>
}

/**
 * Keys for development: derived from one local master key (32 bytes), so they need no storage. They cannot be destroyed one by
 * one: use a provider with stored keys where people must be erasable.
 */
export function createDevelopmentKeys (masterKey: Buffer): KeyProvider {
  if (masterKey.length !== 32) throw new RangeError('the master key must have 32 bytes')
  return {
    async dataKey (keyId) {
      return Buffer.from(hkdfSync('sha256', masterKey, 'commerce.personal', keyId, 32))
    }
  }
}

const nonceBytes = 12
const tagBytes = 16

/**
 * Encrypts personal data with AES-256-GCM; the key id is authenticated.
 *
 * The nonce is derived from key and text, so equal data of one person gives equal bytes: a repeated command stays an identical
 * repeat. That tells a reader of the log no more than that a person gave the same address twice.
 *
 * @throws {Error} when the key was destroyed.
 */
export async function encryptPersonal (keys: KeyProvider, keyId: string, data: PersonalData): Promise<Personal> {
  const key = await keys.dataKey(keyId)
  if (key === null) throw new Error(`the data key ${keyId} was destroyed`)
  const text = Buffer.from(JSON.stringify(data))
  const nonce = createHmac('sha256', key).update('nonce').update(text).digest().subarray(0, nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(keyId))
  return { keyId, ciphertext: Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]) }
}

/**
 * Decrypts personal data; null when its key was destroyed.
 *
 * @throws {Error} when the bytes were changed or belong to another key.
 */
export async function decryptPersonal (keys: KeyProvider, personal: Personal): Promise<PersonalData | null> {
  const key = await keys.dataKey(personal.keyId)
  if (key === null) return null
  const { ciphertext } = personal
  if (ciphertext.length < nonceBytes + tagBytes) throw new Error('the personal data is cut short')
  const decipher = createDecipheriv('aes-256-gcm', key, ciphertext.subarray(0, nonceBytes))
    .setAAD(Buffer.from(personal.keyId))
    .setAuthTag(ciphertext.subarray(-tagBytes))
  const text = Buffer.concat([decipher.update(ciphertext.subarray(nonceBytes, -tagBytes)), decipher.final()])
  return JSON.parse(text.toString()) as PersonalData
}
