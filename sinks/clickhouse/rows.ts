import { setImmediate as turn } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { ensureError, isStreamsError } from '../../streams/errors.ts'
import { type FetchedRecord, type RecordHeader } from '../../streams/record.ts'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { decimalText, payloadFacts, payloadText } from './payload.ts'

/**
 * How the target reads the values of a topic. `decode` throws a StreamsError of disposition `dead-letter` for bytes that are no
 * value of the topic: the row then keeps the bytes. `prepare` may be asked to fetch what `decode` needs, as in Serde.
 */
export interface EventDecoder {
  decode (topic: string, bytes: Buffer): TypedValue
  prepare? (topic: string, bytes: Buffer): Promise<void> | null
}

/** Columns of a raw row, in the order of the table. */
export const RAW_COLUMNS = [
  '_topic', '_partition', '_offset', '_plan_from', '_crc', 'event_type', 'event_id', 'occurred_at', 'appended_at', 'entity_key', 'order_id', 'amount',
  'currency', 'payload', 'headers', 'decode_error', 'raw_key', 'raw'
] as const

/** Rows encoded before others get the event loop: about a millisecond of work. */
const ROWS_PER_TURN = 100

/**
 * One JSON row per record, in order, never dropping one. Deterministic: the same records and decoder give the same bytes.
 *
 * @throws whatever the decoder throws but for unreadable records: a registry that does not answer, a decoder that is not set up.
 */
export async function encodeRows (records: readonly FetchedRecord[], planFrom: bigint, decoder: EventDecoder): Promise<Buffer> {
  const rows: string[] = []
  for (const record of records) {
    if (record.value !== null) await prepared(record.topic, record.value, decoder)
    rows.push(encodeRow(record, planFrom, decoder))
    if (rows.length % ROWS_PER_TURN === 0) await turn()
  }
  return Buffer.from(rows.join('\n') + '\n')
}

/** Waits for a schema only when one is missing; a schema that nobody knows is found out by `decode`. */
async function prepared (topic: string, value: Buffer, decoder: EventDecoder): Promise<void> {
  try {
    const waiting = decoder.prepare?.(topic, value)
    if (waiting !== null && waiting !== undefined) await waiting
  } catch (error) {
    if (!isUnreadable(error)) throw error
  }
}

/** The row of one record. @throws as `encodeRows` */
export function encodeRow (record: FetchedRecord, planFrom: bigint, decoder: EventDecoder): string {
  const { topic, partition, offset, timestampMs, key, value } = record
  const key8 = key?.toString() ?? ''
  const head = `{"_topic":${JSON.stringify(topic)},"_partition":${partition},"_offset":${offset},"_plan_from":${planFrom},"_crc":${checksum(record)}`
  const at = `"appended_at":${timestampMs},"entity_key":${JSON.stringify(key8)},"headers":${headersText(record.headers)}`
  let failure: string
  try {
    if (value === null) {
      failure = 'the record has no value'
    } else {
      const decoded = decoder.decode(topic, value)
      const facts = payloadFacts(decoded as unknown as Readonly<Record<string, unknown>>)
      return `${head},"event_type":${JSON.stringify(decoded.type)},"event_id":${JSON.stringify(facts.eventId)},"occurred_at":${facts.occurredAtMs ?? timestampMs},${at},` +
        `"order_id":${JSON.stringify(facts.orderId)},"amount":"${decimalText(facts.amount)}","currency":${JSON.stringify(facts.currency)},` +
        `"payload":${JSON.stringify(payloadText(decoded))},"decode_error":"","raw_key":"","raw":""}`
    }
  } catch (error) {
    if (!isUnreadable(error)) throw error
    failure = ensureError(error).message
  }
  return `${head},"event_type":"","event_id":"","occurred_at":${timestampMs},${at},"order_id":"","amount":"0.0000","currency":"","payload":"",` +
    `"decode_error":${JSON.stringify(failure)},"raw_key":"${key?.toString('base64') ?? ''}","raw":"${value?.toString('base64') ?? ''}"}`
}

/** Checksum of key and value: what a reconciler compares with the log. */
export function checksum (record: Pick<FetchedRecord, 'key' | 'value'>): number {
  return crc32(record.value ?? '', crc32(record.key ?? ''))
}

function headersText (headers: readonly RecordHeader[]): string {
  if (headers.length === 0) return '""'
  const object: Record<string, string | null> = {}
  for (const [name, value] of headers) object[name] = value?.toString() ?? null
  return JSON.stringify(JSON.stringify(object))
}

function isUnreadable (error: unknown): boolean {
  return isStreamsError(error) && error.disposition === 'dead-letter'
}
