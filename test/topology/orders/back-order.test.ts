import { test } from 'tap'
import { type Fact } from '../../../topology/orders/facts.ts'
import { type OrderRun, ofAttempt, orderId, reply, shortOrder, startMs } from './order-fixtures.ts'

const dayMs = 86_400_000
const waits = (partition: number, attempt = 2): Fact => ({ type: 'LinesBackOrdered', orderId, attempt, partition })
const reserved = (partition: number): Fact => ofAttempt(2, reply.reserved(partition))
/** A back-order over two partitions whose first attempt is given back. */
const queued = (): OrderRun => shortOrder('backorder').tell(reply.released(0), reply.released(1))

test('short stock makes a back-order when the order says so, and gives back what the others reserved', t => {
  const run = shortOrder('backorder')
  t.match(run.view, { state: 'BackOrdered', outcome: null, deadline: startMs + 30 * dayMs, shortages: [{ sku: 'P0-mug' }] })
  t.same(run.asked, ['ReleaseReservation', 'ReleaseReservation'])
  t.end()
})

test('a back-order asks partition by partition, the next when the one before has reserved', t => {
  const run = queued()
  t.match(run.last.commands, [{ type: 'ReserveStock', attempt: 2, partition: 0, waitsSince: startMs, expiresAt: startMs + 30 * dayMs + 45 * 60_000 }])
  t.equal(run.last.commands.length, 1)
  run.tell(waits(0))
  t.same([run.asked, run.state, run.saga.stepDueMs], [[], 'BackOrdered', null])
  run.tell(reserved(0))
  t.match(run.last.commands, [{ type: 'ReserveStock', attempt: 2, partition: 1, waitsSince: startMs }])
  run.tell(reserved(1))
  t.same(run.asked, ['AuthorizePayment'])
  t.match(run.view, { state: 'InventoryReserved', deadline: null, shortages: [], attempt: 2 })
  t.end()
})

test('a back-order is confirmed when its stock has come', t => {
  const run = queued().tell(waits(0), reserved(0), reserved(1), reply.authorised(400_000n))
  run.tell(ofAttempt(2, reply.confirmed(0)), ofAttempt(2, reply.confirmed(1)), reply.captured(400_000n))
  t.equal(run.state, 'Confirmed')
  t.same(run.story, ['OrderCreated', 'OrderBackOrdered', 'OrderInventoryReserved', 'OrderPaymentInitiated', 'OrderPaymentAuthorized', 'OrderPaymentCompleted', 'OrderConfirmed'])
  t.end()
})

test('the clock of the saga stands while an order waits for stock, and goes on when it has come', t => {
  const run = queued().tell(waits(0))
  t.equal(run.saga.sagaDueMs, null)
  run.nowMs += 20 * dayMs
  run.tell(reserved(0), reserved(1))
  t.same([run.saga.sagaDueMs, run.saga.waitDueMs], [run.nowMs + 30 * 60_000, null])
  t.end()
})

test('an order times out when its stock does not come within 30 days, and leaves the queue', t => {
  const run = queued().tell(waits(0))
  while (run.saga.phase === 'queued') run.fire()
  t.equal(run.nowMs, startMs + 30 * dayMs)
  t.match(run.last.commands, [{ type: 'ReleaseReservation', attempt: 2, partition: 0 }], 'nobody asked partition 1')
  t.equal(run.last.commands.length, 1)
  t.match(run.tell(ofAttempt(2, reply.released(0))).view, { state: 'TimedOut', outcomeCause: 'backOrderTimeout' })
  t.end()
})

test('an inventory that does not answer a back-order times it out like any step', t => {
  const run = queued()
  while (run.saga.phase === 'queued') run.fire()
  t.same([run.saga.cause, run.nowMs], ['stepTimeout', startMs + 30_000])
  t.end()
})

for (const [what, facts] of [['before it is in the queue', []], ['while it waits', [waits(0)]], ['while it waits with a part reserved', [waits(0), reserved(0), waits(1)]]] as const) {
  test(`a back-order that is cancelled ${what} gives everything back and leaves the queue`, t => {
    const run = queued().tell(...facts).cancel()
    const asked = run.last.commands.map(command => 'partition' in command ? command.partition : -1)
    t.same(asked, facts.length === 3 ? [0, 1] : [0])
    run.tell(...asked.map(partition => ofAttempt(2, reply.released(partition))))
    t.match(run.view, { state: 'Cancelled', outcomeCause: 'customer' })
    t.end()
  })
}

test('a fill that crosses the cancellation is given back, and the order ends once', t => {
  const run = queued().tell(waits(0)).cancel().tell(reserved(0))
  t.equal(run.state, 'Compensating')
  t.same(run.asked, [], 'its release is on its way already')
  run.tell(ofAttempt(2, reply.released(0)))
  t.match(run.story.slice(-2), ['OrderCompensationStarted', 'OrderCancelled'])
  t.end()
})

test('the customer of a back-order may take less instead: it leaves the queue and reserves anew', t => {
  const run = queued().tell(waits(0)).amend([[1, 0]])
  t.match([run.state, run.saga.phase], ['Pending', 'clearing'])
  t.match(run.last.commands, [{ type: 'ReleaseReservation', attempt: 2, partition: 0 }])
  run.tell(ofAttempt(2, reply.released(0)))
  t.match(run.last.commands, [{ type: 'ReserveStock', attempt: 3, partition: 1, waitsSince: null }])
  run.tell(ofAttempt(2, reply.reserved(0)))
  t.match(run.last.commands, [{ type: 'ReleaseReservation', attempt: 2, partition: 0 }], 'a late fill is given back')
  t.end()
})

test('a back-order that is amended before the first attempt is given back reserves once, and does not queue', t => {
  const run = shortOrder('backorder').amend([[1, 1]])
  t.match([run.state, run.saga.phase, run.asked], ['Pending', 'clearing', []])
  run.tell(reply.released(0), reply.released(1))
  t.match(run.last.commands, [{ type: 'ReserveStock', attempt: 2, partition: 0, waitsSince: null }, { type: 'ReserveStock', partition: 1 }])
  t.end()
})

test('an amended back-order queues again when it is short again, from then on', t => {
  const run = shortOrder('backorder').tell(reply.released(0), reply.released(1)).tell(waits(0))
  run.nowMs += dayMs
  run.amend([[1, 1]]).tell(ofAttempt(2, reply.released(0)), ofAttempt(3, reply.short(0)), ofAttempt(3, reply.reserved(1)))
  t.match(run.view, { state: 'BackOrdered', deadline: run.nowMs + 30 * dayMs })
  run.tell(ofAttempt(3, reply.released(0)), ofAttempt(3, reply.released(1)))
  t.match(run.last.commands, [{ type: 'ReserveStock', attempt: 4, partition: 0, waitsSince: run.nowMs }])
  t.end()
})

test('a reservation that is refused while it is queued fails the order', t => {
  const run = queued().tell(ofAttempt(2, reply.refused(0)), ofAttempt(2, reply.released(0)))
  t.match(run.view, { state: 'Failed', outcomeCause: 'technical' })
  t.end()
})

test('a retry of the payment is rejected while the order waits for stock', t => {
  t.match(queued().payAgain().last.rejection, { code: 'state-forbids', message: /BackOrdered/ })
  t.end()
})
