import { type CreditNoteMatched, type CreditNoteUnmatched, type ImportedInvoice } from '#schemas'
import { type Test, test } from 'tap'
import { importsProcessor } from '../../../topology/imports/process-imports.ts'
import { accountStore, creditNoteStore } from '../../../topology/imports/stores.ts'
import { topics } from '../../../topology/topics.ts'
import { Platform, pieces, skus } from '../platform.ts'
import { type Goods, invoice, invoicedAt, isCredit, keyOf, orderOf } from './import-fixtures.ts'
import { creditsByPiece } from './reference-credits.ts'

const [mug, cup] = skus as [string, string]
const guest = { customerId: null }

async function shop (t: Test) {
  const platform = await Platform.start(t)
  const { driver } = platform
  const bring = async (...invoices: readonly ImportedInvoice[]) => {
    for (const one of invoices) await driver.pipe(topics.imports.invoices, keyOf(one), one)
  }
  return {
    platform,
    driver,
    bring,
    credits: async () => (await driver.read(topics.returns.events)).map(record => record.value).filter(isCredit),
    view: async (sequence: number) => await platform.view(orderOf(sequence)),
    stock: async (sku: string) => (await platform.stocks()).find(stock => stock.sku === sku),
    waiting: async () => (await driver.store(importsProcessor, creditNoteStore).rows()).size
  }
}

/** What holds about every credit line in the end, as the reference tells it. */
function bookOf (credits: ReadonlyArray<CreditNoteMatched | CreditNoteUnmatched>, invoices: readonly ImportedInvoice[]) {
  const numbers = new Map(invoices.map(({ sequence, invoiceNo }) => [orderOf(sequence), invoiceNo]))
  const holding = new Map<string, CreditNoteMatched | CreditNoteUnmatched>()
  for (const credit of credits.toSorted((a, b) => a.revision - b.revision)) holding.set(`${credit.creditNoteNo}/${credit.lineNo}`, credit)
  return new Map([...holding].map(([name, credit]) => [name, credit.type === 'CreditNoteUnmatched'
    ? credit.reason
    : new Map(credit.takes.map(take => [`${numbers.get(take.orderId)}/${take.lineNo}`, take.quantity]))]))
}

test('the invoices of a file become confirmed orders, stock, credits and ledger entries', async t => {
  const { driver, bring, credits, view, stock } = await shop(t)
  await bring(
    invoice('sale', 1, [[mug, 2, 25_500n], [mug, 3, 25_500n], ['POST', 1, 180_000n, false], [cup, 1, 0n]]),
    invoice('sale', 2, [[cup, 4, 12_500n]], guest),
    invoice('stockIn', 3, [[cup, 7, 0n]], guest),
    invoice('writeOff', 4, [[mug, -10, 0n]], guest),
    invoice('creditNote', 5, [[mug, -4, 25_500n], ['POST', -1, 180_000n, false], ['D', -1, 50_000n, false]]),
    invoice('creditNote', 6, [[cup, -4, 12_500n]], guest),
    invoice('adjustment', 7, [['B', 1, -110_620_600n, false]], guest)
  )
  await driver.run()
  t.match(await view(1), {
    state: 'Confirmed', channel: 'import', customerId: '17850', clientReference: 'import-run-1/536001', placedAt: invoicedAt, total: 5n * 25_500n + 180_000n
  })
  t.match(await view(2), { state: 'Confirmed', customerId: null, total: 50_000n })
  t.match((await driver.read(topics.orders.events)).map(record => record.value).filter(event => event.type === 'OrderCreated' && event.customerId !== null), [
    { country: 'United Kingdom', quotedIgnored: false, lines: [{ priceSource: 'quoted' }, { lineNo: 2 }, { stocked: false }, { unitPrice: 0n, stocked: true }] }
  ])
  t.match(await stock(mug), { onHand: pieces - 5 - 10 + 4, deducted: 5, out: 10, in: 4 }, 'what was credited came back')
  t.match(await stock(cup), { onHand: pieces - 5 + 7, deducted: 5, in: 7 })
  const told = await credits()
  t.match(told.filter(credit => credit.type === 'CreditNoteMatched').map(credit => [credit.sku, credit.amount, credit.takes]), [
    [mug, 102_000n, [{ orderId: orderOf(1), lineNo: 2, quantity: 3 }, { orderId: orderOf(1), lineNo: 1, quantity: 1 }]],
    ['POST', 180_000n, [{ lineNo: 3, quantity: 1 }]]
  ])
  t.same(told.flatMap(credit => credit.type === 'CreditNoteUnmatched' ? [`${credit.sku} ${credit.reason}`] : []).sort(), ['D neverBought', `${cup} guest`])
  t.match((await driver.read(topics.ledger.entries)).map(record => record.value).filter(({ kind }) => kind === 'adjusted'), [{ amount: 110_620_600n, creditAccount: 'receivables' }])
  t.match((await driver.read(topics.imports.orderOutcomes)).map(record => [record.key, record.value.orderId, record.value.confirmed]), [['17850', orderOf(1), true]])
  t.same(await driver.deadLetters(), [])
})

test('a credit note that comes before its order is confirmed waits for the payment, and is matched then', async t => {
  const { platform, driver, bring, credits, view, waiting } = await shop(t)
  platform.gateway.plan('held-back', 'held-back')
  await bring(invoice('sale', 1, [[mug, 5]]), invoice('creditNote', 2, [[mug, -5]]))
  await driver.run()
  t.match(await view(1), { state: 'InventoryReserved' })
  t.equal(await waiting(), 1)
  t.same(await credits(), [])
  await driver.advance(180_000)
  t.match(await view(1), { state: 'Confirmed' })
  t.match(await credits(), [{ type: 'CreditNoteMatched', takes: [{ orderId: orderOf(1), quantity: 5 }] }])
  t.equal(await waiting(), 0)
})

test('orders that are rejected or run short block no credit note, and their lines do not count', async t => {
  const { driver, bring, credits, view, waiting } = await shop(t)
  await bring(
    invoice('sale', 1, [[mug, 5], ['NOBODY-KNOWS-IT', 1]]), invoice('sale', 2, [[mug, pieces + 1]]), invoice('sale', 3, [[mug, 2]]),
    invoice('creditNote', 4, [[mug, -3], [mug, -2], ['NOBODY-KNOWS-IT', -1]])
  )
  await driver.run()
  t.same([(await view(1))?.state, (await view(2))?.state, (await view(3))?.state], ['Rejected', 'Cancelled', 'Confirmed'])
  t.same((await credits()).map(credit => `${credit.lineNo} ${credit.type === 'CreditNoteMatched' ? credit.takes[0]?.orderId : credit.reason}`).sort(), [
    '1 notEnoughLeft', `2 ${orderOf(3)}`, '3 neverBought'
  ])
  t.equal(await waiting(), 0)
})

test('a credit is decided anew when the order that it takes from is cancelled after its confirmation', async t => {
  const { platform, driver, bring, credits, view } = await shop(t)
  await bring(invoice('sale', 1, [[mug, 2]]), invoice('sale', 2, [[mug, 2]]), invoice('creditNote', 3, [[mug, -2]]), invoice('creditNote', 4, [[mug, -1]]))
  await driver.run()
  const first = (await credits()).map(credit => [credit.creditNoteNo, credit.revision, credit.type === 'CreditNoteMatched' && credit.takes[0]?.orderId])
  t.same(first.sort(), [['C536003', 1, orderOf(2)], ['C536004', 1, orderOf(1)]])
  await platform.cancel(orderOf(2))
  const second = (await credits()).map(credit => [credit.creditNoteNo, credit.revision, credit.type === 'CreditNoteMatched' ? credit.takes[0]?.orderId : credit.reason])
  t.match(await view(2), { state: 'Cancelled' })
  t.same(second.sort(), [['C536003', 2, orderOf(1)], ['C536004', 2, 'notEnoughLeft']])
  await bring(invoice('creditNote', 5, [[mug, -1]]))
  t.match(await credits(), [{ revision: 1, reason: 'notEnoughLeft' }])
})

test('an invoice of 1,114 lines is one confirmed order that is credited whole, when most of its lines are charges', async t => {
  const { driver, bring, credits, view, stock } = await shop(t)
  const goods = Array.from({ length: 1_114 }, (_, index): Goods => index % 3 === 0 ? [skus[index / 3 % 6] as string, 1, 12_500n] : ['POST', 1, 5n, false])
  await bring(invoice('sale', 1, goods), invoice('creditNote', 2, goods.map(([sku]): Goods => [sku, -1])))
  await driver.run()
  const stocked = goods.filter(([sku]) => sku !== 'POST').length
  const order = await view(1)
  t.match(order, { state: 'Confirmed', total: BigInt(stocked) * 12_500n + BigInt(1_114 - stocked) * 5n })
  t.equal(order?.lines.length, 1_114)
  t.match(await stock(mug), { deducted: goods.filter(([sku]) => sku === mug).length })
  const told = await credits()
  t.equal(told.filter(credit => credit.type === 'CreditNoteMatched').length, 1_114)
  t.same(await driver.deadLetters(), [])
})

/** Numbers that look random and are the same at every run. */
function drawer (seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}

for (const seed of [1, 2, 3, 4]) {
  test(`a file gives the same credits as piece by piece, through restarts, repeats and cancellations, with seed ${seed}`, async t => {
    const { platform, driver, bring, credits, view, waiting } = await shop(t)
    const draw = drawer(seed * 7_919)
    const customers = ['17850', '12583', '13047', null]
    const invoices = Array.from({ length: 60 }, (_, index): ImportedInvoice => {
      const isCredit = draw(3) === 0
      const goods = Array.from({ length: 1 + draw(4) }, (): Goods => {
        const sku = draw(12) === 0 ? 'NOBODY-KNOWS-IT' : skus[draw(3)] as string
        return [sku, (1 + draw(isCredit ? 4 : 9)) * (isCredit ? -1 : 1)]
      })
      return invoice(isCredit ? 'creditNote' : 'sale', index + 1, goods, { customerId: customers[draw(4)] as string | null })
    })
    for (const [index, one] of invoices.entries()) {
      await bring(one)
      if (draw(6) === 0) await bring(invoices[draw(index + 1)] as ImportedInvoice)
      if (draw(4) === 0) for (let turn = draw(60); turn > 0; turn--) await new Promise(resolve => { setImmediate(resolve) })
      if (draw(12) === 0) await driver.restart()
      const earlier = 1 + draw(index + 1)
      if (draw(8) === 0 && (await view(earlier)) !== undefined) await platform.cancel(orderOf(earlier))
    }
    await driver.advance(60_000)
    const views = new Map(await Promise.all(invoices.map(async ({ sequence }) => [sequence, await view(sequence)] as const)))
    const told = await credits()
    const expected = creditsByPiece(invoices, sale => views.get(sale.sequence)?.state === 'Confirmed')
    const sorted = (book: typeof expected) => [...book].map(([name, takes]) => [name, typeof takes === 'string' ? takes : [...takes].sort()]).sort()
    t.same(sorted(bookOf(told, invoices)), sorted(expected))
    t.ok([...expected.values()].some(takes => typeof takes !== 'string'), 'some are matched')
    t.ok(views.values().some(order => order?.state === 'Cancelled'), 'some orders are cancelled')
    t.equal(new Set(told.map(credit => `${credit.creditNoteNo}/${credit.lineNo}/${credit.revision}`)).size, told.length, 'nothing is said twice')
    t.equal((await driver.read(topics.orders.events)).filter(({ value }) => value.type === 'OrderCreated' || value.type === 'OrderRejected').length,
      invoices.filter(({ kind }) => kind === 'sale').length)
    t.equal(await waiting(), 0)
    const accounts = [...(await driver.store(importsProcessor, accountStore).rows()).values()]
    t.ok(accounts.every(account => account.openOrders.length === 0 && account.waitingCredits.length === 0))
    t.same(await driver.deadLetters(), [])
  })
}
