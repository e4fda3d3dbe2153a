import { StreamsError } from '../errors.ts'

/** A timer as it is stored: a row of the task's timer store, changelogged like any other. */
export interface TimerRow {
  readonly dueMs: number
  /** Differs for every set of the key: a due entry fires only while its row still has this version (A4). */
  readonly version: bigint
  readonly payload: string
  /** True once it was due while its key was parked: it stands in the queue of its key then, and no longer in the index. @default false */
  readonly isWaiting?: boolean
}

/** First byte of a row: a timer that is in the index, and one that waits for its key. */
const INDEXED = 1
const WAITING = 2

/** First byte, due time f64, row version u64, payload UTF-8. */
export function encodeTimer (row: TimerRow): Buffer {
  const bytes = Buffer.allocUnsafe(17 + Buffer.byteLength(row.payload))
  bytes[0] = row.isWaiting === true ? WAITING : INDEXED
  bytes.writeDoubleBE(row.dueMs, 1)
  bytes.writeBigUInt64BE(row.version, 9)
  bytes.write(row.payload, 17)
  return bytes
}

/** @throws {StreamsError} STR_CHANGELOG_UNREADABLE */
export function decodeTimer (bytes: Buffer): Required<TimerRow> {
  const kind = bytes[0]
  if ((kind !== INDEXED && kind !== WAITING) || bytes.length < 17) throw new StreamsError('STR_CHANGELOG_UNREADABLE', { record: 'timer', version: kind })
  return { dueMs: bytes.readDoubleBE(1), version: bytes.readBigUInt64BE(9), payload: bytes.toString('utf8', 17), isWaiting: kind === WAITING }
}

/** What the index of due timers holds for a row: its due time, or null = nothing. */
export function indexedDueMs (row: Buffer | null): number | null {
  if (row === null) return null
  const { dueMs, isWaiting } = decodeTimer(row)
  return isWaiting ? null : dueMs
}

/** The version of the nth timer set in a cycle: no two sets of a key in committed cycles share it. */
export function timerVersion (sequence: bigint, index: number): bigint {
  return (sequence << 20n) | BigInt(index)
}

/**
 * Holds timers back until the inputs are consumed (A15): timers due at a moment may fire only after every input was consumed up
 * to the end it had at that moment, so that answers which already wait in the log come before the timeout that awaits them.
 */
export class TimerGate {
  #nextDueMs: number | null = 0
  #gate: { readonly timeMs: number, readonly ends: ReadonlyMap<string, bigint> } | undefined

  /** Earliest due time that may exist, epoch ms; null = no timer at all. 0 after Acquire: not known yet. */
  get nextDueMs (): number | null { return this.#nextDueMs }

  /** A timer was set. */
  noticed (dueMs: number): void {
    if (this.#nextDueMs === null || dueMs < this.#nextDueMs) this.#nextDueMs = dueMs
  }

  /** The index was read up to some time; `dueMs` is the earliest entry left. */
  scanned (dueMs: number | null): void {
    this.#nextDueMs = dueMs
    this.#gate = undefined
  }

  /** True when the ends of the inputs must be asked: something is due and no gate is up. */
  needsEnds (nowMs: number): boolean {
    return this.#gate === undefined && this.#nextDueMs !== null && this.#nextDueMs <= nowMs
  }

  /** The ends the inputs had when they were asked, not before `timeMs`. */
  raise (timeMs: number, ends: ReadonlyMap<string, bigint>): void {
    this.#gate = { timeMs, ends }
  }

  /** The time up to which timers may fire now, or undefined: nothing due, or an input is not there yet. */
  open (consumed: (topic: string) => bigint): number | undefined {
    if (this.#gate === undefined) return undefined
    for (const [topic, end] of this.#gate.ends) if (consumed(topic) < end) return undefined
    return this.#gate.timeMs
  }
}
