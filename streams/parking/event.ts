import { NO_HEADERS, type OutgoingRecord } from '../record.ts'
import { type Entry } from './entry.ts'
import { type LaneName } from './lane.ts'

/** Where an input that failed came from. Offsets are decimal text; for timers and effects the topic is the changelog and the offset −1. */
export interface EventOrigin { readonly kind: Entry['kind'], readonly topic: string, readonly partition: number, readonly offset: string }

interface OfKey {
  readonly key: string
  /** compensation: what is tried until it is done. */
  readonly lane: LaneName
}

interface OfInput extends OfKey { readonly origin: EventOrigin, readonly reason: string, readonly attempts: number }

/** What a redrive of one key would do, as far as it was tried: nothing of it has taken place. */
export interface Rehearsal extends OfInput {
  /** Inputs of the key, the dead one included. */
  readonly waiting: number
  /** Inputs that would be handled, one after the other. */
  readonly handled: number
  /** Records they would emit, by topic, and rows they would write, by store. */
  readonly outputs: Readonly<Record<string, number>>
  readonly changes: Readonly<Record<string, number>>
  /** The failure that would park the key again. */
  readonly failure: { readonly origin: EventOrigin, readonly reason: string, readonly message: string } | null
}

/**
 * What an operator is told about parked keys.
 *
 * DeadLetterParked: an input became a dead letter and its key waits. DeadLetterRedriven: it was handled after a redrive.
 * DeadLetterDiscarded: it was dropped. KeyStuck: an input that is tried for ever has failed so often that somebody should look.
 * KeyReleased: nothing of a key that was told about waits any more. CommandReport: the answer to a Redrive or Discard.
 */
export type ParkingEvent =
  | { readonly type: 'DeadLetterParked' | 'KeyStuck', readonly message: string } & OfInput
  | { readonly type: 'DeadLetterRedriven' | 'DeadLetterDiscarded' } & OfInput
  | { readonly type: 'KeyReleased' } & OfKey
  | {
    readonly type: 'CommandReport'
    readonly id: string
    readonly command: 'Redrive' | 'Discard'
    readonly dryRun: boolean
    /** Keys the command is about, and the inputs that wait in them, dead ones included. */
    readonly keys: number
    readonly waiting: number
    /** Those keys by the reason of their head. */
    readonly reasons: Readonly<Record<string, number>>
    /** Of a dry run of Redrive: what was tried, at most so many keys that one transaction holds them. */
    readonly rehearsals: readonly Rehearsal[]
  }

/** Where such events go. */
export interface EventTarget { readonly topic: string, readonly partitions: number }

/** A task, as events name it. */
export interface EventTask { readonly processor: string, readonly partition: number }

/** An event as it is written: JSON with task and time added, under its ordering key, in the task's own partition (modulo the topic's count). */
export function eventRecord (target: EventTarget, task: EventTask, event: ParkingEvent, atMs: number): OutgoingRecord {
  const { type, ...rest } = event
  const value = Buffer.from(JSON.stringify({ type, ...task, at: atMs, ...rest }))
  const key = Buffer.from('key' in event ? event.key : task.processor)
  return { topic: target.topic, partition: task.partition % target.partitions, key, value, headers: NO_HEADERS }
}

/** An event as a reader of the topic has it. */
export type ToldEvent = ParkingEvent & EventTask & { readonly at: number }

/** Reads an event. Throws on bytes that are none. */
export function decodeEvent (bytes: Buffer): ToldEvent {
  return JSON.parse(bytes.toString()) as ToldEvent
}
