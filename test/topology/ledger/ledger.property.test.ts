import assert from 'node:assert/strict'
import { type LedgerBook, type LedgerPosted } from '#schemas'
import fc from 'fast-check'
import { test } from 'tap'
import { postCredit, postWithdrawal } from '../../../topology/ledger/post-credit.ts'
import { type BookedPayment, type Posted, bookedPayments, emptyBook, postPayment } from '../../../topology/ledger/post-payment.ts'
import { netAmount, openAmount } from '../../../topology/payments/payment.ts'
import { PaymentWorld } from '../payments/payment-world.ts'
import { type Fault, ScriptedGateway } from '../payments/scripted-gateway.ts'
import { balancesOf, matched, meta, movesOf, withdrawn } from './ledger-fixtures.ts'

type Entry = Omit<LedgerPosted, 'meta'>

const attempt = fc.constantFrom(1, 1, 1, 1, 2, 3)
const token = fc.constantFrom('tok_ok', 'tok_ok', 'tok_ok', 'tok_declined', 'tok_flaky')
const effects = fc.constantFrom('r1', 'r2', 'credit/import-run-1/C1', 'credit/import-run-1/C2')
const stepArb = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('authorise' as const), attempt, token }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('capture' as const), attempt, amount: fc.constantFrom(1_000n, 1_000n, 400n, 0n) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('void' as const), attempt }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('refund' as const), id: effects, amount: fc.constantFrom(null, 300n, 900n), capped: fc.boolean() }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('proceed' as const) }) }
)
type Step = typeof stepArb extends fc.Arbitrary<infer T> ? T : never
const historyArb = fc.record({
  steps: fc.array(stepArb, { minLength: 12, maxLength: 40 }),
  script: fc.array(fc.constantFrom<Fault>('none', 'none', 'lost-request', 'lost-answer', 'down', 'held-back'), { maxLength: 20 }),
  feeBasisPoints: fc.constantFrom(0, 140)
})

async function perform (payment: PaymentWorld, step: Step): Promise<void> {
  switch (step.do) {
    case 'authorise': return payment.authorise(step.attempt, 1_000n, step.token)
    case 'capture': return payment.capture(step.attempt, step.amount)
    case 'void': return payment.void(step.attempt)
    case 'refund': return payment.refund(step.id, step.amount, null, step.capped)
    case 'proceed':
      if (payment.isCalling) await payment.call()
      else if (payment.state.operation !== null) payment.wait()
  }
}

/** A ledger of one order, and what may come to it. */
class Books {
  book: LedgerBook = emptyBook
  readonly entries: Entry[] = []
  readonly #rules: { readonly feeBasisPoints: number }

  constructor (feeBasisPoints: number) {
    this.#rules = { feeBasisPoints }
  }

  hear (event: BookedPayment): void { this.#keep(postPayment(this.book, event, this.#rules)) }
  withdraw (): void { this.#keep(postWithdrawal(this.book, withdrawn())) }

  #keep ({ book, entry }: Posted): void {
    this.book = book
    if (entry !== undefined) this.entries.push(entry)
  }
}

/** The money events of a payment, as they are published. */
function moneyOf ({ published }: PaymentWorld): readonly BookedPayment[] {
  return published.flatMap(({ event, version }) =>
    (bookedPayments as readonly string[]).includes(event.type) ? [{ ...event, meta: meta(version) } as BookedPayment] : [])
}

async function playedOut (steps: readonly Step[], script: readonly Fault[]): Promise<PaymentWorld> {
  const payment = new PaymentWorld(new ScriptedGateway(script))
  for (const step of steps) await perform(payment, step)
  await payment.settle()
  return payment
}

const sum = (balances: Readonly<Record<string, bigint>>): bigint => Object.values(balances).reduce((total, amount) => total + amount, 0n)

test('any history of a payment balances at every moment, and the accounts say what the payment says', async t => {
  const kinds = new Set<string>()
  await fc.assert(fc.asyncProperty(historyArb, async ({ steps, script, feeBasisPoints }) => {
    const payment = new PaymentWorld(new ScriptedGateway(script))
    const books = new Books(feeBasisPoints)
    let heard = 0
    for (const step of steps) {
      await perform(payment, step)
      const events = moneyOf(payment)
      for (const event of events.slice(heard)) books.hear(event)
      heard = events.length
      const balances = balancesOf(books.entries)
      const on = (account: string): bigint => balances[account] ?? 0n
      const { state } = payment
      assert.equal(sum(balances), 0n)
      assert.equal(on('holds'), openAmount(state))
      assert.equal(on('holds-contra'), -openAmount(state))
      assert.equal(on('cash') + on('fees'), netAmount(state))
      assert.equal(on('revenue'), -state.captured)
      assert.equal(on('returns') + on('customer-credit'), state.refunded)
      assert.equal(books.book.open, openAmount(state))
    }
    for (const entry of books.entries) kinds.add(movesOf(entry)[0]?.split(' ').slice(0, 2).join(' ') ?? '')
  }), { numRuns: 600 })
  t.same([...kinds].sort(), ['authorised holds/holds-contra', 'captured cash/revenue', 'refunded customer-credit/cash', 'refunded returns/cash', 'released holds-contra/holds', 'voided holds-contra/holds'])
})

test('nothing is booked twice when any event comes again, at once or later', async t => {
  await fc.assert(fc.asyncProperty(historyArb, fc.array(fc.nat(1_000), { minLength: 10, maxLength: 10 }), async ({ steps, script, feeBasisPoints }, again) => {
    const events = moneyOf(await playedOut(steps, script))
    const [once, more] = [new Books(feeBasisPoints), new Books(feeBasisPoints)]
    for (const [index, event] of events.entries()) {
      once.hear(event)
      more.hear(event)
      for (const repeated of [event, events[(again[index % again.length] as number) % (index + 1)] as BookedPayment]) more.hear(repeated)
    }
    assert.deepEqual(more.entries, once.entries)
    assert.equal(new Set(once.entries.map(({ entryId }) => entryId)).size, once.entries.length)
  }), { numRuns: 200 })
  t.pass('200 histories')
})

test('a withdrawal leaves the same balances wherever it is read among the events of the payment', async t => {
  await fc.assert(fc.asyncProperty(historyArb, fc.nat(), async ({ steps, script, feeBasisPoints }, place) => {
    const payment = await playedOut(steps, script)
    payment.refund('order-1', null)
    await payment.settle()
    const events = moneyOf(payment)
    const balances = [place % (events.length + 1), events.length].map(at => {
      const books = new Books(feeBasisPoints)
      for (const event of events.slice(0, at)) books.hear(event)
      books.withdraw()
      for (const event of events.slice(at)) books.hear(event)
      return balancesOf([...books.entries, postCredit(emptyBook, matched()).entry as Entry])
    })
    assert.deepEqual(balances[0], balances[1])
    assert.equal(balances[0]?.['customer-credit'], -1_000n, 'the credit is owed, however much of it was paid before')
  }), { numRuns: 200 })
  t.pass('200 histories')
})
