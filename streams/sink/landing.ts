import { ensureError, isStreamsError, StreamsError } from '../errors.ts'
import { type Clock } from '../time/clock.ts'
import { type FrozenRows, type PlannedRange, type SinkTarget } from './port.ts'
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
  /** Told of every call that failed, and of every proof that did not hold. */
  readonly onTrouble: (error: Error, range: PlannedRange) => void
  /** Told of a range in doubt that was there already. */
  readonly onRecognised: (range: PlannedRange) => void
}

/**
 * How often a range that was sent again without an error may still be found incomplete: an insert whose answer was lost can hold
 * the token before its rows become visible.
 */
const MAX_UNPROVEN = 5

/**
 * Inserts a range that was just planned. An insert that is answered at the first attempt is believed; any other is proven.
 *
 * Guarantee: when it resolves, each row of the range is in the target once.
 * @throws {StreamsError} STR_SINK_UNPROVEN, STR_SINK_PLAN_STALE, or what the target calls fatal. The signal's reason when it aborts.
 */
export async function landRange (range: PlannedRange, rows: FrozenRows, options: LandingOptions): Promise<void> {
  try {
    await send(range, rows, options)
  } catch (error) {
    report(error, range, options)
    await options.clock.sleep(options.backoffMs, options.signal)
    await settleRange(range, async () => rows, options)
  }
}

/**
 * Brings a range of unknown outcome to its end: counts, and while rows are missing sends the same bytes under the same token.
 * Outages are waited for without limit. `rowsOf` is asked for the rows once, when they are needed.
 *
 * @throws as `landRange`, and what `rowsOf` throws
 */
export async function settleRange (range: PlannedRange, rowsOf: () => Promise<FrozenRows>, options: LandingOptions): Promise<void> {
  let rows: FrozenRows | undefined
  let unproven = 0
  for (let attempt = 0; ; attempt++) {
    options.signal.throwIfAborted()
    try {
      const found = await options.target.count(range)
      const verdict = judgeRange(range.rows, found)
      if (verdict === 'landed') {
        if (rows === undefined) options.onRecognised(range)
        return
      }
      const problem = new StreamsError('STR_SINK_UNPROVEN', describe(range, { found: found.rows, distinct: found.distinct }))
      if (verdict === 'excess' || unproven >= MAX_UNPROVEN) throw problem
      if (unproven > 0) options.onTrouble(problem, range)
      rows ??= await rowsOf()
      await send(range, rows, options)
      if (++unproven === 1) continue
    } catch (error) {
      report(error, range, options)
    }
    await options.clock.sleep(Math.min(options.maxBackoffMs, options.backoffMs * 2 ** Math.min(attempt, 16)), options.signal)
  }
}

async function send (range: PlannedRange, rows: FrozenRows, options: LandingOptions): Promise<void> {
  if (options.clock.now() >= options.staleAtMs) throw new StreamsError('STR_SINK_PLAN_STALE', describe(range))
  await options.target.insert(range, rows)
}

/** Passes on what no repetition can help, reports the rest. */
function report (thrown: unknown, range: PlannedRange, options: LandingOptions): void {
  if (isStreamsError(thrown) && thrown.disposition !== 'retry') throw thrown
  options.signal.throwIfAborted()
  options.onTrouble(ensureError(thrown), range)
}

function describe (range: PlannedRange, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const { topic, partition, from, to, rows } = range
  return { topic, partition, from, to, rows, ...more }
}
