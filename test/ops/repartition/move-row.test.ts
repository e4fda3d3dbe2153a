import { test } from 'tap'
import { type ProcessorDef, partitionOf } from '#streams'
import { type WebhookRoutes } from '#schemas'
import { RowMover, heirsOf, placeOfRecord } from '../../../ops/repartition/move-row.ts'
import { TIMER_STORE } from '../../../streams/state/changelog.ts'
import { expiryKey } from '../../../streams/state/expiry.ts'
import { encodeTimer } from '../../../streams/time/timers.ts'
import { type PaymentGateway, createTopology } from '../../../topology/index.ts'
import { paymentIndex } from '../../../topology/payments/process-payments.ts'
import { routesKey, routesStore } from '../../../topology/webhooks/stores.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'

const growth = { before: 8, after: 24 }
const { nodes } = createTopology({ payments: { gateway: {} as PaymentGateway } })
await bindMemoryCodec()

function moverOf (name: string, by = growth): RowMover {
  return new RowMover(nodes.find(node => node.name === name) as ProcessorDef, by)
}

const orderId = '5f0e1c1c-8a8b-4b55-9d0e-2f6a4f0b7a11'
const home = partitionOf(orderId, growth.before)
const row = (store: string, key: string) => ({ kind: 'row' as const, store, key })

test('what was in a partition is in its heirs, and nowhere else', async t => {
  for (let partition = 0; partition < growth.before; partition++) {
    t.ok(heirsOf(partition, growth).every(heir => heir % growth.before === partition && heir < growth.after))
  }
  t.equal(placeOfRecord(Buffer.from(orderId), home, growth), partitionOf(orderId, growth.after))
  const elsewhere = (home + 1) % growth.before
  t.equal(placeOfRecord(Buffer.from(orderId), elsewhere, growth), elsewhere, 'a record that lies elsewhere than its key belongs stays under its number')
  t.equal(placeOfRecord(null, 3, growth), 3)
})

test('a row goes with its key, with what its value says, or to every heir', async t => {
  const value = Buffer.from('as it is')
  const [there] = [partitionOf(orderId, growth.after)]
  t.same(await moverOf('orders').placesOf(row('view', orderId), { partition: home, value }), [{ partition: there, value }])
  const entry = paymentIndex.value.encode({ type: 'PaymentIndexEntry', paymentId: 'pay-1', orderId })
  t.same(await moverOf('payments').placesOf(row('payment-index', 'pay-1'), { partition: home, value: entry }), [{ partition: there, value: entry }])
  const everywhere = heirsOf(home, growth).map(partition => ({ partition, value }))
  t.same(await moverOf('payments').placesOf(row('inbox', 'callback-1'), { partition: home, value }), everywhere)
  t.same(await moverOf('payments').placesOf(row('payment-index', 'pay-1'), { partition: home, value: null }), everywhere.map(place => ({ ...place, value: null })), 'an end ends it everywhere')
})

test('a timer goes with what it is about, or where the rows are that it ends', async t => {
  const value = encodeTimer({ dueMs: 1, version: 1n, payload: JSON.stringify({ ownerId: orderId }) })
  const there = [{ partition: partitionOf(orderId, growth.after), value }]
  const at = { partition: home, value }
  t.same(await moverOf('orders').placesOf(row(TIMER_STORE, orderId), at), there)
  t.same(await moverOf('payments').placesOf(row(TIMER_STORE, `retry/${orderId}`), at), there)
  t.same(await moverOf('webhooks').placesOf(row(TIMER_STORE, 'retry/subscription/message'), at), there)
  t.same(await moverOf('notifications').placesOf(row(TIMER_STORE, expiryKey('histories', orderId)), at), there)
  t.equal((await moverOf('webhooks').placesOf(row(TIMER_STORE, expiryKey('turns', 'a/b')), at)).length, heirsOf(home, growth).length)
  t.equal((await moverOf('risk').placesOf(row(TIMER_STORE, 'command-1'), at)).length, heirsOf(home, growth).length)
})

test('of the subscriptions of a task each heir keeps those of its own accounts', async t => {
  const owners = Array.from({ length: 200 }, (_, index) => `account-${index}`).filter(ownerId => partitionOf(ownerId, growth.before) === home)
  const routes = owners.map(ownerId => ({ webhookId: orderId, ownerId, eventTypes: ['order.created'] }))
  const value = routesStore.value.encode({ type: 'WebhookRoutes', partition: home, routes })
  const places = await moverOf('webhooks').placesOf(row('routes', routesKey), { partition: home, value })
  t.same(places.map(({ partition }) => partition), heirsOf(home, growth))
  const kept = places.map(place => routesStore.value.decode(place.value ?? Buffer.alloc(0)) as WebhookRoutes)
  t.same(kept.map(({ partition }) => partition), heirsOf(home, growth), 'and tells its own number')
  for (const { partition, routes } of kept) {
    t.same(routes.map(({ ownerId }) => ownerId), owners.filter(ownerId => partitionOf(ownerId, growth.after) === partition))
  }
})

test('rows stay where they are when there are not more partitions, and are refused when they lie where they cannot', async t => {
  const value = Buffer.from('reservation')
  t.same(await moverOf('inventory', { before: 2, after: 2 }).placesOf(row('reservations', 'a/1/0'), { partition: 1, value }), [{ partition: 1, value }])
  t.throws(() => moverOf('inventory', { before: 2, after: 4 }), { code: 'OPS_REPARTITION_REFUSED', message: /where the rows of inventory\/stock belong/ })
  const wrong = moverOf('orders').placesOf(row('view', orderId), { partition: (home + 1) % growth.before, value })
  await t.rejects(wrong, { code: 'OPS_REPARTITION_REFUSED', message: /orders\/view in partition \d belongs to another/ })
  await t.rejects(moverOf('analytics').placesOf(row(TIMER_STORE, 'a'), { partition: 0, value }), { message: /where the timers of analytics belong/ })
})
