import { type ImportPurchase, type ImportPurchasesState } from '#schemas'
import { test } from 'tap'
import { creditEvent, creditNoteOf, decideAnew, decideCredit, decideGuestCredit, openCredits } from '../../../topology/imports/decide-credit.ts'
import { importedCreditId } from '../../../topology/imports/import-ids.ts'
import { addPurchases, noPurchases, takeBack } from '../../../topology/imports/purchases.ts'
import { customerId, invoice, invoicedAt, orderOf, runId } from './import-fixtures.ts'

/** A purchase: sequence of its invoice, line, quantity, and what is left of it. */
type Bought = readonly [sequence: number, lineNo: number, quantity: number, left?: number]
const purchasesOf = (...bought: readonly Bought[]): readonly ImportPurchase[] =>
  bought.map(([sequence, lineNo, quantity, left = quantity]) => ({ sequence, invoiceNo: `${536_000 + sequence}`, lineNo, quantity, left }))
const rowOf = (...bought: readonly Bought[]): ImportPurchasesState => ({ ...noPurchases, purchases: purchasesOf(...bought) })
const take = (sequence: number, lineNo: number, quantity: number) => ({ orderId: orderOf(sequence), lineNo, quantity })
const view = (...withdrawn: readonly number[]) => ({ runId, customerId, withdrawn: new Set(withdrawn) })
const creditOf = (sequence: number, quantity: number) => openCredits(creditNoteOf(invoice('creditNote', sequence, [['A', -quantity]]), 'corr'))[0]!.credit

test('pieces are taken from the newest purchases that count, all of them or none', t => {
  const table: ReadonlyArray<readonly [string, readonly Bought[], number, readonly number[], ReadonlyArray<ReturnType<typeof take>> | string]> = [
    ['one purchase, a part of it', [[1, 1, 5]], 2, [], [take(1, 1, 2)]],
    ['one purchase, all of it', [[1, 1, 5]], 5, [], [take(1, 1, 5)]],
    ['the newest first', [[1, 1, 5], [2, 1, 5]], 2, [], [take(2, 1, 2)]],
    ['the sum counts', [[1, 1, 5], [2, 1, 5]], 7, [], [take(2, 1, 5), take(1, 1, 2)]],
    ['lines of one order, the last first', [[1, 1, 2], [1, 4, 2]], 3, [], [take(1, 4, 2), take(1, 1, 1)]],
    ['what is used up is passed over', [[1, 1, 5, 3], [2, 1, 5, 0]], 3, [], [take(1, 1, 3)]],
    ['one too many', [[1, 1, 5], [2, 1, 5, 1]], 7, [], 'notEnoughLeft'],
    ['all used up', [[1, 1, 5, 0]], 1, [], 'notEnoughLeft'],
    ['nothing bought', [], 1, [], 'neverBought'],
    ['bought later only', [[9, 1, 5], [10, 1, 5]], 1, [], 'neverBought'],
    ['later purchases are not used', [[1, 1, 2], [10, 1, 5]], 3, [], 'notEnoughLeft'],
    ['later purchases are passed over', [[1, 1, 2], [10, 1, 5]], 2, [], [take(1, 1, 2)]],
    ['withdrawn orders do not count', [[1, 1, 5], [2, 1, 5]], 5, [2], [take(1, 1, 5)]],
    ['withdrawn orders are not in the sum', [[1, 1, 5], [2, 1, 5]], 6, [2], 'notEnoughLeft'],
    ['what was only in withdrawn orders was never bought', [[1, 1, 5]], 1, [1], 'neverBought']
  ]
  for (const [what, bought, quantity, withdrawn, expected] of table) {
    const before = purchasesOf(...bought)
    const { takes, reason, purchases } = takeBack(before, quantity, { runId, before: 9, withdrawn: new Set(withdrawn) })
    const left = (rows: readonly ImportPurchase[]) => rows.reduce((sum, row) => sum + row.left, 0)
    if (typeof expected === 'string') {
      t.same([takes, reason], [[], expected], what)
      t.equal(purchases, before, what)
    } else {
      t.same([takes, reason], [expected, null], what)
      t.equal(left(before) - left(purchases), quantity, what)
    }
  }
  t.end()
})

test('a sale adds its lines to what was bought, repeats of a SKU and free lines included', t => {
  const one = addPurchases(noPurchases, { sequence: 1, invoiceNo: '536001', lines: [{ lineNo: 2, quantity: 3 }, { lineNo: 5, quantity: 3 }] })
  t.same(one.purchases, purchasesOf([1, 2, 3], [1, 5, 3]))
  t.same(addPurchases(one, { sequence: 4, invoiceNo: '536004', lines: [{ lineNo: 1, quantity: 1 }] }).purchases, purchasesOf([1, 2, 3], [1, 5, 3], [4, 1, 1]))
  t.end()
})

test('a credit line is remembered with its decision, and the next one finds less', t => {
  const first = decideCredit(rowOf([1, 1, 5]), creditOf(3, 4), view())
  t.match(first.decided, [{ sequence: 3, creditNoteNo: 'C536003', revision: 1, takes: [take(1, 1, 4)], reason: null }])
  const second = decideCredit(first.row, creditOf(4, 2), view())
  t.match(second.decided, [{ creditNoteNo: 'C536004', takes: [], reason: 'notEnoughLeft' }])
  t.same(second.row.purchases, purchasesOf([1, 1, 5, 1]))
  t.same(second.row.credits, [...first.decided, ...second.decided])
  t.end()
})

test('only decisions that change are made anew when an order is withdrawn', t => {
  const credits = [creditOf(4, 2), creditOf(5, 2), creditOf(6, 5)]
  const row = credits.reduce((last, credit) => decideCredit(last, credit, view()).row, rowOf([1, 1, 3], [2, 1, 3]))
  t.same(row.credits.map(credit => credit.takes), [[take(2, 1, 2)], [take(2, 1, 1), take(1, 1, 1)], []])
  const anew = decideAnew(row, view(2))
  t.match(anew.decided, [
    { creditNoteNo: 'C536004', revision: 2, takes: [take(1, 1, 2)], reason: null }, { creditNoteNo: 'C536005', revision: 2, takes: [], reason: 'notEnoughLeft' }
  ])
  t.same(anew.row.purchases, purchasesOf([1, 1, 3, 1], [2, 1, 3]))
  t.same(anew.row.credits, [...anew.decided, row.credits[2]])
  const again = decideAnew(anew.row, view(2))
  t.same(again.decided, [])
  t.equal(again.row, anew.row, 'nothing to write')
  t.match(decideAnew(anew.row, view(1, 2)).decided, [
    { revision: 3, takes: [], reason: 'neverBought' }, { revision: 3, reason: 'neverBought' }, { revision: 2, reason: 'neverBought' }
  ])
  t.end()
})

test('a decision is told under the newest order it takes from, else under an id of the credit note', t => {
  const { decided: [matched] } = decideCredit(rowOf([1, 1, 5], [2, 3, 1]), creditOf(3, 4), view())
  const said = {
    reference: 'import-run-1/C536003',
    creditNoteNo: 'C536003',
    lineNo: 1,
    revision: 1,
    sku: 'A',
    quantity: 4,
    unitPrice: 25_500n,
    amount: 102_000n,
    currency: 'GBP',
    creditedAt: invoicedAt
  }
  t.match(creditEvent('A', matched!, runId, customerId), {
    key: orderOf(2), correlationId: 'corr', event: { type: 'CreditNoteMatched', ...said, customerId, takes: [take(2, 3, 1), take(1, 1, 3)] }
  })
  t.match(creditEvent('A', decideGuestCredit(creditOf(3, 4)), runId, null), {
    key: importedCreditId(runId, 'C536003'), event: { type: 'CreditNoteUnmatched', ...said, customerId: null, reason: 'guest' }
  })
  t.end()
})
