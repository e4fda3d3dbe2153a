import { test } from 'tap'
import { type CommandMeta } from '#schemas'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { inventoryProcessor } from '../../../topology/inventory/process-inventory.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { type Occasion, notices, notificationsFor } from '../../../topology/notifications/request-notifications.ts'
import { OrderRun, confirmedOrder, line, ofAttempt, orderId, orderIn, placeOrder, reply, shortOrder } from '../orders/order-fixtures.ts'

const told = (run: OrderRun) => [...run.events, ...run.last.announcements, ...run.returns].flatMap(occasion => notificationsFor(occasion, run))

test('a customer is told of order and payment when the order goes well', t => {
  t.same(told(orderIn('fulfilling')).map(notification => notification.template), ['order-created', 'payment-completed'])
  t.end()
})

test('a customer is told of the failed payment and of the end when the payment is declined', t => {
  const run = orderIn('authorising').tell(reply.paymentFailed())
  t.match(told(run).at(-1), { template: 'payment-failed', variables: { reason: 'payment declined' } })
  run.tell(reply.released())
  t.match(told(run).at(-1), { template: 'order-cancelled', variables: { reason: 'payment declined', refunded: '0.0000' } })
  t.end()
})

test('a customer is told of the refund when a paid order is cancelled', t => {
  const run = orderIn('fulfilling').cancel().tell(reply.shipmentCancelled(), reply.unconfirmed(), reply.refunded())
  t.match(told(run).at(-1), { template: 'order-cancelled', variables: { refunded: '20.0000', total: '20.0000', currency: 'GBP', orderId } })
  t.end()
})

test('a customer is told of the carrier when the order leaves, and again when it is there', t => {
  const run = confirmedOrder().tell(reply.pickedUp())
  t.match(told(run).at(-1), { template: 'order-shipped', variables: { carrier: 'USPS', trackingNumber: 'US1' } })
  t.match(told(run.tell(reply.delivered())).at(-1), { template: 'order-delivered', variables: { orderId } })
  t.end()
})

test('a customer is told of each parcel when the order leaves in several, each with an id of its own', t => {
  const run = confirmedOrder(3).ship([[1, 2]]).tell(reply.shipped([[1, 2]], 2))
  const leaves = [reply.pickedUp([[1, 2]], 2), reply.pickedUp([[2, 2]])]
  const left = leaves.flatMap(fact => run.tell(fact).last.events.flatMap(event => notificationsFor(event, run)))
  t.same(left.map(({ template }) => template), ['order-partially-shipped', 'order-partially-shipped'])
  t.equal(new Set(left.map(({ notificationId }) => notificationId)).size, 2)
  t.end()
})

test('a customer is told of what is cancelled, not of an order that is called shipped for it, when the rest is stopped', t => {
  const run = confirmedOrder(2).ship([[1, 2]]).tell(reply.shipped([[1, 2]], 2), reply.pickedUp([[1, 2]], 2)).cancel().tell(reply.shipmentCancelled([[2, 2]]))
  const templates = run.last.events.flatMap(event => notificationsFor(event, run)).map(({ template, variables }) => [template, variables['amount']])
  t.same([run.state, templates], ['Shipped', [['order-lines-cancelled', '20.0000']]])
  t.end()
})

test('a customer is told of the refund of each return when it is paid, and of none that paid nothing', t => {
  const run = orderIn('delivered')
  for (const total of [100_000n, 200_000n]) run.askReturn([[1, 1]]).answerReturn().receive().tell(reply.partRefunded(`return/${run.returnId}`, 100_000n, total))
  const refunds = told(run).filter(({ template }) => template === 'refund-issued')
  t.match(refunds.map(({ variables }) => variables['amount']), ['10.0000', '10.0000'])
  t.equal(new Set(refunds.map(({ notificationId }) => notificationId)).size, 2)
  const free = orderIn('delivered').tell(reply.refunded()).askReturn([[1, 2]]).answerReturn().receive()
  t.notOk(told(free).some(({ template }) => template === 'refund-issued'))
  t.end()
})

test('an account holder is addressed by the account when there is one', t => {
  t.match(told(new OrderRun().place()), [{ userId: 'customer-1', recipient: null, channel: 'email', orderId }])
  t.end()
})

test('a guest is addressed by the order and the sealed address when there is no account', t => {
  const guestEmail = { keyId: 'guest', ciphertext: Buffer.from('sealed') }
  t.match(told(new OrderRun().place(placeOrder({ customerId: null, guestEmail }))), [{ userId: orderId, recipient: guestEmail }])
  t.end()
})

test('a notification has the same id when it is decided again, and another for another template', t => {
  const run = orderIn('fulfilling')
  const ids = told(run).map(notification => notification.notificationId)
  t.same(told(run).map(notification => notification.notificationId), ids)
  t.equal(new Set(ids).size, 2)
  t.match(ids[0], /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  t.end()
})

test('nobody is told of a payment when the order costs nothing', t => {
  const run = new OrderRun().place(placeOrder({ lines: [line('P0-free')] })).tell(reply.reserved(), reply.confirmed())
  t.same(told(run).map(notification => notification.template), ['order-created'])
  t.end()
})

test('nobody is told of a rejected order when it was never accepted', t => {
  t.same(told(new OrderRun().place(placeOrder({ lines: [] }))), [])
  t.end()
})

test('a customer is told what is short and until when when he has to decide, and anew when he has to decide again', t => {
  const run = shortOrder('amend').tell(reply.released(0), reply.released(1))
  const ids = new Set<string>()
  const asked = (): void => {
    const occasion = run.events.at(-1) as Occasion
    const [notice] = notificationsFor(occasion, { view: run.view, saga: run.saga })
    t.match(notice, { template: 'action-required', variables: { short: 'P0-mug', deadline: /^2026-01-06T/, reason: 'shortStock' } })
    ids.add(notice?.notificationId ?? '')
  }
  asked()
  run.amend([[1, 1]]).tell(ofAttempt(2, reply.reserved(1)), ofAttempt(2, reply.short(0)))
  asked()
  t.equal(ids.size, 2)
  t.end()
})

test('every listed occasion has a template and a channel when the table is enumerated', t => {
  const occasions: ReadonlyArray<Occasion['type']> = [
    'OrderCreated', 'OrderPaymentCompleted', 'PaymentFailed', 'OrderActionRequired', 'OrderBackOrdered', 'OrderPartiallyShipped', 'OrderShipped',
    'OrderLinesCancelled', 'OrderDelivered', 'RefundIssued', 'OrderCancelled', 'OrderFailed', 'OrderTimedOut'
  ]
  t.same(Object.keys(notices), occasions)
  for (const notice of Object.values(notices)) t.ok(notice.template !== '' && notice.channels.length > 0)
  t.end()
})

test('nobody is told of an order when it is an old one that is imported', t => {
  const run = new OrderRun().place(placeOrder({ channel: 'import' }))
  t.same(run.events.map(({ type }) => type), ['OrderCreated'])
  t.same(told(run), [])
  t.end()
})

test('who looks after the stock is told once when it comes down to the reorder level', async t => {
  await bindMemoryCodec()
  const driver = await createTestDriver({ nodes: [inventoryProcessor] })
  t.teardown(async () => { await driver.close() })
  const meta: CommandMeta = { commandId: '', bodyHash: null, issuedAt: 0, correlationId: 'corr', principal: null, tenant: 'default' }
  const adjust = async (delta: number, commandId: string): Promise<void> => {
    await driver.pipe(topics.inventory.commands, 'SKU', { type: 'AdjustStock', meta: { ...meta, commandId }, sku: 'SKU', delta, reason: 'counted', expectedVersion: null } as never)
  }
  await driver.pipe(topics.inventory.commands, 'SKU', { type: 'RegisterSku', meta, sku: 'SKU', openingStock: 5, reorderLevel: 2 })
  await adjust(-2, 'a')
  t.same(await driver.read(topics.notifications.requests), [])
  await adjust(-1, 'b')
  await adjust(-1, 'c')
  const first = await driver.read(topics.notifications.requests)
  t.match(first, [{ key: 'team/warehouse', value: { channel: 'inApp', template: 'low-stock', variables: { sku: 'SKU', available: '2', reorderLevel: '2' } } }])
  await adjust(5, 'd')
  await adjust(-5, 'e')
  const again = await driver.read(topics.notifications.requests)
  t.equal(again.length, 1)
  t.not(again[0]?.value.notificationId, first[0]?.value.notificationId)
})
