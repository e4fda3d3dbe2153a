import { test } from 'tap'
import { amendLines } from '../../../topology/orders/amend-order.ts'
import { UnexpectedRecord } from '../../../topology/orders/phases.ts'
import { OrderRun, line, ofAttempt, orderId, orderIn, placeOrder, reply, shortOrder, startMs } from './order-fixtures.ts'

const dayMs = 86_400_000
const released = (run: OrderRun, partitions = 2) => run.tell(...Array.from({ length: partitions }, (_, partition) => reply.released(partition)))

test('short stock asks the customer what to do when the order says so, and gives back what the others reserved', t => {
  const run = shortOrder('amend')
  t.match(run.view, { state: 'ActionRequired', outcome: null, actionReason: 'shortStock', deadline: startMs + dayMs, shortages: [{ sku: 'P0-mug', requested: 2, available: 1 }] })
  t.same(run.asked, ['ReleaseReservation', 'ReleaseReservation'])
  t.match(run.events.at(-1), { type: 'OrderActionRequired', reason: 'shortStock', deadline: startMs + dayMs })
  t.end()
})

test('the customer is told of all that is short at once when more than one partition is', t => {
  const run = new OrderRun().place(placeOrder({ onShortage: 'amend', lines: [line('P0-mug'), line('P1-bag', { lineNo: 2 })] })).tell(reply.short(0))
  t.equal(run.state, 'Pending', 'the other one has not answered yet')
  run.tell({ ...reply.short(1), shortages: [{ sku: 'P1-bag', requested: 2, available: 0 }] } as never)
  t.same(run.view.shortages.map(({ sku }) => sku), ['P0-mug', 'P1-bag'])
  t.end()
})

for (const partitions of [1, 2, 3]) {
  for (let short = 0; short < partitions; short++) {
    test(`what others reserved is given back when partition ${short} of ${partitions} is short, in whatever order they answer`, t => {
      const all = Array.from({ length: partitions }, (_, partition) => partition)
      for (const first of all) {
        const order = [first, ...all.filter(partition => partition !== first)]
        const run = new OrderRun().place(placeOrder({
          onShortage: 'amend', lines: ['P0-mug', 'P1-bag', 'P2-cup'].slice(0, partitions).map((sku, at) => line(sku, { lineNo: at + 1 }))
        }))
        run.tell(...order.map(partition => partition === short ? reply.short(partition) : reply.reserved(partition)))
        t.equal(run.state, 'ActionRequired')
        t.same(run.asked, all.map(() => 'ReleaseReservation'))
        released(run, partitions)
        t.same([run.state, run.saga.stepDueMs], ['ActionRequired', null], 'nothing is owed, the customer has his time')
      }
      t.end()
    })
  }
}

test('an amendment reserves what is left under an attempt of its own, at the prices of before', t => {
  const run = released(shortOrder('amend')).amend([[1, 1]])
  t.match(run.events.at(-1), { type: 'OrderAmended', attempt: 2, total: 300_000n, lines: [{ lineNo: 1, quantity: 1, lineTotal: 100_000n }, { lineNo: 2, quantity: 2 }] })
  t.match(run.last.commands, [
    { type: 'ReserveStock', attempt: 2, partition: 0, lines: [{ lineNo: 1, quantity: 1 }], waitsSince: null }, { type: 'ReserveStock', attempt: 2, partition: 1 }
  ])
  run.tell(ofAttempt(2, reply.reserved(0)), ofAttempt(2, reply.reserved(1)))
  t.match(run.last.commands, [{ type: 'AuthorizePayment', attempt: 1, amount: 300_000n }])
  run.tell(reply.authorised(300_000n), ofAttempt(2, reply.confirmed(0)), ofAttempt(2, reply.confirmed(1)), reply.captured(300_000n))
  t.match(run.view, { state: 'Confirmed', total: 300_000n, captured: 300_000n, actionReason: null, deadline: null, shortages: [], reason: null })
  const shipped = [{ lineNo: 1, quantity: 1 }, { lineNo: 2, quantity: 2 }]
  t.match(run.last.commands, [{ type: 'ReleaseExposure' }, { type: 'CreateShipment', orderTotal: 300_000n, weightGrams: 1_500, lines: shipped }])
  t.end()
})

test('an amendment that drops the line leaves its partition out', t => {
  const run = released(shortOrder('amend')).amend([[1, 0]])
  t.match(run.last.commands, [{ type: 'ReserveStock', attempt: 2, partition: 1, lines: [{ lineNo: 2, quantity: 2 }] }])
  t.same([run.last.commands.length, run.view.total, run.view.lines.length], [1, 200_000n, 1])
  t.end()
})

test('an amendment that leaves only a charge goes straight to the payment', t => {
  const run = new OrderRun().place(placeOrder({ onShortage: 'amend', lines: [line('P0-mug'), line('POST', { lineNo: 2 })] })).tell(reply.short(0), reply.released(0))
  t.same(run.amend([[1, 0]]).asked, ['AuthorizePayment'])
  t.end()
})

test('the second reserve waits until the first is given back, so that an order is never short of what it holds itself', t => {
  const run = shortOrder('amend').amend([[1, 1]])
  t.same([run.state, run.saga.phase, run.asked], ['Pending', 'clearing', []])
  run.tell(reply.released(1))
  t.same(run.asked, [])
  run.tell(reply.released(0))
  t.same(run.asked, ['ReserveStock', 'ReserveStock'])
  t.end()
})

test('a release that has no answer is asked for again while the customer thinks, and his time goes on', t => {
  const run = shortOrder('amend').fire()
  t.same([run.state, run.asked, run.nowMs], ['ActionRequired', ['ReleaseReservation', 'ReleaseReservation'], startMs + 10_000])
  t.equal(run.saga.waitDueMs, startMs + dayMs)
  t.end()
})

test('late answers of the first attempt are compensated and never applied when the second is under way', t => {
  const run = released(shortOrder('amend')).amend([[1, 1]])
  const { saga, view } = run
  run.tell(reply.reserved(1))
  t.match(run.last.commands, [{ type: 'ReleaseReservation', attempt: 1, partition: 1 }])
  t.same(run.last.commands.length, 1)
  run.tell(reply.confirmed(1))
  t.match(run.last.commands, [{ type: 'UnconfirmReservation', attempt: 1, partition: 1 }])
  for (const fact of [reply.short(0), reply.refused(1), reply.released(0), reply.expired(1), reply.unconfirmed(0)]) {
    t.same(run.tell(fact).last.commands, [], fact.type)
  }
  t.same(run.saga.parts, saga.parts)
  t.equal(run.view, view, 'readers see nothing of it')
  t.equal(run.saga.repeats, saga.repeats + 7)
  t.end()
})

test('an answer of an attempt that was not made is a dead letter', t => {
  t.throws(() => shortOrder('amend').tell(ofAttempt(2, reply.reserved(0))), UnexpectedRecord)
  t.end()
})

test('an order is amended again when stock is short again', t => {
  const run = released(shortOrder('amend')).amend([[1, 1]]).tell(ofAttempt(2, reply.reserved(1)), ofAttempt(2, reply.short(0)))
  t.equal(run.state, 'ActionRequired')
  run.tell(ofAttempt(2, reply.released(0)), ofAttempt(2, reply.released(1))).amend([[1, 0]])
  t.match(run.last.commands, [{ type: 'ReserveStock', attempt: 3, partition: 1 }])
  t.end()
})

test('the clock of the saga stands while the customer decides, and goes on with the time that was left', t => {
  const run = new OrderRun().place(placeOrder({ onShortage: 'amend' }))
  run.nowMs += 10_000
  run.tell(reply.short(0), reply.released(0))
  t.same([run.saga.sagaDueMs, run.saga.sagaLeftMs], [null, 30 * 60_000 - 10_000])
  run.nowMs += 20 * 3_600_000
  run.amend([[1, 1]])
  t.same([run.saga.sagaDueMs, run.saga.sagaLeftMs], [run.nowMs + 30 * 60_000 - 10_000, null])
  t.end()
})

test('an order times out when its customer does not decide within a day, and holds nothing', t => {
  const run = released(shortOrder('amend'))
  while (run.saga.timerDueMs !== null) run.fire()
  t.equal(run.nowMs, startMs + dayMs)
  t.match(run.events.map(({ type }) => type).slice(-2), ['OrderCompensationStarted', 'OrderTimedOut'])
  t.match(run.view, { state: 'TimedOut', outcome: 'TimedOut', outcomeCause: 'actionTimeout' })
  t.end()
})

test('an order that waits for its customer is cancelled when he says so', t => {
  t.match(released(shortOrder('amend')).cancel().view, { state: 'Cancelled', outcomeCause: 'customer' })
  const run = shortOrder('amend').cancel()
  t.equal(run.state, 'Compensating', 'what was given back is not answered yet')
  t.equal(released(run).state, 'Cancelled')
  t.end()
})

for (const phase of ['reserving', 'authorising', 'confirming', 'capturing', 'fulfilling'] as const) {
  test(`an amendment is rejected when the order is ${phase}: nobody asked the customer`, t => {
    const run = orderIn(phase)
    const { order } = run
    t.match(run.amend([[1, 1]]).last.rejection, { code: 'state-forbids' })
    t.equal(run.order, order)
    t.end()
  })
}

const wrong: ReadonlyArray<readonly [what: string, lines: ReadonlyArray<readonly [number, number]>, code: string, field: string]> = [
  ['it changes nothing', [], 'lines-missing', '/lines'],
  ['the line does not exist', [[9, 1]], 'amend-line-unknown', '/lines/0/lineNo'],
  ['a line is named twice', [[1, 1], [1, 0]], 'line-number-duplicate', '/lines/1/lineNo'],
  ['it takes as much as before', [[1, 2]], 'amend-not-less', '/lines/0/quantity'],
  ['it takes more than before', [[1, 3]], 'amend-not-less', '/lines/0/quantity'],
  ['the quantity is negative', [[1, -1]], 'amend-not-less', '/lines/0/quantity'],
  ['the quantity is no whole number', [[1, 0.5]], 'amend-not-less', '/lines/0/quantity'],
  ['nothing is left', [[1, 0], [2, 0]], 'amend-leaves-nothing', '/lines']
]
for (const [what, lines, code, field] of wrong) {
  test(`an amendment is rejected when ${what}, and the customer may try again`, t => {
    const run = released(shortOrder('amend'))
    const { order } = run
    t.match(run.amend(lines).last.rejection, { code, field })
    t.equal(run.order, order)
    t.equal(run.amend([[1, 1]]).state, 'Pending')
    t.end()
  })
}

test('an amendment is a counted no-op when it comes again, and rejected under the same id with other lines', t => {
  const run = released(shortOrder('amend')).amend([[1, 1]], 'amend-1').amend([[1, 1]], 'amend-1')
  t.same([run.last.events, run.last.rejection, run.saga.repeats], [[], undefined, 1])
  t.match(run.amend([[1, 0]], 'amend-1').last.rejection, { code: 'command-id-reused' })
  t.end()
})

test('an amendment keeps every line and price that it does not name', t => {
  const { lines } = new OrderRun().place(placeOrder({ lines: [line('P0-mug'), line('P0-mug', { lineNo: 2, quantity: 7 }), line('P1-bag', { lineNo: 5 })] })).view
  const left = amendLines({ lines }, [{ lineNo: 2, quantity: 3 }])
  t.match(left, [lines[0], { ...lines[1], quantity: 3, lineTotal: 300_000n }, lines[2]])
  t.end()
})

test('an order is amended a hundred times at most: a piece at a time would take for ever', t => {
  const run = new OrderRun().place(placeOrder({ onShortage: 'amend', lines: [line('P0-mug', { quantity: 1_000 })] }))
  for (let attempt = 1; attempt < 100; attempt++) {
    run.tell(ofAttempt(attempt, reply.short(0)), ofAttempt(attempt, reply.released(0))).amend([[1, 1_000 - attempt]])
  }
  run.tell(ofAttempt(100, reply.short(0)), ofAttempt(100, reply.released(0)))
  t.match(run.amend([[1, 1]]).last.rejection, { code: 'amend-too-often' })
  t.equal(run.state, 'ActionRequired')
  t.end()
})

test('stock that is refused for another reason than shortage fails the order, whatever it says about shortage', t => {
  const run = new OrderRun().place(placeOrder({ onShortage: 'amend' })).tell(reply.refused(), reply.released())
  t.match(run.view, { state: 'Failed', orderId, outcomeCause: 'technical' })
  t.end()
})
