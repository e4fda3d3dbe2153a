import { type CommandMeta } from '#schemas'
import { type ProcessorContext, type ReadSet, type TimerInfo, defineProcessor } from '../../streams/processor.ts'
import { type Rejection, admit, contentHash, processedCommand } from '../commands/processed-command.ts'
import { type Cause, causeOf, commandIdOf, eventMeta } from '../envelope.ts'
import { topics } from '../topics.ts'
import { carryOut, emitEvent, fillTimer, onReservationTimer, putStock, reservationTimer } from './carry-out.ts'
import { type ReservationRequest } from './decide-reservation.ts'
import { type StockCommand, decideStock } from './decide-stock.ts'
import { onFillTimer } from './fill-back-orders.ts'
import { reservationKey } from './reservation.ts'
import { type InventoryInput, routeInventory } from './routing.ts'
import { backOrderStore, inventoryName, memoryMs, processedStore, reservationStore, stockStore } from './stores.ts'

const processedTimer = 'processed/'

/** The stock of a partition: its single writer. See README.md. */
export const inventoryProcessor = defineProcessor<InventoryInput>({
  name: inventoryName,
  inputs: [
    { topic: topics.inventory.commands, route: routeInventory },
    { topic: topics.compensations.inventory, route: routeInventory, compensates: true }
  ],
  outputs: [topics.inventory.events, topics.inventory.availability, topics.inventory.replies, topics.orders.rejections],
  stores: [stockStore, reservationStore, processedStore, backOrderStore],
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
  timerReads,
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
  if (key.startsWith(fillTimer)) return key.slice(fillTimer.length)
  return key.startsWith(reservationTimer) ? key.slice(reservationTimer.length).split('/')[0] ?? key : key
}

function timerReads ({ key }: TimerInfo): ReadSet {
  if (key.startsWith(fillTimer)) return [[stockStore, key.slice(fillTimer.length)]]
  return key.startsWith(reservationTimer) ? [[reservationStore, key.slice(reservationTimer.length)]] : []
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
  if (decision.events.length > 0 && decision.stock !== undefined) putStock(context, stocks.get(command.sku), decision.stock, cause)
  if (remembers) {
    const { commandId } = command.meta
    context.store(processedStore).put(commandId, processedCommand(commandId, hash, decision.rejection, context.nowMs))
    context.timers.set(processedTimer + commandId, context.nowMs + memoryMs)
  }
  for (const event of decision.events) emitEvent(context, event, cause, decision.stock?.version ?? 0)
  if (decision.rejection !== undefined) emitRejection(context, command, decision.rejection, cause)
}

function onTimer (context: ProcessorContext, timer: TimerInfo): void {
  if (timer.key.startsWith(reservationTimer)) onReservationTimer(context, timer)
  else if (timer.key.startsWith(fillTimer)) onFillTimer(context, timer)
  else context.store(processedStore).delete(timer.key.slice(processedTimer.length))
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
