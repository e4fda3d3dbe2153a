import { type Clock, type Kafka, type OutgoingRecord } from '#streams'
import { topics } from '../../topology/topics.ts'
import { type KeyProvider, encryptPersonal } from '../../topology/personal.ts'
import { OpsError } from '../errors.ts'
import { type GeneratedOrder, type GeneratedProduct, type Workload, demoProduct } from './generator.ts'
import { cancelOrderCommand, createProductCommand, placeOrderCommand, registerSkuCommand, toRecord } from './commands.ts'
import { openEventFeed } from './event-feed.ts'
import { type Tracker, createTracker } from './tracker.ts'

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
  /** Offsets of the topics when the run began for the first time, by `partitionKey`. */
  readonly from: ReadonlyMap<string, bigint>
  readonly inFlight: number
  readonly speed: 'max' | number
  readonly onProgress: (progress: PlayProgress) => void
  readonly signal: AbortSignal
  /** Give up when nothing moved for this long, ms. @default 180000 */
  readonly stallMs?: number
}

/** Orders of one send at most. */
const SEND_ORDERS = 64
const SEND_PRODUCTS = 500

/**
 * Plays a workload in by topic and follows it to its end: catalog and opening stock first, then the orders, with at most `inFlight`
 * of them open, cancelling those that are made to be cancelled once they are confirmed. May be run again after any interruption:
 * what the log already holds is not sent again, and what is sent twice is recognised by its command id.
 *
 * @throws {OpsError} OPS_RUN_STALLED when no order moved for `stallMs`.
 */
export async function play (options: PlayOptions): Promise<Tracker> {
  const { kafka, clock, runId, signal } = options
  const producer = kafka.producer()
  const tracker = createTracker()
  for (const order of options.workload.orders()) tracker.add(order.orderId, order.fate)
  let failure: Error | undefined
  let movedAtMs = clock.now()
  let wake = (): void => {}
  const moved = (): void => {
    movedAtMs = clock.now()
    wake()
  }
  const fail = (error: Error): void => {
    failure ??= error
    wake()
  }
  const cancel = (orderId: string): void => {
    producer.send([toRecord(topics.orders.commands, orderId, cancelOrderCommand(runId, orderId, clock.now()))]).catch(fail)
  }
  /** Waits until something moved; fails when nothing does for too long. */
  const settle = async (): Promise<void> => {
    await Promise.race([new Promise<void>(resolve => { wake = resolve }), clock.sleep(500, signal)])
    if (failure !== undefined) throw failure
    signal.throwIfAborted()
    if (clock.now() - movedAtMs > (options.stallMs ?? 180_000)) {
      throw new OpsError('OPS_RUN_STALLED', { open: tracker.open, examples: tracker.openOrders().slice(0, 3).join(', ') || 'none sent' })
    }
  }

  await playCatalog(options, moved, fail, settle)
  const feed = await openEventFeed({
    kafka,
    topic: topics.orders.events,
    from: options.from,
    onFailure: fail,
    onValue: (event, record) => {
      if (tracker.see(event.orderId, event.type, record.timestampMs) === 'cancel') cancel(event.orderId)
      moved()
    }
  })
  try {
    await feed.caughtUp()
    const report = (): void => options.onProgress({ phase: 'orders', done: tracker.settled, total: tracker.added, open: tracker.open, confirmed: tracker.confirmed })
    const pace = createPace(clock, options.speed, signal)
    let batch: GeneratedOrder[] = []
    const flush = async (): Promise<void> => {
      const records = await Promise.all(batch.map(async order => await toPlaceOrder(options, order)))
      for (const order of batch) tracker.sent(order.orderId, clock.now())
      batch = []
      if (records.length > 0) await producer.send(records)
      report()
    }
    for (const order of options.workload.orders()) {
      if (tracker.get(order.orderId)!.started) continue
      while (tracker.open + batch.length >= options.inFlight) {
        await flush()
        if (tracker.open >= options.inFlight) await settle()
      }
      await pace(order.placedAtMs)
      batch.push(order)
      if (batch.length >= SEND_ORDERS || options.speed !== 'max') await flush()
    }
    await flush()
    while (tracker.settled < tracker.added) {
      await settle()
      report()
    }
    return tracker
  } finally {
    await feed.close()
  }
}

async function toPlaceOrder (options: PlayOptions, order: GeneratedOrder): Promise<OutgoingRecord> {
  const who = order.customerId ?? `guest-${order.orderId}`
  const address = await encryptPersonal(options.keys, who, { name: who, line1: `${order.index + 1} High Street`, city: 'London', country: 'GB' })
  return toRecord(topics.orders.commands, order.orderId, placeOrderCommand(options.runId, order, address, options.clock.now()))
}

/** Sends products and opening stock, and waits until both are in the platform's state. */
async function playCatalog (options: PlayOptions, moved: () => void, fail: (error: Error) => void, settle: () => Promise<void>): Promise<void> {
  const { kafka, workload, runId, clock, from } = options
  const listed = new Set<string>()
  const stocked = new Set<string>()
  const feeds = [
    await openEventFeed({ kafka, topic: topics.catalog.state, from, onFailure: fail, onValue: view => { listed.add(view.sku); moved() } }),
    await openEventFeed({
      kafka,
      topic: topics.inventory.events,
      from,
      onFailure: fail,
      onValue: event => {
        if (event.type !== 'SkuRegistered') return
        stocked.add(event.sku)
        moved()
      }
    })
  ]
  try {
    for (const feed of feeds) await feed.caughtUp()
    const isThere = (product: GeneratedProduct): boolean => listed.has(product.sku) && stocked.has(product.sku)
    // The demo product belongs to no run: it may have been there before this one began, so nothing waits for it.
    const own = workload.products.filter(product => product !== demoProduct)
    const missing = [demoProduct, ...own.filter(product => !isThere(product))]
    for (let at = 0; at < missing.length; at += SEND_PRODUCTS) {
      await kafka.producer().send(missing.slice(at, at + SEND_PRODUCTS).flatMap(product => {
        const owner = product === demoProduct ? 'demo' : runId
        return [
          toRecord(topics.catalog.commands, product.sku, createProductCommand(owner, product, clock.now())),
          toRecord(topics.inventory.commands, product.sku, registerSkuCommand(owner, product.sku, workload.openingStock.get(product.sku)!, clock.now()))
        ]
      }))
    }
    while (!own.every(isThere)) {
      await settle()
      options.onProgress({ phase: 'catalog', done: Math.min(listed.size, stocked.size), total: workload.products.length, open: 0, confirmed: 0 })
    }
  } finally {
    for (const feed of feeds) await feed.close()
  }
}

/** Waits until an order is due at the given speed-up of its simulated time. */
function createPace (clock: Clock, speed: 'max' | number, signal: AbortSignal): (atMs: number) => Promise<void> {
  let origin: { readonly simulatedMs: number, readonly realMs: number } | undefined
  return async atMs => {
    if (speed === 'max') return
    origin ??= { simulatedMs: atMs, realMs: clock.now() }
    const wait = origin.realMs + (atMs - origin.simulatedMs) / speed - clock.now()
    if (wait > 0) await clock.sleep(wait, signal)
  }
}
