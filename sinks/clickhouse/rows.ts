import { setImmediate as turn } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { ensureError, isStreamsError } from '../../streams/errors.ts'
import { type FetchedRecord, type RecordHeader } from '../../streams/record.ts'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { payloadFacts } from './payload.ts'
import { decimalText, RowBytes } from './row-bytes.ts'

/**
 * How the target reads the values of a topic. `decode` throws a StreamsError of disposition `dead-letter` for bytes that are no
 * value of the topic: the row then keeps the bytes. `prepare` may be asked to fetch what `decode` needs, as in Serde.
 */
export interface EventDecoder {
  decode (topic: string, bytes: Buffer): TypedValue
  prepare? (topic: string, bytes: Buffer): Promise<void> | null
}

/** Columns of a raw row, in the order of its fields. */
export const RAW_COLUMNS = [
  '_topic', '_partition', '_offset', '_plan_from', '_crc', 'event_type', 'event_id', 'occurred_at', 'appended_at', 'entity_key', 'order_id', 'amount',
  'currency', 'payload', 'headers', 'decode_error', 'raw_key', 'raw'
] as const

/**
 * Format of the rows: fields between tabs. JSON in a field needs no escapes there, and no field names are repeated.
 */
export const ROW_FORMAT = 'TabSeparated'

/** Rows encoded before others get the event loop: about a millisecond of work. */
const ROWS_PER_TURN = 100

/**
 * One row per record, in order, never dropping one. Deterministic: the same records and decoder give the same bytes. The table
 * takes every row that comes out, whatever is in the record.
 *
 * @throws whatever the decoder throws but for unreadable records: a registry that does not answer, a decoder that is not set up.
 */
export async function encodeRows (records: readonly FetchedRecord[], planFrom: bigint, decoder: EventDecoder): Promise<Buffer> {
  const rows = new RowBytes()
  for (const [index, record] of records.entries()) {
    if (record.value !== null) await prepared(record.topic, record.value, decoder)
    addRow(rows, record, planFrom, decoder)
    if (index % ROWS_PER_TURN === ROWS_PER_TURN - 1) await turn()
  }
  return rows.take()
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

/** Adds the row of one record, with its line end. @throws as `encodeRows`, and then nothing was added */
export function addRow (rows: RowBytes, record: FetchedRecord, planFrom: bigint, decoder: EventDecoder): void {
  const { topic, partition, offset, timestampMs, key, value } = record
  const appended = timeText(timestampMs)
  const decoded = read(topic, value, decoder)
  rows.field(topic).plain(`\t${partition}\t${offset}\t${planFrom}\t${checksum(record)}\t`)
  if (decoded instanceof Error) {
    rows.plain(`\t\t${appended}\t${appended}\t`).field(key?.toString() ?? '').plain('\t\t0.0000\t\t\t').field(headersText(record.headers)).plain('\t')
      .field(decoded.message).plain(`\t${key?.toString('base64') ?? ''}\t${value?.toString('base64') ?? ''}\n`)
    return
  }
  const { eventId, occurredAtMs, orderId, amount, currency } = payloadFacts(decoded as unknown as Readonly<Record<string, unknown>>)
  rows.field(decoded.type).plain('\t').field(eventId).plain(`\t${occurredAtMs === undefined ? appended : timeText(occurredAtMs)}\t${appended}\t`)
    .field(key?.toString() ?? '').plain('\t').field(orderId).plain(`\t${decimalText(amount)}\t`).field(currency).plain('\t')
    .json(decoded).plain('\t').field(headersText(record.headers)).plain('\t\t\t\n')
}

/** The value, or why there is none. @throws as `encodeRows` */
function read (topic: string, value: Buffer | null, decoder: EventDecoder): TypedValue | Error {
  if (value === null) return new Error('the record has no value')
  try {
    return decoder.decode(topic, value)
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return ensureError(error)
  }
}

/** Checksum of key and value: what a reconciler compares with the log. */
export function checksum (record: Pick<FetchedRecord, 'key' | 'value'>): number {
  return crc32(record.value ?? '', crc32(record.key ?? ''))
}

const DAY_MS = 86_400_000
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))
/** The day written last: rows come in the order of time. */
let lastDay = { number: -1, text: '' }

/** `2023-11-14 22:13:20.001`, UTC. Times that the table cannot hold become its first one. */
function timeText (epochMs: number): string {
  const time = epochMs >= 0 ? Math.floor(epochMs) : 0
  const day = Math.floor(time / DAY_MS)
  if (day !== lastDay.number) lastDay = { number: day, text: new Date(time).toISOString().slice(0, 10) }
  const ms = time - day * DAY_MS
  const seconds = Math.floor(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  return `${lastDay.text} ${TWO_DIGITS[Math.floor(minutes / 60)]}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds % 60]}.${String(ms % 1000).padStart(3, '0')}`
}

function headersText (headers: readonly RecordHeader[]): string {
  if (headers.length === 0) return ''
  const object: Record<string, string | null> = {}
  for (const [name, value] of headers) object[name] = value?.toString() ?? null
  return JSON.stringify(object)
}

function isUnreadable (error: unknown): boolean {
  return isStreamsError(error) && error.disposition === 'dead-letter'
}
