import { type ImportedInvoice } from '#schemas'
import { type Test, test } from 'tap'
import { topics } from '../../../topology/topics.ts'
import { balancesOf } from '../ledger/ledger-fixtures.ts'
import { Platform, pieces, skus } from '../platform.ts'
import { invoice, keyOf, orderOf } from './import-fixtures.ts'

const [mug, cup] = skus as [string, string]
const pound = 10_000n

async function shop (t: Test) {
  const platform = await Platform.start(t)
  const { driver } = platform
  const entries: Array<Parameters<typeof balancesOf>[0][number]> = []
  return {
    platform,
    driver,
    bring: async (...invoices: readonly ImportedInvoice[]) => {
      for (const one of invoices) await driver.pipe(topics.imports.invoices, keyOf(one), one)
      await driver.run()
    },
    view: async (sequence: number) => await platform.view(orderOf(sequence)),
    payment: async (sequence: number) => (await platform.payments()).find(({ orderId }) => orderId === orderOf(sequence)),
    stock: async (sku: string) => (await platform.stocks()).find(stock => stock.sku === sku),
    /** What is on each account, whole: debits less credits. */
    books: async () => {
      entries.push(...(await driver.read(topics.ledger.entries)).map(({ value }) => value))
      return balancesOf(entries)
    }
  }
}

test('a matched credit gives back money and goods, and its customer is owed nothing any more', async t => {
  const { platform, driver, bring, view, payment, stock, books } = await shop(t)
  await bring(
    invoice('sale', 1, [[mug, 5, 2n * pound], ['POST', 1, 3n * pound, false]]),
    invoice('creditNote', 2, [[mug, -2, 2n * pound], ['POST', -1, 3n * pound, false], [mug, -1, 2n * pound]])
  )
  t.match(await payment(1), { status: 'partiallyRefunded', captured: 13n * pound, refunded: 9n * pound })
  t.match((await payment(1))?.refunds, [{ effectId: 'credit/import-run-1/C536002', refunded: 9n * pound, done: true, reason: 'credit note C536002' }], 'one refund for three lines')
  t.match(await view(1), { refunded: 9n * pound, outcome: null })
  t.match(await stock(mug), { onHand: pieces - 2, in: 3, deducted: 5 })
  t.same(await books(), { cash: 4n * pound, returns: 9n * pound, revenue: -13n * pound })
  t.equal([...platform.gateway.ledger.authorisations()][0]?.refunded, 9n * pound)
  t.same(await driver.deadLetters(), [])
  t.same(await driver.read(topics.orders.rejections), [])
})

test('a credit of more than is left of its order gives back what is left, and the rest stays owed', async t => {
  const { driver, bring, payment, books } = await shop(t)
  await bring(invoice('sale', 1, [[mug, 2, 2n * pound]]), invoice('creditNote', 2, [[mug, -1, 3n * pound]]), invoice('creditNote', 3, [[mug, -1, 3n * pound]]))
  t.match(await payment(1), { status: 'refunded', captured: 4n * pound, refunded: 4n * pound })
  t.same((await payment(1))?.refunds.map(({ requested, refunded }) => [requested, refunded]), [[3n * pound, 3n * pound], [3n * pound, pound]])
  t.same(await books(), { 'customer-credit': -2n * pound, returns: 6n * pound, revenue: -4n * pound })
  t.same(await driver.read(topics.orders.rejections), [], 'and nothing is refused')
})

test('an unmatched credit moves no money and no goods: its customer is owed it', async t => {
  const { bring, payment, stock, books } = await shop(t)
  await bring(invoice('sale', 1, [[mug, 2, 2n * pound]]), invoice('creditNote', 2, [[mug, -3, 2n * pound], [cup, -1, pound]]))
  t.match(await payment(1), { status: 'captured', refunded: 0n })
  t.match(await stock(mug), { onHand: pieces - 2, in: 0 })
  t.same(await books(), { cash: 4n * pound, 'customer-credit': -7n * pound, returns: 7n * pound, revenue: -4n * pound })
})

test('a customer loses nothing and gains nothing when an order is cancelled after a credit was paid out of it', async t => {
  const { platform, driver, bring, payment, stock, books } = await shop(t)
  await bring(invoice('sale', 1, [[mug, 2, 2n * pound]]), invoice('sale', 2, [[mug, 2, 2n * pound], [cup, 1, pound]]), invoice('creditNote', 3, [[mug, -2, 2n * pound]]))
  t.match(await payment(2), { refunded: 4n * pound })
  await platform.cancel(orderOf(2))
  await driver.run()
  t.match(await payment(2), { status: 'refunded', captured: 5n * pound, refunded: 5n * pound })
  t.match(await payment(1), { status: 'refunded', captured: 4n * pound, refunded: 4n * pound }, 'the credit is for the other order now')
  t.match(await stock(mug), { onHand: pieces, in: 2, deducted: 2 })
  t.same(await books(), { returns: 9n * pound, revenue: -9n * pound }, 'as if the order had been cancelled first')
})

test('a cancelled order whose money had all gone back by credits leaves its credits owed when they belong to nothing else', async t => {
  const { platform, driver, bring, payment, books } = await shop(t)
  await bring(invoice('sale', 1, [[mug, 2, 2n * pound]]), invoice('creditNote', 2, [[mug, -2, 2n * pound]]))
  await platform.cancel(orderOf(1))
  await driver.run()
  t.match(await payment(1), { status: 'refunded', refunded: 4n * pound })
  t.same(await books(), { 'customer-credit': -4n * pound, returns: 8n * pound, revenue: -4n * pound })
})

test('credits are paid once when everything comes again, and the process restarts in between', async t => {
  const { driver, bring, payment, stock, books } = await shop(t)
  const file = [invoice('sale', 1, [[mug, 5, 2n * pound]]), invoice('creditNote', 2, [[mug, -2, 2n * pound]])]
  await bring(...file)
  const before = await books()
  await driver.restart()
  await bring(...file)
  for (const { value } of await driver.read(topics.compensations.payment)) await driver.pipe(topics.compensations.payment, orderOf(1), value)
  for (const { value } of await driver.read(topics.inventory.commands)) if (value.type === 'Restock') await driver.pipe(topics.inventory.commands, mug, value)
  await driver.run()
  t.match(await payment(1), { refunded: 4n * pound })
  t.match(await stock(mug), { in: 2 })
  t.same(await books(), before)
})

test('the refund of a credit waits for a gateway that is down, and is paid when it is back', async t => {
  const { platform, driver, bring, payment, books } = await shop(t)
  await bring(invoice('sale', 1, [[mug, 5, 2n * pound]]))
  platform.gateway.plan('down', 'lost-answer')
  await bring(invoice('creditNote', 2, [[mug, -2, 2n * pound]]))
  t.match(await payment(1), { refunded: 0n })
  t.match(await books(), { 'customer-credit': -4n * pound })
  await driver.advance(60_000)
  t.match(await payment(1), { refunded: 4n * pound })
  t.same(await books(), { cash: 6n * pound, returns: 4n * pound, revenue: -10n * pound })
})
