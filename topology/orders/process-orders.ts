import { type CompensateOrder, type OrderState, type OrderView, type PaymentCreated, type PlaceOrder } from '#schemas'
import { type ProcessorContext, type RecordInfo, type TimerInfo, defineGlobalTable, defineProcessor, defineStore } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { contentHash } from '../commands/processed-command.ts'
import { type Cause, causeOf, causeOfSource, commandIdOf } from '../envelope.ts'
import { stockPartitionOf } from '../inventory/routing.ts'
import { type InventoryReply, type OrderCommand, type PaymentEvent, type ShipmentEvent, topics } from '../topics.ts'
import { decideCommand, decideFact, decideTimer } from './decide.ts'
import { type Decision } from './draft.ts'
import { emitDecision, emitRejection } from './emit.ts'
import { type Fact } from './facts.ts'
import { type Order } from './order.ts'
import { UnexpectedRecord } from './phases.ts'
import { decidePlaceOrder } from './place-order.ts'

/** Name of the sub-topology: in task ids, the changelog and the hash slots of the state. */
export const ordersName = 'orders'

/** What the saga remembers, by order id. */
export const orderStore = defineStore('orders', stateSerde(ordersName, 'OrderState'))
/** What readers see, by order id: the same record as in orders.state. */
export const viewStore = defineStore('view', stateSerde(ordersName, 'OrderView'))
/** The catalog, whole in each process: read only to decide prices. */
export const catalogTable = defineGlobalTable('catalog', topics.catalog.state)

type OrdersInput = OrderCommand | CompensateOrder | InventoryReply | Exclude<PaymentEvent, PaymentCreated> | ShipmentEvent

const facts = {
  LinesReserved: handleFact,
  LinesBackOrdered: handleFact,
  LinesRejected: handleFact,
  LinesConfirmed: handleFact,
  LinesConfirmRejected: handleFact,
  LinesUnconfirmed: handleFact,
  LinesReleased: handleFact,
  LinesExpired: handleFact,
  PaymentAuthorized: handleFact,
  PaymentSucceeded: handleFact,
  PaymentFailed: handleFact,
  PaymentDeferred: handleFact,
  PaymentVoided: handleFact,
  PaymentPartiallyRefunded: handleFact,
  PaymentRefunded: handleFact,
  RefundFailed: handleFact,
  ShipmentCreated: handleFact,
  ShipmentCancelled: handleFact,
  ShipmentRefused: handleFact,
  ShipmentPickedUp: handleFact,
  ShipmentInTransit: handleFact,
  ShipmentOutForDelivery: handleFact,
  ShipmentDeliveryFailed: handleFact,
  ShipmentDelivered: handleFact,
  ShipmentReturned: handleFact,
  ShipmentTrackingUpdated: handleFact,
  ShipmentDelayed: handleFact
}

/** Orders: event-sourced aggregate and saga, one writer per order. See README.md. */
export const ordersProcessor = defineProcessor<OrdersInput>({
  name: ordersName,
  inputs: [
    topics.orders.commands, topics.orders.commandsTrusted, topics.inventory.replies, topics.payments.events, topics.shipping.events,
    { topic: topics.compensations.order, compensates: true }
  ],
  outputs: [
    topics.orders.events, topics.orders.rejections, topics.orders.state, topics.inventory.commands, topics.payments.commands,
    topics.shipping.commands, topics.compensations.inventory, topics.compensations.payment, topics.compensations.shipment,
    topics.returns.events, topics.notifications.requests, topics.imports.orderOutcomes
  ],
  stores: [orderStore, viewStore],
  globals: [catalogTable],
  reads: value => readsOf(value.orderId),
  handlers: {
    PlaceOrder: handlePlaceOrder,
    CancelOrder: handleLater,
    AmendOrder: handleLater,
    RetryPayment: handleLater,
    ShipOrder: handleLater,
    RequestReturn: handleLater,
    ApproveReturn: handleLater,
    ReceiveReturn: handleLater,
    CompensateOrder: handleLater,
    ...facts
  },
  timerReads: timer => readsOf(timer.key),
  onTimer: handleTimer,
  // An order is its own order: every record and timer of it has its id as the key.
  parking: 'key'
})

function readsOf (orderId: string) {
  return [[orderStore, orderId], [viewStore, orderId]] as const
}

function handlePlaceOrder (context: ProcessorContext, command: PlaceOrder, record: RecordInfo): void {
  const order = load(context, command.orderId, record)
  const catalog = context.global(catalogTable)
  const commandId = commandIdOf(command.meta, context.source)
  const decision = decidePlaceOrder(order, command, {
    nowMs: context.nowMs,
    wallMs: context.wallMs,
    commandId,
    product: sku => catalog.get(sku)?.value,
    trusted: record.topic === topics.orders.commandsTrusted.name,
    partitionOf: stockPartitionOf
  })
  const cause = causeOf(command.meta, context.source)
  if (decision.rejection !== undefined) emitRejection(context, cause, command, decision.rejection)
  store(context, cause, order, decision)
}

function handleLater (context: ProcessorContext, command: Exclude<OrderCommand, PlaceOrder> | CompensateOrder, record: RecordInfo): void {
  const order = load(context, command.orderId, record)
  const cause = causeOf(command.meta, context.source)
  const decision = decideCommand(order, command, {
    nowMs: context.nowMs,
    wallMs: context.wallMs,
    commandId: cause.causationId,
    hash: contentHash(command),
    product: sku => context.global(catalogTable).get(sku)?.value
  })
  if (decision.rejection !== undefined) emitRejection(context, cause, command, decision.rejection)
  store(context, cause, order, decision)
}

function handleFact (context: ProcessorContext, fact: Exclude<OrdersInput, OrderCommand | CompensateOrder>, record: RecordInfo): void {
  const order = load(context, fact.orderId, record)
  store(context, causeOf(fact.meta), order, decideFact(order, fact satisfies Fact, context.nowMs, context.wallMs))
}

function handleTimer (context: ProcessorContext, timer: TimerInfo): void {
  const order = read(context, timer.key)
  const cause = causeOfSource(context.source, order?.saga.correlationId ?? '')
  store(context, cause, order, decideTimer(order, timer.dueMs, context.nowMs, context.runningSinceMs))
}

/** The order that the record is about. A record filed under another key would be handled by the wrong task: it is a dead letter. */
function load (context: ProcessorContext, orderId: string, record: RecordInfo): Order | undefined {
  if (record.key !== orderId) throw new UnexpectedRecord('the key of the record is not its order id')
  return read(context, orderId)
}

function read (context: ProcessorContext, orderId: string): Order | undefined {
  const saga: OrderState | undefined = context.store(orderStore).get(orderId)
  const view: OrderView | undefined = context.store(viewStore).get(orderId)
  return saga === undefined || view === undefined ? undefined : { saga, view }
}

function store (context: ProcessorContext, cause: Cause, before: Order | undefined, decision: Decision): void {
  const { order, timer } = decision
  if (order === undefined) return
  const { orderId, correlationId } = order.saga
  if (order.saga !== before?.saga) context.store(orderStore).put(orderId, order.saga)
  if (order.view !== before?.view) {
    context.store(viewStore).put(orderId, order.view)
    context.emit(topics.orders.state, { key: orderId, value: order.view })
  }
  if (timer.kind === 'set') context.timers.set(orderId, timer.dueMs, order.saga.phase)
  if (timer.kind === 'cancel') context.timers.cancel(orderId)
  emitDecision(context, { ...cause, correlationId }, order, decision)
}
