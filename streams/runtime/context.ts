import { isHeard, publish, type TraceCarrier } from '../diagnostics.ts'
import { StreamsError } from '../errors.ts'
import { partitionOf } from '../kafka/murmur2.ts'
import { type EffectDef, type GlobalTableDef, type KeyValueStore, type ProcessorContext, type ProcessorDef, type Source, type StoreDef, type Timers } from '../processor.ts'
import { NO_HEADERS, type OutgoingRecord, type RecordHeader } from '../record.ts'
import { type TypedValue } from '../serde/serde.ts'
import { effectStore, TIMER_STORE } from '../state/changelog.ts'
import { isReservedTimer } from '../state/expiry.ts'
import { type TopicDef } from '../topic.ts'
import { encodeTimer, timerVersion } from '../time/timers.ts'
import { encodeEffect } from '../effects/row.ts'
import { type GlobalTables } from './global-table.ts'
import { derivedId } from './identity.ts'
import { type Rows, type StoreRows } from './rows.ts'
import { createStoreFacade, type StoreHost } from './store-facade.ts'

/** Thrown through a handler that reads a row which is not in memory: the runtime loads it and runs the handler again. */
export const SUSPENDED: Error = Object.freeze(new Error('the handler waits for a row: let this error pass'))

/** Bytes a record batch adds to one record at most: batch header, lengths, attributes. */
const RECORD_OVERHEAD_BYTES = 128

/** A topic a processor may write to. */
export interface OutputTarget { readonly partitions: number, readonly maxMessageBytes: number }

/** A row, or more of what was scanned. */
export type MissingRow = { readonly store: StoreRows, readonly key: string } | 'scan'

interface GlobalReads<V extends TypedValue = TypedValue> { get (key: string): { readonly value: V, readonly version: bigint } | undefined }

export interface HandlerContextOptions {
  readonly def: ProcessorDef
  readonly partition: number
  /** See `Topology`. @default none */
  readonly idSpace?: string | undefined
  readonly rows: Rows
  readonly globals: GlobalTables
  readonly outputs: ReadonlyMap<string, OutputTarget>
  /** Largest row the changelog takes. */
  readonly maxRowBytes: number
  /** See `RuntimeOptions`. */
  readonly maxTransactionBytes: number
  /** When the task was acquired, broker-corrected epoch ms. */
  readonly runningSinceMs: number
}

/**
 * The context that handlers see: one object per acquisition, pointed at one input after the other by `begin`.
 *
 * It collects outputs and writes; `failure` is an error a handler must not survive, even if it catches it.
 */
export class HandlerContext implements ProcessorContext {
  readonly task: { readonly processor: string, readonly partition: number }
  readonly timers: Timers
  /** Everything emitted in the running cycle, dead letters included. */
  readonly outputs: OutgoingRecord[] = []
  source: Source = { kind: 'record', topic: '', partition: 0, offset: 0n }
  nowMs = 0
  wallMs = 0
  readonly runningSinceMs: number
  headers: readonly RecordHeader[] = NO_HEADERS
  /** What a suspended handler waits for: a row of a store, or a global table that must be seen up to its end. */
  missing: MissingRow | { readonly table: string } | undefined
  failure: Error | undefined
  readonly #options: HandlerContextOptions
  readonly #facades = new Map<string, KeyValueStore<unknown>>()
  readonly #tables = new Map<string, GlobalReads>()
  /** Global tables that were caught up since the inputs of this cycle were taken: what they lack is known to be absent. */
  readonly #caughtUp = new Set<string>()
  #traceHeaders: readonly RecordHeader[] = NO_HEADERS
  /** Trace contexts of the inputs that started effects in this cycle, by effect and key: they are not stored. */
  readonly #effectTraces = new Map<string, readonly RecordHeader[]>()
  #ids = 0
  #sequence = 0n
  #cycleMs = 0
  #timersSet = 0
  /** Bytes of outputs and rows that the inputs before this one caused in the cycle, and this one so far. */
  #causedBefore = 0
  #caused = 0
  #active = false

  constructor (options: HandlerContextOptions) {
    this.#options = options
    this.runningSinceMs = options.runningSinceMs
    this.task = Object.freeze({ processor: options.def.name, partition: options.partition })
    const timerRows = this.#rowsOf(TIMER_STORE)
    const host = this.#storeHost(timerRows)
    for (const def of options.def.stores) this.#facades.set(def.name, createStoreFacade(def, this.#rowsOf(def.name), host))
    for (const def of options.def.globals) this.#tables.set(def.name, this.#globalReads(def.name))
    this.timers = Object.freeze({
      set: (key: string, dueMs: number, payload = '') => {
        this.#checkTimer(key)
        if (!Number.isFinite(dueMs)) throw new RangeError(`a timer cannot be due at ${dueMs}`)
        this.#setTimer(timerRows, key, dueMs, payload)
      },
      cancel: (key: string) => {
        this.#checkTimer(key)
        if (timerRows.get(key) !== null) this.#write(timerRows, key, null)
      }
    })
  }

  /** A new cycle, which will commit `sequence`; it runs at `nowMs`, broker-corrected epoch ms. */
  startCycle (sequence: bigint, nowMs: number): void {
    this.#sequence = sequence
    this.#cycleMs = nowMs
    this.#timersSet = 0
    this.#causedBefore = 0
    this.outputs.length = 0
    this.#effectTraces.clear()
    this.#caughtUp.clear()
  }

  /** From now on, and until the next cycle, a row that the table lacks counts as absent. */
  trustAbsence (table: string): void {
    this.#caughtUp.add(table)
  }

  /** Points the context at one input. */
  begin (source: Source, nowMs: number, headers: readonly RecordHeader[]): void {
    this.source = source
    this.nowMs = nowMs
    this.wallMs = Math.max(nowMs, this.#cycleMs)
    this.headers = headers
    this.#traceHeaders = traceOf(headers)
    if (isHeard('streams:input:begun')) this.#traceHeaders = this.#announce()
    this.missing = undefined
    this.failure = undefined
    this.#ids = 0
    this.#caused = 0
    this.#active = true
  }

  /** What the input caused stays. */
  keep (): void {
    this.#causedBefore += this.#caused
  }

  /** True when the transaction holds something of inputs before this one: without them there would be more room. */
  get isShared (): boolean { return this.#causedBefore > 0 }

  /** The handler is over: whatever it kept of the context no longer works. */
  end (): void {
    this.#active = false
  }

  nextId (): string {
    this.#check()
    return derivedId(this.task.processor, this.task.partition, this.source, this.#ids++, this.#options.idSpace)
  }

  store<V> (def: StoreDef<V>): KeyValueStore<V> {
    const facade = this.#facades.get(def.name)
    if (facade === undefined) return this.#refuse(new StreamsError('STR_TOPOLOGY_INVALID', { processor: this.task.processor, store: def.name, reason: 'not declared' }))
    return facade as KeyValueStore<V>
  }

  emit<V extends TypedValue> (topic: TopicDef<V>, record: { readonly key: string, readonly value: V, readonly partition?: number }): void {
    this.#check(record.key)
    const target = this.#options.outputs.get(topic.name)
    if (target === undefined) return this.#refuse(new StreamsError('STR_OUTPUT_UNDECLARED', { processor: this.task.processor, topic: topic.name }))
    const key = Buffer.from(record.key)
    const partition = record.partition ?? partitionOf(key, target.partitions)
    if (partition < 0 || partition >= target.partitions) throw new RangeError(`topic ${topic.name} has no partition ${partition}`)
    const value = topic.value.encode(record.value)
    const size = key.length + value.length + RECORD_OVERHEAD_BYTES + headerBytes(this.#traceHeaders)
    if (size > target.maxMessageBytes) this.#refuse(new StreamsError('STR_OUTPUT_TOO_LARGE', { topic: topic.name, size, limit: target.maxMessageBytes }))
    this.#count(size)
    this.outputs.push({ topic: topic.name, partition, key, value, headers: this.#traceHeaders })
  }

  global<V extends TypedValue> (def: GlobalTableDef<V>): GlobalReads<V> {
    const table = this.#tables.get(def.name)
    if (table === undefined) return this.#refuse(new StreamsError('STR_TOPOLOGY_INVALID', { processor: this.task.processor, global: def.name, reason: 'not declared' }))
    return table as GlobalReads<V>
  }

  #globalReads (name: string): GlobalReads {
    return Object.freeze({
      get: (key: string) => {
        const row = this.#options.globals.table(name).get(key)
        if (row === undefined && !this.#caughtUp.has(name)) {
          this.missing ??= { table: name }
          throw SUSPENDED
        }
        return row
      }
    })
  }

  startEffect<Request> (effect: EffectDef<Request>, call: { readonly key: string, readonly idempotencyKey: string, readonly request: Request }): void {
    this.#check(call.key)
    const rows = this.#rowsOf(effectStore(effect.name))
    if (rows.get(call.key) !== null) throw new StreamsError('STR_EFFECT_OPEN', { effect: effect.name })
    const request = effect.request.encode(call.request)
    this.#write(rows, call.key, encodeEffect({ idempotencyKey: call.idempotencyKey, acceptedAtMs: this.nowMs, request }))
    if (this.#traceHeaders.length > 0) this.#effectTraces.set(`${effect.name} ${call.key}`, this.#traceHeaders)
  }

  isEffectOpen (effect: EffectDef, key: string): boolean {
    this.#check()
    return this.#rowsOf(effectStore(effect.name)).get(key) !== null
  }

  endEffect (effect: EffectDef, key: string): boolean {
    if (!this.isEffectOpen(effect, key)) return false
    this.remove(this.#rowsOf(effectStore(effect.name)), key)
    return true
  }

  /** The trace context of the input that started the effect in this cycle. */
  traceOfEffect (effect: string, key: string): readonly RecordHeader[] {
    return this.#effectTraces.get(`${effect} ${key}`) ?? NO_HEADERS
  }

  /** Removes a row of the runtime's own (a fired timer, a finished effect). */
  remove (store: StoreRows, key: string): void {
    this.#options.rows.write(store, key, null)
  }

  /** Tells who listens of the input; resolves with the trace context that it is to hand on. */
  #announce (): readonly RecordHeader[] {
    const carrier: TraceCarrier = { trace: this.#traceHeaders }
    publish('streams:input:begun', () => ({ ...this.task, source: this.source, headers: this.headers, carrier }))
    return carrier.trace
  }

  /** What the stores see of this context. */
  #storeHost (timerRows: StoreRows): StoreHost {
    const context = this
    return {
      timerRows,
      scans: this.#options.rows.scans,
      get isActive () { return context.#active },
      get nowMs () { return context.nowMs },
      get source () { return context.source },
      check: key => { this.#check(key) },
      write: (rows, key, row) => { this.#write(rows, key, row) },
      setTimer: (key, dueMs) => { this.#setTimer(timerRows, key, dueMs, '') },
      suspend: missing => {
        this.missing ??= missing
        throw SUSPENDED
      },
      refuse: error => this.#refuse(error)
    }
  }

  #setTimer (rows: StoreRows, key: string, dueMs: number, payload: string): void {
    this.#write(rows, key, encodeTimer({ dueMs, version: timerVersion(this.#sequence, this.#timersSet++), payload }))
  }

  #rowsOf (store: string): StoreRows {
    const rows = this.#options.rows.stores.get(store)
    return rows ?? this.#refuse(new StreamsError('STR_TOPOLOGY_INVALID', { processor: this.task.processor, store, reason: 'not declared' }))
  }

  #write (rows: StoreRows, key: string, row: Buffer | null): void {
    const size = rows.prefix.length + Buffer.byteLength(key) + (row?.length ?? 0) + RECORD_OVERHEAD_BYTES
    if (size > this.#options.maxRowBytes) this.#refuse(new StreamsError('STR_OUTPUT_TOO_LARGE', { store: rows.name, size, limit: this.#options.maxRowBytes }))
    this.#count(size)
    this.#options.rows.write(rows, key, row)
  }

  #count (size: number): void {
    this.#caused += size
    const { maxTransactionBytes: limit } = this.#options
    if (this.#causedBefore + this.#caused > limit) this.#refuse(new StreamsError('STR_TRANSACTION_TOO_LARGE', { processor: this.task.processor, size: this.#caused, limit }))
  }

  #check (key?: string): void {
    if (!this.#active) this.#refuse(new StreamsError('STR_TOPOLOGY_INVALID', { processor: this.task.processor, reason: 'the context was used outside its handler' }))
    if (key !== undefined && !key.isWellFormed()) throw new TypeError('a key must be well-formed Unicode: it becomes UTF-8')
  }

  #checkTimer (key: string): void {
    this.#check(key)
    if (isReservedTimer(key)) throw new TypeError('the key of a timer cannot begin with U+0000')
  }

  /** Throws an error that catching in the handler does not undo. */
  #refuse (error: Error): never {
    this.failure ??= error
    throw error
  }
}

/** @source W3C Trace Context: names of its headers. */
function traceOf (headers: readonly RecordHeader[]): readonly RecordHeader[] {
  return headers.length === 0 ? NO_HEADERS : headers.filter(([name]) => name === 'traceparent' || name === 'tracestate')
}

function headerBytes (headers: readonly RecordHeader[]): number {
  let size = 0
  for (const [name, value] of headers) size += name.length + (value?.length ?? 0) + 10
  return size
}
