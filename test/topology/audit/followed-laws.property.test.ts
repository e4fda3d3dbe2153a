import fc from 'fast-check'
import { test } from 'tap'
import { type OrderEvent } from '../../../topology/topics.ts'
import { type MoneyMove } from '../../../topology/audit/follow-payment.ts'
import { type StockMove } from '../../../topology/audit/follow-stock.ts'
import { type Break } from '../../../topology/audit/followed.ts'
import { type OrderHistory, followHistory, followSku, moves, recordHistories } from './histories.ts'

const choices = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 })
const at = fc.nat()
const runs = 1_000

/** Reads the two topics in the drawn order. */
function read (history: OrderHistory, drawn: readonly boolean[]): Break[] {
  let next = 0
  return followHistory(history, () => drawn[next++ % drawn.length] === true)
}

function pick<T> (list: readonly T[], number: number): T {
  return list[number % list.length] as T
}

function isOnly (breaks: readonly Break[], ...laws: ReadonlyArray<Break['law']>): boolean {
  const [first] = breaks
  if (breaks.length === 1 && first !== undefined && laws.includes(first.law)) return true
  throw new Error(`one break of ${laws.join(' or ')} expected: ${JSON.stringify(breaks)}`)
}

const isEnd = (event: OrderEvent): boolean => ['OrderCancelled', 'OrderFailed', 'OrderTimedOut', 'OrderRejected'].includes(event.type)
/** True when the order's own events say in the end what became of all the money. */
const isTold = ({ orders }: OrderHistory): boolean => orders.some(event => event.type === 'OrderPaymentCompleted' || isEnd(event))
const renumbered = <E extends OrderEvent | MoneyMove | StockMove>(event: E, aggregateVersion: number): E =>
  ({ ...event, meta: { ...event.meta, aggregateVersion } })

test('what a troubled platform really wrote', async t => {
  const { orders, skus } = await recordHistories(t, [1, 2, 3, 4, 5, 6])
  const ended = orders.filter(history => history.orders.some(isEnd))
  const paid = orders.filter(history => history.orders.some(event => event.type === 'OrderPaymentCompleted' && event.amount > 0n))
  const withMoney = orders.filter(history => isTold(history) && history.payments.some(moves))
  const voided = orders.filter(({ payments }) => payments.some(event => event.type === 'PaymentVoided' && moves(event)))
  const refundedInParts = orders.filter(({ payments }) => payments.some(event => event.type === 'PaymentPartiallyRefunded'))
  for (const list of [ended, paid, withMoney, voided, refundedInParts]) t.ok(list.length > 2, `${list.length} of ${orders.length} orders`)

  t.test('orders break no law in any interleaving of their two topics', t => {
    fc.assert(fc.property(at, choices, (number, drawn) => read(pick(orders, number), drawn).length === 0), { numRuns: 3 * runs })
    for (const history of orders) {
      for (const ordersFirst of [true, false]) t.same(followHistory(history, () => ordersFirst), [])
    }
    t.end()
  })

  t.test('SKUs break no law', t => {
    for (const events of skus) t.same(followSku(events), [])
    t.ok(skus.every(events => events.length > 1) && skus.some(events => events.length > 30))
    t.end()
  })

  t.test('one break of the outcome law is found when an event of an order is lost', t => {
    fc.assert(fc.property(at, at, choices, (number, place, drawn) => {
      const { orders: events, payments } = pick(orders.filter(history => history.orders.length > 1), number)
      return isOnly(read({ orders: events.toSpliced(place % (events.length - 1), 1), payments }, drawn), 'outcome')
    }), { numRuns: runs })
    t.end()
  })

  t.test('one break of the outcome law is found when an event of an order comes twice', t => {
    fc.assert(fc.property(at, at, at, choices, (number, place, later, drawn) => {
      const { orders: events, payments } = pick(orders, number)
      const from = place % events.length
      const doubled = events.toSpliced(from + 1 + later % (events.length - from), 0, events[from] as OrderEvent)
      return isOnly(read({ orders: doubled, payments }, drawn), 'outcome')
    }), { numRuns: runs })
    t.end()
  })

  t.test('one break of the outcome law is found when a second outcome follows', t => {
    fc.assert(fc.property(at, at, choices, (number, other, drawn) => {
      const { orders: events, payments } = pick(ended, number)
      const second = pick(pick(ended, other).orders.filter(isEnd), 0)
      return isOnly(read({ orders: [...events, renumbered(second, events.length + 1)], payments }, drawn), 'outcome')
    }), { numRuns: runs })
    t.end()
  })

  t.test('one break of the money law is found when an event of the payment is lost', t => {
    const last = (payments: readonly MoneyMove[]): MoneyMove | undefined => payments.findLast(moves)
    fc.assert(fc.property(at, at, choices, (number, place, drawn) => {
      const { orders: events, payments } = pick(withMoney, number)
      const isEnded = events.some(isEnd)
      // The last refund of an order that lives on is told by nobody else.
      const candidates = payments.filter(event => moves(event) && (isEnded || event !== last(payments) || event.type === 'PaymentSucceeded'))
      const lost = pick(candidates, place)
      return isOnly(read({ orders: events, payments: payments.filter(event => event !== lost) }, drawn), 'money')
    }), { numRuns: runs })
    t.end()
  })

  t.test('one break of the money law is found when an event of the payment comes twice', t => {
    fc.assert(fc.property(at, at, at, choices, (number, place, later, drawn) => {
      const { orders: events, payments } = pick(withMoney, number)
      const doubled = pick(payments.filter(moves), place)
      const from = payments.indexOf(doubled)
      return isOnly(read({ orders: events, payments: payments.toSpliced(from + 1 + later % (payments.length - from), 0, doubled) }, drawn), 'money')
    }), { numRuns: runs })
    t.end()
  })

  t.test('one break of the money law is found when a payment event has another amount', t => {
    fc.assert(fc.property(at, at, fc.constantFrom(-1n, 1n, 5_000n), choices, (number, place, by, drawn) => {
      const { orders: events, payments } = pick(withMoney, number)
      const changed = pick(payments.filter(moves), place)
      const other = { ...changed, amount: changed.amount + by }
      return isOnly(read({ orders: events, payments: payments.map(event => event === changed ? other : event) }, drawn), 'money')
    }), { numRuns: runs })
    t.end()
  })

  t.test('one break of the money law is found when an event of the order has another amount', t => {
    fc.assert(fc.property(at, at, fc.constantFrom(-1n, 1n, 5_000n), choices, (number, place, by, drawn) => {
      const { orders: events, payments } = pick(orders.filter(history => history.orders.length > 2 && !history.orders.some(event => event.type === 'OrderRejected')), number)
      const spots = events.flatMap(event => [
        ...('total' in event ? [{ ...event, total: event.total + by }] : []),
        ...('amount' in event ? [{ ...event, amount: event.amount + by }] : []),
        ...('refunded' in event ? [{ ...event, refunded: event.refunded + by }] : [])
      ] as OrderEvent[])
      const changed = pick(spots, place)
      const told = events.filter(event => 'total' in event || 'amount' in event)
      if (told.length < 2) return true
      return isOnly(read({ orders: events.map(event => event.type === changed.type ? changed : event), payments }, drawn), 'money')
    }), { numRuns: runs })
    t.end()
  })

  t.test('one break of the money law is found when money is captured after a void', t => {
    fc.assert(fc.property(at, choices, (number, drawn) => {
      const { orders: events, payments } = pick(voided, number)
      const after = payments.findLastIndex(event => event.type === 'PaymentVoided' && moves(event))
      const { meta, orderId, amount, currency } = payments[after] as Extract<MoneyMove, { type: 'PaymentVoided' }>
      const captured: MoneyMove = { type: 'PaymentSucceeded', meta: { ...meta, aggregateVersion: meta.aggregateVersion + 1 }, orderId, attempt: 1, paymentId: 'p', amount, currency }
      return isOnly(read({ orders: events, payments: payments.toSpliced(after + 1, 0, captured) }, drawn), 'money')
    }), { numRuns: runs })
    t.end()
  })

  t.test('one break of the money law is found when money moves for an order that never began', t => {
    for (const { payments } of withMoney) {
      const opening = payments.slice(0, payments.findIndex(event => event.type === 'PaymentAuthorized') + 1)
      t.ok(isOnly(read({ orders: [], payments: opening }, [true]), 'money'))
    }
    t.end()
  })

  t.test('one break of the stock law is found when a stock event is lost, comes twice or says something else', t => {
    fc.assert(fc.property(at, at, at, (number, place, later) => {
      const events = pick(skus, number)
      const from = place % (events.length - 1)
      const event = events[from] as StockMove
      isOnly(followSku(events.toSpliced(from, 1)), 'stock')
      return isOnly(followSku(events.toSpliced(from + 1 + later % (events.length - from), 0, event)), 'stock')
    }), { numRuns: runs })
    fc.assert(fc.property(at, at, fc.constantFrom('quantity', 'delta', 'onHand', 'reserved', 'openingStock', 'restored'), fc.constantFrom(-1, 1, 40), (number, place, field, by) => {
      const events = pick(skus, number)
      const changed = pick(events.slice(0, -1).filter(event => field in event), place) as StockMove & Readonly<Record<string, unknown>> | undefined
      if (changed === undefined) return true
      const value = changed[field]
      const other = { ...changed, [field]: typeof value === 'number' ? value + by : value !== true }
      return isOnly(followSku(events.map(event => event === changed ? other as StockMove : event)), 'stock')
    }), { numRuns: runs })
    t.end()
  })

  t.test('one break of the stock law is found when more is sold than there is', t => {
    for (const events of skus) {
      const last = events.at(-1) as Extract<StockMove, { readonly onHand: number }>
      const meta = { ...last.meta, aggregateVersion: last.meta.aggregateVersion + 1 }
      const quantity = last.onHand - last.reserved + 1
      const oversold: StockMove = {
        type: 'StockReserved', meta, sku: last.sku, orderId: 'o', attempt: 1, quantity, onHand: last.onHand, reserved: last.reserved + quantity
      }
      const shipped: StockMove = { ...oversold, ...renumbered(oversold, meta.aggregateVersion + 1), type: 'StockDeducted', onHand: -1, reserved: last.reserved }
      t.ok(isOnly(followSku([...events, oversold, shipped]), 'stock'))
    }
    t.end()
  })
  t.end()
})
