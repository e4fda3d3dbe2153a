import { createHmac, timingSafeEqual } from 'node:crypto'

/** How a signature was found. `stale`: right, but its time is further from now than the tolerance, either way. */
export type SignatureVerdict = 'valid' | 'missing' | 'malformed' | 'wrong' | 'stale'

export interface SignatureRules {
  /** Any of them may have signed: the new and the old one while a secret is changed. */
  readonly secrets: readonly string[]
  /** How old a callback may be, s. */
  readonly toleranceS: number
}

/** Longest header that is looked at, and signatures in it: more is nobody's rotation. */
const maxHeaderLength = 2_000
const maxSignatures = 10

/** The signature header of a callback: `t=<epoch seconds>,v1=<hex>`. */
export function signCallback (secret: string, body: string | Buffer, atS: number): string {
  return `t=${atS},v1=${digest(secret, String(atS), body).toString('hex')}`
}

/**
 * Checks the signature header of a callback over the bytes of its body, as they came. Takes the same time for every wrong signature.
 *
 * @source Stripe: "Verify webhook signatures manually"; HMAC-SHA256 over time, full stop and body.
 */
export function checkSignature (header: string | undefined, body: Buffer, nowS: number, { secrets, toleranceS }: SignatureRules): SignatureVerdict {
  if (header === undefined || header === '') return 'missing'
  if (header.length > maxHeaderLength) return 'malformed'
  const parts = header.split(',').map(part => part.trim().split('=', 2) as [string, string?])
  const time = parts.find(([name]) => name === 't')?.[1]
  const signatures = parts.flatMap(([name, value]) => name === 'v1' && /^[0-9a-f]{64}$/.test(value ?? '') ? [Buffer.from(value as string, 'hex')] : [])
  if (time === undefined || !/^\d{1,12}$/.test(time) || signatures.length === 0 || signatures.length > maxSignatures) return 'malformed'
  const isRight = secrets
    .map(secret => digest(secret, time, body))
    .flatMap(expected => signatures.map(given => timingSafeEqual(expected, given)))
    .includes(true)
  if (!isRight) return 'wrong'
  return Math.abs(nowS - Number(time)) > toleranceS ? 'stale' : 'valid'
}

function digest (secret: string, time: string, body: string | Buffer): Buffer {
  return createHmac('sha256', secret).update(`${time}.`).update(body).digest()
}
