import { type EventMeta } from '#schemas'
import { type Test, test } from 'tap'
import { type TestDriver, createTestDriver } from '../../../streams/testing/index.ts'
import { creditEntryId, paymentEntryId } from '../../../topology/ledger/entry-ids.ts'
import { type BookedPayment } from '../../../topology/ledger/post-payment.ts'
import { bookStore, createLedgerProcessor } from '../../../topology/ledger/process-ledger.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { authorised, balancesOf, captured, customerId, matched, meta, movesOf, orderId, reference, refunded, unmatched, voided, withdrawn } from './ledger-fixtures.ts'

await bindMemoryCodec()

async function office (t: Test, feeBasisPoints = 0) {
  const processor = createLedgerProcessor({ feeBasisPoints })
  const driver: TestDriver = await createTestDriver({ nodes: [processor] })
  t.teardown(async () => { await driver.close() })
  const pay = async (...events: readonly BookedPayment[]) => {
    for (const event of events) await driver.pipe(topics.payments.events, event.orderId, event)
  }
  return { driver, pay, processor, entries: async () => await driver.read(topics.ledger.entries) }
}

test('the ledger books every event once, by order, when some come again and the process restarts', async t => {
  const { driver, pay, entries } = await office(t)
  const all = [authorised(2, 1_000n), captured(4, 1_000n), refunded(6, 300n)]
  await pay(...all)
  const told = await entries()
  t.same(told.map(({ key, value }) => [key, value.entryId]), [2, 4, 6].map(version => [orderId, paymentEntryId(orderId, version)]))
  t.match(told[0]?.value.meta, { correlationId: 'correlation', causationId: 'event-2' })
  await driver.restart()
  await pay(...all)
  await driver.run()
  t.same(await entries(), [], 'nothing is booked again')
  t.same(balancesOf(told.map(({ value }) => value)), { cash: 700n, returns: 300n, revenue: -1_000n })
  t.same(await driver.deadLetters(), [])
})

test('orders have books of their own, and a voided one leaves nothing on any account', async t => {
  const { pay, entries } = await office(t)
  const other = '00000000-0000-4000-8000-000000000002'
  await pay(authorised(2, 1_000n), { ...authorised(2, 500n), orderId: other }, { ...voided(4, 500n), orderId: other })
  const told = await entries()
  t.same(balancesOf(told.filter(({ key }) => key === other).map(({ value }) => value)), {})
  t.same(balancesOf(told.map(({ value }) => value)), { holds: 1_000n, 'holds-contra': -1_000n })
})

test('the configured fee is charged with every capture', async t => {
  const { pay, entries } = await office(t, 250)
  await pay(authorised(2, 1_000_000n), captured(4, 1_000_000n))
  t.same(movesOf((await entries()).at(-1)?.value), ['captured cash/revenue 1000000', 'released holds-contra/holds 1000000', 'fee fees/cash 25000'])
})

test('every line of a credit note has an entry, keyed by the order that it takes from or else by itself', async t => {
  const { driver, entries, processor } = await office(t)
  const note = [matched(), matched({ lineNo: 2, amount: 300n }), unmatched({ lineNo: 3, amount: 50n })]
  for (const line of note) await driver.pipe(topics.returns.events, line.type === 'CreditNoteMatched' ? orderId : reference, line)
  const told = await entries()
  t.same(told.map(({ key, value }) => [key, value.entryId, value.amount]).sort(), [
    [orderId, creditEntryId(reference, 1), 1_000n],
    [orderId, creditEntryId(reference, 2), 300n],
    [creditEntryId(reference, 3), creditEntryId(reference, 3), 50n]
  ].sort())
  t.ok(told.every(({ value }) => value.customerId === customerId))
  const revised = [matched({ revision: 2 }), unmatched({ lineNo: 2, amount: 300n, revision: 2 })]
  for (const line of revised) await driver.pipe(topics.returns.events, 'elsewhere', line)
  await driver.pipe(topics.returns.events, orderId, matched())
  t.same(await entries(), [], 'neither a later decision nor a repeat is booked')
  t.equal((await driver.store(processor, bookStore).rows()).size, 3)
})

test('an order that is withdrawn has its paid credits opened again, once, after a restart too', async t => {
  const { driver, pay, entries } = await office(t)
  const withdraw = async () => { await driver.pipe(topics.returns.events, orderId, withdrawn()) }
  await pay(authorised(2, 1_000n), captured(4, 1_000n), refunded(6, 400n, 'credit/C1'))
  await driver.run()
  await withdraw()
  await driver.run()
  await driver.restart()
  await withdraw()
  await pay(refunded(8, 600n, `${orderId}-1`, 'PaymentRefunded'))
  const told = (await entries()).map(({ value }) => value)
  t.equal(told.filter(({ kind }) => kind === 'reopened').length, 1)
  t.same(balancesOf(told), { returns: 1_000n, revenue: -1_000n }, 'the order has cost nothing; the credit itself is booked with its line')
})

test('what does not move money is passed over, and what cannot be true parks its order alone', async t => {
  const { driver, pay, entries } = await office(t)
  const created: EventMeta = meta(1)
  await driver.pipe(topics.payments.events, orderId, {
    type: 'PaymentCreated', meta: created, orderId, attempt: 1, paymentId: 'pay-1', amount: 1_000n, currency: 'GBP', method: 'card'
  })
  await pay(captured(3, 1_000n), authorised(4, 1_000n))
  const other = '00000000-0000-4000-8000-000000000002'
  await pay({ ...authorised(2, 10n), orderId: other })
  t.same((await entries()).map(({ key }) => key), [other])
  const [letter, ...more] = await driver.deadLetters()
  t.match(letter, { message: /ends a hold of 1000, but 0 is held/ })
  t.same(more, [])
})
