import { StreamsError } from '../errors.ts'
import { type FetchedRecord, type RecordHeader } from '../record.ts'

/** A record that waits: as it was read, with the context time it would have had. */
export interface RecordEntry {
  readonly kind: 'record'
  readonly record: FetchedRecord
  /** Context time when its turn had come, epoch ms. */
  readonly atMs: number
  /** Size of key, value and headers that were too large to be kept: they are still at the origin. 0 = all is here. */
  readonly omittedBytes: number
}

/** A timer that waits. Its row stays among the timers, and decides whether it still fires (A4). */
export interface TimerEntry { readonly kind: 'timer', readonly key: string, readonly dueMs: number, readonly version: bigint }

/** An effect whose finish failed. Its row stays among the open effects. */
export interface EffectEntry { readonly kind: 'effect', readonly effect: string, readonly key: string, readonly idempotencyKey: string }

/** What stands in the queue of a parked key. */
export type Entry = RecordEntry | TimerEntry | EffectEntry

type Lengths = ReadonlyArray<readonly [name: string, length: number | null]>

interface RecordHead {
  readonly kind: 'record'
  readonly topic: string
  readonly partition: number
  readonly offset: string
  readonly timestampMs: number
  readonly atMs: number
  readonly omittedBytes: number
  readonly keyBytes: number | null
  readonly valueBytes: number | null
  readonly headers: Lengths
}

const VERSION = 1

/** Version byte, head length u32, head as JSON; of a record then the bytes of key, value and header values. */
export function encodeEntry (entry: Entry): Buffer {
  if (entry.kind === 'timer') return frame({ ...entry, version: String(entry.version) }, [])
  if (entry.kind === 'effect') return frame(entry, [])
  const { record, atMs, omittedBytes } = entry
  const { topic, partition, offset, timestampMs, key, value, headers } = record
  const head: RecordHead = {
    kind: 'record',
    topic,
    partition,
    offset: String(offset),
    timestampMs,
    atMs,
    omittedBytes,
    keyBytes: key?.length ?? null,
    valueBytes: value?.length ?? null,
    headers: headers.map(([name, bytes]) => [name, bytes?.length ?? null])
  }
  return frame(head, [key, value, ...headers.map(([, bytes]) => bytes)])
}

/** The entry without the bytes of its record, for a queue that cannot hold them. */
export function withoutBytes (entry: Entry): Entry {
  if (entry.kind !== 'record') return entry
  const { key, value, headers } = entry.record
  const headerBytes = headers.reduce((sum, [name, bytes]) => sum + name.length + (bytes?.length ?? 0), 0)
  return { ...entry, record: { ...entry.record, key: null, value: null, headers: [] }, omittedBytes: (key?.length ?? 0) + (value?.length ?? 0) + headerBytes }
}

/** @throws {StreamsError} STR_CHANGELOG_UNREADABLE */
export function decodeEntry (bytes: Buffer): Entry {
  try {
    if (bytes[0] !== VERSION) throw new RangeError('unknown version')
    const start = 5 + bytes.readUInt32BE(1)
    const head = JSON.parse(bytes.toString('utf8', 5, start)) as RecordHead | EffectEntry | (Omit<TimerEntry, 'version'> & { readonly version: string })
    if (head.kind === 'effect') return head
    if (head.kind === 'timer') return { ...head, version: BigInt(head.version) }
    return decodeRecord(head, bytes, start)
  } catch (error) {
    throw new StreamsError('STR_CHANGELOG_UNREADABLE', { record: 'waiting', version: bytes[0] }, error)
  }
}

function decodeRecord (head: RecordHead, bytes: Buffer, start: number): RecordEntry {
  let at = start
  const take = (length: number | null): Buffer | null => {
    if (length === null) return null
    at += length
    return bytes.subarray(at - length, at)
  }
  const [key, value] = [take(head.keyBytes), take(head.valueBytes)]
  const headers = head.headers.map(([name, length]): RecordHeader => [name, take(length)])
  if (at !== bytes.length) throw new RangeError('another length than it says')
  const { topic, partition, offset, timestampMs, atMs, omittedBytes } = head
  return { kind: 'record', record: { topic, partition, offset: BigInt(offset), timestampMs, key, value, headers }, atMs, omittedBytes }
}

function frame (head: object, parts: ReadonlyArray<Buffer | null>): Buffer {
  const json = Buffer.from(JSON.stringify(head))
  const start = Buffer.allocUnsafe(5)
  start[0] = VERSION
  start.writeUInt32BE(json.length, 1)
  return Buffer.concat([start, json, ...parts.filter(part => part !== null)])
}
