import { type Clock, type Kafka, systemClock } from '#streams'
import { type MemoryBroker, type MemoryClient, createMemoryBroker } from '#streams/testing'
import { type ImportedInvoice } from '#schemas'
import { feedInvoices } from '../../../ops/import/feed-invoices.ts'
import { type ImportRow } from '../../../ops/import/import-row.ts'
import { formOf, kindOf } from '../../../ops/import/invoice-kind.ts'
import { type Invoice } from '../../../ops/import/invoice-window.ts'
import { lastSent } from '../../../ops/import/last-sent.ts'
import { OpenOrders } from '../../../ops/import/open-orders.ts'
import { type UnsettledOrders } from '../../../ops/import/unsettled-orders.ts'
import { toRecord } from '../../../ops/play/commands.ts'
import { type EventFeed, openEventFeed } from '../../../ops/play/event-feed.ts'
import { type Speed } from '../../../ops/play/pace.ts'
import { createStallWatch } from '../../../ops/play/stall-watch.ts'
import { importedOrderId } from '../../../topology/imports/import-ids.ts'
import { topics } from '../../../topology/topics.ts'
import { eventMeta } from '../../topology/orders/order-fixtures.ts'

export const runId = 'run'

/** Invoices of several customers and guests: every fifth is a credit note, every seventh a write-off, the others are sales. */
export function invoices (count: number): readonly Invoice[] {
  return Array.from({ length: count }, (_, index) => {
    const isCredit = index % 5 === 4
    const isWriteOff = !isCredit && index % 7 === 6
    const invoiceNo = `${isCredit ? 'C' : ''}${index + 100}`
    const row: ImportRow = {
      line: index + 2,
      invoiceNo,
      form: formOf(invoiceNo) ?? 'plain',
      sku: '85123A',
      sourceCode: '85123A',
      stocked: true,
      description: 'LANTERN',
      quantity: isCredit || isWriteOff ? -1 : 2,
      invoicedAtMs: Date.UTC(2010, 11, 1) + index * 60_000,
      unitPrice: isWriteOff ? 0n : 10_000n,
      customerId: index % 3 === 0 ? null : `${index % 11}`,
      country: 'France'
    }
    return { sequence: index + 1, invoiceNo, kind: kindOf(row.form, [row]), rows: [row] }
  })
}

/** A log with a platform that confirms the orders of the sales it reads, `confirm` at a time of the test's choice. */
export class FeedWorld {
  readonly broker: MemoryBroker
  readonly kafka: MemoryClient
  readonly confirmed = new Set<string>()
  /** Most orders that were ever sent and not confirmed. */
  mostOpen = 0
  /** Orders sent and not confirmed, oldest first. */
  readonly open: string[] = []
  #feed: EventFeed | undefined
  /** Confirms every order as soon as it comes. */
  isPrompt = true

  constructor (clock: Clock = systemClock) {
    this.broker = createMemoryBroker({ clock })
    for (const { name, partitions } of [topics.imports.invoices, topics.orders.events]) {
      this.broker.createTopic({ name, partitions, replicas: 1, config: { 'max.message.bytes': '4194304' } })
    }
    this.kafka = this.broker.client('platform')
  }

  async start (): Promise<this> {
    const seen = new Set<string>()
    this.#feed = await openEventFeed({
      kafka: this.kafka,
      topic: topics.imports.invoices,
      from: new Map(),
      onFailure: error => { throw error },
      onValue: invoice => {
        const orderId = importedOrderId(invoice.runId, invoice.invoiceNo)
        if (invoice.kind !== 'sale' || seen.has(orderId)) return
        seen.add(orderId)
        this.open.push(orderId)
        this.mostOpen = Math.max(this.mostOpen, this.open.length)
        if (this.isPrompt) this.confirm(1).catch(() => {})
      }
    })
    return this
  }

  /** Confirms the oldest open orders. */
  async confirm (count: number): Promise<void> {
    const orderIds = this.open.splice(0, count)
    for (const orderId of orderIds) this.confirmed.add(orderId)
    await this.kafka.producer().send(orderIds.map(orderId => toRecord(topics.orders.events, orderId, {
      type: 'OrderConfirmed', meta: eventMeta, orderId, total: 0n, currency: 'GBP', lines: [], customerId: null, placedAt: 0
    })))
  }

  /** The invoices in the log, by partition, as they were written. */
  written (): readonly ImportedInvoice[][] {
    const { name, partitions, value } = topics.imports.invoices
    return Array.from({ length: partitions }, (_, partition) => this.broker.entries(name, partition).map(entry => value.decode(entry.value as Buffer)))
  }

  async close (): Promise<void> {
    await this.#feed?.close()
    await this.broker.close()
  }
}

export interface FeedRun {
  readonly world: FeedWorld
  readonly all: readonly Invoice[]
  readonly clock?: Clock
  readonly inFlight?: number
  readonly speed?: Speed
  readonly stallMs?: number
  readonly unsettled?: UnsettledOrders
  readonly signal?: AbortSignal
  readonly kafka?: Kafka
}

/** What a process does with the file, from the start of it; the orders that it knew of at the end. */
export async function feed (run: FeedRun): Promise<OpenOrders> {
  const { world, all, clock = systemClock, inFlight = 20, speed = 'max', signal = new AbortController().signal } = run
  const kafka = run.kafka ?? world.broker.client('feeder')
  const orders = new OpenOrders()
  await feedInvoices({
    kafka,
    clock,
    runId,
    invoices: batches(all),
    lastSent: await lastSent(kafka, runId),
    orders,
    unsettled: run.unsettled ?? (async orderIds => orderIds.filter(orderId => !world.confirmed.has(orderId))),
    inFlight,
    speed,
    watch: createStallWatch({ clock, signal, stallMs: run.stallMs, open: () => orders.ids }),
    signal,
    onProgress: () => {}
  })
  return orders
}

/** Takes a step after the other until the work has ended; fails as it does. */
export async function whileRunning<T> (work: Promise<T>, step: () => Promise<unknown>): Promise<T> {
  const running = new Set([work])
  work.finally(() => { running.clear() }).catch(() => {})
  while (running.size > 0) await step()
  return await work
}

async function * batches (all: readonly Invoice[]): AsyncGenerator<readonly Invoice[]> {
  for (let at = 0; at < all.length; at += 30) yield all.slice(at, at + 30)
}
