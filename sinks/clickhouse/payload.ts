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

/** Fields that facts are made of, by their path in the record. */
export const FACT_PATHS = ['meta.eventId', 'meta.commandId', 'meta.occurredAt', 'meta.issuedAt', 'orderId', 'total', 'amount', 'cost', 'currency'] as const

/** What a record has in those fields; undefined = it has no such field. */
export type FactFields = { [Path in typeof FACT_PATHS[number]]: unknown }

/** Largest amount of Decimal(18, 4) and last moment of DateTime64: a row beyond them would be refused for ever. */
const MAX_AMOUNT = 999_999_999_999_999_999n
const MAX_TIME_MS = 10_413_791_999_999

/** The fields of a decoded value. */
export function factFields (value: Readonly<Record<string, unknown>>): FactFields {
  const meta = typeof value['meta'] === 'object' && value['meta'] !== null ? value['meta'] as Readonly<Record<string, unknown>> : {}
  const { orderId, total, amount, cost, currency } = value
  return {
    'meta.eventId': meta['eventId'],
    'meta.commandId': meta['commandId'],
    'meta.occurredAt': meta['occurredAt'],
    'meta.issuedAt': meta['issuedAt'],
    orderId,
    total,
    amount,
    cost,
    currency
  }
}

export function payloadFacts (fields: Readonly<FactFields>): PayloadFacts {
  return {
    eventId: textOf(fields['meta.eventId'] ?? fields['meta.commandId']),
    occurredAtMs: timeOf(fields['meta.occurredAt'] ?? fields['meta.issuedAt']),
    orderId: textOf(fields.orderId),
    amount: amountOf(fields.total) ?? amountOf(fields.amount) ?? amountOf(fields.cost) ?? 0n,
    currency: textOf(fields.currency)
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
