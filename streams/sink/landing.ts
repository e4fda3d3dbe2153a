import { ensureError, isStreamsError, StreamsError } from '../errors.ts'
import { type Clock } from '../time/clock.ts'
import { type FrozenRows, type PlannedRange, type RangeRows, type SinkTarget } from './port.ts'
import { judgeRange } from './proof.ts'

export interface LandingOptions {
  readonly target: SinkTarget
  readonly clock: Clock
  /** Ends waits between attempts; a call to the target that runs is waited for. */
  readonly signal: AbortSignal
  /**
   * Epoch ms after which nothing is sent any more: the owner must prove itself again first. Together with the target's own
   * timeouts it bounds how late a zombie can repeat a range, which the target's memory of tokens must outlast.
   */
  readonly staleAtMs: number
  readonly backoffMs: number
  readonly maxBackoffMs: number
  /** Told of every call that failed, and of every proof that did not hold, with the ranges that were not there then. */
  readonly onTrouble: (error: Error, ranges: readonly PlannedRange[]) => void
  /** Told of a range in doubt that was there already. */
  readonly onRecognised: (range: PlannedRange) => void
}

/**
 * How often a range that was sent again without an error may still be found incomplete: an insert whose answer was lost can hold
 * the token before its rows become visible.
 */
const MAX_UNPROVEN = 5

/** What goes into the target in one step: the ranges of one token and place, in their order. */
export function groupRanges (ranges: readonly PlannedRange[], target: Pick<SinkTarget, 'place'>): PlannedRange[][] {
  return [...Map.groupBy(ranges, range => JSON.stringify([range.token, target.place(range)])).values()]
}

/**
 * Inserts ranges that were just planned, of one group. An insert that is answered at the first attempt is believed; any other is proven.
 *
 * Guarantee: when it resolves, each row of the ranges is in the target once.
 * @throws {StreamsError} STR_SINK_UNPROVEN, STR_SINK_PLAN_STALE, or what the target calls fatal. The signal's reason when it aborts.
 */
export async function landRanges (filled: readonly RangeRows[], options: LandingOptions): Promise<void> {
  const ranges = filled.map(({ range }) => range)
  try {
    await send(filled, options)
  } catch (error) {
    report(error, ranges, options)
    await options.clock.sleep(options.backoffMs, options.signal)
    const rows = new Map(filled.map(({ range, rows }) => [range, rows]))
    await settleRanges(ranges, async range => rows.get(range) as FrozenRows, options)
  }
}

/**
 * Brings ranges of unknown outcome, of one group, to their end: counts, and while rows are missing sends the same bytes under the same
 * token. Outages are waited for without limit. `rowsOf` is asked for the rows of a range once, when they are needed.
 *
 * @throws as `landRanges`, and what `rowsOf` throws
 */
export async function settleRanges (
  ranges: readonly PlannedRange[], rowsOf: (range: PlannedRange) => Promise<FrozenRows>, options: LandingOptions
): Promise<void> {
  const filled = new Map<PlannedRange, FrozenRows>()
  let missing = ranges
  let unproven = 0
  for (let attempt = 0; ; attempt++) {
    options.signal.throwIfAborted()
    try {
      const [first, ...others] = await findMissing(missing, range => { if (!filled.has(range)) options.onRecognised(range) }, options)
      if (first === undefined) return
      missing = [first, ...others].map(({ range }) => range)
      if (unproven > 0) {
        const problem = unprovenOf(missing, first)
        if (unproven >= MAX_UNPROVEN) throw problem
        options.onTrouble(problem, missing)
      }
      for (const range of missing) if (!filled.has(range)) filled.set(range, await rowsOf(range))
      await send(missing.map(range => ({ range, rows: filled.get(range) as FrozenRows })), options)
      if (++unproven === 1) continue
    } catch (error) {
      report(error, missing, options)
    }
    await options.clock.sleep(Math.min(options.maxBackoffMs, options.backoffMs * 2 ** Math.min(attempt, 16)), options.signal)
  }
}

/** A range, and what the target has of it. */
interface Found { readonly range: PlannedRange, readonly rows: number, readonly distinct: number }

/** Those of the ranges that are not in the target. @throws {StreamsError} STR_SINK_UNPROVEN when a row is there twice */
async function findMissing (ranges: readonly PlannedRange[], onLanded: (range: PlannedRange) => void, { target }: LandingOptions): Promise<Found[]> {
  const missing: Found[] = []
  for (const found of await Promise.all(ranges.map(async (range): Promise<Found> => ({ range, ...await target.count(range) })))) {
    const verdict = judgeRange(found.range.rows, found)
    if (verdict === 'excess') throw unprovenOf([found.range], found)
    if (verdict === 'missing') missing.push(found)
    else onLanded(found.range)
  }
  return missing
}

async function send (filled: readonly RangeRows[], options: LandingOptions): Promise<void> {
  if (options.clock.now() >= options.staleAtMs) throw new StreamsError('STR_SINK_PLAN_STALE', describe(filled.map(({ range }) => range)))
  await options.target.insert(filled)
}

/** Passes on what no repetition can help, reports the rest. */
function report (thrown: unknown, ranges: readonly PlannedRange[], options: LandingOptions): void {
  if (isStreamsError(thrown) && thrown.disposition !== 'retry') throw thrown
  options.signal.throwIfAborted()
  options.onTrouble(ensureError(thrown), ranges)
}

function unprovenOf (ranges: readonly PlannedRange[], first: Found): StreamsError {
  return new StreamsError('STR_SINK_UNPROVEN', { ...describe(ranges), found: first.rows, distinct: first.distinct })
}

/** The first of the ranges, and how many there are. */
function describe (ranges: readonly PlannedRange[]): Record<string, unknown> {
  const [first] = ranges
  return { topic: first?.topic, partition: first?.partition, from: first?.from, to: first?.to, rows: first?.rows, ranges: ranges.length }
}
