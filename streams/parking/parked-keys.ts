import { StreamsError } from '../errors.ts'
import { type Rows, type StoreRows } from '../runtime/rows.ts'
import { PARKED_STORE, WAITING_STORE } from '../state/changelog.ts'
import { encodeEntry, type Entry, withoutBytes } from './entry.ts'
import {
  decodeLane, encodeLane, entryKey, failed, type HeadFailure, isRunnable, type Lane, laneKey, type LaneRef, lengthened, openLane, parseLaneKey, shortened
} from './lane.ts'

/** Bytes a record batch adds to one row at most. */
const ROW_OVERHEAD_BYTES = 128

export interface ParkedKeysOptions {
  readonly rows: Rows
  /** Lanes that a task may have at most, and entries that one of them may have. Beyond it the task stops. */
  readonly maxKeys: number
  readonly maxWaiting: number
  /** Largest row the changelog takes. */
  readonly maxRowBytes: number
}

/** An input that comes out of the queue of its key. */
export interface Waited extends LaneRef {
  readonly seq: number
  /** Size of its entry. */
  readonly sizeBytes: number
}

/** How many keys of a task are parked, and how many inputs wait in them. */
export interface ParkedCounts {
  readonly keys: number
  /** Heads that wait for an operator, and heads that are tried again. */
  readonly dead: number
  readonly retrying: number
  /** Inputs behind them. */
  readonly waiting: number
}

export const nothingParked: ParkedCounts = Object.freeze({ keys: 0, dead: 0, retrying: 0, waiting: 0 })

/**
 * The parked keys of one task: a view of two stores, with no state of its own. So what a failed record or a dropped cycle did to
 * them is undone with its other rows, and what a committed one did is changelogged and restored with them.
 *
 * Lanes are held in memory whole; entries are written here and read when their turn comes.
 */
export class ParkedKeys {
  readonly #options: ParkedKeysOptions
  readonly #lanes: StoreRows
  readonly #entries: StoreRows
  readonly #decoded = new WeakMap<Buffer, Lane>()

  constructor (options: ParkedKeysOptions) {
    this.#options = options
    this.#lanes = options.rows.stores.get(PARKED_STORE) as StoreRows
    this.#entries = options.rows.stores.get(WAITING_STORE) as StoreRows
  }

  /** True when nothing is parked: all that a task in good health asks. */
  get isEmpty (): boolean { return this.#lanes.whole?.size === 0 && this.#lanes.overlay.size === 0 }

  /** The lane as of this point of the cycle. */
  lane (ref: LaneRef): Lane | undefined {
    const row = this.#lanes.get(laneKey(ref))
    return row === null || row === undefined ? undefined : this.#decode(row)
  }

  /** True when something of its key is in front of an input of that lane. */
  mustWait ({ lane, key }: LaneRef): boolean {
    return this.lane({ lane, key }) !== undefined || !this.isFree({ lane, key })
  }

  /** True when an input that was taken out of its queue is still the one whose turn it is. */
  isNext (waited: Waited, nowMs: number): boolean {
    const lane = this.lane(waited)
    return lane !== undefined && lane.first === waited.seq && isRunnable(lane, nowMs) && this.isFree(waited)
  }

  /** Puts an input behind what waits in its lane; `isTold`: an operator hears of it. @throws {StreamsError} STR_PARKED_TOO_MANY */
  append (ref: LaneRef, entry: Entry, isTold = false): void {
    const before = this.lane(ref)
    const sizeBytes = this.#writeEntry(ref, before?.end ?? 0, entry)
    const lane = before === undefined ? openLane(sizeBytes) : lengthened(before, sizeBytes)
    this.#write(ref, { ...lane, isTold: lane.isTold || isTold })
  }

  /** Opens a lane with a head that failed. @throws {StreamsError} STR_PARKED_TOO_MANY */
  open (ref: LaneRef, entry: Entry, failure: HeadFailure): void {
    this.append(ref, entry)
    this.fail(ref, failure)
  }

  /** The head of a lane failed again, or for the first time. */
  fail (ref: LaneRef, failure: HeadFailure): void {
    this.change(ref, lane => failed(lane, failure))
  }

  /** An input is done with: out of the queue. Answers whether its lane is gone, and whether an operator was told of the lane. */
  leave (waited: Waited): { readonly isGone: boolean, readonly isTold: boolean } {
    const lane = this.lane(waited) as Lane
    const after = shortened(lane, waited.sizeBytes)
    this.#options.rows.write(this.#entries, entryKey(waited, waited.seq), null)
    if (after === undefined) this.#options.rows.write(this.#lanes, laneKey(waited), null)
    else this.#write(waited, after)
    return { isGone: after === undefined, isTold: lane.isTold }
  }

  /** Changes a lane that is there. */
  change (ref: LaneRef, change: (lane: Lane) => Lane): void {
    this.#write(ref, change(this.lane(ref) as Lane))
  }

  /** Every lane, without the running cycle. */
  committed (): Array<readonly [ref: LaneRef, lane: Lane]> {
    return [...this.#lanes.whole ?? []].map(([key, row]) => [parseLaneKey(key), this.#decode(row)] as const)
  }

  /** True when no compensation of the key is in front of that lane. */
  isFree ({ lane, key }: LaneRef): boolean {
    return lane === 'compensation' || this.lane({ lane: 'compensation', key }) === undefined
  }

  /** When the next lane may run, broker-corrected epoch ms: −Infinity = now, Infinity = never by itself. */
  get nextDueMs (): number {
    let dueMs = Infinity
    if (this.isEmpty) return dueMs
    for (const [ref, { state, dueMs: laneDueMs }] of this.committed()) {
      if (state === 'dead' || !this.isFree(ref)) continue
      dueMs = Math.min(dueMs, state === 'ready' ? -Infinity : laneDueMs)
    }
    return dueMs
  }

  get counts (): ParkedCounts {
    const keys = new Set<string>()
    let [dead, retrying, waiting] = [0, 0, 0]
    for (const [{ key }, lane] of this.committed()) {
      keys.add(key)
      dead += Number(lane.state === 'dead')
      retrying += Number(lane.state === 'retrying')
      waiting += lane.end - lane.first
    }
    return { keys: keys.size, dead, retrying, waiting: waiting - dead - retrying }
  }

  /** True when the running cycle changed anything of it. */
  get hasChanged (): boolean { return this.#lanes.overlay.size > 0 }

  #writeEntry (ref: LaneRef, seq: number, entry: Entry): number {
    const key = entryKey(ref, seq)
    const room = this.#options.maxRowBytes - ROW_OVERHEAD_BYTES - this.#entries.prefix.length - Buffer.byteLength(key)
    const whole = encodeEntry(entry)
    const row = whole.length > room ? encodeEntry(withoutBytes(entry)) : whole
    this.#options.rows.write(this.#entries, key, row)
    return row.length
  }

  #write (ref: LaneRef, lane: Lane): void {
    const key = laneKey(ref)
    const { maxKeys, maxWaiting, rows } = this.#options
    if (lane.end - lane.first > maxWaiting) throw new StreamsError('STR_PARKED_TOO_MANY', { waiting: lane.end - lane.first, maxWaitingRecords: maxWaiting })
    if (this.#lanes.get(key) === null && this.#size >= maxKeys) throw new StreamsError('STR_PARKED_TOO_MANY', { keys: this.#size + 1, maxParkedKeys: maxKeys })
    rows.write(this.#lanes, key, encodeLane(lane))
  }

  /** Lanes as of this point of the cycle. */
  get #size (): number {
    const { whole, overlay } = this.#lanes
    let size = whole?.size ?? 0
    for (const [key, row] of overlay) size += Number(row !== null) - Number(whole?.has(key) === true)
    return size
  }

  #decode (row: Buffer): Lane {
    let lane = this.#decoded.get(row)
    if (lane === undefined) this.#decoded.set(row, lane = decodeLane(row))
    return lane
  }
}
