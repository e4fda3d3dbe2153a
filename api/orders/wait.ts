import { isStreamsError } from '../../streams/errors.ts'
import { Wakeup } from '../../streams/runtime/wakeup.ts'
import { type Clock } from '../../streams/time/clock.ts'
import { listTransitions } from '../../topology/orders/states.ts'
import { type EventFeed, type OrderQueries, type OrderReading } from '../ports.ts'
import { type LogPosition } from '../position.ts'

export interface WaitOptions {
  readonly clock: Clock
  /** How long to wait at most, ms. */
  readonly timeoutMs: number
  /** Ends the wait early, e.g. when the client has gone. */
  readonly signal?: AbortSignal
  /** Tells what happens to the order, so that it is read when it can be good. @default none: it is read again and again */
  readonly feed?: EventFeed
  /** Waits on while the state is being restored, too. @default false */
  readonly outlastsRestore?: boolean
}

interface Pauses { readonly firstMs: number, readonly longestMs: number, readonly growth: number }

/** Between two readings: quick for what is quick, cheap for what is slow. */
const looking: Pauses = { firstMs: 5, longestMs: 200, growth: 1.5 }
/** The same for who is called: in case that the call came before it was heard for, or does not come. */
const listening: Pauses = { firstMs: 100, longestMs: 1000, growth: 2 }

/** Events that may settle an order; between the commit of one and the state that shows it lie some milliseconds. */
const settling: ReadonlySet<string> = new Set(listTransitions()
  .filter(({ to }) => !['Pending', 'InventoryReserved', 'PaymentAuthorized', 'BackOrdered', 'Compensating'].includes(to)).map(({ event }) => event))

/**
 * Reads an order again and again until the reading is good or the time is over; answers the newest reading.
 *
 * @throws {StreamsError} what the queries throw; with `outlastsRestore` what they threw last, when the time is over.
 */
export async function readUntil (
  queries: OrderQueries, orderId: string, position: LogPosition | undefined, isGood: (reading: OrderReading) => boolean, options: WaitOptions
): Promise<OrderReading> {
  const { clock, timeoutMs, signal, feed, outlastsRestore = false } = options
  const deadline = clock.now() + timeoutMs
  const news = new Wakeup()
  let pauses = feed === undefined ? looking : listening
  let pauseMs = pauses.firstMs
  const follower = feed?.follow(orderId, type => {
    if (type !== undefined && !settling.has(type)) return
    pauses = looking
    pauseMs = looking.firstMs
    news.wake()
  })
  signal?.addEventListener('abort', news.wake)
  try {
    for (;;) {
      const reading = await attempt(async () => await queries.read(orderId, position), outlastsRestore)
      const leftMs = deadline - clock.now()
      const isOver = leftMs <= 0 || signal?.aborted === true
      if ('failure' in reading ? isOver : isOver || isGood(reading)) return value(reading)
      const cancel = clock.schedule(Math.min(pauseMs, leftMs), news.wake)
      pauseMs = Math.min(pauses.longestMs, pauseMs * pauses.growth)
      await news.wait()
      cancel()
    }
  } finally {
    signal?.removeEventListener('abort', news.wake)
    follower?.close()
  }
}

/** A reading, or why there is none now but may be soon. */
async function attempt (read: () => Promise<OrderReading>, outlastsRestore: boolean): Promise<OrderReading | { readonly failure: unknown }> {
  try {
    return await read()
  } catch (failure) {
    if (!outlastsRestore || !isStreamsError(failure) || !failure.code.startsWith('STR_STATE_')) throw failure
    return { failure }
  }
}

function value (reading: OrderReading | { readonly failure: unknown }): OrderReading {
  if ('failure' in reading) throw reading.failure
  return reading
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
