import { test } from 'tap'
import { describeViolation, joinReports } from '../../../topology/audit/law.ts'
import { type OutcomeEvent, checkMoney, checkOutcomes, checkStock } from '../../../topology/audit/laws.ts'
import { inventoryProcessor } from '../../../topology/inventory/process-inventory.ts'
import { reservationStore } from '../../../topology/inventory/stores.ts'
import { topics } from '../../../topology/topics.ts'
import { Platform } from '../platform.ts'
import { playTrouble } from './troubled-play.ts'

const orders = 24
const endings: readonly string[] = ['OrderCancelled', 'OrderFailed', 'OrderTimedOut', 'OrderRejected', 'OrderDelivered']

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`every law holds over stock, money and outcomes when everything goes wrong (seed ${seed})`, async t => {
    const platform = await Platform.start(t)
    await playTrouble(platform, seed, orders)
    const views = await platform.views()
    const payments = await platform.payments()
    const reservations = [...(await platform.driver.store(inventoryProcessor, reservationStore).rows()).values()]
    const events = (await platform.driver.read(topics.orders.events)).map(record => record.value)
    const outcomes = events.filter((event): event is typeof event & OutcomeEvent => endings.includes(event.type))
    const report = joinReports([
      checkStock(await platform.stocks(), reservations, await deducted(platform)),
      checkMoney(payments, { gateway: platform.gateway.ledger.authorisations(), orders: views.filter(view => view.state !== 'Rejected') }),
      checkOutcomes(views, outcomes, reservations)
    ])
    t.same(report.violations.map(describeViolation), [])
    t.same((await platform.driver.read(topics.audit.invariants)).map(record => record.value), [], 'and nothing was reported while it ran')
    t.equal(views.length, orders)
    t.ok(report.checked > 1.5 * orders, `${report.checked} checked`)
    t.ok(views.some(view => view.outcome === 'Cancelled') && views.some(view => view.everConfirmed && view.outcome === null), 'some are cancelled, some stand')
  })
}

/** Pieces deducted and not put back, by SKU, as the published events tell. */
async function deducted (platform: Platform): Promise<ReadonlyMap<string, number>> {
  const pieces = new Map<string, number>()
  for (const { value } of await platform.driver.read(topics.inventory.events)) {
    const sign = value.type === 'StockDeducted' ? 1 : value.type === 'StockReleased' && value.restored ? -1 : 0
    if (sign !== 0 && 'quantity' in value) pieces.set(value.sku, (pieces.get(value.sku) ?? 0) + sign * value.quantity)
  }
  return pieces
}
