import { test } from 'tap'
import { type LawReport } from '../../../topology/audit/law.ts'
import { type AccountBalance, type BookedMoney, type OrderBooks, checkOrderBooks, checkTrialBalance } from '../../../topology/audit/ledger-laws.ts'

const books = (change: Partial<OrderBooks> = {}): OrderBooks =>
  ({ orderId: 'o1', authorised: 10n, released: 10n, captured: 10n, voided: 0n, refunded: 3n, debits: 33n, credits: 33n, holds: 0n, ...change })
const payment = (change: Partial<BookedMoney> = {}): BookedMoney => ({ orderId: 'o1', authorised: 10n, captured: 10n, voided: 0n, refunded: 3n, ...change })
const messages = (report: LawReport): string[] => report.violations.map(({ law, subject, message }) => `${law} ${subject}: ${message}`)

test('the law of the books holds when the ledger says what the payments say', t => {
  const rows = [
    payment(),
    payment({ orderId: 'o2', captured: 0n, refunded: 0n }),
    payment({ orderId: 'o3', captured: 0n, voided: 10n, refunded: 0n }),
    payment({ orderId: 'o4', captured: 4n, voided: 6n, refunded: 0n }),
    payment({ orderId: 'o5', authorised: 0n, captured: 0n, refunded: 0n })
  ]
  const ledger = [
    books(),
    books({ orderId: 'o2', released: 0n, captured: 0n, refunded: 0n, holds: 10n }),
    books({ orderId: 'o3', released: 0n, captured: 0n, voided: 10n, refunded: 0n }),
    books({ orderId: 'o4', captured: 4n, refunded: 0n })
  ]
  t.same(checkOrderBooks(ledger, rows), { checked: 5, violations: [] })
  t.end()
})

const wrong: ReadonlyArray<readonly [string, Partial<OrderBooks>, string]> = [
  ['a capture is missing in the ledger', { captured: 0n, released: 0n }, 'captured in the ledger: 10 expected, 0 found'],
  ['a capture is booked twice', { captured: 20n, released: 20n }, 'captured in the ledger: 10 expected, 20 found'],
  ['a refund is booked twice', { refunded: 6n }, 'refunded in the ledger: 3 expected, 6 found'],
  ['an authorisation is missing', { authorised: 0n }, 'authorised in the ledger: 10 expected, 0 found'],
  ['a hold does not end', { holds: 10n }, 'on hold in the ledger: 0 expected, 10 found'],
  ['money is set free that was taken', { voided: 10n }, 'set free in the ledger: 0 expected, 10 found'],
  ['a half of a movement is missing', { credits: 32n }, 'debits = credits: 33 expected, 32 found']
]
for (const [what, change, message] of wrong) {
  test(`the law of the books is broken when ${what}`, t => {
    t.same(messages(checkOrderBooks([books(change)], [payment()])), [`ledger o1: ${message}`])
    t.end()
  })
}

test('the law of the books is broken by a payment without entries, and by entries without a payment', t => {
  t.equal(messages(checkOrderBooks([], [payment()])).length, 3)
  t.match(messages(checkOrderBooks([books()], [])), ['ledger o1: has money in the ledger, but no payment'])
  t.same(messages(checkOrderBooks([books({ authorised: 0n, released: 0n, captured: 0n, refunded: 0n })], [])), [], 'a credit of an order is no money of it')
  t.end()
})

const balance = (account: string, debits: bigint, credits: bigint, currency = 'GBP'): AccountBalance => ({ account, currency, debits, credits })

test('the trial balance holds when every currency comes to nothing', t => {
  const good = [balance('cash', 10n, 3n), balance('revenue', 0n, 10n), balance('returns', 3n, 0n), balance('cash', 5n, 0n, 'EUR'), balance('revenue', 0n, 5n, 'EUR')]
  t.same(checkTrialBalance(good, { entries: 4, distinct: 4 }), { checked: 2, violations: [] })
  t.same(checkTrialBalance([], { entries: 0, distinct: 0 }), { checked: 0, violations: [] })
  t.end()
})

test('the trial balance is broken by a half too many, by an unknown account, and by an entry that is there twice', t => {
  const count = { entries: 2, distinct: 2 }
  t.match(messages(checkTrialBalance([balance('cash', 10n, 3n), balance('revenue', 0n, 10n)], count)), ['ledger GBP: all accounts together: 0 expected, -3 found'])
  t.match(messages(checkTrialBalance([balance('cash', 5n, 0n), balance('revenue', 0n, 5n, 'EUR')], count)), [/GBP.* 5 found/, /EUR.* -5 found/])
  t.match(messages(checkTrialBalance([balance('petty-cash', 5n, 5n)], count)), ['ledger GBP: petty-cash is no account of the ledger'])
  t.match(messages(checkTrialBalance([], { entries: 3, distinct: 2 })), ['ledger entries: different ids of entries: 3 expected, 2 found'])
  t.end()
})
