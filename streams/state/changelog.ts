import { type Topology } from '../topology.ts'
import { StreamsError } from '../errors.ts'
import { NO_HEADERS, partitionKey, type OutgoingRecord } from '../record.ts'
import { type TransactionUnit } from '../kafka/port.ts'
import { type Ancestor, type Lineage } from './lineage.ts'

/**
 * The layout of a task's changelog: names, record keys, and the two control records.
 *
 * A changelog partition belongs to one task. Its keys: `owner` (ownership record), `progress` (progress record), `s/<store>/<key>`
 * (store rows), `t/<key>` (timers), `e/<effect>/<key>` (open effects), `p/<lane>/<key>` (parked keys), `w/<place>` (what waits behind
 * them). `owner` and `progress` are apart, so that compaction can never lose a progress record to an ownership record written before
 * the old progress is known.
 */

/** Changelog topic of a processor or sink. */
export function changelogTopic (applicationId: string, node: string): string {
  return `${applicationId}-${node}-changelog`
}

/** The transactional id of a task: never random, so that a new owner fences the old one. */
export function transactionalId (applicationId: string, node: string, partition: number): string {
  return `${applicationId}.${node}.${partition}`
}

/** The hash slot of a task in the state backend. */
export function taskKey (applicationId: string, node: string, partition: number): string {
  return `${applicationId}:${node}:${partition}`
}

/** Short id of a task inside an application: `orders-3`. */
export function taskId (node: string, partition: number): string {
  return `${node}-${partition}`
}

/** Every changelog topic of a topology. */
export function changelogNames (topology: Topology): string[] {
  return topology.nodes.map(node => changelogTopic(topology.applicationId, node.name))
}

export const OWNER_KEY = Buffer.from('owner')
export const PROGRESS_KEY = Buffer.from('progress')

/** State-store name of the timer rows of a task. Names with `#` are the runtime's: user stores cannot have them. */
export const TIMER_STORE = '#timers'
/** State-store name of the parked keys of a task. */
export const PARKED_STORE = '#parked'
/** State-store name of what waits because its key is parked. */
export const WAITING_STORE = '#waiting'
const EFFECT_STORES = '#effects/'
const RUNTIME_PREFIXES: ReadonlyMap<string, string> = new Map([[TIMER_STORE, 't/'], [PARKED_STORE, 'p/'], [WAITING_STORE, 'w/']])

/** State-store name of the open rows of one effect. */
export function effectStore (effect: string): string {
  return EFFECT_STORES + effect
}

/** What goes before the row key in the changelog key of a state store: `s/<store>/`, `t/`, `e/<effect>/`, `p/` or `w/`. */
export function changelogPrefix (store: string): string {
  const prefix = RUNTIME_PREFIXES.get(store)
  if (prefix !== undefined) return prefix
  return store.startsWith(EFFECT_STORES) ? `e/${store.slice(EFFECT_STORES.length)}/` : `s/${store}/`
}

export type ChangelogKey =
  | { readonly kind: 'owner' }
  | { readonly kind: 'progress' }
  /** `store` is the state-store name, as the backend and the task know it. */
  | { readonly kind: 'row', readonly store: string, readonly key: string }

const OWNER: ChangelogKey = Object.freeze({ kind: 'owner' })
const PROGRESS: ChangelogKey = Object.freeze({ kind: 'progress' })

/**
 * Reads a changelog key.
 *
 * @throws {StreamsError} STR_CHANGELOG_UNREADABLE when the key is of no known form: written by another version or another program.
 */
export function parseChangelogKey (bytes: Buffer | null): ChangelogKey {
  const text = bytes?.toString() ?? ''
  if (text === 'progress') return PROGRESS
  if (text === 'owner') return OWNER
  if (text.startsWith('t/')) return { kind: 'row', store: TIMER_STORE, key: text.slice(2) }
  const end = text.indexOf('/', 2)
  if (end > 2 && text.startsWith('s/')) return { kind: 'row', store: text.slice(2, end), key: text.slice(end + 1) }
  if (end > 2 && text.startsWith('e/')) return { kind: 'row', store: effectStore(text.slice(2, end)), key: text.slice(end + 1) }
  if (text.startsWith('p/')) return { kind: 'row', store: PARKED_STORE, key: text.slice(2) }
  if (text.startsWith('w/')) return { kind: 'row', store: WAITING_STORE, key: text.slice(2) }
  throw new StreamsError('STR_CHANGELOG_UNREADABLE', { key: text.slice(0, 1) })
}

/** How far a task has come, in one transaction with everything it caused. */
export interface Progress {
  /** Grows by one with every cycle, over every owner. */
  readonly sequence: bigint
  /** Last context time, epoch ms: context time never goes below it. */
  readonly contextTimeMs: number
  /** Next offset to read, by input topic; the partition is the task's. */
  readonly offsets: ReadonlyMap<string, bigint>
  /** Who made the history that ends here. @default nobody yet */
  readonly lineage?: Lineage
}

/** Without a lineage: what provisioning writes. 2 is a sink's plan. */
const FIRST_VERSION = 1
const PROGRESS_VERSION = 3
const ANCESTOR_BYTES = 16

/** True for a progress record in this form; a sink's plan has another. */
export function isProgress (bytes: Buffer): boolean {
  return bytes[0] === FIRST_VERSION || bytes[0] === PROGRESS_VERSION
}

/**
 * Version byte, sequence u64, context time f64, count u16, then per input: name length u16, name, next offset u64; with a lineage also
 * count u8, then per ancestor: id u64, since i64.
 */
export function encodeProgress (progress: Progress): Buffer {
  const { lineage = [] } = progress
  let size = 19 + (lineage.length === 0 ? 0 : 1 + lineage.length * ANCESTOR_BYTES)
  for (const topic of progress.offsets.keys()) size += 10 + Buffer.byteLength(topic)
  const bytes = Buffer.allocUnsafe(size)
  bytes[0] = lineage.length === 0 ? FIRST_VERSION : PROGRESS_VERSION
  bytes.writeBigUInt64BE(progress.sequence, 1)
  bytes.writeDoubleBE(progress.contextTimeMs, 9)
  let at = bytes.writeUInt16BE(progress.offsets.size, 17)
  for (const [topic, offset] of progress.offsets) {
    const length = bytes.write(topic, at + 2)
    bytes.writeUInt16BE(length, at)
    at = bytes.writeBigUInt64BE(offset, at + 2 + length)
  }
  if (lineage.length > 0) at = bytes.writeUInt8(lineage.length, at)
  for (const { id, since } of lineage) at = bytes.writeBigInt64BE(since, bytes.writeBigUInt64BE(id, at))
  return bytes
}

/** @throws {StreamsError} STR_CHANGELOG_UNREADABLE */
export function decodeProgress (bytes: Buffer): Progress {
  try {
    if (!isProgress(bytes)) throw new RangeError('unknown version')
    const offsets = new Map<string, bigint>()
    let at = 19
    for (let left = bytes.readUInt16BE(17); left > 0; left--) {
      const length = bytes.readUInt16BE(at)
      const offset = bytes.readBigUInt64BE(at + 2 + length)
      offsets.set(bytes.toString('utf8', at + 2, at + 2 + length), offset)
      at += 10 + length
    }
    const lineage: Ancestor[] = []
    if (bytes[0] === PROGRESS_VERSION) {
      const end = at + 1 + bytes.readUInt8(at) * ANCESTOR_BYTES
      for (at++; at < end; at += ANCESTOR_BYTES) lineage.push({ id: bytes.readBigUInt64BE(at), since: bytes.readBigInt64BE(at + 8) })
    }
    if (at !== bytes.length) throw new RangeError('trailing bytes')
    return { sequence: bytes.readBigUInt64BE(1), contextTimeMs: bytes.readDoubleBE(9), offsets, lineage }
  } catch (error) {
    throw new StreamsError('STR_CHANGELOG_UNREADABLE', { record: 'progress', version: bytes[0] }, error)
  }
}

/** Who took the task. Its offset in the changelog is the owner token: it grows with the log. */
export interface Ownership {
  /** Random id of this acquisition. */
  readonly incarnation: string
  /** The process, for people. */
  readonly instance: string
  readonly timeMs: number
}

const OWNERSHIP_VERSION = 1

export function encodeOwnership (ownership: Ownership): Buffer {
  const { incarnation, instance, timeMs } = ownership
  return Buffer.concat([Buffer.of(OWNERSHIP_VERSION), Buffer.from(JSON.stringify({ incarnation, instance, timeMs }))])
}

/** @throws {StreamsError} STR_CHANGELOG_UNREADABLE */
export function decodeOwnership (bytes: Buffer): Ownership {
  try {
    if (bytes[0] !== OWNERSHIP_VERSION) throw new RangeError('unknown version')
    const { incarnation, instance, timeMs } = JSON.parse(bytes.toString('utf8', 1)) as Ownership
    return { incarnation, instance, timeMs }
  } catch (error) {
    throw new StreamsError('STR_CHANGELOG_UNREADABLE', { record: 'owner', version: bytes[0] }, error)
  }
}

/**
 * Commits an ownership record in a transaction of its own and returns its offset, the owner token, with the broker's clock.
 *
 * @throws {StreamsError} STR_TXN_FENCED, STR_TXN_UNKNOWN as `TransactionUnit.commit`
 */
export async function writeOwnership (
  unit: TransactionUnit, at: { readonly topic: string, readonly partition: number }, ownership: Ownership
): Promise<{ readonly token: bigint, readonly brokerTimeMs: number }> {
  const record: OutgoingRecord = { topic: at.topic, partition: at.partition, key: OWNER_KEY, value: encodeOwnership(ownership), headers: NO_HEADERS }
  const result = await unit.commit([record])
  const offsets = result.offsets.get(partitionKey(at.topic, at.partition))
  if (offsets === undefined) throw new StreamsError('STR_TXN_UNKNOWN', { transactionalId: unit.transactionalId, reason: 'no offset answered' })
  return { token: offsets.first, brokerTimeMs: result.brokerTimeMs }
}
