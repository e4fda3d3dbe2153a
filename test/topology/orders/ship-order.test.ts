import { test } from 'tap'
import { confirmedOrder, orderIn, reply } from './order-fixtures.ts'

test('ShipOrder hands the named pieces to the carrier, with their weight, when they have not left', t => {
  const run = confirmedOrder(2).ship([[2, 1]])
  t.match(run.last.commands, [{
    type: 'CreateShipment', shipmentNo: 2, handedOver: true, lines: [{ lineNo: 2, sku: 'P1-bag', quantity: 1 }], weightGrams: 500, orderTotal: 400_000n
  }])
  t.match(run.saga, { shipments: 2, handOvers: [{ shipmentNo: 2, lines: [{ lineNo: 2, quantity: 1 }] }] })
  t.equal(run.state, 'Confirmed', 'nothing has left yet')
  t.end()
})

test('ShipOrder hands over everything that is left when it names nothing', t => {
  const run = confirmedOrder(2).ship([[1, 2]]).ship()
  t.match(run.last.commands, [{ shipmentNo: 3, lines: [{ lineNo: 2, quantity: 2 }] }])
  t.match(run.ship().last.rejection, { code: 'nothing-to-ship' })
  t.end()
})

const broken = [
  ['an unknown line', [[9, 1]], { code: 'pieces-not-there', field: '/lines/0/lineNo' }],
  ['more than there is', [[1, 3]], { code: 'pieces-not-there', field: '/lines/0/quantity' }],
  ['nothing of a line', [[1, 0]], { code: 'quantity-invalid', field: '/lines/0/quantity' }],
  ['a line twice', [[1, 1], [1, 1]], { code: 'line-number-duplicate', field: '/lines/1/lineNo' }]
] as const

for (const [what, pieces, rejection] of broken) {
  test(`ShipOrder is rejected and changes nothing when it names ${what}`, t => {
    const run = confirmedOrder()
    const { order } = run
    t.match(run.ship(pieces).last.rejection, rejection)
    t.equal(run.order, order)
    t.end()
  })
}

test('ShipOrder is rejected when a parcel that is asked for already has the pieces', t => {
  t.match(confirmedOrder().ship([[1, 1]]).ship([[1, 2]]).last.rejection, { code: 'pieces-not-there', message: /1 of line 1/ })
  t.end()
})

test('ShipOrder is rejected when everything has left', t => {
  t.match(confirmedOrder().tell(reply.pickedUp()).ship().last.rejection, { code: 'nothing-to-ship' })
  t.end()
})

for (const phase of ['reserving', 'authorising', 'confirming', 'capturing', 'delivered'] as const) {
  test(`ShipOrder is rejected with the state when the order is ${phase}`, t => {
    t.match(orderIn(phase).ship().last.rejection, { code: 'state-forbids' })
    t.end()
  })
}

test('ShipOrder is a counted no-op when the same command comes again', t => {
  const run = confirmedOrder().ship([[1, 1]], 'ship-1').ship([[1, 1]], 'ship-1')
  t.same([run.last.commands, run.saga.repeats, run.saga.shipments], [[], 1, 2])
  t.end()
})

test('whoever asked for a parcel is told when its pieces had left already, and they are free again', t => {
  const run = confirmedOrder().ship([[1, 2]], 'ship-1').tell(reply.pickedUp(), reply.notShipped(2))
  t.match(run.last.refusals, [{ command: 'ShipOrder', commandId: 'ship-1', rejection: { code: 'left-already', message: /the pieces have left/ } }])
  t.same([run.state, run.saga.handOvers], ['Shipped', []])
  t.equal(run.tell(reply.notShipped(2)).saga.repeats, 1, 'once')
  t.end()
})

test('whoever asked for a parcel is told when a cancellation was faster', t => {
  const run = confirmedOrder().ship([[1, 1]], 'ship-1').cancel().tell(reply.shipmentCancelled(), reply.notShipped(2))
  t.match(run.refusals, [{ command: 'ShipOrder', commandId: 'ship-1', rejection: { code: 'left-already' } }])
  t.equal(run.state, 'Compensating')
  t.end()
})
