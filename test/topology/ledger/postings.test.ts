import { test } from 'tap'
import { accounts, isAccount } from '../../../topology/ledger/accounts.ts'
import { creditEntryId, paymentEntryId, reopeningEntryId } from '../../../topology/ledger/entry-ids.ts'
import { type PostingName, entryOf, postings } from '../../../topology/ledger/postings.ts'
import { movesOf, orderId, reference } from './ledger-fixtures.ts'

const head = { entryId: 'e', orderId, customerId: null, reference, currency: 'GBP', bookedAt: 7 }

test('every posting moves between two different accounts of the ledger, and every account is booked to', t => {
  const used = new Set<string>()
  for (const [name, { debit, credit }] of Object.entries(postings)) {
    t.ok(isAccount(debit) && isAccount(credit), name)
    t.not(debit, credit, name)
    used.add(debit).add(credit)
  }
  t.same([...used].sort(), Object.keys(accounts).sort())
  t.notOk(isAccount('petty-cash'))
  t.notOk(isAccount('constructor'))
  t.end()
})

test('memo accounts are only booked against each other: what is held is in no balance of money', t => {
  for (const [name, { debit, credit }] of Object.entries(postings)) {
    t.equal(accounts[debit].class === 'memo', accounts[credit].class === 'memo', name)
  }
  t.end()
})

test('an entry has the first movement as its own and the others beside it, without those of nothing', t => {
  const entry = entryOf(head, [['captured', 10n], ['released', 0n], ['fee', 1n]])
  t.match(entry, { type: 'LedgerPosted', ...head, kind: 'captured', debitAccount: 'cash', creditAccount: 'revenue', amount: 10n })
  t.same(movesOf(entry), ['captured cash/revenue 10', 'fee fees/cash 1'])
  t.same(movesOf(entryOf(head, [['captured', 0n], ['released', 5n]])), ['released holds-contra/holds 5'])
  t.equal(entryOf(head, [['captured', 0n]]), undefined)
  t.equal(entryOf(head, []), undefined)
  t.end()
})

test('an amount below zero is refused when it is booked: it would turn debit and credit round', t => {
  t.throws(() => entryOf(head, [['refunded', -1n]]), /refunded of -1/)
  t.end()
})

test('the id of an entry is that of what it books: equal for the same thing, different for any other', t => {
  t.equal(paymentEntryId(orderId, 3), paymentEntryId(orderId, 3))
  const ids = [
    paymentEntryId(orderId, 3), paymentEntryId(orderId, 4), paymentEntryId('o2', 3), creditEntryId(reference, 3), creditEntryId(reference, 4),
    creditEntryId(orderId, 3), reopeningEntryId(orderId)
  ]
  t.equal(new Set(ids).size, ids.length)
  for (const id of ids) t.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  t.end()
})

test('what a posting is called in an entry is its kind', t => {
  const kinds: Readonly<Record<PostingName, string>> = {
    authorised: 'authorised',
    voided: 'voided',
    released: 'released',
    captured: 'captured',
    fee: 'fee',
    refunded: 'refunded',
    creditPaid: 'refunded',
    credited: 'credited',
    reopened: 'reopened',
    adjustedUp: 'adjusted',
    adjustedDown: 'adjusted'
  }
  t.same(Object.fromEntries(Object.entries(postings).map(([name, { kind }]) => [name, kind])), kinds)
  t.end()
})
