import { test } from 'tap'
import { createWorkload } from '../../../ops/play/generator.ts'
import { visitsAround } from '../../../ops/play/sessions.ts'

const options = { runId: 'abcdef0123456789', seed: 'seed' }
const workload = createWorkload({ ...options, orders: 40, stockShare: 1 })
const sessions = { ...options, products: workload.products }

test('one order in ten is told with the visit that led to it and visits that led to nothing', t => {
  for (const order of workload.orders()) {
    const visits = visitsAround(sessions, order)
    if (order.index % 10 !== 0) {
      t.equal(visits.length, 0)
      continue
    }
    t.equal(new Set(visits.map(({ sessionId }) => sessionId)).size, 5)
    t.same(visits.flatMap(visit => visit.type === 'RecordCheckoutStarted' ? visit.orderId : []), [order.orderId])
    for (const { at } of visits) t.ok(at < order.placedAtMs)
    const carted = visits.flatMap(visit => visit.type === 'RecordProductAddedToCart' ? visit.sku : [])
    t.same(carted, order.lines.slice(0, 2).map(({ sku }) => sku))
  }
  t.end()
})

test('the same run tells the same events under the same ids, and each id is one event of its session', t => {
  const all = () => [...workload.orders()].flatMap(order => visitsAround(sessions, order))
  t.same(all(), all())
  const ids = all().map(({ sessionId, eventId }) => `${sessionId}/${eventId}`)
  t.equal(new Set(ids).size, ids.length)
  t.ok(ids.length > 40 && ids.length < 160, `${ids.length} events around 40 orders`)
  t.end()
})
