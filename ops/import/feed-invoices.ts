import { type Clock, type Kafka, partitionOf } from '#streams'
import { importedOrderId } from '../../topology/imports/import-ids.ts'
import { topics } from '../../topology/topics.ts'
import { openEventFeed } from '../play/event-feed.ts'
import { type Speed, createPace } from '../play/pace.ts'
import { type StallWatch } from '../play/stall-watch.ts'
import { partitionsOfTopics } from '../verify/topic-count.ts'
import { invoiceRecord, keyOf } from './invoice-record.ts'
import { type Invoice } from './invoice-window.ts'
import { type OpenOrders } from './open-orders.ts'
import { type UnsettledOrders } from './unsettled-orders.ts'

export interface FeedProgress {
  /** Invoices that have been sent, but those whose order is open. */
  readonly done: number
  /** Orders open. */
  readonly open: number
}

export interface FeedOptions {
  readonly kafka: Kafka
  readonly clock: Clock
  readonly runId: string
  /** The invoices in the order of the file. */
  readonly invoices: AsyncIterable<readonly Invoice[]>
  /** Sequence of the last invoice that the log has, by partition: what comes before was sent by an earlier process. */
  readonly lastSent: readonly number[]
  readonly orders: OpenOrders
  readonly unsettled: UnsettledOrders
  /** Orders open at a time. */
  readonly inFlight: number
  readonly speed: Speed
  readonly watch: StallWatch
  readonly onProgress: (progress: FeedProgress) => void
  readonly signal: AbortSignal
}

/** Invoices of one send at most, and their lines. */
const sendInvoices = 64
const sendLines = 4000
/** When nothing has moved for this long, the state is asked whether the open orders really are, ms. */
const doubtMs = 5000

/**
 * Sends the invoices in the order of the file, with at most `inFlight` orders open, and waits until every order is confirmed or has
 * ended. May be run again after any interruption: what the log holds is not sent again, and the orders of it that are still open take
 * their places. Its memory is that of one batch and of the open orders.
 *
 * @throws {OpsError} OPS_RUN_STALLED when nothing moves any more.
 */
export async function feedInvoices (options: FeedOptions): Promise<void> {
  const { kafka, clock, runId, orders, inFlight, watch, signal } = options
  const feed = await openEventFeed({
    kafka,
    topic: topics.orders.events,
    from: await kafka.endOffsets(partitionsOfTopics([topics.orders.events])),
    onFailure: watch.fail,
    onValue: (event, record) => {
      orders.see(event.orderId, event.type, record.timestampMs)
      watch.moved()
    }
  })
  const pace = createPace(clock, options.speed, signal)
  const batch = new Batch(runId)
  // Once all places are taken, so many have to be free again before the next invoices go out, together.
  const room = Math.min(sendInvoices, Math.ceil(inFlight / 8))
  let sent = 0
  const flush = async (): Promise<void> => {
    const orderIds = batch.orderIds
    for (const orderId of await options.unsettled(orderIds, watch.wait)) orders.add(orderId, batch.isNew(orderId) ? clock.now() : undefined)
    const records = batch.newInvoices.map(invoice => invoiceRecord(invoice, runId, clock.now()))
    if (records.length > 0) await kafka.producer().send(records)
    sent = batch.lastSequence ?? sent
    batch.clear()
    watch.moved()
    // Nothing is told while the file is passed over up to where an earlier process got: it would not be the speed of the platform.
    if (records.length > 0) report()
  }
  const report = (): void => { options.onProgress({ done: sent - orders.size, open: orders.size }) }
  const waitForOrders = async (): Promise<void> => {
    await watch.wait()
    if (clock.now() - watch.movedAtMs >= doubtMs) await dropSettled(options)
    report()
  }
  try {
    for await (const invoices of options.invoices) {
      for (const invoice of invoices) {
        const isNew = invoice.sequence > (options.lastSent[partitionOf(keyOf(invoice), topics.imports.invoices.partitions)] ?? 0)
        if (invoice.kind === 'sale') {
          if (orders.size + batch.orderIds.length >= inFlight) {
            await flush()
            while (orders.size > inFlight - room) await waitForOrders()
          }
        }
        if (isNew) await pace(invoice.rows[0].invoicedAtMs)
        batch.add(invoice, isNew)
        if (batch.isFull || (isNew && options.speed !== 'max')) await flush()
      }
    }
    await flush()
    while (orders.size > 0) await waitForOrders()
  } finally {
    await feed.close()
  }
}

/** Lets go of open orders that the state knows as settled: their events were seen by an earlier process, or by none. */
async function dropSettled ({ orders, unsettled, watch }: FeedOptions): Promise<void> {
  const still = new Set(await unsettled(orders.ids, watch.wait))
  for (const orderId of orders.ids) if (!still.has(orderId) && orders.settle(orderId)) watch.moved()
}

/** Invoices that go out together. */
class Batch {
  readonly #runId: string
  #invoices: Array<{ readonly invoice: Invoice, readonly isNew: boolean, readonly orderId: string | undefined }> = []
  #lines = 0

  constructor (runId: string) {
    this.#runId = runId
  }

  add (invoice: Invoice, isNew: boolean): void {
    this.#invoices.push({ invoice, isNew, orderId: invoice.kind === 'sale' ? importedOrderId(this.#runId, invoice.invoiceNo) : undefined })
    this.#lines += invoice.rows.length
  }

  clear (): void {
    this.#invoices = []
    this.#lines = 0
  }

  get isFull (): boolean { return this.#invoices.length >= sendInvoices || this.#lines >= sendLines }
  get lastSequence (): number | undefined { return this.#invoices.at(-1)?.invoice.sequence }
  get newInvoices (): readonly Invoice[] { return this.#invoices.filter(({ isNew }) => isNew).map(({ invoice }) => invoice) }
  get orderIds (): readonly string[] { return this.#invoices.flatMap(({ orderId }) => orderId ?? []) }
  isNew (orderId: string): boolean { return this.#invoices.some(each => each.orderId === orderId && each.isNew) }
}
