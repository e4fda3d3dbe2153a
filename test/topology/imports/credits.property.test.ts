import assert from 'node:assert/strict'
import { type CreditNoteMatched, type CreditNoteUnmatched, type ImportedInvoice } from '#schemas'
import fc from 'fast-check'
import { test } from 'tap'
import { importedOrderId } from '../../../topology/imports/import-ids.ts'
import { accountStore, creditNoteStore } from '../../../topology/imports/stores.ts'
import { type Goods, invoice, runId } from './import-fixtures.ts'
import { ImportWorld } from './import-world.ts'
import { type CreditBook, creditsByPiece } from './reference-credits.ts'

/** What becomes of an order, told in this order: confirmed, ended, or confirmed and then withdrawn. */
const fates = [[true], [false], [true, false]] as const
type Fate = (typeof fates)[number]

interface Plan { readonly isCredit: boolean, readonly customer: number, readonly goods: readonly Goods[], readonly fate: Fate }

const customers = ['17850', '12583']
const goodsArb = fc.array(fc.tuple(fc.constantFrom('A', 'B', 'POST'), fc.integer({ min: 1, max: 6 })), { minLength: 1, maxLength: 5 })
const planArb = (kinds: readonly Fate[]) => fc.record({
  isCredit: fc.boolean(), customer: fc.nat(1), goods: goodsArb, fate: fc.constantFrom(...kinds)
})
/** Invoices, and the choices of who is heard next: the file or one of the outcomes that are due. */
const historyArb = (kinds: readonly Fate[]) =>
  fc.record({ plans: fc.array(planArb(kinds), { minLength: 1, maxLength: 12 }), choices: fc.array(fc.nat(1_000), { minLength: 60, maxLength: 60 }) })

function invoiceOf ({ isCredit, customer, goods }: Plan, index: number): ImportedInvoice {
  const signed = isCredit ? goods.map(([sku, quantity]) => [sku, -quantity] as const) : goods
  return invoice(isCredit ? 'creditNote' : 'sale', index + 1, signed, { customerId: customers[customer] as string })
}

type Step = { readonly kind: 'invoice', readonly index: number } | { readonly kind: 'outcome', readonly index: number, readonly confirmed: boolean }

/**
 * Plays one interleaving to its end: invoices in the order of the file, the outcomes of an order after its invoice and in their
 * order, and everything else as the choices will have it. `after` runs after every step.
 */
function play (plans: readonly Plan[], choices: readonly number[], after: (world: ImportWorld, step: Step) => void = () => {}): ImportWorld {
  const world = new ImportWorld()
  const invoices = plans.map(invoiceOf)
  const told = plans.map(() => 0)
  let brought = 0
  for (let turn = 0; ; turn++) {
    const due = plans.flatMap((plan, index) => index < brought && !plan.isCredit && (told[index] as number) < plan.fate.length ? [index] : [])
    const options = brought < plans.length ? [-1, ...due] : due
    if (options.length === 0) return world
    const choice = options[(choices[turn % choices.length] as number) % options.length] as number
    if (choice === -1) {
      world.bring(invoices[brought] as ImportedInvoice)
      after(world, { kind: 'invoice', index: brought++ })
    } else {
      const { customerId, invoiceNo } = invoices[choice] as ImportedInvoice
      const confirmed = (plans[choice] as Plan).fate[told[choice] as number] as boolean
      told[choice] = (told[choice] as number) + 1
      world.settle(importedOrderId(runId, invoiceNo), customerId as string, confirmed)
      after(world, { kind: 'outcome', index: choice, confirmed })
    }
  }
}

/** The decisions that hold: those of the greatest revision. */
function bookOf (world: ImportWorld, invoices: readonly ImportedInvoice[]): CreditBook {
  const numbers = new Map(invoices.map(({ invoiceNo }) => [importedOrderId(runId, invoiceNo), invoiceNo]))
  const holding = new Map<string, CreditNoteMatched | CreditNoteUnmatched>()
  for (const credit of world.credits) {
    const name = `${credit.creditNoteNo}/${credit.lineNo}`
    if (credit.revision !== (holding.get(name)?.revision ?? 0) + 1) throw new Error(`revision ${credit.revision} of ${name} does not follow`)
    holding.set(name, credit)
  }
  return new Map([...holding].map(([name, credit]) => [name, credit.type === 'CreditNoteUnmatched'
    ? credit.reason
    : new Map(credit.takes.map(({ orderId, lineNo, quantity }) => [`${numbers.get(orderId)}/${lineNo}`, quantity]))]))
}

const sorted = (book: CreditBook) => [...book].map(([name, takes]) => [name, typeof takes === 'string' ? takes : [...takes].sort()]).sort()

function expectedOf (plans: readonly Plan[]) {
  const fateOf = new Map(plans.map((plan, index) => [index + 1, plan.fate]))
  return sorted(creditsByPiece(plans.map(invoiceOf), sale => fateOf.get(sale.sequence)?.at(-1) === true))
}

test('credits depend on the invoices and the outcomes alone, however the two are interleaved', t => {
  fc.assert(fc.property(historyArb(fates), ({ plans, choices }) => {
    const world = play(plans, choices)
    assert.deepEqual(sorted(bookOf(world, plans.map(invoiceOf))), expectedOf(plans))
    assert.equal(world.rowsOf(creditNoteStore).size, 0, 'nobody waits in the end')
  }), { numRuns: 500 })
  t.pass('500 random histories')
  t.end()
})

test('a credit line is decided once, when no earlier order of its customer is open, while no confirmed order is withdrawn', t => {
  fc.assert(fc.property(historyArb([[true], [false]]), ({ plans, choices }) => {
    const settled = new Set<number>()
    const invoices = plans.map(invoiceOf)
    let seen = 0
    const world = play(plans, choices, (now, step) => {
      if (step.kind === 'outcome') settled.add(step.index)
      for (const credit of now.credits.slice(seen)) {
        const at = invoices.findIndex(({ invoiceNo }) => invoiceNo === credit.creditNoteNo)
        const open = plans.filter((plan, index) => index < at && !plan.isCredit && plan.customer === plans[at]?.customer && !settled.has(index))
        assert.deepEqual(open, [])
      }
      seen = now.credits.length
    })
    assert.equal(world.credits.length, plans.reduce((sum, plan) => sum + (plan.isCredit ? plan.goods.length : 0), 0))
    assert.ok(world.credits.every(credit => credit.revision === 1))
  }), { numRuns: 300 })
  t.pass('300 random histories')
  t.end()
})

test('no line gives back more than was bought on it, at any moment', t => {
  fc.assert(fc.property(historyArb(fates), ({ plans, choices }) => {
    const bought = new Map<string, number>(plans.map(invoiceOf).flatMap(({ invoiceNo, lines }) =>
      lines.map(line => [`${importedOrderId(runId, invoiceNo)}/${line.lineNo}`, line.quantity] as const)))
    play(plans, choices, world => {
      const holding = new Map(world.credits.map(credit => [`${credit.creditNoteNo}/${credit.lineNo}`, credit]))
      const taken = new Map<string, number>()
      for (const credit of holding.values()) {
        if (credit.type === 'CreditNoteUnmatched') continue
        assert.equal(credit.takes.reduce((sum, take) => sum + take.quantity, 0), credit.quantity)
        for (const { orderId, lineNo, quantity } of credit.takes) taken.set(`${orderId}/${lineNo}`, (taken.get(`${orderId}/${lineNo}`) ?? 0) + quantity)
      }
      for (const [line, quantity] of taken) assert.ok(quantity <= (bought.get(line) ?? 0), `${quantity} taken from ${line}`)
    })
  }), { numRuns: 200 })
  t.pass('200 random histories')
  t.end()
})

test('nothing is done twice when any invoice or outcome comes again, at once or much later', t => {
  fc.assert(fc.property(historyArb(fates), fc.array(fc.nat(1_000), { minLength: 10, maxLength: 10 }), ({ plans, choices }, again) => {
    const invoices = plans.map(invoiceOf)
    const heard: Step[] = []
    let repeats = 0
    const world = play(plans, choices, (now, step) => {
      heard.push(step)
      const before = now.emitted.length
      for (const repeated of [step, heard[(again[heard.length % again.length] as number) % heard.length] as Step]) {
        const { invoiceNo, customerId } = invoices[repeated.index] as ImportedInvoice
        const { writes } = now
        if (repeated.kind === 'invoice') {
          now.bring(invoices[repeated.index] as ImportedInvoice)
          repeats++
        } else {
          now.settle(importedOrderId(runId, invoiceNo), customerId as string, repeated.confirmed)
          assert.equal(now.writes, writes, 'a row that does not change is not written')
        }
      }
      assert.equal(now.emitted.length, before)
    })
    assert.deepEqual(sorted(bookOf(world, invoices)), expectedOf(plans))
    assert.equal([...world.rowsOf(accountStore).values()].reduce((sum, account) => sum + account.repeats, 0), repeats)
  }), { numRuns: 200 })
  t.pass('200 random histories')
  t.end()
})
