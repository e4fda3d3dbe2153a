/** What a row shows of a decoded value beside the payload itself; empty text and 0 where the record has no such field. */
export interface PayloadFacts {
  readonly eventId: string
  /** Epoch ms; undefined = the record does not say, or says a time that the table cannot hold. */
  readonly occurredAtMs: number | undefined
  readonly orderId: string
  /** The amount the record is about: its total, else its amount, else its cost. 1/10,000 of the unit. */
  readonly amount: bigint
  readonly currency: string
}

/** Largest amount of Decimal(18, 4) and last moment of DateTime64: a row beyond them would be refused for ever. */
const MAX_AMOUNT = 999_999_999_999_999_999n
const MAX_TIME_MS = 10_413_791_999_999

export function payloadFacts (value: Readonly<Record<string, unknown>>): PayloadFacts {
  const meta = typeof value['meta'] === 'object' && value['meta'] !== null ? value['meta'] as Readonly<Record<string, unknown>> : {}
  return {
    eventId: textOf(meta['eventId'] ?? meta['commandId']),
    occurredAtMs: timeOf(meta['occurredAt'] ?? meta['issuedAt']),
    orderId: textOf(value['orderId']),
    amount: amountOf(value['total']) ?? amountOf(value['amount']) ?? amountOf(value['cost']) ?? 0n,
    currency: textOf(value['currency'])
  }
}

function textOf (field: unknown): string {
  return typeof field === 'string' ? field : ''
}

function timeOf (field: unknown): number | undefined {
  return typeof field === 'number' && Number.isInteger(field) && field >= 0 && field <= MAX_TIME_MS ? field : undefined
}

function amountOf (field: unknown): bigint | undefined {
  return typeof field === 'bigint' && field <= MAX_AMOUNT && field >= -MAX_AMOUNT ? field : undefined
}
