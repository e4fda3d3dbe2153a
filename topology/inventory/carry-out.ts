import { type ReservationState, type StockState } from '#schemas'
import { type ProcessorContext, type TimerInfo } from '../../streams/processor.ts'
import { type Cause, causeOfSource, eventMeta } from '../envelope.ts'
import { heldUpMs } from '../held-up.ts'
import { lowStockNotice } from '../notifications/request-notifications.ts'
import { topics } from '../topics.ts'
import { availabilityOf } from './availability.ts'
import { backOrderOf, letsFill, placeOf, queuePrefix } from './back-orders.ts'
import { type ReservationDecision, type ReservationRequest, decideReservation } from './decide-reservation.ts'
import { isByHand, isLive, reservationKey } from './reservation.ts'
import { type InventoryEventBody, available } from './stock.ts'
import { backOrderStore, memoryMs, reservationStore, stockStore } from './stores.ts'

/** What the timers of the task are about: the end of a reservation, and stock that came for those who wait for it. */
export const reservationTimer = 'reservation/'
export const fillTimer = 'fill/'

/** How long a reservation lives on when its expiry was held up: as long as a new one, and longer than an order's saga. */
const graceMs = 45 * 60_000

/**
 * Carries out what was asked of a reservation: rows, queues, events, the answer to its order, and the timers it leads to. One by hand has no order
 * that could be answered. Returns what was decided.
 */
export function carryOut (context: ProcessorContext, request: ReservationRequest, cause: Cause): ReservationDecision {
  const stocks = context.store(stockStore)
  const reservations = context.store(reservationStore)
  const key = reservationKey(request)
  const row = reservations.get(key)
  const decision = decideReservation(request, {
    row, stockOf: sku => stocks.get(sku), partition: context.task.partition, nowMs: context.nowMs, correlationId: cause.correlationId
  })
  for (const stock of decision.stocks) putStock(context, stocks.get(stock.sku), stock, cause)
  if (decision.row !== undefined && decision.row !== row) {
    reservations.put(key, decision.row)
    armTimer(context, key, row, decision.row)
    keepQueues(context, row, decision.row)
  }
  emitAll(context, decision, cause)
  if (decision.reply === undefined || isByHand(decision.row ?? request)) return decision
  const replyMeta = eventMeta(context, cause, decision.row?.version ?? 0)
  context.emit(topics.inventory.replies, { key: request.orderId, value: { ...decision.reply, meta: replyMeta } })
  return decision
}

/**
 * Stores the stock of a SKU; when some of it came free while others wait for it, they are looked through next. Its class of availability is told
 * when it becomes another one: few of the movements of stock do that.
 */
export function putStock (context: ProcessorContext, before: StockState | undefined, after: StockState, cause: Cause): void {
  context.store(stockStore).put(after.sku, after)
  if (letsFill(before, after)) context.timers.set(fillTimer + after.sku, context.nowMs)
  const availability = availabilityOf(after)
  if (before !== undefined && availabilityOf(before) === availability) return
  const value = { type: 'AvailabilityChanged' as const, meta: eventMeta(context, cause, after.version), sku: after.sku, availability }
  context.emit(topics.inventory.availability, { key: after.sku, value })
}

/** Ends what is still reserved or waits, and later removes what has ended: one timer row per reservation serves its whole life. */
export function onReservationTimer (context: ProcessorContext, timer: TimerInfo): void {
  const key = timer.key.slice(reservationTimer.length)
  const row = context.store(reservationStore).get(key)
  // A confirmed reservation is left alone: its row is what a cancellation puts back from.
  if (row === undefined || row.status === 'confirmed') return
  if (isLive(row.status)) {
    if (row.expiresAt !== null && row.expiresAt > context.nowMs) return context.timers.set(timer.key, row.expiresAt)
    // Down or behind for longer than the reservation lives: its order was waiting too, and gets the whole time again.
    if (!isByHand(row) && context.nowMs - timer.dueMs > heldUpMs) return context.timers.set(timer.key, context.nowMs + graceMs)
    const { orderId, attempt, partition } = row
    carryOut(context, { action: 'expire', orderId, attempt, partition }, causeOfSource(context.source, row.correlationId))
    return context.timers.set(timer.key, context.nowMs + memoryMs)
  }
  const removeAt = (row.endedAt ?? 0) + memoryMs
  if (removeAt <= context.nowMs) context.store(reservationStore).delete(key)
  else context.timers.set(timer.key, removeAt)
}

/** Writes an event about a SKU, and who is to be told of it; `version`: that of its stock after the event, 0 where it has none. */
export function emitEvent (context: ProcessorContext, event: InventoryEventBody, cause: Cause, version: number): void {
  context.emit(topics.inventory.events, { key: event.sku, value: { ...event, meta: eventMeta(context, cause, version) } })
  if (event.type !== 'LowStockDetected') return
  const notice = lowStockNotice(event, version)
  context.emit(topics.notifications.requests, { key: notice.userId, value: { ...notice, meta: eventMeta(context, cause) } })
}

function emitAll (context: ProcessorContext, { events, stocks }: ReservationDecision, cause: Cause): void {
  const versions = new Map(stocks.map(stock => [stock.sku, stock.version]))
  for (const event of events) emitEvent(context, event, cause, versions.get(event.sku) ?? 0)
}

/**
 * A row that never held stock, or that ends after its timer has gone by, is armed for its removal; a live one for its end. One
 * that ends earlier keeps its timer, which arms itself again: one timer write per reservation is enough.
 */
function armTimer (context: ProcessorContext, key: string, before: ReservationState | undefined, after: ReservationState): void {
  const lateEnd = before === undefined || before.status === 'confirmed'
  if (lateEnd && !isLive(after.status)) context.timers.set(reservationTimer + key, context.nowMs + memoryMs)
  else if (isLive(after.status) && after.expiresAt !== null && after.expiresAt !== before?.expiresAt) {
    context.timers.set(reservationTimer + key, after.expiresAt)
  }
}

/** Puts a reservation that begins to wait into the queues of its SKUs, and takes it out when it waits no longer. */
function keepQueues (context: ProcessorContext, before: ReservationState | undefined, after: ReservationState): void {
  const queues = context.store(backOrderStore)
  const waits = after.status === 'waiting'
  if (waits === (before?.status === 'waiting')) return
  const entry = backOrderOf(after)
  for (const { sku } of entry.pieces) {
    const key = queuePrefix(sku) + placeOf(after)
    if (waits) queues.put(key, entry)
    else queues.delete(key)
  }
  // One that is older than those who wait may have at once what they have to leave to it.
  const first = waits ? entry.pieces.map(({ sku }) => context.store(stockStore).get(sku)).find(stock => stock !== undefined && available(stock) > 0) : undefined
  if (first !== undefined) context.timers.set(fillTimer + first.sku, context.nowMs)
}
