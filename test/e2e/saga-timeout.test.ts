import { test } from 'tap'
import { toRecord } from '../../ops/play/commands.ts'
import { serviceNames } from '../../ops/stack/stack.ts'
import { topics } from '../../topology/topics.ts'
import { openShop } from '../fault/stage/open-shop.ts'
import { Stage } from '../fault/stage/stage.ts'
import { newOrderId, placeOrder } from '../support/orders.ts'
import { ensureWatchdog, newOwnFolder } from '../support/shared-stack.ts'
import { whatIsMissing } from '../support/stack.ts'
import { watchTopic } from '../support/watch.ts'

// Services of its own: on the shared ones another test's platform would answer for the part that is silent here.
test('an order whose stock does not answer times out after its step, and what answers late is given back', async t => {
  const missing = await whatIsMissing(serviceNames)
  if (missing !== undefined) return t.plan(0, missing)
  const folder = newOwnFolder()
  ensureWatchdog()
  const stage = await Stage.open(folder, line => { t.comment(line) })
  t.teardown(async () => { await stage.close() })
  const { kafka } = stage.outside
  const events = await watchTopic(kafka, topics.orders.events)
  const stock = await watchTopic(kafka, topics.inventory.events)
  const money = await watchTopic(kafka, topics.payments.events)
  t.teardown(() => { for (const watch of [events, stock, money]) watch.close() })

  await stage.start('others', 'processor', { args: ['--only', 'orders,payments,shipping,catalog'] })
  const [sku = ''] = await openShop(stage)
  const orderId = newOrderId()
  await kafka.producer().send([toRecord(topics.orders.commands, orderId, placeOrder(orderId, sku))])
  const { record: created } = await events.find('OrderCreated', event => event.orderId === orderId && event.type === 'OrderCreated')
  const { value: started, record } = await events.find('OrderCompensationStarted', event => event.orderId === orderId && event.type === 'OrderCompensationStarted')
  t.match(started, { cause: 'stepTimeout' })
  t.ok(record.timestampMs - created.timestampMs >= 29_000, 'the step has its thirty seconds')
  t.notOk(events.seen.some(({ value }) => value?.type === 'OrderTimedOut'), 'it has not ended while something may still be held for it')

  await stage.start('stock', 'processor', { args: ['--only', 'inventory'] })
  await events.find('OrderTimedOut', event => event.orderId === orderId && event.type === 'OrderTimedOut')
  const ends = events.seen.filter(({ value }) => value?.orderId === orderId).map(({ value }) => value?.type)
  t.same(ends, ['OrderCreated', 'OrderCompensationStarted', 'OrderTimedOut'])
  t.notOk(money.seen.some(({ value }) => value?.orderId === orderId), 'no money was asked for')
  const moved = stock.seen.map(({ value }) => value).filter(value => value !== undefined && 'orderId' in value && value.orderId === orderId)
  const held = moved.reduce((sum, event) => sum + (event?.type === 'StockReserved' ? event.quantity : event?.type === 'StockReleased' ? -event.quantity : 0), 0)
  t.equal(held, 0, 'nothing is held for it any more')
  t.same(await stage.close(), [], 'every process ended in good order')
})
