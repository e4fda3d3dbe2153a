import { type Clock } from '../../streams/time/clock.ts'
import { type OrderQueries, type OrderReading } from '../ports.ts'
import { type LogPosition } from '../position.ts'

export interface WaitOptions {
  readonly clock: Clock
  /** How long to wait at most, ms. */
  readonly timeoutMs: number
  /** Ends the wait early, e.g. when the client has gone. */
  readonly signal?: AbortSignal
}

/** First pause between two readings, and the longest, ms: quick for what is quick, cheap for what is slow. */
const firstPauseMs = 5
const longestPauseMs = 200

/**
 * Reads an order again and again until the reading is good or the time is over; answers the newest reading.
 *
 * @throws {StreamsError} what the queries throw: a state that is being restored is not waited for.
 */
export async function readUntil (
  queries: OrderQueries, orderId: string, position: LogPosition | undefined, isGood: (reading: OrderReading) => boolean, options: WaitOptions
): Promise<OrderReading> {
  const { clock, timeoutMs, signal } = options
  const deadline = clock.now() + timeoutMs
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
    const reading = await queries.read(orderId, position)
    const leftMs = deadline - clock.now()
    if (isGood(reading) || leftMs <= 0 || signal?.aborted === true) return reading
    await clock.sleep(Math.min(pauseMs, leftMs))
  }
}

/** Longest wait that a client can ask for, seconds. */
export const maxWaitS = 30

/** Seconds of `Prefer: wait=N` (RFC 7240), at most `maxWaitS`; undefined when the client does not ask to wait. */
export function preferredWaitS (header: string | undefined): number | undefined {
  for (const preference of header?.split(',') ?? []) {
    const match = /^\s*wait\s*=\s*"?(\d{1,6})"?\s*(;|$)/i.exec(preference)
    if (match !== null) return Math.min(maxWaitS, Number(match[1]))
  }
  return undefined
}
