import { test } from 'tap'
import { describeViolation, joinReports } from '../../../topology/audit/law.ts'
import { type OutcomeEvent, checkMoney, checkOutcomes, checkStock } from '../../../topology/audit/laws.ts'
import { inventoryProcessor, reservationStore } from '../../../topology/inventory/process-inventory.ts'
import { topics } from '../../../topology/topics.ts'
import { type Fault } from '../payments/scripted-gateway.ts'
import { Platform, orderIdOf } from '../platform.ts'

const orders = 24
const faults: readonly Fault[] = ['none', 'none', 'none', 'none', 'lost-request', 'lost-answer', 'down', 'held-back']
const tokens = ['tok_ok', 'tok_ok', 'tok_ok', 'tok_declined', 'tok_flaky']
const endings: readonly string[] = ['OrderCancelled', 'OrderFailed', 'OrderTimedOut', 'OrderRejected']

/** A stream of numbers below `limit` that depends on the seed alone. */
function dice (seed: number): (limit: number) => number {
  let state = seed
  return limit => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >>> 8) % limit
  }
}

/** Plays orders while the gateway misbehaves, customers cancel and every task is killed now and then; then lets all come to rest. */
async function play (platform: Platform, seed: number): Promise<void> {
  const roll = dice(seed)
  platform.gateway.plan(...Array.from({ length: 80 }, () => faults[roll(faults.length)] as Fault))
  for (let index = 0; index < orders; index++) {
    const token = tokens[roll(tokens.length)] as string
    await platform.place(orderIdOf(index), { payment: { method: 'card', token } }, 1 + roll(6))
    if (roll(3) === 0) await platform.driver.run()
    if (roll(4) === 0) await platform.cancel(orderIdOf(roll(index + 1)))
    if (roll(6) === 0) await platform.driver.restart()
    if (roll(5) === 0) await platform.driver.advance(roll(20_000))
  }
  await platform.driver.advance(2 * 3_600_000)
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`every law holds over stock, money and outcomes when everything goes wrong (seed ${seed})`, async t => {
    const platform = await Platform.start(t)
    await play(platform, seed)
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
    t.equal(views.length, orders)
    t.ok(report.checked > 2 * orders, `${report.checked} checked`)
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
