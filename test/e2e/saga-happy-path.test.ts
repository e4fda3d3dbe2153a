import { test } from 'tap'
import { topics } from '../../topology/topics.ts'
import { moneyAtGateway, stockOf } from '../support/books.ts'
import { followStream } from '../support/follow-stream.ts'
import { call } from '../support/http.ts'
import { until } from '../support/until.ts'
import { Customer, happyEvents, openSaga, total, twoOfEach } from '../support/saga-scene.ts'

test('an order in stock that is paid for goes from the request to analytics, and every book agrees on it', async t => {
  const scene = await openSaga(t)
  if (scene === undefined) return
  const { customer, platform, products, sameInAnalytics, checkHealth } = scene
  const stranger = await Customer.create(t, platform, `customer-${crypto.randomUUID()}`)

  await t.test('an order in stock that is paid for is confirmed, shown to its owner alone, and the same for ever under its key', async t => {
    const skus = await products(10)
    const key = crypto.randomUUID()
    const placed = await customer.order(twoOfEach(skus, { clientReference: 'my-1' }), key)
    const { orderId } = placed.data
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
    t.match(await customer.read(orderId), { status: 200, body: { orderId, state: 'Confirmed' } })

    const again = await customer.order(twoOfEach(skus, { clientReference: 'my-1' }), key)
    t.match(again, { status: 201, body: { orderId } })
    t.match(await customer.order(twoOfEach(skus, { clientReference: 'my-2' }), key), { status: 422, body: { code: 'idempotency-conflict' } })
    t.match(await stranger.read(orderId), { status: 404, body: { code: 'not-found' } })
    t.match(await stranger.history(orderId), { status: 404, body: { code: 'not-found' } })
    t.match(await call(`${platform.apiUrl}/v1/orders/${orderId}`), { status: 401 })
    t.match(await call(`${platform.apiUrl}/v1/orders/${orderId}`, { token: await platform.token('Support', 'support-1') }), { status: 200, body: { orderId } })
    t.match(await stranger.order(twoOfEach(skus), key), { status: 201, body: { orderId: new RegExp(`^(?!${orderId})`) } }, 'a key belongs to its sender')

    // Each topic is read by itself: one may be further than another.
    await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')
    await customer.event(topics.orders.events, orderId, 'OrderConfirmed')
    await customer.event(topics.payments.events, orderId, 'PaymentSucceeded')
    t.same(customer.eventsOf(topics.orders.events, orderId), happyEvents)
    t.same(customer.eventsOf(topics.payments.events, orderId), ['PaymentCreated', 'PaymentAuthorized', 'PaymentSucceeded'])
    t.same(await moneyAtGateway(platform, orderId), { authorised: total, captured: total, voided: '0', refunded: '0' })
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 6, reserved: 0, deducted: 4 }, 'two orders of two pieces')
    await sameInAnalytics(t, orderId)
    const history = await customer.history(orderId, { limit: 4 })
    t.match(history, { status: 200, body: { items: happyEvents.slice(0, 4).map(type => ({ type })), next: /^\d+-\d+$/ } })
    const { next } = history.data
    t.match((await customer.history(orderId, { after: String(next) })).body, { items: happyEvents.slice(4).map(type => ({ type })), next: null })
    t.notMatch(JSON.stringify((await customer.history(orderId)).body), /tok_ok|ciphertext|Lovelace/, 'neither token nor personal data is shown')
  })

  await t.test('the order counts for its customer, and its figures tell how far they have come', async t => {
    const token = await platform.token('Analyst', 'ann')
    const ask = async (path: string) => await call(`${platform.apiUrl}/v1/analytics/${path}`, { token })
    const path = `customers/${customer.name}/lifetime-value`
    await until(async () => ((await ask(path)).body as { readonly items: readonly object[] }).items.length > 0)
    t.match(await ask(path), {
      status: 200,
      body: { asOf: { time: /^\d{4}-/ }, customerId: customer.name, items: [{ currency: 'GBP', orders: 1, units: 4, gross: '50.0000', refunds: '0.0000', lifetimeValue: '50.0000', segment: 'New' }] }
    })
    t.match(await ask('dashboard'), { status: 200, body: { orders: [{ currency: 'GBP' }], payments: [{ method: 'card' }] } })
  })

  await t.test('a customer who follows his inbox is told there, on the same stream, that an order is placed and that it is confirmed', async t => {
    const reader = await Customer.create(t, platform, `customer-${crypto.randomUUID()}`)
    const token = await platform.token('Customer', reader.name)
    const inbox = `${platform.apiUrl}/v1/notifications`
    const choices = [{ kind: 'order', channels: ['inApp'] }]
    const preferences = { locale: 'en', timeZone: null, quietHours: null, choices }
    t.match(await call(`${inbox}/preferences`, { token, method: 'PUT', body: preferences, headers: { 'if-match': '"0"' } }), { status: 202 }, 'they count from here on')
    const told = followStream(`${inbox}/stream`, token, ({ data }) => (data as { readonly template?: string } | undefined)?.template === 'payment-completed')
    const { orderId } = (await reader.order(twoOfEach(await products(4)))).data
    t.equal(await reader.endOf(orderId), 'OrderConfirmed')
    const frames = await told
    t.same(frames.map(({ event }) => event), ['notification', 'notification'])
    t.match(frames.map(({ data }) => data), [{ template: 'order-created', orderId, isRead: false }, { template: 'payment-completed', orderId, text: /50\.00/ }])
    const listed = await call(inbox, { token })
    t.match(listed, { status: 200, body: { unread: 2, items: [{ template: 'payment-completed', orderId }, { template: 'order-created', orderId }] } })
  })

  checkHealth(t)
})
