import { type ImportAccountState } from '#schemas'
import { test } from 'tap'
import {
  type Settlement, accountKey, awaitOrders, creditNoteKey, customerKey, newAccount, openOrder, settleOrder, takeReady
} from '../../../topology/imports/account.ts'
import { purchasesKey } from '../../../topology/imports/purchases.ts'

const account = (change: Partial<ImportAccountState>): ImportAccountState => ({ ...newAccount, ...change })

test('an order is settled once, withdrawn once after that, and everything else is a repeat', t => {
  const start = account({ openOrders: [1, 3], withdrawnOrders: [2] })
  const table: ReadonlyArray<readonly [sequence: number, confirmed: boolean, Settlement['kind'], open: readonly number[], withdrawn: readonly number[]]> = [
    [1, true, 'settled', [3], [2]],
    [1, false, 'settled', [3], [2, 1]],
    [3, true, 'settled', [1], [2]],
    [2, false, 'repeat', [1, 3], [2]],
    [2, true, 'repeat', [1, 3], [2]],
    [9, true, 'repeat', [1, 3], [2]],
    [9, false, 'withdrawn', [1, 3], [2, 9]]
  ]
  for (const [sequence, confirmed, kind, openOrders, withdrawnOrders] of table) {
    const settlement = settleOrder(start, sequence, confirmed)
    t.same(settlement, { kind, account: { ...start, openOrders, withdrawnOrders } }, `${sequence} ${confirmed}`)
    if (kind === 'repeat') t.equal(settlement.account, start, 'nothing to write')
  }
  t.end()
})

test('credit notes are ready up to the oldest open order, in the order of the file', t => {
  const table: ReadonlyArray<readonly [open: readonly number[], waiting: readonly number[], ready: readonly number[]]> = [
    [[], [], []], [[], [4], [4]], [[5], [4], [4]], [[3], [4], []], [[3, 6], [4, 5], []], [[6], [4, 5, 7], [4, 5]], [[], [4, 5, 7], [4, 5, 7]]
  ]
  for (const [openOrders, waitingCredits, expected] of table) {
    const before = account({ openOrders, waitingCredits })
    const { account: after, ready } = takeReady(before)
    t.same(ready, expected)
    t.same(after, { ...before, waitingCredits: waitingCredits.slice(expected.length) })
    if (expected.length === 0) t.equal(after, before, 'nothing to write')
  }
  t.same(openOrder(account({ openOrders: [1] }), 2).openOrders, [1, 2])
  t.same(awaitOrders(account({ waitingCredits: [1] }), 2).waitingCredits, [1, 2])
  t.end()
})

test('no two rows share a key, whatever customers, invoices and SKUs are called', t => {
  const names = ['a', 'a/b', 'b', 'customer/a', '1/a', '']
  const accounts = names.flatMap(name => [
    accountKey({ runId: 'r', customerId: name, invoiceNo: 'x' }), accountKey({ runId: 'r', customerId: null, invoiceNo: name }), customerKey('q', name)
  ])
  t.equal(new Set(accounts).size, accounts.length)
  const purchases = accounts.flatMap(key => names.map(sku => purchasesKey(key, sku)))
  t.equal(new Set(purchases).size, purchases.length)
  const notes = accounts.flatMap(key => [1, 12].map(sequence => creditNoteKey(key, sequence)))
  t.equal(new Set(notes).size, notes.length)
  t.end()
})
