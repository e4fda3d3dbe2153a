import { type PlaceOrder } from '#schemas'
import { type Test } from 'tap'
import { type ClickHouseClient, type EventDecoder, createClickHouseTarget, migrate } from '../../sinks/index.ts'
import { type TestDriver } from '../../streams/testing/index.ts'
import { type VisitCommand } from '../../topology/behaviour/behaviour.ts'
import { topics } from '../../topology/topics.ts'
import { commandMeta } from '../topology/orders/order-fixtures.ts'
import { Platform, orderIdOf, skus } from '../topology/platform.ts'
import { insertRecords } from './insert-records.ts'
import { type OwnDatabase, ownDatabase } from './own-database.ts'

/** An order as it was placed, and what was done to it: all that the figures of it follow from. */
export interface Played {
  readonly orderId: string
  readonly placedAt: number
  readonly customerId: string | null
  readonly country: string
  readonly channel: 'storefront' | 'api'
  readonly method: 'card' | 'paypal'
  readonly lines: ReadonlyArray<readonly [sku: string, quantity: number, unitPriceE4: bigint]>
  /** sold: and on its way; refunded: sold, and a part of the money went back; called-off: sold, and cancelled. */
  readonly fate: 'sold' | 'refunded' | 'called-off' | 'declined' | 'short' | 'waiting'
}

export const refundE4 = 12_345n
const fates = ['sold', 'sold', 'refunded', 'called-off', 'declined', 'short', 'waiting'] as const
const topicsOfViews = [
  topics.orders.events, topics.payments.events, topics.inventory.events, topics.returns.events, topics.notifications.requests, topics.notifications.events,
  topics.analytics.facts, topics.behaviour.events
]

/** Forty orders over ten weeks, in two years. */
export const played: readonly Played[] = Array.from({ length: 40 }, (_, index): Played => ({
  orderId: orderIdOf(index + 1),
  placedAt: Date.UTC(2025, 10, 1, index % 24, index) + Math.floor(index / 2) * 7 * 86_400_000 / 2,
  customerId: index % 5 === 0 ? null : `customer-${index % 4}`,
  country: index % 3 === 0 ? 'FR' : 'GB',
  channel: index % 2 === 0 ? 'storefront' : 'api',
  method: index % 3 === 0 ? 'paypal' : 'card',
  lines: skus.slice(0, 1 + index % 4).map((sku, at) => [sku, 1 + (index + at) % 5, BigInt(50_001 + 12_300 * at + index)] as const),
  fate: fates[index % fates.length] as Played['fate']
}))

/** A session: its steps as minutes after it began, and the order that its checkout named. */
export interface Visit {
  readonly sessionId: string
  readonly views: readonly number[]
  readonly carts: readonly number[]
  readonly checkout?: readonly [minute: number, order: Played | undefined]
  /** How far it comes. */
  readonly reached: 0 | 1 | 2 | 3 | 4
}

const [soldOne, , , calledOff, declinedOne] = played
const dayMinutes = 24 * 60

/** Sessions of one day, each with another fate. The SKU is always the first one, the pieces always two. */
export const visits: readonly Visit[] = [
  { sessionId: 'buys', views: [0, 1], carts: [2], checkout: [3, soldOne], reached: 4 },
  { sessionId: 'claims-the-same-order-later', views: [0], carts: [2], checkout: [4, soldOne], reached: 3 },
  { sessionId: 'buys-and-calls-off', views: [0], carts: [1], checkout: [5, calledOff], reached: 4 },
  { sessionId: 'is-declined', views: [0], carts: [1], checkout: [5, declinedOne], reached: 3 },
  { sessionId: 'goes-without-an-order', views: [0], carts: [1], checkout: [5, undefined], reached: 3 },
  { sessionId: 'fills-the-cart', views: [0], carts: [1, 2], reached: 2 },
  { sessionId: 'comes-back-too-late', views: [0], carts: [dayMinutes + 1], reached: 1 },
  { sessionId: 'goes-backwards', views: [2], carts: [1], reached: 1 },
  { sessionId: 'never-looks', views: [], carts: [1], checkout: [2, undefined], reached: 0 }
]
export const visitedAt = Date.UTC(2026, 0, 20, 9)

/** What an order comes to. */
export function totalOf ({ lines }: Pick<Played, 'lines'>): bigint {
  return lines.reduce((sum, [, quantity, price]) => sum + BigInt(quantity) * price, 0n)
}

export const isSold = ({ fate }: Played): boolean => fate === 'sold' || fate === 'refunded' || fate === 'called-off'

/** What went back of the revenue of an order. */
export function refundsOf (order: Played): bigint {
  if (order.fate === 'called-off') return totalOf(order)
  return order.fate === 'refunded' ? refundE4 : 0n
}

/** Plays the orders through every processor of the platform, and takes what they wrote into ClickHouse as the sink would. Undefined: there is none. */
export async function analyticsScene (t: Test): Promise<OwnDatabase | undefined> {
  const own = await ownDatabase(t)
  if (own === undefined) return undefined
  const { client } = own
  await migrate(client)
  const { driver } = await play(t)
  await sinkAll(client, driver)
  return own
}

async function play (t: Test): Promise<Platform> {
  const platform = await Platform.start(t)
  const { driver } = platform
  for (const sku of skus) await platform.restock(sku, 10_000)
  await driver.run()
  for (const order of played) await driver.pipe(topics.orders.commandsTrusted, order.orderId, commandOf(order))
  await driver.run()
  for (const { orderId, fate } of played) {
    if (fate === 'called-off') await platform.cancel(orderId)
    if (fate === 'refunded') {
      const meta = { ...commandMeta, commandId: `refund-${orderId}` }
      await driver.pipe(topics.compensations.payment, orderId, { type: 'RefundPayment', meta, orderId, effectId: `support-${orderId}`, amount: refundE4, reason: 'late', capped: false, ceiling: null })
    }
  }
  await driver.run()
  for (const command of [...visits.flatMap(commandsOf), ...visits.flatMap(commandsOf)]) await driver.pipe(topics.behaviour.commands, command.sessionId, command)
  await driver.run()
  return platform
}

/** What the client of a session tells. */
function commandsOf ({ sessionId, views, carts, checkout }: Visit): VisitCommand[] {
  const about = (step: string, minute: number) =>
    ({ meta: { ...commandMeta, commandId: `${sessionId}-${step}-${minute}` }, sessionId, eventId: `${step}-${minute}`, at: visitedAt + minute * 60_000 })
  const sku = skus[0] ?? ''
  return [
    ...views.map((minute): VisitCommand => ({ type: 'RecordProductViewed', ...about('view', minute), sku })),
    ...carts.map((minute): VisitCommand => ({ type: 'RecordProductAddedToCart', ...about('cart', minute), sku, quantity: 2 })),
    ...checkout === undefined ? [] : [{ type: 'RecordCheckoutStarted' as const, ...about('checkout', checkout[0]), orderId: checkout[1]?.orderId ?? null }]
  ]
}

function commandOf ({ orderId, placedAt, customerId, country, channel, method, lines, fate }: Played): PlaceOrder {
  const isShort = fate === 'short' || fate === 'waiting'
  return {
    type: 'PlaceOrder',
    meta: { ...commandMeta, commandId: `place-${orderId}` },
    orderId,
    placedAt,
    channel,
    customerId,
    guestEmail: null,
    currency: 'GBP',
    lines: lines.map(([sku, quantity, quotedUnitPrice], index) => ({ lineNo: index + 1, sku, quantity: isShort ? 1_000_000 : quantity, quotedUnitPrice })),
    shippingAddress: { keyId: 'key', ciphertext: Buffer.from('sealed') },
    deliverySpeed: 'standard',
    payment: { method, token: fate === 'declined' ? 'tok_declined' : 'tok_ok' },
    onShortage: fate === 'waiting' ? 'amend' : 'reject',
    onDecline: 'cancel',
    clientReference: null,
    country
  }
}

/** Reads each topic with its own serde. */
const decoder: EventDecoder = { decode: (topic, bytes) => topicsOfViews.find(({ name }) => name === topic)?.value.decode(bytes) as never }

async function sinkAll (client: ClickHouseClient, driver: TestDriver): Promise<void> {
  const target = createClickHouseTarget({ client, decoder })
  for (const { name: topic } of topicsOfViews) {
    for (const records of Map.groupBy(await driver.readRaw(topic), record => record.partition).values()) await insertRecords(target, records)
  }
}
