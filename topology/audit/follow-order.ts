import { type OrderAudit } from '#schemas'
import { formatMoney } from '../money.ts'
import { type OrderEvent } from '../topics.ts'
import { type Followed, unbroken } from './followed.ts'
import { breakMoney, breakOutcome } from './order-audit.ts'

type EndOfOrder = Extract<OrderEvent, { type: 'OrderRejected' | 'OrderCancelled' | 'OrderFailed' | 'OrderTimedOut' }>

/** Events that end an order: at most one of them, and nothing after it. */
const ends: Readonly<Record<EndOfOrder['type'], true>> = { OrderRejected: true, OrderCancelled: true, OrderFailed: true, OrderTimedOut: true }

/**
 * Follows an order by one more of its own events: they come in their numbers, each once; one of them at most ends the order, and
 * nothing follows it; a delivered order is fulfilled, which nothing undoes, and no more comes back than was delivered; they all name one
 * price, which an amendment may only lower; and what they claim about the money is kept to be held against the payment. Pure.
 */
export function followOrder (row: OrderAudit, event: OrderEvent): Followed<OrderAudit> {
  const { type, meta: { aggregateVersion: version } } = event
  if (version <= row.version) return breakOutcome(row, `${type} came before`, `event ${row.version + 1}`, `event ${version}`)
  if (row.claim === 'ended') return breakOutcome({ ...row, version }, `${type} follows the end of the order`, 'no event', `event ${version}`)
  const history = version === row.version + 1
    ? { row: { ...row, version }, breaks: [] }
    : breakOutcome({ ...row, version }, `events are missing before ${type}`, `event ${row.version + 1}`, `event ${version}`)
  const delivery = followDelivery(history.row, event)
  const price = followPrice(delivery.row, event)
  return { row: claim(price.row, event), breaks: [...history.breaks, ...delivery.breaks, ...price.breaks] }
}

function followDelivery (row: OrderAudit, event: OrderEvent): Followed<OrderAudit> {
  switch (event.type) {
    case 'OrderDelivered':
      if (row.delivered > 0) return breakOutcome(row, 'OrderDelivered follows a delivery', 'no event', event.type)
      return unbroken({ ...row, delivered: piecesIn(event.lines) })
    case 'OrderPartiallyReturned':
    case 'OrderReturned': {
      const after = { ...row, returned: row.returned + piecesIn(event.lines) }
      const isAll = after.returned === row.delivered
      if (after.returned <= row.delivered && isAll === (event.type === 'OrderReturned')) return unbroken(after)
      return breakOutcome(after, `${event.type} does not fit what was delivered`, `${row.delivered} delivered`, `${after.returned} given back`)
    }
    default:
      if (row.delivered === 0 || !undoes.has(event.type)) return unbroken(row)
      return breakOutcome(row, `${event.type} follows the delivery`, 'the order stays fulfilled', event.type)
  }
}

/** Events that a fulfilled order never meets. */
const undoes: ReadonlySet<OrderEvent['type']> = new Set([
  ...Object.keys(ends) as Array<EndOfOrder['type']>, 'OrderCompensationStarted', 'OrderPartiallyShipped', 'OrderShipped', 'OrderLinesCancelled'
])

function piecesIn (lines: ReadonlyArray<{ readonly quantity: number }>): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0)
}

/** After two prices nobody knows which is right: none is compared any more. */
function followPrice (row: OrderAudit, event: OrderEvent): Followed<OrderAudit> {
  const price = priceIn(event)
  if (price === null || price === row.total) return { row, breaks: [] }
  if (event.type === 'OrderCreated') return { row: { ...row, total: price }, breaks: [] }
  if (event.type === 'OrderAmended' && row.total !== null && price < row.total) return { row: { ...row, total: price }, breaks: [] }
  if (row.total === null) return { row, breaks: [] }
  return breakMoney({ ...row, total: null }, `${event.type} names another price than the events before`, formatMoney(row.total), formatMoney(price))
}

/** What the order costs according to the event; null = it does not say. */
function priceIn (event: OrderEvent): bigint | null {
  switch (event.type) {
    case 'OrderCreated':
    case 'OrderAmended':
    case 'OrderConfirmed':
    case 'OrderDelivered':
    case 'OrderCancelled':
    case 'OrderFailed':
    case 'OrderTimedOut': return event.total
    case 'OrderPaymentInitiated':
    case 'OrderPaymentAuthorized':
    case 'OrderPaymentCompleted': return event.amount
    default: return null
  }
}

function claim (row: OrderAudit, event: OrderEvent): OrderAudit {
  if (event.type === 'OrderPaymentCompleted') return { ...row, claim: 'paid', claimed: event.amount }
  return isEnd(event) ? { ...row, claim: 'ended', claimed: event.type === 'OrderRejected' ? 0n : event.refunded } : row
}

function isEnd (event: OrderEvent): event is EndOfOrder {
  return Object.hasOwn(ends, event.type)
}
