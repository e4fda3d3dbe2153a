import { type Test } from 'tap'
import { type InventoryEvent, type OrderEvent, type PaymentEvent, topics } from '../../../topology/topics.ts'
import { judgeSides, planJudgement } from '../../../topology/audit/compare-sides.ts'
import { followOrder } from '../../../topology/audit/follow-order.ts'
import { type MoneyMove, followPayment, moneyMoves } from '../../../topology/audit/follow-payment.ts'
import { type StockMove, followStock, stockMoves } from '../../../topology/audit/follow-stock.ts'
import { type Break } from '../../../topology/audit/followed.ts'
import { unseen } from '../../../topology/audit/order-audit.ts'
import { Platform } from '../platform.ts'
import { playTrouble } from './troubled-play.ts'

/** What the two topics hold of one order, each in its order; of payments.events what can move money. */
export interface OrderHistory { readonly orders: readonly OrderEvent[], readonly payments: readonly MoneyMove[] }

/** What really happened to orders and SKUs in a platform with trouble: the events that its processors wrote. */
export interface Histories { readonly orders: readonly OrderHistory[], readonly skus: ReadonlyArray<readonly StockMove[]> }

export async function recordHistories (t: Test, seeds: readonly number[]): Promise<Histories> {
  const orders: OrderHistory[] = []
  const skus: Array<readonly StockMove[]> = []
  for (const seed of seeds) {
    const platform = await Platform.start(t)
    await playTrouble(platform, seed, 24)
    const read = async <V>(topic: { readonly name: string }): Promise<V[]> => (await platform.driver.read(topic as never)).map(({ value }) => value as V)
    const payments = Map.groupBy((await read<PaymentEvent>(topics.payments.events)).filter(isMoneyMove), event => event.orderId)
    for (const [orderId, events] of Map.groupBy(await read<OrderEvent>(topics.orders.events), event => event.orderId)) {
      orders.push({ orders: events, payments: payments.get(orderId) ?? [] })
    }
    skus.push(...Map.groupBy((await read<InventoryEvent>(topics.inventory.events)).filter(isStockMove), event => event.sku).values())
  }
  return { orders, skus }
}

/** True for an event that moves money, not only answers. */
export function moves (event: MoneyMove): boolean {
  return event.amount !== 0n
}

/**
 * Follows an order over both of its topics, read in the order that `choose` decides (true = the order's own events next). As the
 * runtime keeps it, a timer fires as early as it may: when all that its claim rests on is read.
 */
export function followHistory (history: OrderHistory, choose: () => boolean): Break[] {
  const orders = [...history.orders]
  const payments = [...history.payments]
  const breaks: Break[] = []
  let row = unseen
  const take = (next: ReturnType<typeof followOrder>): void => {
    row = planJudgement(row, next.row).row
    breaks.push(...next.breaks)
  }
  while (orders.length > 0 || payments.length > 0) {
    const event = payments.length === 0 || (orders.length > 0 && choose()) ? orders.shift() : undefined
    if (event !== undefined) take(followOrder(row, event))
    else take(followPayment(row, payments.shift() as MoneyMove))
    if (row.isTimed && isJudgeable(row.claim, orders, payments)) take(judgeSides(row))
  }
  return breaks
}

/** What was written before the claim that is judged: everything for an end, all but refunds for a payment, its beginning for an order. */
function isJudgeable (claim: typeof unseen.claim, orders: readonly OrderEvent[], payments: readonly MoneyMove[]): boolean {
  if (claim === 'none') return orders.length === 0
  return !payments.some(event => moves(event) && (claim === 'ended' || event.type === 'PaymentAuthorized' || event.type === 'PaymentSucceeded'))
}

/** Follows a SKU whose log is whole. */
export function followSku (events: readonly StockMove[]): Break[] {
  const breaks: Break[] = []
  let row: ReturnType<typeof followStock>['row'] | undefined
  for (const event of events) {
    const followed = followStock(row, event, true)
    row = followed.row
    breaks.push(...followed.breaks)
  }
  return breaks
}

function isMoneyMove (event: PaymentEvent): event is MoneyMove {
  return (moneyMoves as readonly string[]).includes(event.type)
}

function isStockMove (event: InventoryEvent): event is StockMove {
  return (stockMoves as readonly string[]).includes(event.type)
}
