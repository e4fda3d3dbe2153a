import { isUtf8 } from 'node:buffer'
import { ensureError, isStreamsError, StreamsError } from '../errors.ts'
import { partitionOf } from '../kafka/murmur2.ts'
import { type DeadLetterCommand } from '../parking/command.ts'
import { type EffectEntry, type Entry, type TimerEntry } from '../parking/entry.ts'
import { type LaneRef } from '../parking/lane.ts'
import { type Waited } from '../parking/parked-keys.ts'
import { type EffectDef, type EffectOutcome, type EffectRow, type Handler, type InputDef, type ProcessorDef } from '../processor.ts'
import { type FetchedRecord, type RecordHeader } from '../record.ts'
import { type TypedValue } from '../serde/serde.ts'

/** An input record on its way through a cycle. */
export interface RecordItem {
  readonly kind: 'record'
  readonly record: FetchedRecord
  readonly key: string
  readonly value: TypedValue | undefined
  /** undefined with a value: no handler names its type. */
  readonly handler: Handler | undefined
  /** Why it cannot be handled. */
  readonly error: Error | undefined
  /** The partition it belongs to, when that is not this one; −1 = this one. */
  readonly forwardTo: number
  /** Its place in the queue of its key, when it waited; with the context time it has then, and what could not be kept of it. */
  readonly waited: Waited & { readonly atMs: number, readonly omittedBytes: number } | undefined
}

/** A timer that the index says is due, or that waited for its key. A hint: its row decides. */
export interface TimerItem { readonly kind: 'timer', readonly key: string, readonly dueMs: number, readonly waited: Waited & Pick<TimerEntry, 'version'> | undefined }

/** An effect whose outcome is known. */
export interface EffectItem {
  readonly kind: 'effect'
  readonly effect: EffectDef
  readonly row: EffectRow
  readonly outcome: EffectOutcome
  /** Trace context of the input that started it; empty when another owner of the task accepted it. */
  readonly trace: readonly RecordHeader[]
}

/** An effect whose finish failed and that is to be repeated. */
export interface AgainItem { readonly kind: 'again', readonly entry: EffectEntry, readonly waited: Waited }

/** What waited and is dropped, because an operator said so. */
export interface DropItem { readonly kind: 'drop', readonly entry: Entry, readonly waited: Waited }

/** What comes out of the queue of a parked key. */
export type WaitingItem = RecordItem | TimerItem | AgainItem | DropItem

/** A parked key whose redrive is only tried. */
export interface Trial { readonly ref: LaneRef, readonly items: readonly WaitingItem[] }

/** What an operator asks, in the record that says so; `trials` is what a dry run of it tries. */
export interface CommandItem { readonly kind: 'command', readonly record: FetchedRecord, readonly command: DeadLetterCommand, readonly trials: readonly Trial[] }

export type Item = RecordItem | TimerItem | EffectItem | AgainItem | DropItem | CommandItem

/** A pause before `prepareRecords` is asked again, ms. */
export const PREPARE_AGAIN_MS = 200

/**
 * Waits for the schemas of some records, when any is new. What cannot be had at all is left to `decode`.
 *
 * Resolves true when everything is ready, false when the registry does not answer: ask again.
 */
export async function prepareRecords (records: readonly FetchedRecord[], inputs: ReadonlyMap<string, InputDef>): Promise<boolean> {
  let waits: Promise<void>[] | undefined
  for (const record of records) {
    if (record.value === null) continue
    try {
      const wait = inputs.get(record.topic)?.topic.value.prepare?.(record.value)
      if (wait !== null && wait !== undefined) (waits ??= []).push(wait)
    } catch {
      // decode says what is wrong with it
    }
  }
  if (waits === undefined) return true
  const results = await Promise.allSettled(waits)
  return !results.some(result => result.status === 'rejected' && isStreamsError(result.reason) && result.reason.disposition === 'retry')
}

/** Next offsets while these items are still to be handled: if nobody handles them, their records are read again. */
export function offsetsBefore (left: readonly Item[], next: ReadonlyMap<string, bigint>): ReadonlyMap<string, bigint> {
  if (left.length === 0) return next
  const offsets = new Map(next)
  for (const item of left.toReversed()) if (isInput(item)) offsets.set(item.record.topic, item.record.offset)
  return offsets
}

/** A record that comes from its topic. What waited for its key was consumed when it came. */
export function isInput (item: Item): item is RecordItem {
  return item.kind === 'record' && item.waited === undefined
}

/**
 * Checks key, value and routing of a record; never throws, but with a disposition 'retry' or 'fatal' of a serde. A record whose type is
 * told by its serde, and that nobody handles, is passed over unread: whoever handles its type finds out whether its body parses.
 */
export function readRecord (record: FetchedRecord, input: InputDef, def: ProcessorDef, partition: number): RecordItem {
  if (record.key === null || !isUtf8(record.key)) return rejected(record, '', new StreamsError('STR_KEY_INVALID', { null: record.key === null }))
  const key = record.key.toString()
  if (record.value === null) return rejected(record, key, new StreamsError('STR_RECORD_UNREADABLE', { reason: 'no value' }))
  const handlers = def.handlers as { readonly [type: string]: Handler | undefined }
  let value: TypedValue
  let forwardTo = -1
  try {
    const type = input.route === undefined ? input.topic.value.typeOf?.(record.value) : undefined
    value = type !== undefined && !Object.hasOwn(handlers, type) ? { type } : input.topic.value.decode(record.value)
    forwardTo = belongsTo(input, record.key, key, value, partition)
  } catch (error) {
    if (isStreamsError(error) && error.disposition !== 'dead-letter') throw error
    return rejected(record, key, isStreamsError(error) ? error : new StreamsError('STR_RECORD_UNREADABLE', { topic: record.topic }, ensureError(error)))
  }
  const handler = Object.hasOwn(handlers, value.type) ? handlers[value.type] : undefined
  return { kind: 'record', record, key, value, handler, error: undefined, forwardTo, waited: undefined }
}

function belongsTo (input: InputDef, keyBytes: Buffer, key: string, value: TypedValue, partition: number): number {
  const partitions = input.topic.partitions
  if (input.route === undefined) {
    const home = partitionOf(keyBytes, partitions)
    return home === partition ? -1 : home
  }
  const homes = new Set(input.route(value, key, partitions))
  const [home] = homes
  if (homes.size !== 1 || home === undefined || !Number.isInteger(home) || home < 0 || home >= partitions) {
    throw new StreamsError('STR_ROUTE_MIXED', { topic: input.topic.name, partitions: homes.size })
  }
  return home === partition ? -1 : home
}

/** A record that cannot be handled, and why. */
export function rejected (record: FetchedRecord, key: string, error: Error): RecordItem {
  return { kind: 'record', record, key, value: undefined, handler: undefined, error, forwardTo: -1, waited: undefined }
}
