import { test } from 'tap'
import { reservationMs, reviewMs, sagaMs } from '../../../topology/orders/deadlines.ts'
import { OrderRun, orderId, orderOverPartitions, placeOrder, reply, startMs } from './order-fixtures.ts'

/** An order of the storefront whose stock is reserved; risk has not answered. */
function assessing (): OrderRun {
  const run = new OrderRun()
  run.risk = undefined
  return run.place(orderOverPartitions(2)).tell(reply.reserved(0), reply.reserved(1))
}

const reviewing = (): OrderRun => assessing().tell(reply.riskReview())

test('an order asks risk once its stock is reserved, and for no money before it is answered', t => {
  const run = assessing()
  t.same(run.last.commands, [{
    type: 'AssessOrder', orderId, customerId: 'customer-1', channel: 'storefront', total: 400_000n, currency: 'GBP', placedAt: startMs - 1_000
  }])
  t.same([run.state, run.saga.phase, run.saga.exposed], ['InventoryReserved', 'assessing', true])
  run.tell(reply.riskApproved())
  t.same([run.asked, run.saga.phase], [['AuthorizePayment'], 'authorising'])
  t.end()
})

for (const channel of ['import', 'backoffice'] as const) {
  test(`an order by ${channel} asks risk and does not wait for it`, t => {
    const run = new OrderRun()
    run.risk = undefined
    run.place(placeOrder({ channel })).tell(reply.reserved())
    t.same([run.asked, run.saga.phase], [['AssessOrder', 'AuthorizePayment'], 'authorising'])
    run.tell(reply.riskRejected())
    t.same([run.saga.phase, run.saga.repeats], ['authorising', 1])
    t.end()
  })
}

test('an order that costs nothing, or has nothing in stock, is assessed like any other', t => {
  const run = new OrderRun()
  run.risk = undefined
  run.place(placeOrder({ lines: [{ lineNo: 1, sku: 'POST', quantity: 1, quotedUnitPrice: null }] }))
  t.same([run.asked, run.saga.phase], [['AssessOrder'], 'assessing'])
  t.end()
})

test('a rejected order is cancelled for it, gives its stock back and asks for no money', t => {
  const run = assessing().tell(reply.riskRejected())
  t.same(run.asked, ['ReleaseReservation', 'ReleaseReservation'])
  run.tell(reply.released(0), reply.released(1))
  t.match(run.view, { state: 'Cancelled', outcomeCause: 'riskRejected', reason: /^refused: .*credit limit/, authorised: 0n })
  t.notOk(run.commands.some(({ type }) => type === 'AuthorizePayment'))
  t.same(run.asked, ['ReleaseExposure'])
  t.end()
})

test('an order under review keeps its stock for 72 hours and a saga, and its clock stands', t => {
  const run = reviewing()
  t.match(run.events.at(-1), { type: 'OrderRiskReviewRequested', reasons: ['activity'], deadline: startMs + reviewMs })
  t.match(run.view, { state: 'OnRiskReview', deadline: startMs + reviewMs, outcome: null, actionReason: null })
  const expiresAt = startMs + reviewMs + reservationMs
  t.match(run.last.commands, [{ type: 'ExtendReservation', partition: 0, expiresAt }, { type: 'ExtendReservation', partition: 1, expiresAt }])
  t.match(run.saga, { phase: 'reviewing', stepDueMs: null, sagaDueMs: null, sagaLeftMs: sagaMs, waitDueMs: startMs + reviewMs })
  t.end()
})

test('an approved order goes on to its payment, with the time that the saga had left and the name of the reviewer', t => {
  const run = reviewing()
  run.nowMs += 10 * 3_600_000
  run.review(true)
  t.same(run.story.slice(-2), ['OrderRiskCleared', 'OrderPaymentInitiated'])
  t.match(run.events.at(-2), { reason: 'looked at it', reviewer: null })
  t.match(run.view, { state: 'InventoryReserved', deadline: null, reason: null })
  t.match(run.saga, { phase: 'authorising', waitDueMs: null, sagaDueMs: run.nowMs + sagaMs, sagaLeftMs: null })
  t.same(run.asked, ['AuthorizePayment'])
  t.end()
})

test('a refused order is cancelled with the words of the reviewer, and everything is given back', t => {
  const run = reviewing().review(false)
  t.same([run.state, run.asked], ['Compensating', ['ReleaseReservation', 'ReleaseReservation']])
  run.tell(reply.released(0), reply.released(1))
  t.match(run.view, { state: 'Cancelled', outcomeCause: 'riskRejected', reason: 'refused on review: looked at it' })
  t.end()
})

test('an order that nobody reviews within 72 hours times out, and a decision after that is refused and changes nothing', t => {
  const run = reviewing()
  run.fire()
  while (run.saga.phase === 'reviewing') run.fire()
  t.equal(run.nowMs, startMs + reviewMs)
  t.match(run.saga, { phase: 'compensating', cause: 'reviewTimeout' })
  const { order } = run
  t.match(run.review(true).last.rejection, { code: 'state-forbids' })
  t.equal(run.order, order)
  run.tell(reply.released(0), reply.released(1))
  t.match(run.view, { state: 'TimedOut', outcome: 'TimedOut', outcomeCause: 'reviewTimeout' })
  t.match(run.review(true).last.rejection, { code: 'state-forbids' })
  t.end()
})

test('a decision is carried out once when it is repeated, and a second one under another id is refused', t => {
  const run = reviewing().review(true, 'review-1').review(true, 'review-1')
  t.same([run.saga.phase, run.saga.repeats, run.last.commands], ['authorising', 1, []])
  t.match(run.review(false, 'review-2').last.rejection, { code: 'state-forbids' })
  t.match(run.review(false, 'review-1').last.rejection, { code: 'command-id-reused' })
  t.equal(run.saga.phase, 'authorising')
  t.end()
})

test('a decision is refused when the order is not under review', t => {
  for (const run of [new OrderRun().place(), assessing()]) t.match(run.review(true).last.rejection, { code: 'state-forbids' })
  t.end()
})

test('a risk decision that comes again, or late, is counted and never applied', t => {
  const run = reviewing().tell(reply.riskApproved())
  t.same([run.saga.phase, run.saga.repeats], ['reviewing', 1])
  run.review(true).tell(reply.riskRejected(), reply.riskReview())
  t.same([run.saga.phase, run.saga.repeats], ['authorising', 3])
  const late = assessing().cancel().tell(reply.released(0), reply.released(1), reply.riskApproved())
  t.same([late.state, late.saga.repeats], ['Cancelled', 1])
  t.end()
})

test('a risk decision that nobody asked for is refused', t => {
  t.throws(() => new OrderRun().place().tell(reply.riskApproved()), /does not belong to an order that is reserving/)
  t.end()
})

test('a customer cancels an order under review, and its stock is given back', t => {
  const run = reviewing().cancel().tell(reply.released(0), reply.released(1))
  t.match(run.view, { state: 'Cancelled', outcomeCause: 'customer' })
  t.end()
})

test('an order that risk is silent about times out after a step', t => {
  const run = assessing()
  run.fire()
  t.match(run.saga, { phase: 'compensating', cause: 'stepTimeout' })
  t.end()
})

test('risk is told once that an order is paid, or over, and never about a guest', t => {
  const released = (run: OrderRun): number => run.commands.filter(({ type }) => type === 'ReleaseExposure').length
  const paid = assessing().tell(reply.riskApproved(), reply.authorised(400_000n), reply.confirmed(0), reply.confirmed(1), reply.captured(400_000n))
  t.same([paid.state, released(paid)], ['Confirmed', 1])
  paid.cancel().tell(reply.unconfirmed(0), reply.unconfirmed(1), reply.refunded(400_000n), reply.shipmentCancelled())
  t.equal(released(paid), 1, 'nothing is owed any more')
  t.equal(released(new OrderRun().place().cancel().tell(reply.released())), 0, 'it was never assessed')
  const guest = new OrderRun().place(placeOrder({ customerId: null })).tell(reply.reserved()).cancel().tell(reply.released(), reply.voided(true))
  t.same([guest.state, released(guest)], ['Cancelled', 0])
  t.end()
})
