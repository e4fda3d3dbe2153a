import { test } from 'tap'
import { OrderRun, confirmedOrder, line, orderId, orderIn, orderOverPartitions, placeOrder, reply } from './order-fixtures.ts'

test('short stock releases every partition, answered or not, when one of three is short', t => {
  const run = orderIn('reserving', 3).tell(reply.reserved(0), reply.short(1))
  t.equal(run.state, 'Compensating')
  t.same(run.last.commands.map(command => [command.type, 'partition' in command && command.partition]), [
    ['ReleaseReservation', 0], ['ReleaseReservation', 1], ['ReleaseReservation', 2]
  ])
  run.tell(reply.released(1), reply.reserved(2), reply.released(0))
  t.equal(run.state, 'Compensating')
  run.tell(reply.released(2))
  t.match(run.view, { state: 'Cancelled', outcome: 'Cancelled', outcomeCause: 'shortStock' })
  t.end()
})

test('stock that is refused for another reason fails the order when nothing was short', t => {
  const run = orderIn('reserving').tell(reply.refused(), reply.released())
  t.match(run.view, { state: 'Failed', outcomeCause: 'technical', reason: 'the stock could not be reserved: fenced' })
  t.end()
})

test('a declined payment releases the stock and cancels the order when nothing is held', t => {
  const run = orderIn('authorising', 2).tell(reply.paymentFailed())
  t.same(run.asked, ['ReleaseReservation', 'ReleaseReservation'])
  t.match(run.last.announcements, [{ type: 'PaymentFailed', kind: 'declined' }])
  run.tell(reply.released(0), reply.released(1))
  t.match(run.view, { state: 'Cancelled', outcomeCause: 'paymentDeclined', reason: 'payment declined' })
  t.end()
})

test('a technical payment failure voids to be sure and fails the order when the provider gave no answer', t => {
  const run = orderIn('authorising').tell(reply.paymentFailed('authorise', 'technical'))
  t.same(run.asked, ['ReleaseReservation', 'VoidPayment'])
  run.tell(reply.released(), reply.voided(true))
  t.match(run.view, { state: 'Failed', outcomeCause: 'technical', authorised: 0n, voided: 0n })
  t.end()
})

for (const kind of ['declined', 'technical'] as const) {
  test(`a failed capture un-confirms and voids when it is ${kind}`, t => {
    const run = orderIn('capturing').tell(reply.paymentFailed('capture', kind))
    t.same(run.asked, ['UnconfirmReservation', 'VoidPayment'])
    run.tell(reply.voided(), reply.unconfirmed())
    t.match(run.view, { state: kind === 'declined' ? 'Cancelled' : 'Failed', authorised: 200_000n, voided: 200_000n, captured: 0n })
    t.end()
  })
}

test('a rejected confirm un-confirms the others and voids when one partition of two has expired', t => {
  const run = orderIn('confirming', 2).tell(reply.confirmed(0), reply.notConfirmed(1))
  t.same(run.asked, ['UnconfirmReservation', 'UnconfirmReservation', 'VoidPayment'])
  run.tell(reply.unconfirmed(1), reply.voided(false, 400_000n), reply.unconfirmed(0))
  t.match(run.view, { state: 'Failed', outcomeCause: 'technical', authorised: 400_000n, voided: 400_000n })
  t.end()
})

for (const phase of ['reserving', 'authorising', 'confirming'] as const) {
  test(`an expired reservation fails the order when it is ${phase}`, t => {
    const run = orderIn(phase).tell(reply.expired())
    t.match(run.saga, { phase: 'compensating', cause: 'technical', reason: 'the reservation expired' })
    t.end()
  })
}

const cancelled = {
  reserving: ['ReleaseReservation'],
  authorising: ['ReleaseReservation', 'VoidPayment'],
  confirming: ['UnconfirmReservation', 'VoidPayment'],
  capturing: ['UnconfirmReservation', 'VoidPayment']
} as const

for (const [phase, commands] of Object.entries(cancelled)) {
  test(`a customer's cancel gives back what is taken when the order is ${phase}`, t => {
    const run = orderIn(phase as keyof typeof cancelled).cancel()
    t.equal(run.state, 'Compensating')
    t.same(run.asked, commands)
    t.match(run.events.at(-1), { type: 'OrderCompensationStarted', cause: 'customer', message: 'changed my mind' })
    t.end()
  })
}

test('a cancelled order waits for every answer when stock, money and shipment are given back', t => {
  const run = confirmedOrder().cancel()
  t.same([run.state, run.saga.phase, run.asked], ['Confirmed', 'stopping', ['CancelShipment']])
  run.tell(reply.shipmentCancelled())
  t.same([run.state, run.asked], ['Compensating', ['UnconfirmReservation', 'RefundPayment']])
  t.equal(run.tell(reply.unconfirmed()).state, 'Compensating')
  run.tell(reply.refunded())
  t.match(run.events.at(-1), { type: 'OrderCancelled', cause: 'customer', total: 200_000n, refunded: 200_000n })
  t.match(run.view, { outcome: 'Cancelled', captured: 200_000n, refunded: 200_000n, everConfirmed: true })
  t.same(run.last.timer, { kind: 'cancel' })
  t.end()
})

test('an order that holds nothing ends at once when it is cancelled', t => {
  const run = new OrderRun().place(placeOrder({ lines: [line('POST')] })).tell(reply.paymentFailed())
  t.same(run.story.slice(-2), ['OrderCompensationStarted', 'OrderCancelled'])
  t.same([run.asked, run.last.timer], [[], { kind: 'cancel' }])
  t.end()
})

test('CancelOrder is a counted no-op when the same command comes again, whatever became of the order', t => {
  const run = orderIn('reserving').cancel('cancel-1').cancel('cancel-1')
  t.same([run.last.rejection, run.last.events, run.saga.repeats], [undefined, [], 1])
  run.tell(reply.released()).cancel('cancel-1')
  t.same([run.last.rejection, run.saga.repeats, run.state], [undefined, 2, 'Cancelled'])
  t.end()
})

test('CancelOrder is rejected with the state when another cancel has been taken', t => {
  const run = orderIn('reserving').cancel('cancel-1')
  const { order } = run
  run.cancel('cancel-2')
  t.match(run.last.rejection, { code: 'state-forbids', message: /it is Compensating/ })
  t.equal(run.order, order)
  t.match(run.tell(reply.released()).cancel('cancel-3').last.rejection, { code: 'state-forbids', message: /it is Cancelled/ })
  t.end()
})

test('CancelOrder is rejected when the order was never accepted', t => {
  const run = new OrderRun().place(placeOrder({ lines: [line('NOPE')] })).cancel()
  t.match(run.last.rejection, { code: 'state-forbids', message: /it is Rejected/ })
  t.end()
})

for (const type of ['CancelOrder', 'CompensateOrder'] as const) {
  test(`${type} is rejected when the order is unknown`, t => {
    const command = type === 'CancelOrder' ? { type, orderId, reason: '' } : { type, orderId, reason: '', cause: 'technical' as const }
    t.match(new OrderRun().command(command).last.rejection, { code: 'unknown-order', field: '/orderId' })
    t.end()
  })
}

test('CompensateOrder compensates with its own cause, once, when it is repeated', t => {
  const command = { type: 'CompensateOrder', orderId, cause: 'technical', reason: 'ordered by an operator' } as const
  const run = orderIn('fulfilling').command(command)
  t.same(run.asked, ['CancelShipment'])
  run.command(command)
  t.same([run.asked, run.saga.repeats, run.last.rejection], [[], 1, undefined])
  run.tell(reply.shipmentCancelled(), reply.unconfirmed(), reply.refunded())
  t.match(run.view, { state: 'Failed', outcomeCause: 'technical' })
  t.equal(run.command(command).saga.repeats, 2)
  t.end()
})

test('a capture that was under way is refunded when the order was cancelled meanwhile', t => {
  const run = orderIn('capturing').cancel().tell(reply.captured())
  t.same(run.asked, ['RefundPayment'])
  run.tell(reply.voided(true), reply.unconfirmed())
  t.equal(run.state, 'Compensating')
  run.tell(reply.refunded())
  t.match(run.view, { state: 'Cancelled', authorised: 200_000n, captured: 200_000n, refunded: 200_000n, voided: 0n })
  t.end()
})

test('an authorisation that was under way is voided when the order was cancelled meanwhile', t => {
  const run = orderIn('authorising').cancel().tell(reply.authorised())
  t.same(run.asked, [])
  run.tell(reply.released(), reply.voided())
  t.match(run.view, { state: 'Cancelled', authorised: 200_000n, voided: 200_000n })
  t.end()
})

const late = {
  LinesReserved: [reply.reserved(), 'ReleaseReservation', reply.released()],
  LinesConfirmed: [reply.confirmed(), 'UnconfirmReservation', reply.unconfirmed()],
  PaymentAuthorized: [reply.authorised(), 'VoidPayment', reply.voided()],
  PaymentSucceeded: [reply.captured(), 'RefundPayment', reply.refunded()],
  ShipmentCreated: [reply.shipped(), 'CancelShipment', reply.shipmentCancelled()]
} as const

for (const [type, [fact, compensation, answer]] of Object.entries(late)) {
  test(`${type} is compensated, never applied, when the order has its outcome`, t => {
    const run = orderIn('authorising').cancel().tell(reply.released(), reply.voided(true))
    const story = run.story
    run.tell(fact)
    t.same(run.asked, [compensation])
    t.same(run.last.timer, { kind: 'set', dueMs: run.nowMs + 10_000 })
    t.same(run.fire().asked, [compensation])
    run.tell(answer)
    t.same([run.state, run.story, run.last.timer], ['Cancelled', story, { kind: 'cancel' }])
    t.end()
  })
}

test('answers that change nothing are counted when they come after the outcome', t => {
  const run = orderIn('fulfilling').cancel().tell(reply.shipmentCancelled(), reply.unconfirmed(), reply.refunded())
  const { view } = run
  run.tell(reply.unconfirmed(), reply.released(), reply.refunded(), reply.shipmentCancelled(), reply.voided(true), reply.refundFailed(), reply.deferred())
  t.same([run.saga.repeats, run.view === view, run.last.commands], [7, true, []])
  t.end()
})

test('a partial refund before a cancel is not paid twice when the rest is refunded', t => {
  const run = orderIn('fulfilling').tell(reply.partlyRefunded(50_000n)).cancel().tell(reply.shipmentCancelled())
  t.match(run.last.commands.find(command => command.type === 'RefundPayment'), { amount: null })
  run.tell(reply.refunded(150_000n, 200_000n), reply.unconfirmed())
  t.match(run.view, { state: 'Cancelled', captured: 200_000n, refunded: 200_000n })
  t.end()
})

test('a partial refund does not settle the debt when the order is being cancelled', t => {
  const run = orderIn('fulfilling').cancel().tell(reply.shipmentCancelled(), reply.unconfirmed(), reply.partlyRefunded(50_000n))
  t.match([run.state, run.view.refunded], ['Compensating', 50_000n])
  t.end()
})

test('the outcome tells the touched partitions apart when one answers for another', t => {
  const run = new OrderRun().place(orderOverPartitions(2)).cancel().tell(reply.released(0), reply.released(0))
  t.same([run.state, run.saga.repeats], ['Compensating', 1])
  t.end()
})
