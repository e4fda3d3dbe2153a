import { test } from 'tap'
import { type OrderReturn, type Channel } from '#schemas'
import {
  type DeliveredOrder, answerReturn, expiredReturns, maxReturns, receiveReturn, requestReturn, returnIdOf, returnWindowMs
} from '../../../topology/returns/decide-return.ts'

const orderId = '0b8e3c1a-5d0e-4c0e-9c54-0a6f0f7f8a01'
const line = { priceSource: 'catalog', catalogVersion: 1, stocked: true } as const

const order = (change: Partial<DeliveredOrder> = {}): DeliveredOrder => ({
  orderId,
  customerId: 'customer-1',
  channel: 'storefront',
  currency: 'GBP',
  lines: [{ ...line, lineNo: 1, sku: 'A', quantity: 3, unitPrice: 10n, lineTotal: 30n }, { ...line, lineNo: 2, sku: 'B', quantity: 1, unitPrice: 7n, lineTotal: 7n }],
  progress: [{ lineNo: 1, shipped: 3, cancelled: 0, delivered: 3, returned: 1 }, { lineNo: 2, shipped: 0, cancelled: 1, delivered: 0, returned: 0 }],
  deliveredAt: 1_000,
  returns: [],
  ...change
})

const open = (status: OrderReturn['status'], quantity: number, expectedBy: number | null = null): OrderReturn => ({
  returnId: `r-${status}`,
  status,
  lines: [{ lineNo: 1, sku: 'A', quantity, amount: BigInt(quantity) * 10n }],
  amount: BigInt(quantity) * 10n,
  refunded: 0n,
  reason: '',
  answer: null,
  requestedAt: 0,
  expectedBy,
  updatedAt: 0
})

const request = (...lines: ReadonlyArray<readonly [number, number]>) =>
  ({ type: 'RequestReturn', orderId, lines: lines.map(([lineNo, quantity]) => ({ lineNo, quantity })), reason: 'worn' }) as const

test('a return is priced at what was paid, under an id derived from its command, when it is asked for', t => {
  t.same(requestReturn(order(), request([1, 2]), 'request-1', 2_000), {
    type: 'ReturnRequested',
    orderId,
    returnId: returnIdOf(orderId, 'request-1'),
    customerId: 'customer-1',
    lines: [{ lineNo: 1, sku: 'A', quantity: 2, amount: 20n }],
    amount: 20n,
    currency: 'GBP',
    reason: 'worn'
  })
  t.match(returnIdOf(orderId, 'request-1'), /^[0-9a-f]{8}-[0-9a-f]{4}-8/)
  t.not(returnIdOf(orderId, 'request-1'), returnIdOf(orderId, 'request-2'))
  t.end()
})

test('a return never takes more than was delivered, less what came back and what is under return', t => {
  t.match(requestReturn(order(), request([1, 3]), 'r', 2_000), { code: 'pieces-not-there', field: '/lines/0/quantity', message: /2 of line 1/ })
  for (const status of ['requested', 'approved'] as const) {
    t.match(requestReturn(order({ returns: [open(status, 1)] }), request([1, 2]), 'r', 2_000), { code: 'pieces-not-there' })
  }
  for (const status of ['declined', 'expired', 'received', 'refunded'] as const) {
    t.match(requestReturn(order({ returns: [open(status, 1)] }), request([1, 2]), 'r', 2_000), { type: 'ReturnRequested' })
  }
  t.match(requestReturn(order(), request([2, 1]), 'r', 2_000), { code: 'pieces-not-there' }, 'a cancelled line was not delivered')
  t.end()
})

test('a return without lines, with a line twice or with no pieces is rejected when it is asked for', t => {
  t.match(requestReturn(order(), request(), 'r', 2_000), { code: 'lines-missing' })
  t.match(requestReturn(order(), request([1, 1], [1, 1]), 'r', 2_000), { code: 'line-number-duplicate' })
  t.match(requestReturn(order(), request([1, 1.5]), 'r', 2_000), { code: 'quantity-invalid' })
  t.end()
})

test('the window closes 30 days after the delivery, and never for an imported order', t => {
  const atEnd = (channel: Channel, lateMs: number) => requestReturn(order({ channel }), request([1, 1]), 'r', 1_000 + returnWindowMs + lateMs)
  for (const channel of ['storefront', 'api', 'backoffice'] as const) {
    t.match(atEnd(channel, 0), { type: 'ReturnRequested' })
    t.match(atEnd(channel, 1), { code: 'return-window-over' })
  }
  t.match(atEnd('import', 86_400_000_000), { type: 'ReturnRequested' })
  t.end()
})

test('an order has only so many returns when they are asked for one after the other', t => {
  const returns = Array.from({ length: maxReturns }, () => open('declined', 1))
  t.match(requestReturn(order({ returns }), request([1, 1]), 'r', 2_000), { code: 'returns-too-many' })
  t.end()
})

test('a return that nobody asked for is unknown when it is answered or received', t => {
  t.match(answerReturn(order(), { type: 'ApproveReturn', orderId, returnId: 'x', approved: true, reason: '' }, 0), { code: 'return-unknown', field: '/returnId' })
  t.match(receiveReturn(order(), { type: 'ReceiveReturn', orderId, returnId: 'x', lines: [] }), { code: 'return-unknown' })
  t.end()
})

test('goods are not received when their return was never approved', t => {
  const receive = { type: 'ReceiveReturn', orderId, returnId: 'r-requested', lines: [] } as const
  t.match(receiveReturn(order({ returns: [open('requested', 1)] }), receive), { code: 'return-state-forbids', message: /it is requested/ })
  t.end()
})

test('only overdue goods expire when the timer fires', t => {
  const returns = [open('approved', 1, 100), { ...open('approved', 1, 101), returnId: 'later' }, open('requested', 1)]
  t.same(expiredReturns(order({ returns }), 100), [{ type: 'ReturnExpired', orderId, returnId: 'r-approved' }])
  t.end()
})
