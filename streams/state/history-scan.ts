import { StreamsError } from '../errors.ts'
import { type FetchedRecord } from '../record.ts'
import { changelogPrefix, decodeProgress, OWNER_KEY, PROGRESS_KEY } from './changelog.ts'

/**
 * A moment of a task: `position` = every cycle whose records lie below that changelog offset, which is what queries answer with;
 * `timeMs` = every cycle that was appended at or before that time (LogAppendTime, epoch ms).
 */
export type AsOf = { readonly position: bigint } | { readonly timeMs: number }

/** A moment that has an answer. */
export interface PastMoment {
  /** Behind the last record of the newest cycle in it: asked for again, it gives the same answer for as long as there is one. */
  readonly position: bigint
  /** Append time of that cycle, epoch ms. */
  readonly atMs: number
}

/**
 * `certain`: nothing can be missing. `likely`: nothing was missing if the log was not cleaned while it was read, which a second look
 * tells: what was removed during the first is not there for the second, and then it proves nothing.
 */
type Proof = 'none' | 'likely' | 'certain'
type Point = PastMoment & { readonly sequence: bigint, proof: Proof }
type ChangelogRecord = Pick<FetchedRecord, 'offset' | 'timestampMs' | 'key' | 'value'>

/** What a row costs beside its bytes. */
const ENTRY_BYTES = 96

/**
 * Finds rows of one store as they were, from the committed records of a changelog, given in order.
 *
 * Every cycle ends with a progress record, the next one counted on from it. The cleaner of the log keeps the last record of each key
 * below some offset, and everything from there on; so of all progress records below that offset it leaves one. Two of them that
 * follow one another by their count prove that the offset lies at or below the second: there, nothing is missing. At the first, a row
 * can be missing only if the cycle of the second wrote it; so when that cycle is there without a gap, and of all that it wrote something
 * older is there too, nothing is missing at the first either. The cleaner may pass while the log is read: see `Proof`. An answer that is
 * not proved is refused, with the oldest moment that can be had.
 *
 * @source Apache Kafka, LogCleaner: one offset map a pass, records below its end are unique by key, the tail is untouched
 */
export class HistoryScan {
  readonly #asOf: AsOf
  readonly #prefix: Buffer
  readonly #key: string | undefined
  readonly #limitBytes: number
  /** The newest row of each key as of the last cycle that counts; null = removed. */
  readonly #rows = new Map<string, Buffer | null>()
  /** Rows of the cycle that is being read. */
  readonly #pending = new Map<string, Buffer | null>()
  #bytes = 0
  /** Offsets since the last progress record that are accounted for: every record, and the commit marker of each transaction. */
  #accounted = 0n
  #hasRows = false
  #answer: Point | undefined
  #last: Point | undefined
  #oldest: Point | undefined
  #hasPassed = false

  /** `key`: only that row; undefined = the whole store. `limitBytes`: what may be held. */
  constructor (options: { readonly store: string, readonly key?: string | undefined, readonly asOf: AsOf, readonly limitBytes: number }) {
    this.#asOf = options.asOf
    this.#prefix = Buffer.from(changelogPrefix(options.store))
    this.#key = options.key
    this.#limitBytes = options.limitBytes
  }

  /** True when no further record can change the outcome. */
  get isDone (): boolean {
    return this.#hasPassed && (isProven(this.#answer) || this.#oldest !== undefined)
  }

  /** @throws {StreamsError} STR_HISTORY_TOO_LARGE, STR_CHANGELOG_UNREADABLE */
  take ({ offset, timestampMs, key, value }: ChangelogRecord): void {
    this.#accounted += key !== null && OWNER_KEY.equals(key) ? 2n : 1n
    if (key === null || OWNER_KEY.equals(key)) return
    if (PROGRESS_KEY.equals(key)) {
      if (value !== null) this.#endCycle({ sequence: decodeProgress(value).sequence, position: offset + 1n, atMs: timestampMs, proof: 'none' })
      return
    }
    this.#hasRows = true
    if (!key.subarray(0, this.#prefix.length).equals(this.#prefix)) return
    const row = key.toString('utf8', this.#prefix.length)
    if (this.#key === undefined || row === this.#key) this.#keep(this.#pending, row, value === null ? null : Buffer.from(value))
  }

  /**
   * The log ends here, and nothing beyond has ever been written while it was read: nothing newer can have pushed a record out.
   */
  end (): void {
    if (this.#last !== undefined) this.#prove(this.#last, 'certain')
  }

  /** True when `end` would add to what is known. */
  get isOpenEnded (): boolean {
    return this.#last !== undefined && this.#last.proof !== 'certain'
  }

  /** True when the outcome counts only if another scan, begun after this one, has it too. */
  get needsSecondLook (): boolean {
    return this.#answer?.proof === 'likely'
  }

  /**
   * The rows, null = removed by then, and the moment that they are of.
   *
   * @throws {StreamsError} STR_HISTORY_TOO_OLD, naming the oldest moment that can be answered.
   */
  get outcome (): PastRows {
    if (isProven(this.#answer)) return { rows: this.#rows, moment: { position: this.#answer.position, atMs: this.#answer.atMs } }
    throw new StreamsError('STR_HISTORY_TOO_OLD', { ...this.#asOf, oldestPosition: this.#oldest?.position ?? 'none', oldestMs: this.#oldest?.atMs ?? 'none' })
  }

  #endCycle (point: Point): void {
    const before = this.#last
    const isNext = before !== undefined && point.sequence === before.sequence + 1n
    const isWhole = before !== undefined && point.position - before.position === this.#accounted + 1n
    if (!isNext) this.#forget()
    if (isNext && isWhole && !isProven(before) && this.#isTouchedOnly()) this.#prove(before, 'likely')
    if (isNext) this.#prove(point, isWhole ? 'certain' : 'likely')
    else if (point.sequence === 1n && !this.#hasRows) this.#prove(point, 'certain')
    this.#last = point
    this.#hasPassed ||= 'position' in this.#asOf ? point.position > this.#asOf.position : point.atMs > this.#asOf.timeMs
    if (!this.#hasPassed) this.#answer = point
    // Rows beyond an answer spoil it; without one they tell which moment is the oldest that has one.
    if (!this.isDone) for (const [key, row] of this.#pending) this.#keep(this.#rows, key, row)
    for (const [key, row] of this.#pending) this.#bytes -= sizeOf(key, row)
    this.#pending.clear()
    this.#accounted = 0n
  }

  /** Cycles are missing before the one that ends: the log was cleaned while it was read. What was known before is of the past. */
  #forget (): void {
    this.#answer = undefined
    this.#oldest = undefined
  }

  #prove (point: Point, proof: Proof): void {
    point.proof = proof
    this.#oldest ??= point
  }

  /** True when of every row of the running cycle something older is known. */
  #isTouchedOnly (): boolean {
    for (const key of this.#pending.keys()) if (!this.#rows.has(key)) return false
    return true
  }

  #keep (rows: Map<string, Buffer | null>, key: string, row: Buffer | null): void {
    const before = rows.get(key)
    this.#bytes += sizeOf(key, row) - (before === undefined ? 0 : sizeOf(key, before))
    if (this.#bytes > this.#limitBytes) throw new StreamsError('STR_HISTORY_TOO_LARGE', { limit: this.#limitBytes })
    rows.set(key, row)
  }
}

export interface PastRows { readonly rows: ReadonlyMap<string, Buffer | null>, readonly moment: PastMoment }

/**
 * Looks once, and a second time where that is needed; `read` feeds a scan with the log from its beginning.
 *
 * @throws {StreamsError} STR_HISTORY_TOO_OLD and what `read` throws
 */
export async function lookBack (create: (asOf: AsOf) => HistoryScan, asOf: AsOf, read: (scan: HistoryScan) => Promise<void>): Promise<PastRows> {
  const first = create(asOf)
  await read(first)
  const { outcome } = first
  if (!first.needsSecondLook) return outcome
  const { position } = outcome.moment
  const second = create({ position })
  await read(second)
  if (second.outcome.moment.position !== position) throw new StreamsError('STR_HISTORY_TOO_OLD', { position, reason: 'the log was cleaned while it was read: ask again' })
  return outcome
}

function isProven (point: Point | undefined): point is Point {
  return point !== undefined && point.proof !== 'none'
}

function sizeOf (key: string, row: Buffer | null): number {
  return key.length + (row?.length ?? 0) + ENTRY_BYTES
}
