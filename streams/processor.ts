import { type RecordHeader, type TopicPartition } from './record.ts'
import { type Serde, type TypedValue } from './serde/serde.ts'
import { type RangeRequest, type ScanPage } from './state/query.ts'
import { type TopicDef } from './topic.ts'

/** A key-value store of a processor: changelogged, materialised in the state backend. Keys are plain UTF-8. */
export interface StoreDef<V = unknown> extends StoreOptions {
  readonly name: string
  readonly value: Serde<V>
}

export interface StoreOptions {
  /**
   * Keeps the keys in order, so that the store can be scanned. Costs a second index in the state backend. State that was begun without
   * it, or with it, is rebuilt from the changelog when that changes.
   */
  readonly ordered?: boolean
  /**
   * How long a row lives after it was last put, ms of context time; then it is absent for every input, and is removed by a timer. A row
   * that was put before the store had a `ttlMs` lives until it is put again. Costs a second row. @default for ever
   */
  readonly ttlMs?: number
}

export function defineStore<V> (name: string, value: Serde<V>, options: StoreOptions = {}): StoreDef<V> {
  return Object.freeze({ ...options, name, value })
}

/** A compacted topic held whole in each process; read to its end before anything is processed (R11). */
export interface GlobalTableDef<V extends TypedValue = TypedValue> {
  readonly name: string
  readonly topic: TopicDef<V>
}

export function defineGlobalTable<V extends TypedValue> (name: string, topic: TopicDef<V>): GlobalTableDef<V> {
  return Object.freeze({ name, topic })
}

/** What caused the handler to run: the identity that ids are derived from, stable over every repeat. */
export type Source =
  | { readonly kind: 'record', readonly topic: string, readonly partition: number, readonly offset: bigint }
  | { readonly kind: 'timer', readonly key: string, readonly dueMs: number, readonly version: bigint }
  | { readonly kind: 'effect', readonly effect: string, readonly key: string, readonly idempotencyKey: string }

export interface KeyValueStore<V> {
  /** The value as of this point of the cycle, own writes included; undefined = absent. */
  get (key: string): V | undefined
  put (key: string, value: V): void
  delete (key: string): void
  /**
   * Rows of a range in the order of their keys, own writes included. Only for stores declared as `ordered`. Suspends like a `get`;
   * name the same range in `reads` to have it read ahead. What one input scans is bounded: STR_SCAN_TOO_LARGE.
   */
  scan (range: RangeRequest): ScanPage<V>
}

export interface Timers {
  /** Sets or replaces the timer of that key. `payload` is at most a few hundred bytes of UTF-8. */
  set (key: string, dueMs: number, payload?: string): void
  cancel (key: string): void
}

/**
 * All that a handler may touch. Handlers are synchronous and deterministic: no clock, no random, no I/O, no await.
 *
 * A `get` of a key that was not prefetched suspends the handler (by a throw that it must not catch), loads the key, undoes what
 * the handler did and runs it again: declare `reads` to avoid that, never for correctness.
 */
export interface ProcessorContext {
  readonly task: { readonly processor: string, readonly partition: number }
  readonly source: Source
  /**
   * Context time: append time of the input, or broker-corrected now for timers and effects; never goes back within a task, but for a
   * record that waited for its parked key: it has the time that it would have had.
   */
  readonly nowMs: number
  /**
   * Broker-corrected now, for records too, and never before `nowMs`: where a deadline starts that must leave somebody its whole time,
   * however long the input waited. Unlike all else here it is another one when the input is handled again: never put it into an id or an event.
   */
  readonly wallMs: number
  /** When this task was acquired, broker-corrected epoch ms: before, nobody here could have seen an answer. */
  readonly runningSinceMs: number
  /** Headers of the input record (empty for timers and effects); trace headers are passed on to outputs by the runtime. */
  readonly headers: readonly RecordHeader[]
  /** The next id derived from the source: UUIDv5 over (processor, topic, partition, offset, index), the same on every repeat. */
  nextId (): string
  store<V> (def: StoreDef<V>): KeyValueStore<V>
  /** Emits to a declared output. Without a partition the key decides (murmur2). */
  emit<V extends TypedValue> (topic: TopicDef<V>, record: { readonly key: string, readonly value: V, readonly partition?: number }): void
  readonly timers: Timers
  /**
   * Reads a declared global table. Copy value and version into the event: a later run may see newer ones. A key is reported absent
   * only after the table was read to the end that its topic had once the inputs of this cycle were taken: who wrote the row before
   * it sent its command is never told that the row does not exist.
   */
  global<V extends TypedValue> (def: GlobalTableDef<V>): { get (key: string): { readonly value: V, readonly version: bigint } | undefined }
  /**
   * Accepts an effect: its frozen request becomes a row in this transaction; the call is made after the commit; its outcome comes
   * back through the effect's `finish`. At most one row may be open per effect and key: throws when one is.
   */
  startEffect<Request> (effect: EffectDef<Request>, call: { readonly key: string, readonly idempotencyKey: string, readonly request: Request }): void
  /** True while an accepted effect of that key has not finished. */
  isEffectOpen (effect: EffectDef, key: string): boolean
  /**
   * Ends an open effect without its finish, for when its outcome became known in another way: the row goes in this transaction; after
   * the commit a call in flight is aborted, and whatever it still answers is dropped. False when none was open.
   */
  endEffect (effect: EffectDef, key: string): boolean
}

/** How an effect ended. `failed` = a known answer that says no; `unknown` = it cannot be known whether it was done. */
export type EffectOutcome<Result = unknown> =
  | { readonly kind: 'succeeded', readonly result: Result }
  | { readonly kind: 'failed', readonly code: string, readonly message: string, readonly retriable: boolean }
  | { readonly kind: 'unknown', readonly message: string }

export interface EffectRow<Request = unknown> {
  readonly key: string
  readonly idempotencyKey: string
  readonly request: Request
  readonly acceptedAtMs: number
}

/**
 * Work with the outside world: accept → call → finish, two transactions (see streams/DESIGN.md "Effects").
 * A row that may have been called (another owner had it, or a call was rejected) is called again with the same key while younger
 * than `keyLifeMs`; an older one is looked up, or without `lookup` follows `policy`: at-least-once calls it again, at-most-once ends it
 * as `unknown`, for a person. What that guarantees of each kind of provider: streams/DESIGN.md "Effects".
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export interface EffectDef<Request = any, Result = any> {
  readonly name: string
  readonly request: Serde<Request>
  /** How long the provider remembers an idempotency key, ms; 0 = it has none. */
  readonly keyLifeMs: number
  readonly policy: 'at-most-once' | 'at-least-once'
  /** One call, ms. @default 10000 */
  readonly timeoutMs?: number
  /** How long the provider may go on with a call that nobody waits for any more, ms: a lookup that finds nothing counts after that. @default timeoutMs */
  readonly settleMs?: number
  /** Calls in flight per task. @default 32 */
  readonly concurrency?: number
  /** Makes the call. Resolve with an outcome; a rejection is no answer: it is called again with backoff, by the rule above. */
  call (row: EffectRow<Request>, signal: AbortSignal): Promise<EffectOutcome<Result>>
  /** Asks what became of an earlier call; null = it was not carried out: it is called, once `settleMs` are over. Rejections are asked again with backoff. */
  lookup? (row: EffectRow<Request>, signal: AbortSignal): Promise<EffectOutcome<Result> | null>
  /** Runs inside a transaction, with the row already removed. */
  finish (context: ProcessorContext, row: EffectRow<Request>, outcome: EffectOutcome<Result>): void
}

export interface RecordInfo extends TopicPartition {
  readonly offset: bigint
  readonly key: string
  readonly timestampMs: number
}

export type Handler<V extends TypedValue = TypedValue> = (context: ProcessorContext, value: V, record: RecordInfo) => void

export interface TimerInfo { readonly key: string, readonly dueMs: number, readonly payload: string }

export interface InputDef<V extends TypedValue = TypedValue> {
  readonly topic: TopicDef<V>
  /** Where a brand-new task starts. @default 'earliest' */
  readonly start?: 'earliest' | 'latest'
  /**
   * Partitions that the record belongs to (default: murmur2 of the key). One other partition: it is forwarded there, counted,
   * never processed here. More than one: dead letter STR_ROUTE_MIXED.
   */
  readonly route?: (value: V, key: string, partitions: number) => readonly number[]
  /**
   * True: its records compensate. What fails of them is tried again with growing waits until it is done, never dead-lettered (but what
   * cannot be read or is refused), and one of them overtakes a parked key: it waits for other compensations of its key only. They must
   * be idempotent and right in any order with other inputs. @default false
   */
  readonly compensates?: boolean
}

/**
 * What the order of an input is kept by (R6): its ordering key. Pure, and the same for every version of the code while keys are parked.
 * Where one throws, the key of the record, timer or effect counts.
 */
export interface Ordering<Input extends TypedValue = TypedValue> {
  /** @default the record key */
  readonly record?: (value: Input, key: string) => string
  /** @default the timer key */
  readonly timer?: (timer: TimerInfo) => string
  /** Timers that belong to a compensation: they overtake a parked key and are tried until they are done. @default none */
  readonly timerCompensates?: (timer: TimerInfo) => boolean
  /** @default the key of the effect */
  readonly effect?: (effect: string, key: string) => string
}

/** Keys that a handler will read, and ranges that it will scan, to be fetched in one round trip. */
export type ReadSet = ReadonlyArray<readonly [store: StoreDef, what: string | RangeRequest]>

/**
 * A processor is a sub-topology: one task per partition, which consumes that partition of every input and owns that partition of
 * one changelog. All inputs have one partition count.
 */
export interface ProcessorDef<Input extends TypedValue = TypedValue> {
  readonly kind: 'processor'
  readonly name: string
  readonly inputs: readonly InputDef[]
  readonly outputs: readonly TopicDef[]
  readonly stores: readonly StoreDef[]
  readonly globals: readonly GlobalTableDef[]
  readonly effects: readonly EffectDef[]
  /** By record type. A type that an input carries and no handler names is passed over and counted. */
  readonly handlers: { readonly [K in Input['type']]?: Handler<Extract<Input, { type: K }>> }
  readonly reads?: (value: Input, key: string) => ReadSet
  readonly onTimer?: (context: ProcessorContext, timer: TimerInfo) => void
  readonly timerReads?: (timer: TimerInfo) => ReadSet
  /**
   * key: when an input fails, its ordering key is parked: later records and timers of that key wait, others go on, until an operator
   * redrives or discards the dead letter. none: a dead letter is final, and its key goes on. @default 'none'
   *
   * A handler that will not have a record throws a StreamsError STR_RECORD_REFUSED: that is a dead letter, and parks nothing.
   */
  readonly parking?: 'key' | 'none'
  readonly ordering?: Ordering<Input>
  /**
   * How long a task waits after a cycle before it begins the next one, ms. For a processor that nobody waits for: it does the same in
   * fewer, larger transactions, and leaves broker and processor to the others. The test driver does not wait. @default 0
   */
  readonly lingerMs?: number
}

type Defaulted = 'kind' | 'outputs' | 'stores' | 'globals' | 'effects' | 'inputs'

/** Declares a processor; inputs given as bare topics start at 'earliest' and route by key. */
export function defineProcessor<Input extends TypedValue> (
  def: Omit<ProcessorDef<Input>, Defaulted> & Partial<Pick<ProcessorDef<Input>, 'outputs' | 'stores' | 'globals' | 'effects'>>
    & { readonly inputs: ReadonlyArray<InputDef | TopicDef> }
): ProcessorDef {
  const inputs = def.inputs.map(input => 'topic' in input ? input : { topic: input })
  return Object.freeze({ outputs: [], stores: [], globals: [], effects: [], ...def, inputs, kind: 'processor' }) as unknown as ProcessorDef
}
