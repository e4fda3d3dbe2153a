import { test } from 'tap'
import { type StateBackend } from '#streams'
import { checkBooks, type OtherSources } from '../../../ops/verify/run-books.ts'
import { type VerifiedRun } from '../../../ops/verify/run.ts'
import { type OutcomeEvent } from '../../../topology/audit/laws.ts'
import { applicationId } from '../../../topology/codec.ts'
import { topics } from '../../../topology/topics.ts'
import { booksOf } from '../../topology/ledger/ledger-fixtures.ts'
import { Platform, orderIdOf, skus } from '../../topology/platform.ts'

const run: VerifiedRun = {
  runId: 'r',
  referencePrefix: 'run-r',
  ownsStock: sku => skus.includes(sku),
  readInput: async () => ({ rows: 0, invoices: 0 }),
  expected: { orders: 12 }
}

/** The state of the driver, under the name of the product's application. */
function stateOf ({ driver: { backend, topology } }: Platform): StateBackend {
  return {
    check: async () => await backend.check(),
    open: key => backend.open(key.replace(applicationId, topology.applicationId)),
    close: async () => {}
  }
}

async function othersOf (platform: Platform): Promise<OtherSources> {
  const events = (await platform.driver.read(topics.orders.events)).map(record => record.value)
  const endings = events.filter((event): event is typeof event & OutcomeEvent => ['OrderCancelled', 'OrderRejected', 'OrderDelivered'].includes(event.type))
  const deducted = new Map<string, number>()
  for (const { value } of await platform.driver.read(topics.inventory.events)) {
    if (value.type === 'StockDeducted') deducted.set(value.sku, (deducted.get(value.sku) ?? 0) + value.quantity)
    if (value.type === 'StockReleased' && value.restored) deducted.set(value.sku, (deducted.get(value.sku) ?? 0) - value.quantity)
  }
  return {
    outcomes: Map.groupBy(endings, event => event.orderId),
    gateway: Map.groupBy(platform.gateway.ledger.authorisations(), entry => entry.orderId),
    ledger: booksOf((await platform.driver.read(topics.ledger.entries)).map(({ value }) => value)),
    deducted
  }
}

/** Twelve orders of the run, of which three are cancelled, one is declined and one is refused; and two of somebody else. */
async function play (platform: Platform): Promise<void> {
  for (let index = 0; index < 14; index++) {
    const clientReference = index < 12 ? `run-r/${index}` : null
    await platform.place(orderIdOf(index), {
      clientReference,
      ...(index === 4 ? { payment: { method: 'card', token: 'tok_declined' } } : {}),
      ...(index === 5 ? { currency: 'XXX' } : {})
    }, 1 + index % 6)
    await platform.driver.run()
    if (index < 3) await platform.cancel(orderIdOf(index))
  }
  await platform.driver.advance(10_000)
}

test('the books of a run count its own orders, and hold whoever else takes from its stock', async t => {
  const platform = await Platform.start(t)
  await play(platform)
  const { orders, report } = await checkBooks(stateOf(platform), run, await othersOf(platform))
  t.same(report.violations, [])
  t.same(orders, { placed: 11, confirmed: 10, delivered: 0, cancelled: 4, failed: 0, timedOut: 0, rejected: 1, open: 0, onTheWay: 7 })
  t.ok(report.checked >= skus.length + 2 * 11, `${report.checked} checked`)
  const other = await checkBooks(stateOf(platform), { ...run, referencePrefix: 'run-s' }, await othersOf(platform))
  t.equal(other.orders.placed, 0, 'another run has none of them')
})

test('the books of a run name what is wrong in any of the sources', async t => {
  const platform = await Platform.start(t)
  await play(platform)
  const others = await othersOf(platform)
  const found = async (wrong: Partial<OtherSources>): Promise<readonly string[]> =>
    (await checkBooks(stateOf(platform), run, { ...others, ...wrong })).report.violations.map(({ law, subject }) => `${law} ${subject}`)
  t.match(await found({ deducted: new Map([...others.deducted, ['MUG-1', 99]]) }), ['stock MUG-1'])
  t.match(await found({ gateway: new Map([...others.gateway].filter(([orderId]) => orderId !== orderIdOf(7))) }), [`money ${orderIdOf(7)}`])
  t.match(await found({ ledger: new Map([...others.ledger].filter(([orderId]) => orderId !== orderIdOf(7))) }), [`ledger ${orderIdOf(7)}`])
  t.match(await found({ outcomes: new Map([...others.outcomes].filter(([orderId]) => orderId !== orderIdOf(1))) }), [`outcome ${orderIdOf(1)}`])
})

test('the books of a run are not read from a state that is being restored', async t => {
  const platform = await Platform.start(t)
  await play(platform)
  const others = await othersOf(platform)
  const empty: StateBackend = { ...stateOf(platform), open: key => platform.driver.backend.open(`${key}-flushed`) }
  await t.rejects(checkBooks(empty, run, others), /cannot be read: missing/)
})
