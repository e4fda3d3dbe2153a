import { test } from 'tap'
import { OrderRun, line, orderId, orderIn, placeOrder, reply, startMs } from './order-fixtures.ts'

test('PlaceOrder reserves each touched partition in one record when the order is valid', t => {
  const lines = [line('P2-cup', { lineNo: 1 }), line('P0-mug', { lineNo: 2 }), line('P0-box', { lineNo: 3 }), line('POST', { lineNo: 4 })]
  const run = new OrderRun().place(placeOrder({ lines }))
  t.same(run.story, ['OrderCreated'])
  t.same(run.last.commands, [
    {
      type: 'ReserveStock',
      orderId,
      attempt: 1,
      partition: 0,
      lines: [{ lineNo: 2, sku: 'P0-mug', quantity: 2 }, { lineNo: 3, sku: 'P0-box', quantity: 2 }],
      expiresAt: startMs + 45 * 60_000,
      waitsSince: null
    },
    { type: 'ReserveStock', orderId, attempt: 1, partition: 2, lines: [{ lineNo: 1, sku: 'P2-cup', quantity: 2 }], expiresAt: startMs + 45 * 60_000, waitsSince: null }
  ])
  t.same(run.saga.parts, [{ partition: 0, progress: 'asked' }, { partition: 2, progress: 'asked' }])
  t.end()
})

test('PlaceOrder sets the one timer of the order to the end of its first step when it is accepted', t => {
  const run = new OrderRun().place()
  t.same(run.last.timer, { kind: 'set', dueMs: startMs + 30_000 })
  t.equal(run.saga.sagaDueMs, startMs + 30 * 60_000)
  t.end()
})

test('PlaceOrder goes straight to the payment when no line is stocked', t => {
  const run = new OrderRun().place(placeOrder({ lines: [line('POST')] }))
  t.same(run.story, ['OrderCreated', 'OrderInventoryReserved', 'OrderPaymentInitiated'])
  t.same(run.asked, ['AuthorizePayment'])
  t.equal(run.state, 'InventoryReserved')
  t.end()
})

test('an order without stocked lines is delivered without a shipment when it is paid', t => {
  const run = new OrderRun().place(placeOrder({ lines: [line('POST')] })).tell(reply.authorised(), reply.captured())
  t.match(run.view, { state: 'Delivered', outcome: 'Fulfilled', deliveredAt: run.nowMs })
  t.same(run.story.slice(-2), ['OrderConfirmed', 'OrderDelivered'])
  t.same(run.commands.map(command => command.type), ['AuthorizePayment', 'CapturePayment'])
  t.same(run.last.timer, { kind: 'cancel' })
  t.end()
})

test('an order that costs nothing asks for no payment when it is placed', t => {
  const run = new OrderRun().place(placeOrder({ lines: [line('P0-free')] })).tell(reply.reserved(), reply.confirmed())
  t.equal(run.state, 'Confirmed')
  t.same(run.commands.map(command => command.type), ['ReserveStock', 'ConfirmReservation', 'CreateShipment'])
  t.match(run.view, { authorised: 0n, captured: 0n, paymentId: null })
  t.end()
})

test('PlaceOrder decides prices into the event when the order is accepted', t => {
  const run = new OrderRun().place(placeOrder({ lines: [line('P0-mug', { quotedUnitPrice: 1n })] }))
  t.match(run.events[0], { type: 'OrderCreated', total: 200_000n, quotedIgnored: true, onShortage: 'reject', onDecline: 'cancel' })
  t.match(run.view, { state: 'Pending', total: 200_000n, currency: 'GBP', customerId: 'customer-1', version: 1, everConfirmed: false, outcome: null })
  t.end()
})

test('PlaceOrder changes nothing but the count when the same body comes again', t => {
  const run = orderIn('confirming')
  const { view } = run
  run.place(placeOrder())
  t.equal(run.view, view)
  t.same([run.last.events, run.last.commands, run.last.rejection], [[], [], undefined])
  t.equal(run.saga.repeats, 1)
  t.end()
})

test('PlaceOrder counts a repeat by the body hash of the API when both carry one', t => {
  const meta = { ...placeOrder().meta, bodyHash: 'hash-1' }
  const run = new OrderRun().place(placeOrder({ meta })).place(placeOrder({ meta, placedAt: startMs + 5 }))
  t.equal(run.saga.repeats, 1)
  run.place(placeOrder({ meta: { ...meta, bodyHash: 'hash-2' } }))
  t.match(run.last.rejection, { code: 'order-id-reused', field: '/orderId' })
  t.end()
})

test('PlaceOrder is rejected and leaves the order alone when its id has another content', t => {
  const run = new OrderRun().place()
  const { order } = run
  run.place(placeOrder({ lines: [line('P1-bag')] }))
  t.match(run.last.rejection, { code: 'order-id-reused' })
  t.equal(run.last.order, undefined)
  t.equal(run.order, order)
  t.end()
})

test('a rejected order has a view and its event when it was never accepted', t => {
  const run = new OrderRun().place(placeOrder({ lines: [line('NOPE')], clientReference: 'invoice-7' }))
  t.match(run.last.rejection, { code: 'sku-unknown', field: '/lines/0/sku' })
  t.same(run.story, ['OrderRejected'])
  t.match(run.view, {
    state: 'Rejected', outcome: 'Rejected', channel: 'storefront', customerId: 'customer-1', currency: 'GBP', total: 0n, clientReference: 'invoice-7'
  })
  t.same([run.saga.phase, run.last.timer, run.last.commands], ['closed', { kind: 'keep' }, []])
  t.end()
})

test('a rejected order shows no currency when the one it named does not exist', t => {
  t.equal(new OrderRun().place(placeOrder({ currency: 'ABC' })).view.currency, 'XXX')
  t.end()
})

test('a rejected order shows when it came when the time that it named cannot be', t => {
  const { view } = new OrderRun().place(placeOrder({ placedAt: Number.MAX_SAFE_INTEGER }))
  t.match(view, { outcome: 'Rejected', placedAt: view.updatedAt })
  t.end()
})

test('a rejected order id stays rejected when it comes again: the same body is counted, another is refused', t => {
  const run = new OrderRun().place(placeOrder({ lines: [line('NOPE')] }))
  run.place(placeOrder({ lines: [line('NOPE')] }))
  t.same([run.saga.repeats, run.last.rejection, run.last.events], [1, undefined, []])
  run.place(placeOrder())
  t.match(run.last.rejection, { code: 'order-id-reused' })
  t.equal(run.state, 'Rejected')
  t.end()
})
