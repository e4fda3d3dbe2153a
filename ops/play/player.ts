import { type Clock, type Kafka, type OutgoingRecord } from '#streams'
import { topics } from '../../topology/topics.ts'
import { type KeyProvider, encryptPersonal } from '../../topology/personal.ts'
import { subjectKeyId } from '../../topology/privacy/subject.ts'
import { listProducts } from './catalog.ts'
import { cancelOrderCommand, placeOrderCommand, reviewDecisionCommand, shipOrderCommand, toRecord } from './commands.ts'
import { openEventFeed } from './event-feed.ts'
import { type GeneratedOrder, type Workload } from './generator.ts'
import { type Speed, createPace } from './pace.ts'
import { visitsAround } from './sessions.ts'
import { createStallWatch } from './stall-watch.ts'
import { type Tracker, type TrackerAction, createTracker } from './tracker.ts'

export interface PlayProgress {
  readonly phase: 'catalog' | 'orders'
  readonly done: number
  readonly total: number
  readonly open: number
  readonly confirmed: number
}

export interface PlayOptions {
  readonly kafka: Kafka
  readonly clock: Clock
  readonly keys: KeyProvider
  readonly workload: Workload
  readonly runId: string
  readonly seed: string
  /** Offsets of the topics when the run began for the first time, by `partitionKey`. */
  readonly from: ReadonlyMap<string, bigint>
  readonly inFlight: number
  readonly speed: Speed
  readonly onProgress: (progress: PlayProgress) => void
  readonly signal: AbortSignal
  /** Give up when nothing moved for this long, ms. @default 180000 */
  readonly stallMs?: number
}

/** What the player does as customer, reviewer and warehouse. */
const commandOf = { cancel: cancelOrderCommand, review: reviewDecisionCommand, ship: shipOrderCommand } as const

/** Orders of one send at most. */
const SEND_ORDERS = 64

/**
 * Plays a workload in by topic and follows it to its end: catalog and opening stock first, then the orders, with at most `inFlight` of
 * them open. Plays those around it as well: the customer who cancels what is made to be cancelled once it is confirmed, the warehouse that
 * hands the rest to the carrier, and the reviewer who approves what is put on review. May be run again after any interruption: what the
 * log already holds is not sent again, and what is sent twice is recognised by its command id.
 *
 * @throws {OpsError} OPS_RUN_STALLED when no order moved for `stallMs`.
 */
export async function play (options: PlayOptions): Promise<Tracker> {
  const { kafka, clock, runId, signal } = options
  const producer = kafka.producer()
  const tracker = createTracker()
  for (const order of options.workload.orders()) tracker.add(order.orderId, order.fate)
  const watch = createStallWatch({ clock, signal, stallMs: options.stallMs, open: () => tracker.openOrders() })
  const decide = (orderId: string, action: Exclude<TrackerAction, 'none'>): void => {
    producer.send([toRecord(topics.orders.commands, orderId, commandOf[action](runId, orderId, clock.now()))]).catch(watch.fail)
  }

  const products = options.workload.products.map(product => ({ ...product, openingStock: options.workload.openingStock.get(product.sku)! }))
  const report = (phase: PlayProgress['phase'], done: number, total: number): void => {
    options.onProgress({ phase, done, total, open: tracker.open, confirmed: tracker.confirmed })
  }
  await listProducts({ ...options, products, watch, onProgress: (done, total) => { report('catalog', done, total) } })
  const feed = await openEventFeed({
    kafka,
    topic: topics.orders.events,
    from: options.from,
    onFailure: watch.fail,
    onValue: (event, record) => {
      const action = tracker.see(event.orderId, event.type, record.timestampMs)
      // What has nothing to ship is delivered as it is confirmed.
      const isShipped = event.type !== 'OrderConfirmed' || event.lines.some(line => line.stocked)
      if (action !== 'none' && (action !== 'ship' || isShipped)) decide(event.orderId, action)
      watch.moved()
    }
  })
  try {
    await feed.caughtUp()
    const reportOrders = (): void => { report('orders', tracker.settled, tracker.added) }
    const pace = createPace(clock, options.speed, signal)
    let batch: GeneratedOrder[] = []
    const flush = async (): Promise<void> => {
      const records = await Promise.all(batch.map(async order => await toPlaceOrder(options, order)))
      const visits = batch.flatMap(order => toVisits(options, order))
      for (const order of batch) tracker.sent(order.orderId, clock.now())
      batch = []
      if (records.length > 0) await producer.send([...visits, ...records])
      watch.moved()
      reportOrders()
    }
    for (const order of options.workload.orders()) {
      if (tracker.get(order.orderId)!.started) continue
      while (tracker.open + batch.length >= options.inFlight) {
        await flush()
        if (tracker.open >= options.inFlight) await watch.wait()
      }
      await pace(order.placedAtMs)
      batch.push(order)
      if (batch.length >= SEND_ORDERS || options.speed !== 'max') await flush()
    }
    await flush()
    while (tracker.settled < tracker.added) {
      await watch.wait()
      reportOrders()
    }
    return tracker
  } finally {
    await feed.close()
  }
}

function toVisits ({ runId, seed, workload: { products } }: PlayOptions, order: GeneratedOrder): OutgoingRecord[] {
  return visitsAround({ runId, seed, products }, order).map(visit => toRecord(topics.behaviour.commands, visit.sessionId, visit))
}

async function toPlaceOrder (options: PlayOptions, order: GeneratedOrder): Promise<OutgoingRecord> {
  const who = order.customerId ?? `guest-${order.orderId}`
  const address = await encryptPersonal(options.keys, subjectKeyId(order), 'address', { name: who, line1: `${order.index + 1} High Street`, city: 'London', country: 'GB' })
  return toRecord(topics.orders.commands, order.orderId, placeOrderCommand(options.runId, order, address, options.clock.now()))
}
