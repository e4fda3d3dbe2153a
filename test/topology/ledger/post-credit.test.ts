import { test } from 'tap'
import { creditEntryId } from '../../../topology/ledger/entry-ids.ts'
import { postCredit, postWithdrawal } from '../../../topology/ledger/post-credit.ts'
import { emptyBook, postPayment } from '../../../topology/ledger/post-payment.ts'
import { noFees } from '../../../topology/ledger/process-ledger.ts'
import { balancesOf, customerId, matched, movesOf, orderId, reference, refunded, unmatched, withdrawn } from './ledger-fixtures.ts'

test('a decided line of a credit note is owed to its customer, on the day of the note, matched or not', t => {
  const { entry, book } = postCredit(emptyBook, matched())
  t.same(movesOf(entry), ['credited returns/customer-credit 1000'])
  t.match(entry, { entryId: creditEntryId(reference, 1), orderId, customerId, reference, bookedAt: 77 })
  t.match(book, { version: 1 })
  t.match(postCredit(emptyBook, unmatched()).entry, { kind: 'credited', amount: 1_000n, orderId: null, customerId })
  t.match(postCredit(emptyBook, unmatched({ customerId: null, reason: 'guest' })).entry, { kind: 'credited', orderId: null, customerId: null })
  t.end()
})

test('a line is booked once: not when its event comes again, nor when it is decided anew, whichever task sees that', t => {
  const { book } = postCredit(emptyBook, matched())
  for (const [before, event] of [[book, matched()], [book, unmatched({ revision: 2 })], [emptyBook, matched({ revision: 2 })]] as const) {
    const posted = postCredit(before, event)
    t.equal(posted.entry, undefined)
    t.equal(posted.book, before)
  }
  t.end()
})

test('a line of nothing books nothing', t => {
  t.same(postCredit(emptyBook, matched({ unitPrice: 0n, amount: 0n })), { book: emptyBook, entry: undefined })
  t.end()
})

const credit = 'credit/import-run-1/C536379'

test('credits are owed again, as far as they were paid out of an order, when that order is withdrawn', t => {
  const paid = { ...emptyBook, version: 6, paidCredits: 400n }
  const { entry, book } = postWithdrawal(paid, withdrawn())
  t.same(movesOf(entry), ['reopened returns/customer-credit 400'])
  t.match(entry, { orderId, customerId, bookedAt: 5_000 })
  t.match(book, { version: 6, paidCredits: 0n, isWithdrawn: true })
  t.same(postWithdrawal(book, withdrawn()), { book, entry: undefined }, 'once')
  t.match(postWithdrawal(emptyBook, withdrawn()), { book: { isWithdrawn: true }, entry: undefined }, 'nothing when nothing was paid')
  t.end()
})

test('the books are the same whether a credit was paid before its order was withdrawn or is told afterwards', t => {
  const owed = postCredit(emptyBook, matched()).entry
  const before = postPayment(emptyBook, refunded(6, 1_000n, credit), noFees)
  const first = [owed, before.entry, postWithdrawal(before.book, withdrawn()).entry]
  const after = postWithdrawal(emptyBook, withdrawn())
  const second = [owed, after.entry, postPayment(after.book, refunded(6, 1_000n, credit), noFees).entry]
  const books = [first, second].map(entries => balancesOf(entries.filter(entry => entry !== undefined)))
  t.same(books[0], books[1])
  t.same(books[0], { cash: -1_000n, 'customer-credit': -1_000n, returns: 2_000n }, 'the money went back, and the credit is owed')
  t.end()
})
