import { type LedgerBook } from '#schemas'
import { test } from 'tap'
import { type BookedPayment, emptyBook, postPayment } from '../../../topology/ledger/post-payment.ts'
import { noFees } from '../../../topology/ledger/process-ledger.ts'
import { authorised, captured, movesOf, orderId, refunded, voided } from './ledger-fixtures.ts'

const book = (change: Partial<LedgerBook> = {}): LedgerBook => ({ ...emptyBook, ...change })
const credit = 'credit/import-run-1/C536379'

const table: ReadonlyArray<readonly [what: string, before: Partial<LedgerBook>, event: BookedPayment, moves: readonly string[], after: Partial<LedgerBook>]> = [
  ['money is held', {}, authorised(2, 1_000n), ['authorised holds/holds-contra 1000'], { version: 2, open: 1_000n }],
  ['money is held by a second attempt', { version: 4 }, authorised(7, 900n), ['authorised holds/holds-contra 900'], { version: 7, open: 900n }],
  ['all that is held is taken', { version: 2, open: 1_000n }, captured(4, 1_000n), ['captured cash/revenue 1000', 'released holds-contra/holds 1000'], { version: 4, open: 0n }],
  ['a part is taken, and the rest is free', { version: 2, open: 1_000n }, captured(4, 400n), ['captured cash/revenue 400', 'released holds-contra/holds 1000'], { version: 4, open: 0n }],
  ['nothing is taken, and all is free', { version: 2, open: 1_000n }, captured(4, 0n), ['released holds-contra/holds 1000'], { version: 4, open: 0n }],
  ['held money is set free', { version: 2, open: 1_000n }, voided(5, 1_000n), ['voided holds-contra/holds 1000'], { version: 5, open: 0n }],
  ['nothing is there to set free', { version: 2 }, voided(5, 0n), [], { version: 2 }],
  ['a part is given back', { version: 4 }, refunded(6, 300n), ['refunded returns/cash 300'], { version: 6, paidCredits: 0n }],
  ['the rest is given back', { version: 6 }, refunded(8, 700n, 'r2', 'PaymentRefunded'), ['refunded returns/cash 700'], { version: 8 }],
  ['nothing is left to give back', { version: 8 }, refunded(9, 0n, 'r3', 'PaymentRefunded'), [], { version: 8 }],
  ['a credit is paid', { version: 4, paidCredits: 100n }, refunded(6, 300n, credit), ['refunded customer-credit/cash 300'], { version: 6, paidCredits: 400n }],
  ['a credit is paid out of an order that was undone', { version: 4, isWithdrawn: true }, refunded(6, 300n, credit), ['refunded returns/cash 300'], { version: 6, paidCredits: 0n }]
]

for (const [what, before, event, moves, after] of table) {
  test(`the ledger books ${moves.length === 0 ? 'nothing' : moves.join(', ')} when ${what}`, t => {
    const posted = postPayment(book(before), event, noFees)
    t.same(movesOf(posted.entry), moves)
    t.match(posted.book, after)
    if (posted.entry !== undefined) t.match(posted.entry, { orderId, customerId: null, currency: 'GBP', bookedAt: 1_000, reference: /^(payment pay-1|refund .+)$/ })
    t.end()
  })
}

test('an event that came before books nothing, and leaves the very same book', t => {
  const before = book({ version: 4, open: 0n })
  for (const event of [captured(4, 1_000n), authorised(2, 1_000n), refunded(4, 10n)]) {
    const posted = postPayment(before, event, noFees)
    t.equal(posted.book, before)
    t.equal(posted.entry, undefined)
  }
  t.end()
})

test('the fee of a capture is its share, rounded half up to the smallest unit, and nothing is charged for other events', t => {
  const feeOf = (amount: bigint, feeBasisPoints: number) => movesOf(postPayment(book({ open: amount }), captured(1, amount), { feeBasisPoints }).entry).filter(move => move.startsWith('fee'))
  t.same(feeOf(1_000_000n, 140), ['fee fees/cash 14000'])
  t.same(feeOf(10_000n, 1), ['fee fees/cash 1'])
  t.same(feeOf(5_000n, 1), ['fee fees/cash 1'], 'half a unit is one')
  t.same(feeOf(4_999n, 1), [])
  t.same(feeOf(1_000_000n, 0), [])
  t.same(movesOf(postPayment(book(), authorised(1, 1_000_000n), { feeBasisPoints: 140 }).entry), ['authorised holds/holds-contra 1000000'])
  t.same(movesOf(postPayment(book(), refunded(1, 1_000_000n), { feeBasisPoints: 140 }).entry), ['refunded returns/cash 1000000'], 'and none comes back')
  t.end()
})

test('the ledger refuses what payments may never tell: more taken or set free than is held, and less than nothing', t => {
  const before = book({ version: 2, open: 10n })
  t.throws(() => postPayment(before, captured(3, 11n), noFees), /PaymentSucceeded ends a hold of 11, but 10 is held/)
  t.throws(() => postPayment(before, voided(3, 11n), noFees), /PaymentVoided ends a hold of 11/)
  t.throws(() => postPayment(before, refunded(3, -1n), noFees), /below zero/)
  t.end()
})
