/**
 * Decoded values as JSON text, and what a row takes out of them. Pure.
 *
 * In a payload every `bigint` is money, in 1/10,000 of the currency unit, and becomes a decimal text with four decimals; bytes
 * become base64. Nothing becomes a float.
 */

/** 1/10,000 units as decimal text with four decimals. */
export function decimalText (amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(5, '0')
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`
}

/** JSON text of a decoded value. Fields that are undefined are left out, as in JSON. */
export function payloadText (value: unknown): string {
  switch (typeof value) {
    case 'string': return JSON.stringify(value)
    case 'bigint': return `"${decimalText(value)}"`
    case 'number': return Number.isFinite(value) ? String(value) : 'null'
    case 'boolean': return value ? 'true' : 'false'
    case 'object': return value === null ? 'null' : objectText(value)
    default: return 'null'
  }
}

function objectText (value: object): string {
  if (Array.isArray(value)) return `[${value.map(payloadText).join(',')}]`
  if (value instanceof Uint8Array) return `"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}"`
  if (value instanceof Map) return objectText(Object.fromEntries(value))
  let text = ''
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${payloadText(field)}`
  }
  return `{${text}}`
}

/** What a row shows of a value beside the payload itself; empty text and 0 where the record has no such field. */
export interface PayloadFacts {
  readonly eventId: string
  /** Epoch ms; undefined = the record does not say. */
  readonly occurredAtMs: number | undefined
  readonly orderId: string
  /** The amount the record is about: its total, else its amount, else its cost. 1/10,000 of the unit. */
  readonly amount: bigint
  readonly currency: string
}

export function payloadFacts (value: Readonly<Record<string, unknown>>): PayloadFacts {
  const meta = typeof value['meta'] === 'object' && value['meta'] !== null ? value['meta'] as Readonly<Record<string, unknown>> : {}
  const occurredAt = meta['occurredAt'] ?? meta['issuedAt']
  const amount = [value['total'], value['amount'], value['cost']].find(field => typeof field === 'bigint')
  return {
    eventId: textOf(meta['eventId'] ?? meta['commandId']),
    occurredAtMs: typeof occurredAt === 'number' ? occurredAt : undefined,
    orderId: textOf(value['orderId']),
    amount: typeof amount === 'bigint' ? amount : 0n,
    currency: textOf(value['currency'])
  }
}

function textOf (field: unknown): string {
  return typeof field === 'string' ? field : ''
}
