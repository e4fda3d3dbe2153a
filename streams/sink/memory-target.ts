import { FaultPlan } from '../fault-plan.ts'
import { type FetchedRecord, partitionKey } from '../record.ts'
import { type FrozenRows, type PlannedRange, type RangeRows, type SinkBounds, type SinkTarget } from './port.ts'

/** One call of the target, as faults see it. */
export interface TargetCall { readonly call: 'check' | 'insert' | 'count' | 'bounds' | 'clear', readonly topic?: string, readonly partition?: number }

export interface MemoryTargetOptions {
  /** Offsets per bucket: a range never crosses a border. @default 1000 */
  readonly bucketOffsets?: number
  /** How many tokens are remembered: the oldest is forgotten. @default 100000 */
  readonly window?: number
  /** Rows per range at most. @default 1000 */
  readonly maxRows?: number
}

/** A row as the memory target keeps it. */
export interface MemoryRow { readonly offset: bigint, readonly planFrom: bigint, readonly key: string | null, readonly value: string | null }

/**
 * A sink target in the process, with the memory of tokens that a ClickHouse table has, and faults: for tests and for runs without
 * a ClickHouse. Passes the conformance suite of targets.
 */
export class MemoryTarget implements SinkTarget {
  readonly name = 'memory'
  readonly faults = new FaultPlan<TargetCall>(() => new Error('connection lost'))
  /** Rows by topic-partition, in order of arrival. Tests may change them: what happens to a database. */
  readonly tables = new Map<string, MemoryRow[]>()
  readonly #bucket: bigint
  readonly #window: number
  readonly #maxRows: number
  readonly #tokens = new Set<string>()

  constructor (options: MemoryTargetOptions = {}) {
    this.#bucket = BigInt(options.bucketOffsets ?? 1000)
    this.#window = options.window ?? 100_000
    this.#maxRows = options.maxRows ?? 1000
  }

  rows (topic: string, partition: number): readonly MemoryRow[] {
    return this.tables.get(partitionKey(topic, partition)) ?? []
  }

  /** Tokens are kept apart from rows, so they can be lost alone. */
  forgetTokens (): void {
    this.#tokens.clear()
  }

  async check (): Promise<void> {
    await this.#call({ call: 'check' }, () => {})
  }

  cut (records: readonly FetchedRecord[]): number {
    const bucket = (records[0]?.offset ?? 0n) / this.#bucket
    const border = records.findIndex(record => record.offset / this.#bucket !== bucket)
    return Math.min(this.#maxRows, border === -1 ? records.length : border)
  }

  async freeze (records: readonly FetchedRecord[], from: { readonly planFrom: bigint }): Promise<FrozenRows> {
    const lines = records.map(({ offset, key, value }) => {
      return JSON.stringify([String(offset), String(from.planFrom), key?.toString() ?? null, value?.toString() ?? null])
    })
    return { bytes: Buffer.from(lines.join('\n')), rows: records.length }
  }

  place ({ partition, from }: PlannedRange): string {
    return `${partition}/${from / this.#bucket}`
  }

  async insert (ranges: readonly RangeRows[]): Promise<void> {
    const [first] = ranges
    if (first === undefined) return
    await this.#call({ call: 'insert', topic: first.range.topic, partition: first.range.partition }, () => {
      if (this.#isNew(`${this.place(first.range)} ${first.range.token}`)) for (const { range, rows } of ranges) this.#land(range, rows)
    })
  }

  #isNew (token: string): boolean {
    if (this.#tokens.has(token)) return false
    this.#tokens.add(token)
    for (const oldest of this.#tokens) {
      if (this.#tokens.size <= this.#window) break
      this.#tokens.delete(oldest)
    }
    return true
  }

  #land (range: PlannedRange, rows: FrozenRows): void {
    const table = this.#table(range.topic, range.partition)
    for (const line of rows.bytes.toString().split('\n')) {
      const [offset, planFrom, key, value] = JSON.parse(line) as [string, string, string | null, string | null]
      table.push({ offset: BigInt(offset), planFrom: BigInt(planFrom), key, value })
    }
  }

  async count (range: PlannedRange): Promise<{ readonly rows: number, readonly distinct: number }> {
    return await this.#call({ call: 'count', topic: range.topic, partition: range.partition }, () => {
      const offsets = this.#table(range.topic, range.partition).map(row => row.offset).filter(offset => offset >= range.from && offset <= range.to)
      return { rows: offsets.length, distinct: new Set(offsets).size }
    })
  }

  async bounds (topic: string, partition: number, from: bigint, to: bigint): Promise<SinkBounds> {
    return await this.#call({ call: 'bounds', topic, partition }, () => {
      let below = 0n
      let beyond = 0n
      let last = -1n
      for (const { offset } of this.#table(topic, partition)) {
        if (offset > to) beyond++
        if (offset >= from) continue
        below++
        if (offset > last) last = offset
      }
      return { below, beyond, last }
    })
  }

  async clear (topic: string, partition: number, from: bigint): Promise<void> {
    await this.#call({ call: 'clear', topic, partition }, () => {
      this.tables.set(partitionKey(topic, partition), this.#table(topic, partition).filter(row => row.offset < from))
    })
  }

  #table (topic: string, partition: number): MemoryRow[] {
    const place = partitionKey(topic, partition)
    const table = this.tables.get(place) ?? []
    this.tables.set(place, table)
    return table
  }

  async #call<T> (call: TargetCall, act: () => T): Promise<T> {
    await this.faults.pass(call, 'request')
    const answer = act()
    await this.faults.pass(call, 'answer')
    return answer
  }
}
