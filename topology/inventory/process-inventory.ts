import { type CommandMeta } from '#schemas'
import { type ProcessorContext, type ReadSet, type TimerInfo, defineProcessor } from '../../streams/processor.ts'
import { type Rejection, admit, contentHash, processedCommand } from '../commands/processed-command.ts'
import { type Cause, causeOf, commandIdOf, eventMeta } from '../envelope.ts'
import { topics } from '../topics.ts'
import { carryOut, emitEvent, fillTimer, onReservationTimer, putStock, reservationTimer } from './carry-out.ts'
import { type ReservationRequest } from './decide-reservation.ts'
import { type StockCommand, decideStock } from './decide-stock.ts'
import { type HoldCommand, holdAttempt, holdRejection, holdRequest, refuseHold } from './hold.ts'
import { onFillTimer } from './fill-back-orders.ts'
import { reservationKey } from './reservation.ts'
import { type InventoryInput, routeInventory, stockPartitionOf } from './routing.ts'
import { backOrderStore, inventoryName, memoryMs, processedStore, reservationStore, stockStore } from './stores.ts'

const processedTimer = 'processed/'

/** A command about one SKU. */
type SkuCommand = (StockCommand | HoldCommand) & { readonly meta: CommandMeta }

/** The stock of a partition: its single writer. See README.md. */
export const inventoryProcessor = defineProcessor<InventoryInput>({
  name: inventoryName,
  inputs: [
    { topic: topics.inventory.commands, route: routeInventory },
    { topic: topics.compensations.inventory, route: routeInventory, compensates: true }
  ],
  outputs: [topics.inventory.events, topics.inventory.availability, topics.inventory.replies, topics.orders.rejections, topics.notifications.requests],
  stores: [stockStore, reservationStore, processedStore, backOrderStore],
  reads,
  handlers: {
    RegisterSku: (context, command) => handleStock(context, command),
    AdjustStock: (context, command) => handleStock(context, command),
    Restock: (context, command) => handleStock(context, command),
    HoldStock: (context, command) => handleHold(context, command),
    ReleaseHold: (context, command) => handleHold(context, command),
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
    case 'HoldStock':
    case 'ReleaseHold': {
      const { reservationId: orderId, sku, meta: { commandId } } = record
      const partition = stockPartitionOf(sku)
      const rows = [[stockStore, sku], [reservationStore, reservationKey({ orderId, attempt: holdAttempt, partition })]] as const
      return commandId === '' ? rows : [...rows, [processedStore, commandId]]
    }
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
  if (command.type === 'RegisterSku') settle(context, command, changeStock(context, command, causeOf(command.meta, context.source)))
  else carryOutOnce(context, command, cause => changeStock(context, command, cause))
}

/** Decides on the stock, and writes what that leads to. */
function changeStock (context: ProcessorContext, command: StockCommand, cause: Cause): Rejection | undefined {
  const before = context.store(stockStore).get(command.sku)
  const { events, stock, rejection } = decideStock(before, command)
  if (events.length > 0 && stock !== undefined) putStock(context, before, stock, cause)
  for (const event of events) emitEvent(context, event, cause, stock?.version ?? 0)
  return rejection
}

function handleHold (context: ProcessorContext, command: HoldCommand & { readonly meta: CommandMeta }): void {
  const { partition } = context.task
  const row = context.store(reservationStore).get(reservationKey({ orderId: command.reservationId, attempt: holdAttempt, partition }))
  carryOutOnce(context, command, cause => {
    const refusal = refuseHold(command, row, context.nowMs)
    return refusal ?? holdRejection(carryOut(context, holdRequest(command, partition), cause))
  })
}

/** Carries a command with an id out once, for as long as it could come again: a repeat is answered alike. */
function carryOutOnce (context: ProcessorContext, command: SkuCommand, act: (cause: Cause) => Rejection | undefined): void {
  const cause = causeOf(command.meta, context.source)
  const { commandId } = command.meta
  if (commandId === '') return settle(context, command, act(cause))
  const hash = contentHash(command)
  const admission = admit(context.store(processedStore).get(commandId), hash)
  if (admission.kind !== 'new') return settle(context, command, admission.rejection ?? undefined)
  const rejection = act(cause)
  context.store(processedStore).put(commandId, processedCommand(commandId, hash, rejection, context.nowMs))
  context.timers.set(processedTimer + commandId, context.nowMs + memoryMs)
  settle(context, command, rejection)
}

function onTimer (context: ProcessorContext, timer: TimerInfo): void {
  if (timer.key.startsWith(reservationTimer)) onReservationTimer(context, timer)
  else if (timer.key.startsWith(fillTimer)) onFillTimer(context, timer)
  else context.store(processedStore).delete(timer.key.slice(processedTimer.length))
}

/** Tells of a command that was refused. Inventory has no rejection topic of its own: they lie on orders.rejections under their SKU. */
function settle (context: ProcessorContext, command: SkuCommand, rejection: Rejection | undefined): void {
  if (rejection === undefined) return
  context.emit(topics.orders.rejections, {
    key: command.sku,
    value: {
      type: 'CommandRejected',
      meta: eventMeta(context, causeOf(command.meta, context.source)),
      orderId: command.sku,
      command: command.type,
      commandId: commandIdOf(command.meta, context.source),
      ...rejection
    }
  })
}
