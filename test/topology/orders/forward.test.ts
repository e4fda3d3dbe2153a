import { test } from 'tap'
import { evolve } from '../../../topology/orders/order.ts'
import { type OrderView } from '#schemas'
import { OrderRun, orderId, orderIn, orderOverPartitions, reply } from './order-fixtures.ts'

/** Every order of the elements. */
function permutations<Element> (elements: readonly Element[]): ReadonlyArray<readonly Element[]> {
  if (elements.length < 2) return [elements]
  return elements.flatMap((element, index) => permutations(elements.toSpliced(index, 1)).map(rest => [element, ...rest]))
}

for (const count of [1, 2, 3]) {
  const total = 200_000n * BigInt(count)
  for (const sequence of permutations(Array.from({ length: count }, (_, partition) => partition))) {
    test(`an order over ${count} partitions is confirmed when they answer in the order ${sequence.join(', ')}`, t => {
      const run = new OrderRun().place(orderOverPartitions(count))
      for (const [index, partition] of sequence.entries()) {
        run.tell(reply.reserved(partition))
        t.equal(run.state, index === count - 1 ? 'InventoryReserved' : 'Pending')
      }
      t.same(run.asked, ['AuthorizePayment'])
      run.tell(reply.authorised(total))
      t.same(run.asked, sequence.map(() => 'ConfirmReservation'))
      for (const [index, partition] of sequence.entries()) {
        run.tell(reply.confirmed(partition))
        t.same(run.asked, index === count - 1 ? ['CapturePayment'] : [])
      }
      run.tell(reply.captured(total), reply.shipped())
      t.equal(run.state, 'Confirmed')
      t.same(run.story, [
        'OrderCreated', 'OrderInventoryReserved', 'OrderPaymentInitiated', 'OrderPaymentAuthorized', 'OrderPaymentCompleted', 'OrderConfirmed'
      ])
      t.end()
    })
  }
}

test('the fan-in is a set when one partition answers twice: it counts once', t => {
  const run = orderIn('reserving', 2).tell(reply.reserved(0), reply.reserved(0))
  t.same([run.state, run.saga.repeats], ['Pending', 1])
  run.tell(reply.reserved(1))
  t.equal(run.state, 'InventoryReserved')
  run.tell(reply.authorised(400_000n), reply.confirmed(1), reply.confirmed(1))
  t.same([run.saga.phase, run.saga.repeats], ['confirming', 2])
  t.end()
})

test('money is only taken when all stock is deducted: authorise, confirm, capture', t => {
  const run = orderIn('fulfilling', 2)
  t.same(run.commands.map(command => command.type), [
    'ReserveStock', 'ReserveStock', 'AssessOrder', 'AuthorizePayment', 'ConfirmReservation', 'ConfirmReservation', 'CapturePayment', 'ReleaseExposure',
    'CreateShipment'
  ])
  t.end()
})

test('the payment is asked for what the order costs when the stock is reserved', t => {
  const run = orderIn('authorising')
  t.same(run.last.commands, [{ type: 'AuthorizePayment', orderId, attempt: 1, amount: 200_000n, currency: 'GBP', method: 'card', token: 'tok_ok' }])
  t.end()
})

test('a confirmed order shows its money and stops its clock when the money is taken', t => {
  const run = orderIn('fulfilling')
  t.match(run.view, {
    authorised: 200_000n, captured: 200_000n, refunded: 0n, voided: 0n, paymentId: 'pay-1', everConfirmed: true, confirmedAt: run.nowMs, outcome: null
  })
  t.same(run.last.timer, { kind: 'cancel' })
  t.same([run.saga.stepDueMs, run.saga.sagaDueMs, run.saga.timerDueMs], [null, null, null])
  t.end()
})

test('a confirmed order is shipped with weight, value and stocked lines when the money is taken', t => {
  t.match(orderIn('fulfilling').last.commands, [{ type: 'ReleaseExposure', customerId: 'customer-1' }, {
    type: 'CreateShipment', orderTotal: 200_000n, currency: 'GBP', weightGrams: 1_000, lines: [{ lineNo: 1, sku: 'P0-mug', quantity: 2 }]
  }])
  t.end()
})

test('readers see shipment, carrier and tracking number when the shipment is created', t => {
  const run = orderIn('fulfilling').tell(reply.shipped())
  t.match(run.view, { shipmentId: 'ship-1', trackingNumber: 'US1', carrier: 'USPS', state: 'Confirmed' })
  const before = run.view
  run.tell(reply.shipped())
  t.same([run.view === before, run.saga.repeats], [true, 1])
  t.end()
})

test('a payment of another amount is given back when the provider holds it', t => {
  const run = orderIn('authorising').tell(reply.authorised(199_999n))
  t.equal(run.state, 'Compensating')
  t.same(run.asked, ['ReleaseReservation', 'VoidPayment'])
  run.tell(reply.released(), reply.voided(false, 199_999n))
  t.match(run.view, { state: 'Failed', authorised: 199_999n, voided: 199_999n, captured: 0n })
  t.end()
})

test('readers see no change when only a part of the partitions has answered', t => {
  const run = orderIn('reserving', 2)
  const { view } = run
  run.tell(reply.reserved(1))
  t.equal(run.view, view)
  t.end()
})

test('a refund by support is shown and changes nothing else when the order is confirmed', t => {
  const run = orderIn('fulfilling').tell(reply.partlyRefunded(50_000n))
  t.match(run.view, { state: 'Confirmed', refunded: 50_000n })
  run.tell(reply.partlyRefunded(50_000n))
  t.match([run.view.refunded, run.saga.repeats], [50_000n, 1])
  run.tell(reply.refunded(150_000n, 200_000n))
  t.match([run.view.refunded, run.saga.payment, run.state], [200_000n, 'refunded', 'Confirmed'])
  t.end()
})

test('the events of an order rebuild its view when they are replayed', t => {
  const run = orderIn('fulfilling').cancel().tell(reply.unconfirmed(), reply.refunded(), reply.shipmentCancelled())
  let view: OrderView | undefined
  for (const event of run.events) view = evolve(view, event, run.nowMs)
  t.same(view, run.view)
  t.match(view, { state: 'Cancelled', outcome: 'Cancelled', captured: 200_000n, refunded: 200_000n, version: 8 })
  t.end()
})
