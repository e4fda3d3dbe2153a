import { type ProcessorContext, type TimerInfo } from '../../streams/processor.ts'
import { causeOfSource } from '../envelope.ts'
import { type Queued, chooseFills, queuePrefix } from './back-orders.ts'
import { carryOut, fillTimer } from './carry-out.ts'
import { reservationKey } from './reservation.ts'
import { backOrderStore, reservationStore, stockStore } from './stores.ts'

/** Reservations filled in one go; the rest follows at once, so that a large delivery is no large transaction. */
const fillsAtOnce = 16
/** Rows of a queue that are read together. */
const pageRows = 100

/** Stock of a SKU came free: fills who waits for it, oldest first. Comes after every command that was there before, and takes from none. */
export function onFillTimer (context: ProcessorContext, timer: TimerInfo): void {
  const sku = timer.key.slice(fillTimer.length)
  const stocks = context.store(stockStore)
  const chosen = chooseFills(sku, other => readQueue(context, other), other => stocks.get(other), fillsAtOnce)
  for (const { orderId, attempt, partition } of chosen) {
    const correlationId = context.store(reservationStore).get(reservationKey({ orderId, attempt, partition }))?.correlationId ?? ''
    carryOut(context, { action: 'fill', orderId, attempt, partition }, causeOfSource(context.source, correlationId))
  }
  if (chosen.length === fillsAtOnce) context.timers.set(timer.key, context.nowMs)
}

/** The queue of a SKU, read page by page as far as it is asked for. */
function * readQueue (context: ProcessorContext, sku: string): Generator<Queued> {
  const prefix = queuePrefix(sku)
  for (let after: string | undefined, more = true; more;) {
    const page = context.store(backOrderStore).scan({ prefix, limit: pageRows, ...(after === undefined ? {} : { after }) })
    for (const [key, entry] of page.rows) yield { place: key.slice(prefix.length), entry }
    after = page.next
    more = after !== undefined
  }
}
