import { type ProductPurchased } from '#schemas'
import { withInbox } from '../../streams/inbox.ts'
import { type ProcessorContext, type ProcessorDef, type ReadSet, defineProcessor, defineStore } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { behaviourMemoryMs } from '../behaviour/process-behaviour.ts'
import { causeOf, eventMeta } from '../envelope.ts'
import { topics } from '../topics.ts'
import { type Counted, countOrder, uncounted } from './count-order.ts'
import { type CountedPaymentEvent, countPayment, countedPaymentEvents } from './count-payment.ts'
import { type CountedVisit, countPurchase, countVisit, visitIdOf } from './count-product.ts'
import { type CountedStockEvent, countStock, countedStockEvents, uncountedSku } from './count-stock.ts'
import { type CountedOrderEvent, countedOrderEvents } from './counted-status.ts'

/** Name of the sub-topology: in task ids, the changelog and the hash slots of the state. */
export const analyticsName = 'analytics'

/** What is counted of an order, by its id: a row of about a hundred bytes, kept as long as the events of orders. */
export const countedOrderStore = defineStore('orders', stateSerde(analyticsName, 'CountedOrder'))
/** What is counted of a SKU, by its name: a row of a few bytes. */
export const countedSkuStore = defineStore('skus', stateSerde(analyticsName, 'CountedSku'))

/** How long events gather before they are counted, ms: nobody waits for a fact, as nobody waits for an entry of the ledger. */
export const analyticsLingerMs = 250

type AnalyticsInput = CountedOrderEvent | CountedPaymentEvent | CountedStockEvent | CountedVisit | ProductPurchased

/** Analytics: turns events into signed deltas that only have to be added up. See README.md. */
export const analyticsProcessor: ProcessorDef = withInbox<AnalyticsInput>(defineProcessor<AnalyticsInput>({
  name: analyticsName,
  inputs: [topics.orders.events, topics.payments.events, topics.inventory.events, topics.behaviour.events],
  outputs: [topics.analytics.facts],
  stores: [countedOrderStore, countedSkuStore],
  reads,
  handlers: {
    ...Object.fromEntries(countedOrderEvents.map(type => [type, (context: ProcessorContext, event: CountedOrderEvent) => {
      count(context, event, row => countOrder(row, event))
    }])),
    ...Object.fromEntries(countedPaymentEvents.map(type => [type, (context: ProcessorContext, event: CountedPaymentEvent) => {
      count(context, event, row => countPayment(row, event))
    }])),
    ...Object.fromEntries(countedStockEvents.map(type => [type, countSku])),
    ProductViewed: countVisitor,
    ProductAddedToCart: countVisitor,
    ProductPurchased: countBuyer
  },
  parking: 'key',
  lingerMs: analyticsLingerMs
}), { eventId: visitIdOf, lifeMs: behaviourMemoryMs })

function reads (event: AnalyticsInput): ReadSet {
  if ('sessionId' in event) return []
  return 'sku' in event ? [[countedSkuStore, event.sku]] : [[countedOrderStore, event.orderId]]
}

function count (context: ProcessorContext, event: CountedOrderEvent | CountedPaymentEvent, decide: (row: Counted['row']) => Counted): void {
  const orders = context.store(countedOrderStore)
  const before = orders.get(event.orderId) ?? uncounted
  const { row, facts } = decide(before)
  if (row !== before) orders.put(event.orderId, row)
  for (const fact of facts) context.emit(topics.analytics.facts, { key: event.orderId, value: { ...fact, meta: eventMeta(context, causeOf(event.meta)) } })
}

function countSku (context: ProcessorContext, event: CountedStockEvent): void {
  const skus = context.store(countedSkuStore)
  const before = skus.get(event.sku) ?? uncountedSku
  const { row, fact } = countStock(before, event)
  if (row !== before) skus.put(event.sku, row)
  if (fact !== undefined) context.emit(topics.analytics.facts, { key: event.sku, value: { ...fact, meta: eventMeta(context, causeOf(event.meta)) } })
}

function countVisitor (context: ProcessorContext, event: CountedVisit): void {
  context.emit(topics.analytics.facts, { key: event.sessionId, value: { ...countVisit(event), meta: eventMeta(context, causeOf(event.meta)) } })
}

function countBuyer (context: ProcessorContext, event: ProductPurchased): void {
  const orders = context.store(countedOrderStore)
  const { row, fact } = countPurchase(orders.get(event.orderId) ?? uncounted, event)
  if (fact === undefined) return
  orders.put(event.orderId, row)
  context.emit(topics.analytics.facts, { key: event.orderId, value: { ...fact, meta: eventMeta(context, causeOf(event.meta)) } })
}
