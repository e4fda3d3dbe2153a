import { setImmediate as turn } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { ensureError, isStreamsError } from '../../streams/errors.ts'
import { type FetchedRecord, type RecordHeader } from '../../streams/record.ts'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { type ValueVisitor } from '../../streams/serde/visitor.ts'
import { type FactFields, factFields, payloadFacts } from './payload.ts'
import { PayloadWriter } from './payload-writer.ts'
import { decimalText, RowBytes } from './row-bytes.ts'

/**
 * How the target reads the values of a topic. `decode` throws a StreamsError of disposition `dead-letter` for bytes that are no
 * value of the topic: the row then keeps the bytes. `tell` tells values without making them, where that is possible; `prepare` may be
 * asked to fetch what both need: all as in Serde.
 */
export interface EventDecoder {
  decode (topic: string, bytes: Buffer): TypedValue
  tell? (topic: string, bytes: Buffer, visitor: ValueVisitor): string | undefined
  prepare? (topic: string, bytes: Buffer): Promise<void> | null
}

/** Columns of a raw row, in the order of its fields: what is learned from the payload comes behind it. */
export const RAW_COLUMNS = [
  '_topic', '_partition', '_offset', '_plan_from', '_crc', 'appended_at', 'entity_key', 'headers', 'payload', 'event_type', 'event_id', 'occurred_at',
  'order_id', 'amount', 'currency', 'decode_error', 'raw_key', 'raw'
] as const

/**
 * Format of the rows: fields between tabs. JSON in a field needs no escapes there, and no field names are repeated.
 */
export const ROW_FORMAT = 'TabSeparated'

/** Rows encoded before others get the event loop: about a millisecond of work. */
const ROWS_PER_TURN = 250

/**
 * Records as rows: one per record, in order, never dropping one. Deterministic: the same records and decoder give the same bytes. The
 * table takes every row that comes out, whatever is in the record.
 */
export class RowEncoder {
  readonly #decoder: EventDecoder
  readonly #payload = new PayloadWriter()

  constructor (decoder: EventDecoder) {
    this.#decoder = decoder
  }

  /** @throws whatever the decoder throws but for unreadable records: a registry that does not answer, a decoder that is not set up. */
  async encode (records: readonly FetchedRecord[], planFrom: bigint): Promise<Buffer> {
    const rows = new RowBytes()
    for (let index = 0; index < records.length; index++) {
      const record = records[index] as FetchedRecord
      const waiting = record.value === null ? null : this.#decoder.prepare?.(record.topic, record.value) ?? null
      if (waiting !== null) await prepared(waiting)
      this.add(rows, record, planFrom)
      if (index % ROWS_PER_TURN === ROWS_PER_TURN - 1) await turn()
    }
    return rows.take()
  }

  /** Adds the row of one record, with its line end, once its schema is there. @throws as `encode`, and then the row is void */
  add (rows: RowBytes, record: FetchedRecord, planFrom: bigint): void {
    const { topic, partition, offset, timestampMs, key, value, headers } = record
    rows.field(topic).byte(TAB).padded(partition, 1).byte(TAB).plain(String(offset)).byte(TAB).plain(String(planFrom)).byte(TAB)
      .padded(checksum(record), 1).byte(TAB)
    addTime(rows, timestampMs).byte(TAB)
    if (key !== null) rows.utf8Field(key)
    rows.byte(TAB).field(headersText(headers)).byte(TAB)
    const read = this.#payloadOf(rows, topic, value)
    if (read instanceof Error) {
      addTime(rows.plain('\t\t\t'), timestampMs).plain('\t\t0.0000\t\t').field(read.message)
        .plain(`\t${key?.toString('base64') ?? ''}\t${value?.toString('base64') ?? ''}\n`)
      return
    }
    const { eventId, occurredAtMs, orderId, amount, currency } = payloadFacts(read.fields)
    addTime(rows.byte(TAB).field(read.type).byte(TAB).field(eventId).byte(TAB), occurredAtMs ?? timestampMs).byte(TAB)
      .field(orderId).byte(TAB).plain(decimalText(amount)).byte(TAB).field(currency).plain('\t\t\t\n')
  }

  /** Adds the payload: as it is told, else of the value itself. Adds nothing when there is no value, and answers why. @throws as `encode` */
  #payloadOf (rows: RowBytes, topic: string, bytes: Buffer | null): { readonly type: string, readonly fields: Readonly<FactFields> } | Error {
    if (bytes === null) return new Error('the record has no value')
    const start = rows.mark()
    this.#payload.begin(rows)
    const told = this.#decoder.tell?.(topic, bytes, this.#payload)
    if (told !== undefined) return { type: told, fields: this.#payload.found }
    rows.reset(start)
    try {
      const value = this.#decoder.decode(topic, bytes)
      rows.json(value)
      return { type: value.type, fields: factFields(value as unknown as Readonly<Record<string, unknown>>) }
    } catch (error) {
      if (!isUnreadable(error)) throw error
      return ensureError(error)
    }
  }
}

/** Waits for a schema; one that nobody knows is found out by `decode`. */
async function prepared (waiting: Promise<void>): Promise<void> {
  try {
    await waiting
  } catch (error) {
    if (!isUnreadable(error)) throw error
  }
}

/** Checksum of key and value: what a reconciler compares with the log. */
export function checksum (record: Pick<FetchedRecord, 'key' | 'value'>): number {
  return crc32(record.value ?? '', crc32(record.key ?? ''))
}

const DAY_MS = 86_400_000
const TAB = 0x09
const SPACE = 0x20
const POINT = 0x2e
const COLON = 0x3a
/** The day written last: rows come in the order of time. */
let lastDay = { number: -1, text: '' }

/** Adds `2023-11-14 22:13:20.001`, UTC. Times that the table cannot hold become its first one. */
function addTime (rows: RowBytes, epochMs: number): RowBytes {
  const time = epochMs >= 0 ? Math.floor(epochMs) : 0
  const day = Math.floor(time / DAY_MS)
  if (day !== lastDay.number) lastDay = { number: day, text: new Date(time).toISOString().slice(0, 10) }
  const ms = time - day * DAY_MS
  const seconds = Math.floor(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  return rows.plain(lastDay.text).byte(SPACE)
    .padded(Math.floor(minutes / 60), 2).byte(COLON).padded(minutes % 60, 2).byte(COLON).padded(seconds % 60, 2).byte(POINT).padded(ms % 1000, 3)
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
