import { type ImportedInvoice } from '#schemas'
import { test } from 'tap'
import { maxMoney } from '../../../topology/money.ts'
import { checkInvoice } from '../../../topology/imports/check-invoice.ts'
import { type Goods, invoice, keyOf, linesOf } from './import-fixtures.ts'

const goods: readonly Goods[] = [['22423', 2], ['POST', 1, 180_000n, false]]
const back: readonly Goods[] = [['22423', -2]]

test('an invoice passes when it is what its kind says', t => {
  const passing = [
    invoice('sale', 1, goods), invoice('sale', 2, [['A', 1, 0n]]), invoice('sale', 3, goods, { customerId: null }), invoice('stockIn', 4, [['A', 3, 0n]]),
    invoice('writeOff', 5, [['A', -3, 0n]]), invoice('creditNote', 6, back), invoice('creditNote', 7, back, { customerId: null }),
    invoice('adjustment', 8, [['B', 1, -110_620_600n, false]]), invoice('adjustment', 9, [['B', -1, 5n, false]])
  ]
  for (const one of passing) t.same(checkInvoice(one, keyOf(one)), one)
  t.end()
})

test('an invoice is refused with its number and the rule when it breaks one', t => {
  const sale = (change: Partial<ImportedInvoice>) => invoice('sale', 1, goods, change)
  const refused: ReadonlyArray<readonly [ImportedInvoice, RegExp, string?]> = [
    [sale({}), /^invoice 536001: the key of the record is not its customer id$/, '536001'],
    [sale({ customerId: null }), /the key of the record is not its number, as it is for guests/, '17850'],
    [sale({ customerId: '' }), /its customer id is empty: a guest has none/, ''],
    [sale({ invoiceNo: '' }), /it has no number/],
    [sale({ runId: 'a/b' }), /its run id is not 1 to 64 letters/],
    [sale({ runId: '' }), /its run id/],
    [sale({ sequence: 0 }), /its sequence is 0, they count from 1/],
    [sale({ lines: [] }), /it has no lines/],
    [invoice('unknown', 1, goods), /its kind is not known here/],
    [invoice('sale', 1, [['A', 1], ['B', -2]]), /^invoice 536001, line 2: the quantities of a sale are above zero, this one is -2$/],
    [invoice('sale', 1, [['A', 0]]), /line 1: the quantities of a sale are above zero/],
    [invoice('stockIn', 1, [['A', -1]]), /the quantities of a stockIn are above zero/],
    [invoice('writeOff', 1, [['A', 1]]), /the quantities of a writeOff are below zero/],
    [invoice('creditNote', 1, [['A', 1]]), /the quantities of a creditNote are below zero/],
    [invoice('creditNote', 1, [['A', 0]]), /the quantities of a creditNote are below zero/],
    [invoice('creditNote', 1, [['A', -1, -1n]]), /the prices of a creditNote are not below zero/],
    [invoice('creditNote', 1, [['A', -2, maxMoney]]), /its amount does not fit into decimal\(18, 4\)/],
    [invoice('adjustment', 1, [['B', 2, -maxMoney]]), /its amount does not fit/],
    [invoice('sale', 1, [['', 1]]), /line 1: the SKU is empty/],
    [sale({ lines: linesOf(goods).map(line => ({ ...line, lineNo: 1 })) }), /line 1: two lines have this number/],
    [sale({ lines: linesOf(goods).map(line => ({ ...line, lineNo: line.lineNo - 1 })) }), /line 0: line numbers count from 1/]
  ]
  for (const [one, message, key = keyOf(one)] of refused) t.throws(() => checkInvoice(one, key), { name: 'InvalidImport', message })
  t.end()
})
