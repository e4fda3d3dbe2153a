import { type ClickHouseClient } from '../../sinks/index.ts'
import { type JsonRow, namedQuery, runQuery } from '../../sinks/clickhouse/named-query.ts'
import { type CountedFigures, type OrderFigures } from '../../topology/audit/fact-laws.ts'

/** Name of a figure → how events and facts tell it. Amounts are summed exactly. */
const counts = {
  orders: ["countIf(event_type = 'OrderCreated')", "sumIf(JSONExtractInt(payload, 'orders'), event_type = 'OrderFact')"],
  sales: ["countIf(event_type = 'OrderConfirmed')", "sumIf(JSONExtractInt(payload, 'sales'), event_type = 'OrderFact')"],
  fulfilled: ["countIf(event_type = 'OrderDelivered')", "sumIf(JSONExtractInt(payload, 'fulfilled'), event_type = 'OrderFact')"],
  ended: [
    "countIf(event_type IN ('OrderCancelled', 'OrderFailed', 'OrderTimedOut'))",
    "sumIf(JSONExtractInt(payload, 'cancelled') + JSONExtractInt(payload, 'failed') + JSONExtractInt(payload, 'timedOut'), event_type = 'OrderFact')"
  ]
} as const
const refundsOfEvents = "sumIf(amount, event_type IN ('PaymentRefunded', 'PaymentPartiallyRefunded'))"
const factAmount = (name: string): string => `sum(toDecimal64OrZero(JSONExtractString(payload, '${name}'), 4))`
const amounts = {
  gross: ["sumIf(amount, event_type = 'OrderConfirmed')", factAmount('gross')],
  captured: ["sumIf(amount, event_type = 'PaymentSucceeded')", factAmount('captured')],
  refunded: [refundsOfEvents, factAmount('refunded')],
  refunds: [`if(countIf(event_type = 'OrderConfirmed') > 0, ${refundsOfEvents}, toDecimal128(0, 4))`, factAmount('refunds')]
} as const
const isFact = "_topic = 'commerce.analytics.facts'"

/** The figures of every order of a side: 0 = as its events tell them, 1 = as its facts do. */
function select (side: 0 | 1): string {
  const columns = [
    ...Object.entries(counts).map(([name, tell]) => `${tell[side]} AS ${name}`),
    ...Object.entries(amounts).map(([name, tell]) => `toString(toInt128(${tell[side]} * 10000)) AS ${name}`)
  ]
  const topics = side === 1 ? isFact : "_topic IN ('commerce.orders.events', 'commerce.payments.events')"
  return `SELECT order_id, ${columns.join(', ')} FROM raw_events WHERE ${topics} AND order_id != '' AND ({referencePrefix:String} = '' OR order_id IN (
      SELECT order_id FROM raw_events WHERE event_type = 'OrderCreated' AND startsWith(JSONExtractString(payload, 'clientReference'), {referencePrefix:String})))
    GROUP BY order_id`
}

const sideOf = (side: 0 | 1, title: string) => namedQuery<{ readonly referencePrefix: string }>()({
  title, sql: select(side), row: (json): readonly [string, OrderFigures] => [String(json['order_id']), figuresOf(json)]
})

const told = sideOf(0, 'Figures of each order as its events tell them, in 1/10,000 of the unit')
const counted = sideOf(1, 'Figures of each order as the sums of its facts, in 1/10,000 of the unit')

function figuresOf (json: JsonRow): OrderFigures {
  const [number, money] = [(name: string) => Number(json[name]), (name: string) => BigInt(String(json[name]))]
  return {
    orders: number('orders'),
    sales: number('sales'),
    fulfilled: number('fulfilled'),
    ended: number('ended'),
    gross: money('gross'),
    captured: money('captured'),
    refunded: money('refunded'),
    refunds: money('refunds')
  }
}

const nothing: OrderFigures = { orders: 0, sales: 0, fulfilled: 0, ended: 0, gross: 0n, captured: 0n, refunded: 0n, refunds: 0n }

/** Every order of a run, by its events and by its facts; with an empty prefix every order there is. */
export async function countedFigures (client: ClickHouseClient, referencePrefix: string): Promise<readonly CountedFigures[]> {
  const events = new Map(await runQuery(client, told, { referencePrefix }))
  const facts = new Map(await runQuery(client, counted, { referencePrefix }))
  const orderIds = new Set([...events.keys(), ...facts.keys()])
  return [...orderIds].map(orderId => ({ orderId, events: events.get(orderId) ?? nothing, facts: facts.get(orderId) ?? nothing }))
}
