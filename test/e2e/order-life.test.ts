import { type Test, test } from 'tap'
import { toRecord } from '../../ops/play/commands.ts'
import { type FetchedRecord } from '#streams'
import { analyticsTopics } from '../../ops/platform/topology.ts'
import { topics } from '../../topology/topics.ts'
import { moneyAtGateway, rowsOf, stockOf } from '../support/books.ts'
import { call, orderBody } from '../support/http.ts'
import { cancelOrder, newOrderId, newProduct, placeOrder } from '../support/orders.ts'
import { type TestPlatform, usePlatform } from '../support/platform.ts'
import { newSkuIn, openShop } from '../support/shop.ts'
import { type Watch, watchTopic } from '../support/watch.ts'

interface Shown { readonly orderId: string, readonly state: string, readonly shipmentId: string | null }
type AnyEvent = { readonly type: string, readonly orderId?: string }

/** Two pieces of each of two products, one in each partition of the stock: 4 × 12.50 GBP. */
const total = '500000'

/** What every test of a life needs: a platform, a customer, and everything that is written on the event topics. */
class Customer {
  readonly name: string
  readonly #platform: TestPlatform
  readonly #token: string
  readonly watches: ReadonlyArray<Watch<AnyEvent>>

  static async create (t: Test, platform: TestPlatform, name: string): Promise<Customer> {
    const watches = await Promise.all(analyticsTopics.map(async topic => await watchTopic<AnyEvent>(platform.kafka, topic as never)))
    t.teardown(() => { for (const watch of watches) watch.close() })
    return new Customer(platform, name, await platform.token('Customer', name), watches)
  }

  private constructor (platform: TestPlatform, name: string, token: string, watches: ReadonlyArray<Watch<AnyEvent>>) {
    this.name = name
    this.#platform = platform
    this.#token = token
    this.watches = watches
  }

  async order (body: object, key: string = crypto.randomUUID()) {
    return await call(`${this.#platform.apiUrl}/v1/orders`, { token: this.#token, method: 'POST', body, headers: { 'idempotency-key': key, prefer: 'wait=30' } })
  }

  async get (path: string) {
    return await call(`${this.#platform.apiUrl}/v1/orders/${path}`, { token: this.#token })
  }

  async post (path: string, body: object) {
    return await call(`${this.#platform.apiUrl}/v1/orders/${path}`, { token: this.#token, method: 'POST', body, headers: { 'idempotency-key': crypto.randomUUID() } })
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

  #watchOf (topic: { readonly name: string }): Watch<AnyEvent> {
    return this.watches[analyticsTopics.findIndex(({ name }) => name === topic.name)] as Watch<AnyEvent>
  }
}

const happyEvents = ['OrderCreated', 'OrderInventoryReserved', 'OrderPaymentInitiated', 'OrderPaymentAuthorized', 'OrderPaymentCompleted', 'OrderConfirmed']

test('an order lives from the request to analytics, and every book agrees on it at each end it can take', async t => {
  const platform = await usePlatform(t)
  if (platform === undefined) return
  const opening = await watchTopic(platform.kafka, topics.orders.events)
  await openShop(platform, opening)
  opening.close()
  const customer = await Customer.create(t, platform, `customer-${crypto.randomUUID()}`)
  const stranger = await Customer.create(t, platform, `customer-${crypto.randomUUID()}`)

  /** Two products of this test alone, in stock. */
  const products = async (stock: number): Promise<readonly [string, string]> => {
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
  const body = (skus: readonly string[], changes: object = {}): object => orderBody('', { lines: skus.map(sku => ({ sku, quantity: 2 })), ...changes })
  /** Every record of the order is in analytics, once, and nothing else. */
  const sameInAnalytics = async (t: Test, orderId: string): Promise<void> => {
    const records = customer.recordsOf(orderId)
    const rows = await rowsOf(platform, orderId, records)
    t.same(rows, new Map(records.map(({ topic, partition, offset }) => [`${topic}-${partition}-${offset}`, 1])))
  }

  await t.test('an order in stock that is paid for is confirmed, shown to its owner alone, and the same for ever under its key', async t => {
    const skus = await products(10)
    const key = crypto.randomUUID()
    const placed = await customer.order(body(skus, { clientReference: 'my-1' }), key)
    const { orderId } = placed.body as Shown
    t.match(placed, {
      status: 201,
      body: {
        state: 'Confirmed',
        outcome: null,
        customerId: customer.name,
        total: '50.0000',
        authorised: '50.0000',
        captured: '50.0000',
        refunded: '0.0000',
        voided: '0.0000',
        clientReference: 'my-1',
        lines: [{ lineNo: 1, sku: skus[0], unitPrice: '12.5000', lineTotal: '25.0000', priceSource: 'catalog' }, { lineNo: 2, sku: skus[1] }]
      }
    })
    t.match(placed.headers.get('location'), new RegExp(`^/v1/orders/${orderId}\\?position=`))
    t.match(await call(`${platform.apiUrl}${placed.headers.get('location')}`, { token: await platform.token('Customer', customer.name) }), { status: 200, body: { orderId } })
    t.match(await customer.get(orderId), { status: 200, body: { orderId, state: 'Confirmed' } })

    const again = await customer.order(body(skus, { clientReference: 'my-1' }), key)
    t.match(again, { status: 201, body: { orderId } })
    t.match(await customer.order(body(skus, { clientReference: 'my-2' }), key), { status: 422, body: { code: 'idempotency-conflict' } })
    t.match(await stranger.get(orderId), { status: 404, body: { code: 'not-found' } })
    t.match(await stranger.get(`${orderId}/events`), { status: 404, body: { code: 'not-found' } })
    t.match(await call(`${platform.apiUrl}/v1/orders/${orderId}`), { status: 401 })
    t.match(await call(`${platform.apiUrl}/v1/orders/${orderId}`, { token: await platform.token('Support', 'support-1') }), { status: 200, body: { orderId } })
    t.match(await stranger.order(body(skus), key), { status: 201, body: { orderId: new RegExp(`^(?!${orderId})`) } }, 'a key belongs to its sender')

    await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')
    t.same(customer.eventsOf(topics.orders.events, orderId), happyEvents)
    t.same(customer.eventsOf(topics.payments.events, orderId), ['PaymentCreated', 'PaymentAuthorized', 'PaymentSucceeded'])
    t.same(await moneyAtGateway(platform, orderId), { authorised: total, captured: total, voided: '0', refunded: '0' })
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 6, reserved: 0, deducted: 4 }, 'two orders of two pieces')
    await sameInAnalytics(t, orderId)
    const history = await customer.get(`${orderId}/events?limit=4`)
    t.match(history, { status: 200, body: { items: happyEvents.slice(0, 4).map(type => ({ type })), next: /^\d+-\d+$/ } })
    const { next } = history.body as { readonly next: string }
    t.match((await customer.get(`${orderId}/events?after=${next}`)).body, { items: happyEvents.slice(4).map(type => ({ type })), next: null })
    t.notMatch(JSON.stringify((await customer.get(`${orderId}/events`)).body), /tok_ok|ciphertext|Lovelace/, 'neither token nor personal data is shown')
  })

  await t.test('an order whose payment is declined is cancelled, no money moved and the stock is free again', async t => {
    const skus = await products(10)
    const placed = await customer.order(body(skus, { payment: { method: 'card', token: 'tok_declined' }, onDecline: 'cancel' }))
    const { orderId } = placed.body as Shown
    t.match(placed, { status: 201, body: { state: 'Cancelled', outcome: 'Cancelled', outcomeCause: 'paymentDeclined', authorised: '0.0000', captured: '0.0000' } })
    t.equal(await moneyAtGateway(platform, orderId), undefined)
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 10, reserved: 0, deducted: 0 })
    t.match(customer.eventsOf(topics.payments.events, orderId), ['PaymentCreated', 'PaymentFailed'])
    await sameInAnalytics(t, orderId)
  })

  await t.test('an order that is short in one partition is cancelled, and what the other held is free again', async t => {
    const skus = await products(10)
    const placed = await customer.order(orderBody('', { lines: [{ sku: skus[0], quantity: 2 }, { sku: skus[1], quantity: 11 }], onShortage: 'reject' }))
    const { orderId } = placed.body as Shown
    t.match(placed, { status: 201, body: { state: 'Cancelled', outcome: 'Cancelled', outcomeCause: 'shortStock', reason: new RegExp(`${skus[1]}`), captured: '0.0000' } })
    t.equal(await moneyAtGateway(platform, orderId), undefined)
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 10, reserved: 0, deducted: 0 })
    t.notOk(customer.eventsOf(topics.orders.events, orderId).includes('OrderConfirmed'))
    await sameInAnalytics(t, orderId)
  })

  await t.test('an order that is short is amended by its customer, and confirmed with what is there', async t => {
    const skus = await products(10)
    const placed = await customer.order(orderBody('', { lines: [{ sku: skus[0], quantity: 2 }, { sku: skus[1], quantity: 11 }], onShortage: 'amend' }))
    const { orderId } = placed.body as Shown
    t.match(placed, { status: 201, body: { state: 'ActionRequired', actionReason: 'shortStock', shortages: [{ sku: skus[1], requested: 11, available: 10 }] } })
    t.equal((await customer.post(`${orderId}/amend`, { lines: [{ lineNo: 2, quantity: 2 }] })).status, 202)
    await customer.event(topics.orders.events, orderId, 'OrderConfirmed')
    t.match(await customer.get(orderId), { body: { state: 'Confirmed', total: '50.0000', captured: '50.0000', actionReason: null, shortages: [] } })
    t.same(customer.eventsOf(topics.orders.events, orderId), ['OrderCreated', 'OrderActionRequired', 'OrderAmended', ...happyEvents.slice(1)])
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 8, reserved: 0, deducted: 2 })
    t.same(await moneyAtGateway(platform, orderId), { authorised: total, captured: total, voided: '0', refunded: '0' })
    await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')
    await sameInAnalytics(t, orderId)
  })

  await t.test('a back-order is confirmed when its stock is delivered through the API', async t => {
    const skus = await products(10)
    const command = placeOrder(newOrderId(), skus[1], { customerId: customer.name, onShortage: 'backorder' })
    const { orderId } = command
    await platform.send(toRecord(topics.orders.commands, orderId, { ...command, lines: [{ lineNo: 1, sku: skus[1], quantity: 12, quotedUnitPrice: null }] }))
    await customer.event(topics.orders.events, orderId, 'OrderBackOrdered')
    const token = await platform.token('WarehouseManager', 'keeper')
    const delivery = { token, method: 'POST', body: { quantity: 2 }, headers: { 'idempotency-key': crypto.randomUUID() } }
    t.equal((await call(`${platform.apiUrl}/v1/inventory/${skus[1]}/restock`, delivery)).status, 202)
    await customer.event(topics.orders.events, orderId, 'OrderConfirmed')
    t.match(await call(`${platform.apiUrl}/v1/inventory/${skus[1]}`, { token }), { status: 200, body: { onHand: 0, reserved: 0, waiting: 0 } })
    t.match(await stockOf(platform, skus[1]), { onHand: 0, in: 2, deducted: 12, waiting: 0 })
    await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')
    await sameInAnalytics(t, orderId)
  })

  await t.test('a declined payment is made again with another card, from the stock that was kept', async t => {
    const skus = await products(10)
    const placed = await customer.order(body(skus, { payment: { method: 'card', token: 'tok_declined' }, onDecline: 'retry' }))
    const { orderId } = placed.body as Shown
    t.match(placed, { status: 201, body: { state: 'ActionRequired', actionReason: 'paymentDeclined', captured: '0.0000' } })
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 10, reserved: 2 })
    t.equal((await customer.post(`${orderId}/payments`, { payment: { method: 'card', token: 'tok_ok' } })).status, 202)
    await customer.event(topics.orders.events, orderId, 'OrderConfirmed')
    t.same(customer.eventsOf(topics.payments.events, orderId).slice(0, 4), ['PaymentCreated', 'PaymentFailed', 'PaymentCreated', 'PaymentAuthorized'])
    t.same(await moneyAtGateway(platform, orderId), { authorised: total, captured: total, voided: '0', refunded: '0' })
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 8, reserved: 0, deducted: 2 })
    await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')
    await sameInAnalytics(t, orderId)
  })

  await t.test('twenty orders at once on five units confirm five, and nobody has what is not there', async t => {
    const [sku] = await products(5)
    const placed = await Promise.all(Array.from({ length: 20 }, async () => await customer.order(orderBody(sku))))
    const states = placed.map(({ body }) => (body as Shown).state)
    t.same([states.filter(state => state === 'Confirmed').length, states.filter(state => state === 'Cancelled').length], [5, 15])
    t.match(await stockOf(platform, sku), { onHand: 0, reserved: 0, deducted: 5 })
  })

  await t.test('an order that is cancelled after its confirmation is refunded, its stock is back and its shipment cancelled', async t => {
    const skus = await products(10)
    const placed = await customer.order(body(skus))
    const { orderId } = placed.body as Shown
    t.match(placed.body, { state: 'Confirmed' })
    await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')
    await platform.send(toRecord(topics.orders.commands, orderId, cancelOrder(orderId, 'too late')))
    await customer.event(topics.orders.events, orderId, 'OrderCancelled')
    t.match(await customer.get(orderId), {
      body: { state: 'Cancelled', outcome: 'Cancelled', outcomeCause: 'customer', reason: 'too late', captured: '50.0000', refunded: '50.0000', voided: '0.0000' }
    })
    t.same(await moneyAtGateway(platform, orderId), { authorised: total, captured: total, voided: '0', refunded: total })
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 10, reserved: 0, deducted: 0 })
    t.same(customer.eventsOf(topics.orders.events, orderId), [...happyEvents, 'OrderCompensationStarted', 'OrderCancelled'])
    t.same(customer.eventsOf(topics.shipping.events, orderId), ['ShipmentCreated', 'ShipmentCancelled'])
    t.same(customer.eventsOf(topics.payments.events, orderId).slice(3), ['PaymentRefunded'])

    await platform.send(toRecord(topics.orders.commands, orderId, cancelOrder(orderId, 'once more')))
    await customer.event(topics.orders.rejections, orderId, 'CommandRejected')
    t.same(await moneyAtGateway(platform, orderId), { authorised: total, captured: total, voided: '0', refunded: total }, 'money goes back once')
    await sameInAnalytics(t, orderId)
  })

  await t.test('orders that want the same last pieces share them, and no piece is sold twice', async t => {
    const [sku] = await products(5)
    const answers = await Promise.all(Array.from({ length: 6 }, async () => await customer.order(body([sku]))))
    const states = answers.map(({ body }) => (body as Shown).state)
    t.equal(states.filter(state => state === 'Confirmed').length, 2, 'five pieces are two orders of two')
    t.equal(states.filter(state => state === 'Cancelled').length, 4)
    t.match(await stockOf(platform, sku), { onHand: 1, reserved: 0, deducted: 4 })
  })

  for (const token of ['tok_flaky', 'tok_slow', 'tok_timeout']) {
    await t.test(`a payment by ${token} is taken once, however often it is asked for`, async t => {
      const placed = await customer.order(body(await products(10), { payment: { method: 'card', token } }))
      const { orderId } = placed.body as Shown
      t.match(placed.body, { state: 'Confirmed', captured: '50.0000' })
      t.same(await moneyAtGateway(platform, orderId), { authorised: total, captured: total, voided: '0', refunded: '0' })
    })
  }

  t.same(platform.streams.health().reasons, [], 'nothing has failed')
})
