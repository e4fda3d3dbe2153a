import { type Kafka } from '#streams'
import { openEventFeed } from '../../ops/play/event-feed.ts'
import { createWorkload } from '../../ops/play/generator.ts'
import { createRunId } from '../../ops/play/run-id.ts'
import { createTracker } from '../../ops/play/tracker.ts'
import { topics } from '../../topology/topics.ts'
import { type Played } from './expect.ts'

/** How far a run has come, seen on the order events as any reader of the topic sees them. */
export interface Progress {
  /** Orders that are done: confirmed with no cancellation to come, or ended. */
  readonly settled: number
  /** Resolves when that many are. */
  reached (settled: number): Promise<void>
  /** Resolves with the append time of the first order event that is not older than this; epoch ms, the broker's clock. */
  eventAfter (atMs: number): Promise<number>
  close (): Promise<void>
}

/** Follows the run that the player makes of these options. */
export async function followRun (kafka: Kafka, { orders, seed }: Played): Promise<Progress> {
  const runId = createRunId({ source: 'generator', seed, options: { orders, stockShare: 1 } })
  const tracker = createTracker()
  for (const order of createWorkload({ runId, seed, orders, stockShare: 1 }).orders()) tracker.add(order.orderId, order.fate)
  let newestMs = 0
  let moved = nextMove()
  const feed = await openEventFeed({
    kafka,
    topic: topics.orders.events,
    from: new Map(),
    onFailure: error => moved.reject(error),
    onValue: (event, { timestampMs }) => {
      tracker.see(event.orderId, event.type, timestampMs)
      newestMs = Math.max(newestMs, timestampMs)
      moved.resolve()
      moved = nextMove()
    }
  })
  const until = async (isThere: () => boolean): Promise<void> => {
    while (!isThere()) await moved.promise
  }
  return {
    get settled () { return tracker.settled },
    reached: async settled => await until(() => tracker.settled >= settled),
    eventAfter: async atMs => {
      await until(() => newestMs >= atMs)
      return newestMs
    },
    close: async () => await feed.close()
  }
}

/** A failure is for those who wait; when nobody does, it is none. */
function nextMove (): PromiseWithResolvers<void> {
  const move = Promise.withResolvers<void>()
  move.promise.catch(() => {})
  return move
}
