import { test } from 'tap'
import { contentHash } from '../../../topology/commands/processed-command.ts'
import { commandId } from '../../../topology/envelope.ts'
import { importedOrderId } from '../../../topology/imports/import-ids.ts'
import { adjustStockOf, placeOrderOf } from '../../../topology/imports/invoice-commands.ts'
import { entriesOf } from '../../../topology/imports/post-adjustment.ts'
import { customerId, invoice, invoicedAt, runId } from './import-fixtures.ts'

const issued = { issuedAt: 5, correlationId: 'corr', principal: 'importer' }

test('a sale becomes an order of the import channel with its lines and prices as they are', t => {
  const sale = invoice('sale', 1, [['22423', 2], ['22423', 2], ['POST', 1, 180_000n, false], ['FREE', 1, 0n]])
  const order = placeOrderOf(sale, issued)
  t.match(order, {
    orderId: importedOrderId(runId, '536001'),
    placedAt: invoicedAt,
    channel: 'import',
    customerId,
    guestEmail: null,
    currency: 'GBP',
    shippingAddress: sale.shippingAddress,
    payment: { method: 'invoice', token: 'tok_ok' },
    onShortage: 'reject',
    onDecline: 'cancel',
    clientReference: 'import-run-1/536001',
    country: 'United Kingdom',
    meta: { ...issued, commandId: commandId('import', runId, '536001', 'order'), bodyHash: /^[0-9a-f]{64}$/ }
  })
  t.same(order.lines, [
    { lineNo: 1, sku: '22423', quantity: 2, quotedUnitPrice: 25_500n }, { lineNo: 2, sku: '22423', quantity: 2, quotedUnitPrice: 25_500n },
    { lineNo: 3, sku: 'POST', quantity: 1, quotedUnitPrice: 180_000n }, { lineNo: 4, sku: 'FREE', quantity: 1, quotedUnitPrice: 0n }
  ])
  t.same(placeOrderOf(sale, { ...issued, issuedAt: 6 }).meta.bodyHash, order.meta.bodyHash)
  t.not(contentHash(placeOrderOf({ ...sale, country: 'France' }, issued)), contentHash(order))
  t.equal(placeOrderOf({ ...sale, customerId: null }, issued).customerId, null)
  t.end()
})

test('a stock invoice moves each of its stocked lines by its quantity, under an id of the line', t => {
  const goods = [['22423', 3, 0n], ['POST', 1, 0n, false], ['22423', 4, 0n]] as const
  const moved = adjustStockOf({ ...invoice('stockIn', 1, goods), kind: 'stockIn' }, issued)
  t.match(moved, [
    { sku: '22423', delta: 3, expectedVersion: null, reason: 'imported stock in 536001', meta: { commandId: commandId('import', runId, '536001', 'stock/1') } },
    { sku: '22423', delta: 4, meta: { commandId: commandId('import', runId, '536001', 'stock/3'), bodyHash: /^[0-9a-f]{64}$/ } }
  ])
  t.match(adjustStockOf({ ...invoice('writeOff', 1, [['22423', -7, 0n]]), kind: 'writeOff' }, issued), [{ delta: -7, reason: 'imported write-off 536001' }])
  t.end()
})

test('an adjustment is booked line by line as a double entry without a sign', t => {
  const entries = entriesOf(invoice('adjustment', 1, [['B', 1, 110_620_600n, false], ['B', 2, -5n, false], ['B', -1, 7n, false], ['B', 1, 0n, false]]))
  t.match(entries.map(({ debitAccount, creditAccount, amount }) => [debitAccount, creditAccount, amount]), [
    ['receivables', 'adjustments', 110_620_600n], ['adjustments', 'receivables', 10n], ['adjustments', 'receivables', 7n], ['receivables', 'adjustments', 0n]
  ])
  t.match(entries[0], { kind: 'adjusted', orderId: null, reference: 'import-run-1/A536001', currency: 'GBP', bookedAt: invoicedAt })
  t.equal(new Set(entries.map(entry => entry.entryId)).size, 4)
  t.same(entriesOf(invoice('adjustment', 1, [['B', 1, 110_620_600n, false]]))[0]?.entryId, entries[0]?.entryId)
  t.end()
})
