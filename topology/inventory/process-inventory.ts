import { type CommandMeta, type ReservationState } from '#schemas'
import { type ProcessorContext, type ReadSet, type TimerInfo, defineProcessor, defineStore } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { type Rejection, admit, contentHash, processedCommand } from '../commands/processed-command.ts'
import { retentionMs } from '../commands/retention.ts'
import { type Cause, causeOf, causeOfSource, commandIdOf, eventMeta } from '../envelope.ts'
import { heldUpMs } from '../held-up.ts'
import { topics } from '../topics.ts'
import { type ReservationRequest, decideReservation } from './decide-reservation.ts'
import { type StockCommand, decideStock } from './decide-stock.ts'
import { holdsStock, reservationKey } from './reservation.ts'
import { type InventoryInput, routeInventory } from './routing.ts'
import { type InventoryEventBody } from './stock.ts'

/** Name of the sub-topology: in task ids, the changelog and the hash slots of the state. */
export const inventoryName = 'inventory'

/** The stores of a task: one row per SKU, per reservation and per remembered command of its partition. */
export const stockStore = defineStore('stock', stateSerde(inventoryName, 'StockState'))
export const reservationStore = defineStore('reservations', stateSerde(inventoryName, 'ReservationState'))
export const processedStore = defineStore('processed', stateSerde(inventoryName, 'ProcessedCommand'))

/** How long ended reservations, fences and command ids are kept: a day longer than the topic a late command could come from. Unit: ms. */
export const memoryMs = retentionMs(topics.inventory.commands) + 86_400_000

const reservationTimer = 'reservation/'
const processedTimer = 'processed/'
/** How long a reservation lives on when its expiry was held up: as long as a new one, and longer than an order's saga. */
const graceMs = 45 * 60_000

/** The stock of a partition: its single writer. See README.md. */
export const inventoryProcessor = defineProcessor<InventoryInput>({
  name: inventoryName,
  inputs: [
    { topic: topics.inventory.commands, route: routeInventory },
    { topic: topics.compensations.inventory, route: routeInventory, compensates: true }
  ],
  outputs: [topics.inventory.events, topics.inventory.replies, topics.orders.rejections],
  stores: [stockStore, reservationStore, processedStore],
  reads,
  handlers: {
    RegisterSku: (context, command) => handleStock(context, command),
    AdjustStock: (context, command) => handleStock(context, command),
    Restock: (context, command) => handleStock(context, command),
    ReserveStock: (context, command) => handleReservation(context, { ...command, action: 'reserve' }, command.meta),
    ConfirmReservation: (context, command) => handleReservation(context, { ...command, action: 'confirm' }, command.meta),
    ExtendReservation: (context, command) => handleReservation(context, { ...command, action: 'extend' }, command.meta),
    ReleaseReservation: (context, command) => handleReservation(context, { ...command, action: 'release' }, command.meta),
    UnconfirmReservation: (context, command) => handleReservation(context, { ...command, action: 'unconfirm' }, command.meta)
  },
  onTimer,
  timerReads: timer => timer.key.startsWith(reservationTimer) ? [[reservationStore, timer.key.slice(reservationTimer.length)]] : [],
  parking: 'key',
  ordering: { record: orderingKey, timer: orderingKeyOfTimer }
})

/**
 * What order is kept by: the SKU of a stock command, the order of a reservation. A reservation touches SKUs and does not wait for them:
 * counts commute, and one bad adjustment must not stop everybody who buys that SKU.
 */
function orderingKey (record: InventoryInput): string {
  return 'sku' in record ? record.sku : record.orderId
}

function orderingKeyOfTimer ({ key }: TimerInfo): string {
  return key.startsWith(reservationTimer) ? key.slice(reservationTimer.length).split('/')[0] ?? key : key
}

function reads (record: InventoryInput): ReadSet {
  switch (record.type) {
    case 'RegisterSku': return [[stockStore, record.sku]]
    case 'AdjustStock':
    case 'Restock': return record.meta.commandId === '' ? [[stockStore, record.sku]] : [[stockStore, record.sku], [processedStore, record.meta.commandId]]
    case 'ReserveStock': {
      const skus = new Set(record.lines.map(line => line.sku))
      return [[reservationStore, reservationKey(record)], ...[...skus].map(sku => [stockStore, sku] as const)]
    }
    default: return [[reservationStore, reservationKey(record)]]
  }
}

function handleReservation (context: ProcessorContext, request: ReservationRequest, meta: CommandMeta): void {
  carryOut(context, request, causeOf(meta, context.source))
}

function carryOut (context: ProcessorContext, request: ReservationRequest, cause: Cause): void {
  const stocks = context.store(stockStore)
  const reservations = context.store(reservationStore)
  const key = reservationKey(request)
  const row = reservations.get(key)
  const decision = decideReservation(request, {
    row, stockOf: sku => stocks.get(sku), partition: context.task.partition, nowMs: context.nowMs, correlationId: cause.correlationId
  })
  for (const stock of decision.stocks) stocks.put(stock.sku, stock)
  if (decision.row !== undefined && decision.row !== row) {
    reservations.put(key, decision.row)
    armTimer(context, key, row, decision.row)
  }
  const versions = new Map(decision.stocks.map(stock => [stock.sku, stock.version]))
  for (const event of decision.events) emitEvent(context, event, cause, versions.get(event.sku) ?? 0)
  if (decision.reply === undefined) return
  const replyMeta = eventMeta(context, cause, decision.row?.version ?? 0)
  context.emit(topics.inventory.replies, { key: request.orderId, value: { ...decision.reply, meta: replyMeta } })
}

function handleStock (context: ProcessorContext, command: StockCommand & { readonly meta: CommandMeta }): void {
  const cause = causeOf(command.meta, context.source)
  const remembers = command.type !== 'RegisterSku' && command.meta.commandId !== ''
  const hash = remembers ? contentHash(command) : ''
  const admission = remembers ? admit(context.store(processedStore).get(command.meta.commandId), hash) : { kind: 'new' as const }
  if (admission.kind !== 'new') {
    if (admission.rejection !== null) emitRejection(context, command, admission.rejection, cause)
    return
  }
  const stocks = context.store(stockStore)
  const decision = decideStock(stocks.get(command.sku), command)
  if (decision.events.length > 0 && decision.stock !== undefined) stocks.put(command.sku, decision.stock)
  if (remembers) {
    const { commandId } = command.meta
    context.store(processedStore).put(commandId, processedCommand(commandId, hash, decision.rejection, context.nowMs))
    context.timers.set(processedTimer + commandId, context.nowMs + memoryMs)
  }
  for (const event of decision.events) emitEvent(context, event, cause, decision.stock?.version ?? 0)
  if (decision.rejection !== undefined) emitRejection(context, command, decision.rejection, cause)
}

/**
 * A row that never held stock, or that ends after its timer has gone by, is armed for its removal; a reservation for its end. One
 * that ends earlier keeps its timer, which arms itself again: one timer write per reservation is enough.
 */
function armTimer (context: ProcessorContext, key: string, before: ReservationState | undefined, after: ReservationState): void {
  const lateEnd = before === undefined || before.status === 'confirmed'
  if (lateEnd && !holdsStock(after.status)) context.timers.set(reservationTimer + key, context.nowMs + memoryMs)
  else if (after.status === 'reserved' && after.expiresAt !== null && after.expiresAt !== before?.expiresAt) {
    context.timers.set(reservationTimer + key, after.expiresAt)
  }
}

/**
 * One timer row per reservation serves its whole life: it ends what is still reserved, and later removes what has ended. A
 * confirmed reservation is left alone: its row is what a cancellation puts back from.
 */
function onTimer (context: ProcessorContext, timer: TimerInfo): void {
  if (timer.key.startsWith(processedTimer)) return context.store(processedStore).delete(timer.key.slice(processedTimer.length))
  const key = timer.key.slice(reservationTimer.length)
  const row = context.store(reservationStore).get(key)
  if (row === undefined || row.status === 'confirmed') return
  if (row.status === 'reserved') {
    if (row.expiresAt !== null && row.expiresAt > context.nowMs) return context.timers.set(timer.key, row.expiresAt)
    // Down or behind for longer than the reservation lives: its order was waiting too, and gets the whole time again.
    if (context.nowMs - timer.dueMs > heldUpMs) return context.timers.set(timer.key, context.nowMs + graceMs)
    const { orderId, attempt, partition } = row
    carryOut(context, { action: 'expire', orderId, attempt, partition }, causeOfSource(context.source, row.correlationId))
    return context.timers.set(timer.key, context.nowMs + memoryMs)
  }
  const removeAt = (row.endedAt ?? 0) + memoryMs
  if (!holdsStock(row.status) && removeAt <= context.nowMs) context.store(reservationStore).delete(key)
  else context.timers.set(timer.key, removeAt)
}

function emitEvent (context: ProcessorContext, event: InventoryEventBody, cause: Cause, version: number): void {
  context.emit(topics.inventory.events, { key: event.sku, value: { ...event, meta: eventMeta(context, cause, version) } })
}

/** Inventory has no rejection topic of its own: its refused stock commands lie on orders.rejections under their SKU. */
function emitRejection (context: ProcessorContext, command: StockCommand & { readonly meta: CommandMeta }, rejection: Rejection, cause: Cause): void {
  context.emit(topics.orders.rejections, {
    key: command.sku,
    value: {
      type: 'CommandRejected',
      meta: eventMeta(context, cause),
      orderId: command.sku,
      command: command.type,
      commandId: commandIdOf(command.meta, context.source),
      ...rejection
    }
  })
}
