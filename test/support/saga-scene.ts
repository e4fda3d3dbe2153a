import { type Test } from 'tap'
import { toRecord } from '../../ops/play/commands.ts'
import { type FetchedRecord } from '#streams'
import { analyticsTopics } from '../../ops/platform/topology.ts'
import { topics } from '../../topology/topics.ts'
import { rowsOf } from './books.ts'
import { type ApiClient, type PlaceOrder, answerOf, createApiClient, goodOrder } from '../client/client.ts'
import { newProduct } from './orders.ts'
import { type TestPlatform, usePlatform } from './platform.ts'
import { newSkuIn, openShop } from './shop.ts'
import { type Watch, watchTopic } from './watch.ts'

type AnyEvent = { readonly type: string, readonly orderId?: string }

/** Price of `twoOfEach` of two products of 12.50 GBP, in 1/10,000. */
export const total = '500000'

/** The life of an order to which nothing happens. */
export const happyEvents = ['OrderCreated', 'OrderInventoryReserved', 'OrderPaymentInitiated', 'OrderPaymentAuthorized', 'OrderPaymentCompleted', 'OrderConfirmed']

const endings: ReadonlySet<string> = new Set(['OrderConfirmed', 'OrderRejected', 'OrderCancelled', 'OrderFailed', 'OrderTimedOut'])

/** A customer of a platform, and everything that is written on the event topics since he came. */
export class Customer {
  readonly name: string
  /** The API, with his token. */
  readonly api: ApiClient
  readonly watches: ReadonlyArray<Watch<AnyEvent>>

  static async create (t: Test, platform: TestPlatform, name: string): Promise<Customer> {
    const watches = await Promise.all(analyticsTopics.map(async topic => await watchTopic<AnyEvent>(platform.kafka, topic as never)))
    t.teardown(() => { for (const watch of watches) watch.close() })
    return new Customer(name, createApiClient(platform.apiUrl, await platform.token('Customer', name)), watches)
  }

  private constructor (name: string, api: ApiClient, watches: ReadonlyArray<Watch<AnyEvent>>) {
    this.name = name
    this.api = api
    this.watches = watches
  }

  /** Places an order and waits for what becomes of it. */
  async order (body: PlaceOrder, key: string = crypto.randomUUID()) {
    return await answerOf(this.api.POST('/v1/orders', { params: { header: { 'idempotency-key': key, prefer: 'wait=30' } }, body }))
  }

  async read (orderId: string) {
    return await answerOf(this.api.GET('/v1/orders/{id}', { params: { path: { id: orderId } } }))
  }

  async history (orderId: string, query: { readonly limit?: number, readonly after?: string } = {}) {
    return await answerOf(this.api.GET('/v1/orders/{id}/events', { params: { path: { id: orderId }, query } }))
  }

  async returns (orderId: string) {
    return await answerOf(this.api.GET('/v1/orders/{id}/returns', { params: { path: { id: orderId } } }))
  }

  /** Every record about an order on the event topics. */
  recordsOf (orderId: string): FetchedRecord[] {
    return this.watches.flatMap(watch => watch.seen.filter(({ value }) => value?.orderId === orderId).map(({ record }) => record))
  }

  /** Names of the events of an order on one topic, in order. */
  eventsOf (topic: { readonly name: string }, orderId: string): string[] {
    return this.#watchOf(topic).seen.filter(({ value }) => value?.orderId === orderId).map(({ value }) => value?.type ?? '')
  }

  async event (topic: { readonly name: string }, orderId: string, type: string): Promise<void> {
    await this.#watchOf(topic).find(`${type} of ${orderId}`, value => value.orderId === orderId && value.type === type)
  }

  /** How an order ended, or that it was confirmed; waits for it. */
  async endOf (orderId: string): Promise<string> {
    const { value } = await this.#watchOf(topics.orders.events).find(`end of ${orderId}`, value => value.orderId === orderId && endings.has(value.type))
    return value.type
  }

  #watchOf (topic: { readonly name: string }): Watch<AnyEvent> {
    return this.watches[analyticsTopics.findIndex(({ name }) => name === topic.name)] as Watch<AnyEvent>
  }
}

/** Where a saga is played: a platform that works, a customer, and what a test asks of both. */
export interface SagaScene {
  readonly platform: TestPlatform
  readonly customer: Customer
  /** Two products of the caller alone, in stock, one in each partition of it. */
  products (stock: number): Promise<readonly [string, string]>
  /** Every record of the order that was seen so far is in analytics, and none is there twice. The ledger goes on writing meanwhile. */
  sameInAnalytics (t: Test, orderId: string): Promise<void>
  /** Nothing of the platform has failed. */
  checkHealth (t: Test): void
}

/** Opens the scene for a test file; undefined, with the test skipped, where the services cannot run. */
export async function openSaga (t: Test): Promise<SagaScene | undefined> {
  const platform = await usePlatform(t)
  if (platform === undefined) return undefined
  const opening = await watchTopic(platform.kafka, topics.orders.events)
  await openShop(platform, opening)
  opening.close()
  const customer = await Customer.create(t, platform, `customer-${crypto.randomUUID()}`)
  return {
    platform,
    customer,
    products: async stock => await listProducts(platform, stock),
    sameInAnalytics: async (t, orderId) => {
      const records = customer.recordsOf(orderId)
      const places = records.map(({ topic, partition, offset }) => `${topic}-${partition}-${offset}`)
      let rows = await rowsOf(platform, orderId, records)
      while (places.some(place => !rows.has(place))) rows = await rowsOf(platform, orderId, records)
      t.same([...rows].filter(([, count]) => count !== 1), [], 'no record is there twice')
    },
    checkHealth: t => { t.same(platform.streams.health().reasons, [], 'nothing has failed') }
  }
}

/** An order of two pieces of each product, with changes. */
export function twoOfEach (skus: readonly string[], changes: Partial<PlaceOrder> = {}): PlaceOrder {
  return goodOrder('', { lines: skus.map(sku => ({ sku, quantity: 2 })), ...changes })
}

async function listProducts (platform: TestPlatform, stock: number): Promise<readonly [string, string]> {
  const views = await watchTopic(platform.kafka, topics.catalog.state)
  const stocks = await watchTopic(platform.kafka, topics.inventory.events)
  const skus = [newSkuIn(0), newSkuIn(1)] as const
  for (const sku of skus) {
    const [product, registration] = newProduct(sku, stock)
    await platform.send(toRecord(topics.catalog.commands, sku, product), toRecord(topics.inventory.commands, sku, registration))
  }
  for (const sku of skus) {
    await views.find(`product ${sku}`, view => view.sku === sku)
    await stocks.find(`stock of ${sku}`, event => event.type === 'SkuRegistered' && event.sku === sku)
  }
  views.close()
  stocks.close()
  return skus
}
