import { test } from 'tap'
import { type OrderRun, OrderRun as Run, ofAttempt, orderIn, orderOverPartitions, reply, startMs } from './order-fixtures.ts'

const dayMs = 86_400_000
const dueMs = startMs + dayMs + 45 * 60_000

/** An order over two partitions whose stock is reserved, and that lets its customer pay again. */
const authorising = (): OrderRun => new Run().place({ ...orderOverPartitions(2), onDecline: 'retry' }).tell(reply.reserved(0), reply.reserved(1))
const declined = (): OrderRun => authorising().tell(reply.paymentFailed())
const second = { authorised: ofAttempt(2, reply.authorised(400_000n)), captured: ofAttempt(2, reply.captured(400_000n)) }

test('a declined payment asks the customer to pay again when the order says so, and keeps what is reserved', t => {
  const run = declined()
  t.match(run.view, { state: 'ActionRequired', outcome: null, actionReason: 'paymentDeclined', deadline: startMs + dayMs, shortages: [] })
  t.match(run.last.commands, [{ type: 'ExtendReservation', attempt: 1, partition: 0, expiresAt: dueMs }, { type: 'ExtendReservation', attempt: 1, partition: 1, expiresAt: dueMs }])
  t.equal(run.last.commands.length, 2, 'nothing is given back')
  t.match(run.last.announcements, [{ type: 'PaymentFailed', kind: 'declined' }])
  t.end()
})

test('a payment is made again under an attempt of its own, with what the customer gives', t => {
  const run = declined().payAgain('tok_other')
  t.match(run.last.commands, [{ type: 'AuthorizePayment', attempt: 2, amount: 400_000n, token: 'tok_other' }])
  t.match(run.events.at(-1), { type: 'OrderPaymentInitiated', attempt: 2 })
  t.match(run.view, { state: 'InventoryReserved', actionReason: null, deadline: null })
  run.tell(second.authorised)
  t.match(run.last.commands, [{ type: 'ConfirmReservation', attempt: 1, partition: 0 }, { type: 'ConfirmReservation', attempt: 1, partition: 1 }], 'the reservation is the first')
  run.tell(reply.confirmed(0), reply.confirmed(1))
  t.match(run.last.commands, [{ type: 'CapturePayment', attempt: 2 }])
  t.match(run.tell(second.captured).view, { state: 'Confirmed', captured: 400_000n, attempt: 1 })
  t.end()
})

test('a payment is made again with what was given before when the customer gives nothing else', t => {
  t.match(declined().payAgain().last.commands, [{ type: 'AuthorizePayment', attempt: 2, token: 'tok_ok' }])
  t.end()
})

test('late answers of the first payment are compensated and never applied when the second is under way', t => {
  const run = declined().payAgain()
  const { view } = run
  for (const fact of [reply.authorised(400_000n), reply.captured(400_000n)]) t.match(run.tell(fact).last.commands, [{ type: 'VoidPayment', attempt: 1 }], fact.type)
  for (const fact of [reply.paymentFailed(), reply.deferred(), reply.voided(true)]) t.same(run.tell(fact).last.commands, [], fact.type)
  t.equal(run.view, view)
  t.equal(run.tell(second.authorised).view.state, 'PaymentAuthorized')
  t.end()
})

test('a payment that is declined five times ends the order: nobody mistypes so often', t => {
  const run = declined()
  for (let attempt = 2; attempt <= 5; attempt++) {
    t.equal(run.state, 'ActionRequired')
    run.payAgain().tell(ofAttempt(attempt, reply.paymentFailed()))
  }
  run.tell(reply.released(0), reply.released(1))
  t.match(run.view, { state: 'Cancelled', outcomeCause: 'paymentDeclined' })
  t.end()
})

test('a declined capture gives the held money up before the customer is asked, and keeps the stock', t => {
  const run = authorising().tell(reply.authorised(400_000n), reply.confirmed(0), reply.confirmed(1), reply.paymentFailed('capture'))
  t.same([run.asked, run.state], [['VoidPayment'], 'PaymentAuthorized'])
  run.tell(reply.voided(false, 400_000n))
  t.match(run.view, { state: 'ActionRequired', authorised: 400_000n, voided: 400_000n })
  t.same(run.asked, [], 'what is deducted does not expire')
  run.payAgain('tok_other').tell(second.authorised)
  t.same(run.asked, ['ConfirmReservation', 'ConfirmReservation'], 'they are answered again, and nothing moves')
  run.tell(reply.confirmed(0), reply.confirmed(1), second.captured)
  t.match(run.view, { state: 'Confirmed', authorised: 800_000n, voided: 400_000n, captured: 400_000n })
  t.end()
})

test('the void of a declined capture is asked for again when it has no answer, and the saga times out at last', t => {
  const run = authorising().tell(reply.authorised(400_000n), reply.confirmed(0), reply.confirmed(1), reply.paymentFailed('capture'))
  const asked: string[] = []
  while (run.saga.phase === 'voiding') asked.push(...run.fire().asked)
  t.ok(asked.filter(type => type === 'VoidPayment').length > 5)
  t.match(run.saga, { phase: 'compensating', cause: 'sagaTimeout' })
  t.end()
})

test('a technical failure ends the order whatever it says about declined payments', t => {
  for (const kind of ['technical', 'fenced'] as const) t.equal(authorising().tell(reply.paymentFailed('authorise', kind)).saga.phase, 'compensating')
  t.end()
})

test('an order times out when its customer does not pay within a day, and gives its stock back', t => {
  const run = declined()
  while (run.saga.phase === 'repaying') run.fire()
  t.equal(run.nowMs, startMs + dayMs)
  t.same(run.asked, ['ReleaseReservation', 'ReleaseReservation'])
  t.match(run.tell(reply.released(0), reply.released(1)).view, { state: 'TimedOut', outcomeCause: 'actionTimeout' })
  t.end()
})

test('an order that waits to be paid is cancelled when the customer says so, and gives its stock back', t => {
  const run = declined().cancel()
  t.same(run.asked, ['ReleaseReservation', 'ReleaseReservation'])
  t.match(run.tell(reply.released(0), reply.released(1)).view, { state: 'Cancelled', outcomeCause: 'customer' })
  t.end()
})

test('an order fails when its reservation expires while it waits to be paid', t => {
  const run = declined().tell(reply.expired(1))
  t.match(run.saga, { phase: 'compensating', cause: 'technical', reason: 'the reservation expired' })
  t.end()
})

test('money that is held although the payment was declined is given back, and the order fails', t => {
  const run = declined().tell(reply.authorised(400_000n))
  t.same(run.asked, ['ReleaseReservation', 'ReleaseReservation', 'VoidPayment'])
  run.tell(reply.released(0), reply.released(1), reply.voided(false, 400_000n))
  t.match(run.view, { state: 'Failed', authorised: 400_000n, voided: 400_000n })
  t.end()
})

for (const phase of ['reserving', 'authorising', 'confirming', 'capturing', 'fulfilling'] as const) {
  test(`a retry of the payment is rejected when the order is ${phase}: nothing was declined`, t => {
    t.match(orderIn(phase).payAgain().last.rejection, { code: 'state-forbids' })
    t.end()
  })
}

test('a retry of the payment is a counted no-op when it comes again, and rejected under the same id with another token', t => {
  const run = declined().payAgain('tok_a', 'pay-1').payAgain('tok_a', 'pay-1')
  t.same([run.asked, run.last.rejection, run.saga.repeats], [[], undefined, 1])
  t.match(run.payAgain('tok_b', 'pay-1').last.rejection, { code: 'command-id-reused' })
  t.end()
})

test('an amendment is rejected when the customer is asked to pay again', t => {
  t.match(declined().amend([[1, 1]]).last.rejection, { code: 'state-forbids' })
  t.end()
})
