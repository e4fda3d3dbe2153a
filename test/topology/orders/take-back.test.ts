import { test } from 'tap'
import { OrderRun, confirmedOrder, line, orderIn, placeOrder, reply, startMs } from './order-fixtures.ts'

const dayMs = 86_400_000

test('a return goes from request to refund when the goods come back', t => {
  const run = orderIn('delivered').askReturn([[1, 1]])
  t.match(run.last.events, [{ type: 'OrderReturnRequested', lines: [{ lineNo: 1, quantity: 1 }], amount: 100_000n, currency: 'GBP', reason: 'does not fit' }])
  t.match([run.state, run.view.returns], ['ReturnRequested', [{ status: 'requested', amount: 100_000n, lines: [{ sku: 'P0-mug', quantity: 1 }] }]])
  run.answerReturn()
  t.match(run.view.returns, [{ status: 'approved', answer: 'send it back', expectedBy: run.nowMs + 30 * dayMs }])
  t.same(run.last.timer, { kind: 'set', dueMs: run.nowMs + 30 * dayMs })
  run.receive()
  t.match(run.last.commands, [{ type: 'Restock', sku: 'P0-mug', quantity: 1 }, { type: 'RefundPayment', effectId: `return/${run.returnId}`, amount: 100_000n }])
  t.match([run.state, run.view.returns], ['PartiallyReturned', [{ status: 'received', refunded: 0n }]])
  run.tell(reply.partRefunded(`return/${run.returnId}`, 100_000n))
  t.match(run.last.returns, [{ type: 'RefundIssued', amount: 100_000n, effectId: `return/${run.returnId}`, customerId: 'customer-1' }])
  t.match(run.view, { refunded: 100_000n, outcome: 'Fulfilled', returns: [{ status: 'refunded', refunded: 100_000n }], progress: [{ delivered: 2, returned: 1 }] })
  t.same([run.saga.refunds, run.last.timer], [[], { kind: 'cancel' }])
  t.same(run.returns.map(({ type }) => type), ['ReturnRequested', 'ReturnApproved', 'ReturnReceived', 'RefundIssued'])
  t.end()
})

test('an order is returned when all of it has come back, and its outcome stays', t => {
  const run = orderIn('delivered').askReturn([[1, 2]]).answerReturn().receive().tell(reply.refunded())
  t.match(run.view, { state: 'Returned', outcome: 'Fulfilled', progress: [{ returned: 2 }] })
  t.match(run.askReturn([[1, 1]]).last.rejection, { code: 'pieces-not-there' })
  t.end()
})

test('an order is returned when its last pieces come back by a second return', t => {
  const run = orderIn('delivered').askReturn([[1, 1]]).answerReturn().receive().askReturn([[1, 1]])
  t.equal(run.state, 'PartiallyReturned', 'what came back stays so')
  run.answerReturn().receive()
  t.equal(run.state, 'Returned')
  t.same(run.saga.refunds.length, 2, 'both are owed')
  t.end()
})

test('only what really arrived is refunded and put back when less comes than was announced', t => {
  const run = orderIn('delivered').askReturn([[1, 2]]).answerReturn().receive([[1, 1]])
  t.match(run.last.commands, [{ type: 'Restock', quantity: 1 }, { amount: 100_000n }])
  t.equal(run.state, 'PartiallyReturned')
  t.equal(run.askReturn([[1, 1]]).last.rejection, undefined, 'the rest can be asked for again')
  t.end()
})

test('more than was announced is rejected when the goods come back', t => {
  t.match(orderIn('delivered').askReturn([[1, 1]]).answerReturn().receive([[1, 2]]).last.rejection, { code: 'pieces-not-there', field: '/lines/0/quantity' })
  t.end()
})

test('a declined return leaves the order as it was when it was the only one', t => {
  const run = orderIn('delivered').askReturn([[1, 1]]).answerReturn(false)
  t.match(run.last.events, [{ type: 'OrderReturnDeclined', reason: 'worn', expired: false }])
  t.match([run.state, run.view.returns, run.last.commands], ['Delivered', [{ status: 'declined', answer: 'worn' }], []])
  t.match(run.receive().last.rejection, { code: 'return-state-forbids', message: /it is declined/ })
  t.end()
})

test('an order is still asked to take back when one return of two is declined', t => {
  const run = orderIn('delivered').askReturn([[1, 1]])
  const first = run.returnId
  run.askReturn([[1, 1]]).answerReturn(false, first)
  t.same([run.state, run.last.events], ['ReturnRequested', []])
  run.answerReturn(false)
  t.equal(run.state, 'Delivered')
  t.end()
})

test('no two returns get the same piece when both are open', t => {
  t.match(orderIn('delivered').askReturn([[1, 2]]).askReturn([[1, 1]]).last.rejection, { code: 'pieces-not-there' })
  t.end()
})

test('a return is not asked for a second time when its command comes again', t => {
  const run = orderIn('delivered').askReturn([[1, 1]], 'return-1').askReturn([[1, 1]], 'return-1')
  t.same([run.view.returns.length, run.saga.repeats], [1, 1])
  t.match(run.askReturn([[1, 2]], 'return-1').last.rejection, { code: 'command-id-reused' })
  t.end()
})

test('a return is rejected when 30 days have gone since the delivery, unless the order was imported', t => {
  const late = orderIn('delivered')
  late.nowMs = startMs + 30 * dayMs
  t.equal(late.askReturn([[1, 1]]).last.rejection, undefined, 'the last moment counts')
  late.nowMs += 1
  t.match(late.askReturn([[1, 1]]).last.rejection, { code: 'return-window-over' })
  const imported = new OrderRun().place(placeOrder({ channel: 'import' }))
    .tell(reply.reserved(), reply.authorised(), reply.confirmed(), reply.captured(), reply.shipped(), reply.pickedUp(), reply.delivered())
  imported.nowMs = startMs + 400 * dayMs
  t.equal(imported.askReturn([[1, 1]]).last.rejection, undefined)
  t.end()
})

for (const phase of ['reserving', 'capturing', 'fulfilling'] as const) {
  test(`a return that races its delivery is rejected with the state when the order is ${phase}`, t => {
    t.match(orderIn(phase).askReturn([[1, 1]]).last.rejection, { code: 'state-forbids' })
    t.end()
  })
}

test('a return is rejected before and taken after the last parcel of an order is there', t => {
  const run = confirmedOrder(2).ship([[1, 2]]).tell(reply.shipped([[1, 2]], 2), reply.pickedUp([[1, 2]], 2), reply.delivered([[1, 2]], 2))
  t.match(run.askReturn([[1, 1]]).last.rejection, { code: 'state-forbids', message: /it is PartiallyShipped/ })
  run.tell(reply.pickedUp([[2, 2]], 1), reply.delivered([[2, 2]], 1))
  t.equal(run.askReturn([[1, 1]]).last.rejection, undefined)
  t.end()
})

test('a return expires when its goods do not come within 30 days', t => {
  const run = orderIn('delivered').askReturn([[1, 1]]).answerReturn().fire()
  t.match(run.last.returns, [{ type: 'ReturnExpired' }])
  t.match(run.last.events, [{ type: 'OrderReturnDeclined', expired: true }])
  t.match([run.state, run.view.returns, run.last.timer], ['Delivered', [{ status: 'expired', expectedBy: null }], { kind: 'keep' }])
  t.match(run.receive().last.rejection, { code: 'return-state-forbids', message: /it is expired/ })
  t.end()
})

test('a later return is waited for when an earlier one expires', t => {
  const run = orderIn('delivered').askReturn([[1, 1]]).answerReturn()
  run.nowMs += dayMs
  run.askReturn([[1, 1]]).answerReturn().fire()
  t.same(run.view.returns.map(({ status }) => status), ['expired', 'approved'])
  t.same([run.state, run.last.timer], ['ReturnRequested', { kind: 'set', dueMs: run.nowMs + dayMs }])
  t.end()
})

test('a refund is asked for again, ever more slowly, when the provider does not answer', t => {
  const run = orderIn('delivered').askReturn([[1, 1]]).answerReturn().receive()
  const waits: number[] = []
  for (let time = 0; time < 10; time++) {
    const before = run.nowMs
    t.match(run.fire().last.commands, [{ type: 'RefundPayment', effectId: `return/${run.returnId}`, amount: 100_000n }])
    waits.push(run.nowMs - before)
  }
  t.same(waits, [10, 20, 40, 80, 160, 300, 300, 300, 300, 300].map(seconds => seconds * 1_000))
  t.match(run.view.returns, [{ status: 'received', refunded: 0n }])
  run.tell(reply.refundFailed(), reply.partRefunded(`return/${run.returnId}`, 100_000n))
  t.match([run.view.returns, run.last.timer.kind], [[{ status: 'refunded' }], 'cancel'])
  t.equal(run.commands.filter(({ type }) => type === 'Restock').length, 1, 'the goods are put back once')
  t.end()
})

test('a return gives back no more than what is left of the money when support was faster', t => {
  const run = orderIn('delivered').tell(reply.partlyRefunded(150_000n)).askReturn([[1, 2]]).answerReturn().receive()
  t.match(run.last.commands.at(-1), { type: 'RefundPayment', amount: 50_000n })
  run.tell(reply.refunded(50_000n, 200_000n))
  t.equal(run.view.returns[0]?.status, 'received', 'another refund does not pay it')
  run.tell({ ...reply.refunded(50_000n, 200_000n), effectId: `return/${run.returnId}` } as never)
  t.match(run.view.returns, [{ status: 'refunded', refunded: 50_000n, amount: 200_000n }])
  t.end()
})

test('a return is over at once when there is no money to give back', t => {
  const run = orderIn('delivered').tell(reply.refunded()).askReturn([[1, 2]]).answerReturn().receive()
  t.same(run.asked, ['Restock'])
  t.match(run.last.returns.at(-1), { type: 'RefundIssued', amount: 0n })
  t.end()
})

test('a charge is given back without touching the stock when it is returned', t => {
  const run = new OrderRun().place(placeOrder({ lines: [line('POST', { quantity: 1 })] })).tell(reply.authorised(100_000n), reply.captured(100_000n))
    .askReturn([[1, 1]]).answerReturn().receive()
  t.same([run.state, run.asked], ['Returned', ['RefundPayment']])
  t.end()
})

test('what is put back carries an id of its own when two returns bring the same line', t => {
  const run = orderIn('delivered').askReturn([[1, 1]]).answerReturn().receive().askReturn([[1, 1]]).answerReturn().receive()
  const ids = run.commands.flatMap(command => command.type === 'Restock' ? [command.commandId] : [])
  t.same([ids.length, new Set(ids).size], [2, 2])
  t.end()
})
