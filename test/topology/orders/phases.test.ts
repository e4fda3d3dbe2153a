import { test } from 'tap'
import { orderPhaseSymbols } from '#schemas'
import { UnexpectedRecord, listReactions, orderPhases, stimuli } from '../../../topology/orders/phases.ts'
import { OrderRun, confirmedOrder, orderIn, reply } from './order-fixtures.ts'

test('the saga table lists every pair when phases and stimuli are enumerated', t => {
  t.equal(listReactions().length, orderPhaseSymbols.length * stimuli.length)
  t.notOk(listReactions().some(entry => entry.reaction === undefined))
  t.end()
})

test('the saga gives up on no order when it compensates or is closed: nothing starts it again', t => {
  for (const phase of ['compensating', 'closed'] as const) {
    t.notOk(Object.values(orderPhases[phase]).some(reaction => reaction === 'undo' || reaction === 'defer'))
  }
  t.end()
})

test('a live saga can always be ended when a customer, an operator or a timer says so', t => {
  for (const phase of ['reserving', 'authorising', 'confirming', 'capturing'] as const) {
    for (const stimulus of ['CancelOrder', 'CompensateOrder', 'StepTimeout', 'SagaTimeout'] as const) t.equal(orderPhases[phase][stimulus], 'undo')
  }
  t.equal(orderPhases.fulfilling.CancelOrder, 'stop')
  t.equal(orderPhases.fulfilling.CompensateOrder, 'stop')
  t.end()
})

const allFacts = {
  LinesReserved: reply.reserved(),
  LinesRejected: reply.short(),
  LinesConfirmed: reply.confirmed(),
  LinesConfirmRejected: reply.notConfirmed(),
  LinesUnconfirmed: reply.unconfirmed(),
  LinesReleased: reply.released(),
  LinesExpired: reply.expired(),
  PaymentAuthorized: reply.authorised(),
  PaymentSucceeded: reply.captured(),
  PaymentDeferred: reply.deferred(),
  PaymentVoided: reply.voided(),
  PaymentPartiallyRefunded: reply.partlyRefunded(1n),
  PaymentRefunded: reply.refunded(),
  RefundFailed: reply.refundFailed(),
  ShipmentCreated: reply.shipped(),
  ShipmentCancelled: reply.shipmentCancelled(),
  ShipmentRefused: reply.notShipped(),
  ShipmentPickedUp: reply.pickedUp(),
  ShipmentInTransit: reply.inTransit(),
  ShipmentOutForDelivery: reply.outForDelivery(),
  ShipmentDeliveryFailed: reply.notDelivered(),
  ShipmentDelivered: reply.delivered(),
  ShipmentReturned: reply.cameBack(),
  ShipmentTrackingUpdated: reply.tracked(),
  ShipmentDelayed: reply.delayed()
}

/** A confirmed order that is far enough for the answer. */
function onItsWay (type: string): OrderRun {
  if (type === 'ShipmentCreated' || !type.startsWith('Shipment')) return orderIn('fulfilling')
  if (type === 'ShipmentRefused') return confirmedOrder().ship([[1, 1]])
  return ['ShipmentPickedUp', 'ShipmentCancelled'].includes(type) ? confirmedOrder() : confirmedOrder().tell(reply.pickedUp())
}

for (const phase of ['reserving', 'authorising', 'confirming', 'capturing', 'fulfilling', 'delivered'] as const) {
  test(`the saga does with every answer what its table says when it is ${phase}`, t => {
    for (const [type, fact] of Object.entries(allFacts)) {
      const reaction = orderPhases[phase][type as keyof typeof allFacts]
      const run = phase === 'fulfilling' ? onItsWay(type) : orderIn(phase)
      const before = run.order
      const told = () => run.tell(fact)
      if (reaction === 'unexpected') {
        t.throws(told, UnexpectedRecord, `${type} is unexpected`)
        t.equal(run.order, before, `${type} changes nothing`)
        continue
      }
      told()
      if (reaction === 'undo') t.ok(run.story.includes('OrderCompensationStarted'), `${type} is undone`)
      if (reaction === 'repeat') t.same([run.saga.repeats, run.saga.phase], [1, phase], `${type} is counted`)
      if (reaction === 'take') t.same([run.order === before, run.saga.repeats], [false, phase === 'delivered' ? 1 : 0], `${type} is taken`)
      if (reaction === 'stop') t.same(run.asked, ['CancelShipment'], `${type} stops what has not left`)
      if (reaction === 'note') t.equal(run.saga.phase, phase, `${type} is noted`)
      if (reaction === 'defer') t.equal(run.saga.stepDueMs, run.nowMs + 30_000, `${type} re-arms the step`)
    }
    t.end()
  })
}

test('the saga refuses an answer when the order does not exist', t => {
  t.throws(() => new OrderRun().tell(reply.reserved()), /does not exist/)
  t.end()
})

test('the saga refuses an answer when it is about a partition that was never asked', t => {
  t.throws(() => orderIn('reserving').tell(reply.reserved(7)), /partition 7, which the order does not touch/)
  t.end()
})

test('the saga refuses an answer when it is about another attempt', t => {
  t.throws(() => orderIn('reserving').tell({ ...reply.reserved(), attempt: 2 } as never), /attempt 2, the order is at attempt 1/)
  t.end()
})

test('the saga refuses a failed authorisation when it waits for the capture', t => {
  t.throws(() => orderIn('capturing').tell(reply.paymentFailed('authorise', 'technical')), UnexpectedRecord)
  t.throws(() => orderIn('authorising').tell(reply.paymentFailed('capture', 'technical')), UnexpectedRecord)
  t.end()
})
