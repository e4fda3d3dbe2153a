import { channel, type Channel } from 'node:diagnostics_channel'
import { type ParkedCounts } from './parking/parked-keys.ts'
import { type GlobalTableStatus } from './runtime/global-table.ts'
import { type Source } from './processor.ts'
import { type FetchedRecord, type OutgoingRecord, type RecordHeader } from './record.ts'
import { type HeldPartition } from './runtime/held-partitions.ts'
import { type TaskStatus } from './runtime/runner.ts'

/** The logger the runtime writes to: pino's shape. Object first, constant lower-case message last. */
export interface Logger {
  info (details: object, message: string): void
  warn (details: object, message: string): void
  error (details: object, message: string): void
  debug (details: object, message: string): void
  child (bindings: object): Logger
}

const nothing = (): void => {}
/** Logs nothing. */
export const silentLogger: Logger = Object.freeze({ info: nothing, warn: nothing, error: nothing, debug: nothing, child: () => silentLogger })

interface OfTask { readonly processor: string, readonly partition: number }

/** The trace context (`traceparent`, `tracestate`) that something hands on to what it causes. A listener may put another one here. */
export interface TraceCarrier { trace: readonly RecordHeader[] }

/** Records on their way through the plain producer. A listener may put the same ones with other headers here. */
export interface PlainSend { records: readonly OutgoingRecord[] }

/** Payload of every channel. Durations are milliseconds, counts are of that event. */
export interface ChannelPayloads {
  /** A cycle was committed. `e2eMs`: append time of its oldest input to commit, broker clock; −1 without input. */
  'streams:cycle:committed': OfTask & {
    readonly records: number,
    readonly outputs: number,
    readonly changes: number,
    readonly timers: number,
    readonly effects: number
    readonly processMs: number,
    readonly commitMs: number,
    readonly e2eMs: number
  }
  /** The code of the processor is about to see an input. What follows until `streams:input:ended` is synchronous, and of this input alone. */
  'streams:input:begun': OfTask & { readonly source: Source, readonly headers: readonly RecordHeader[], readonly carrier: TraceCarrier }
  /**
   * It has seen it. again: it waits for a row, and will see it once more. `value`: of a record that was decoded, else undefined; never
   * to be written anywhere as a whole.
   */
  'streams:input:ended': OfTask & { readonly how: 'handled' | 'again' | 'failed', readonly key: string, readonly value: object | undefined, readonly error: Error | undefined }
  /** Records go to the broker outside any transaction. `send` is the same object until it ended. */
  'streams:send:begun': { readonly send: PlainSend }
  'streams:send:ended': { readonly send: PlainSend, readonly error: Error | undefined }
  /** A transaction ended otherwise than by a commit. */
  'streams:transaction:failed': OfTask & { readonly result: 'fenced' | 'unknown', readonly error: Error }
  /** A cycle was taken back before anything was sent. */
  'streams:cycle:dropped': OfTask & { readonly reason: 'stale-read' | 'output-too-large' | 'error', readonly error: Error }
  /** An input went another way than through its handler, for now or for good. */
  'streams:record:diverted': OfTask & { readonly how: Diversion, readonly reason: string }
  /** Records of types that no handler names. */
  'streams:record:passed': OfTask & { readonly records: number }
  /** Keys that are parked and inputs that wait behind their heads, as of a commit. */
  'streams:parking:changed': OfTask & ParkedCounts
  /** A compensation has failed so often that somebody should look at it; it is tried again all the same. */
  'streams:parking:stuck': OfTask & { readonly attempts: number, readonly reason: string, readonly topic: string, readonly offset: bigint }
  'streams:task:changed': { readonly status: TaskStatus }
  /** One Acquire ended well. `wiped` says why the state was rebuilt from nothing, or is null. */
  'streams:task:acquired': OfTask & { readonly tookMs: number, readonly restoredRecords: number, readonly wiped: WipeReason | null }
  /** One Acquire ended badly and is repeated, or the task gave up. */
  'streams:task:acquire-failed': OfTask & { readonly attempt: number, readonly error: Error }
  /** Records replayed so far and offsets to go, during a restore. */
  'streams:restore:moved': OfTask & { readonly records: number, readonly remaining: bigint }
  'streams:state:read': OfTask & { readonly keys: number, readonly tookMs: number }
  'streams:state:applied': OfTask & { readonly writes: number, readonly tookMs: number, readonly answer: string }
  /** Changelog offsets of a task that are committed and not yet known to be in its state; 0 = none. */
  'streams:state:behind': OfTask & { readonly offsets: bigint }
  'streams:effect:called': OfTask & { readonly effect: string, readonly outcome: string, readonly attempt: number, readonly tookMs: number, readonly carrier: TraceCarrier }
  'streams:assignment:changed': { readonly generation: number, readonly gained: readonly string[], readonly lost: readonly string[], readonly owned: number }
  /** An open transaction holds back the readers of a partition that this process uses; told every few seconds. `heldMs` 0 = no more. */
  'streams:partition:held': HeldPartition
  'streams:app:changed': { readonly state: string }
  /** Offsets that wait in the inputs of a task, every few seconds. */
  'streams:lag:measured': OfTask & { readonly records: bigint }
  /** A sink committed a plan: ranges to insert now (0 = the plan before is acknowledged and nothing follows). */
  'streams:sink:planned': OfTask & { readonly ranges: number, readonly rows: number, readonly bytes: number, readonly commitMs: number }
  /** Every range of the plan is in the target. `freshnessMs`: append time of its oldest record to now. */
  'streams:sink:landed': OfTask & {
    readonly rows: number
    readonly tookMs: number
    readonly freshnessMs: number
    /** The records of each range, one topic each. */
    readonly ranges: ReadonlyArray<readonly FetchedRecord[]>
  }
  /** A call to the target failed, or a proof did not hold: it is repeated. */
  'streams:sink:troubled': OfTask & { readonly topic: string, readonly error: Error }
  /** A range in doubt was found in the target: what was sent had landed, and was not sent again. */
  'streams:sink:recognised': OfTask & { readonly topic: string, readonly rows: number }
  /** How large a global table is, and how far its partitions are, every few seconds. */
  'streams:global:measured': GlobalTableStatus
  /** A record of a global table that does not decode: it is not in the table. */
  'streams:global:unreadable': { readonly table: string, readonly partition: number, readonly offset: bigint, readonly error: Error }
}

/**
 * dead-letter: a dead letter, its key goes on. park: a dead letter, and its key waits. retry: tried again later, its key waits. wait:
 * its key is parked. discard: dropped by an operator. continue: passed over by an exception handler. forward: belongs elsewhere (A12).
 * duplicate: its event was handled before (`withInbox`).
 */
export type Diversion = 'dead-letter' | 'park' | 'retry' | 'wait' | 'discard' | 'continue' | 'forward' | 'duplicate'

/** Why the state of a task was rebuilt from nothing. */
export type WipeReason = 'empty' | 'log-went-back' | 'progress-not-met' | 'retention' | 'incomplete' | 'layout'

export type ChannelName = keyof ChannelPayloads

const NAMES = [
  'streams:input:begun', 'streams:input:ended', 'streams:send:begun', 'streams:send:ended',
  'streams:cycle:committed', 'streams:transaction:failed', 'streams:cycle:dropped', 'streams:record:diverted', 'streams:record:passed',
  'streams:task:changed', 'streams:task:acquired', 'streams:task:acquire-failed', 'streams:restore:moved', 'streams:state:read',
  'streams:state:applied', 'streams:state:behind', 'streams:effect:called', 'streams:assignment:changed', 'streams:app:changed', 'streams:lag:measured',
  'streams:partition:held', 'streams:parking:changed', 'streams:parking:stuck', 'streams:global:unreadable', 'streams:global:measured', 'streams:sink:planned',
  'streams:sink:landed', 'streams:sink:troubled', 'streams:sink:recognised'
] as const satisfies readonly ChannelName[]

const channels = new Map<ChannelName, Channel>(NAMES.map(name => [name, channel(name)]))

/** Publishes to a channel of the runtime; the payload is built only when somebody listens. */
export function publish<Name extends ChannelName> (name: Name, payload: () => ChannelPayloads[Name]): void {
  const target = channels.get(name)
  if (target?.hasSubscribers === true) target.publish(payload())
}

/** True when somebody listens: for what would cost something to prepare. */
export function isHeard (name: ChannelName): boolean {
  return channels.get(name)?.hasSubscribers === true
}

/** Listens to a channel of the runtime; the returned function ends it. A listener must not throw. */
export function listen<Name extends ChannelName> (name: Name, listener: (payload: ChannelPayloads[Name]) => void): () => void {
  const target = channels.get(name)
  const onMessage = (payload: unknown): void => listener(payload as ChannelPayloads[Name])
  target?.subscribe(onMessage)
  return () => { target?.unsubscribe(onMessage) }
}
