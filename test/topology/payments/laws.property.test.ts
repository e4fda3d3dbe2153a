import fc from 'fast-check'
import { test } from 'tap'
import { netAmount, openAmount, stepOfKey } from '../../../topology/payments/payment.ts'
import { PaymentWorld, orderId } from './payment-world.ts'
import { type Fault, ScriptedGateway } from './scripted-gateway.ts'

const attempt = fc.integer({ min: 1, max: 3 })
const token = fc.constantFrom('tok_ok', 'tok_ok', 'tok_ok', 'tok_declined', 'tok_flaky')
const stepArb = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('authorise' as const), attempt, token }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('capture' as const), attempt, amount: fc.constantFrom(1_000n, 1_000n, 400n, 1_001n) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('void' as const), attempt }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refund' as const), id: fc.constantFrom('r1', 'r2'), amount: fc.constantFrom(null, 300n, 900n) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('tell' as const), nth: fc.nat(30) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('proceed' as const) }) }
)
type Step = typeof stepArb extends fc.Arbitrary<infer T> ? T : never
const faultArb = fc.constantFrom<Fault>('none', 'none', 'none', 'lost-request', 'lost-answer', 'down', 'held-back')

async function perform (payment: PaymentWorld, step: Step, gateway: ScriptedGateway): Promise<void> {
  switch (step.do) {
    case 'tell': return tell(payment, gateway, step.nth)
    case 'authorise': return payment.authorise(step.attempt, 1_000n, step.token)
    case 'capture': return payment.capture(step.attempt, step.amount)
    case 'void': return payment.void(step.attempt)
    case 'refund': return payment.refund(step.id, step.amount)
    case 'proceed':
      if (payment.isCalling) await payment.call()
      else if (payment.state.operation !== null) payment.wait()
  }
}

/** The gateway tells by itself of one of the calls it has carried out, old or new: as often and as late as it likes. */
function tell (payment: PaymentWorld, gateway: ScriptedGateway, nth: number): void {
  const keys = gateway.calls.map(call => call.split(' ')[1] as string)
  const key = keys.length === 0 ? '' : keys[nth % keys.length] as string
  const [result, about] = [gateway.ledger.find(key), stepOfKey(key)]
  if (about === undefined || result === undefined) return
  const { step, attempt, effectId } = about
  if (result.kind === 'declined') return payment.hear({ step, attempt, effectId, outcome: 'declined', code: result.code })
  if (result.kind !== 'done') return
  const { reference, currency, authorised, captured, voided, refunded } = result.view
  payment.hear({ step, attempt, effectId, reference, currency, authorised, captured, voided, refunded })
}

/** What the gateway's books say about the order, over all its authorisations. */
function booksOf (gateway: ScriptedGateway) {
  const sum = (name: 'authorised' | 'captured' | 'voided' | 'refunded'): bigint =>
    [...gateway.ledger.authorisations()].reduce((total, view) => total + view[name], 0n)
  return { authorised: sum('authorised'), captured: sum('captured'), voided: sum('voided'), refunded: sum('refunded') }
}

function textOf ({ authorised, captured, voided, refunded }: ReturnType<typeof booksOf>): string {
  return `authorised ${authorised}, captured ${captured}, voided ${voided}, refunded ${refunded}`
}

function check (payment: PaymentWorld): void {
  const { state } = payment
  if (openAmount(state) < 0n || netAmount(state) < 0n) throw new Error('money is not conserved')
  const paid = state.refunds.reduce((sum, refund) => sum + refund.refunded, 0n)
  if (paid !== state.refunded) throw new Error('the refunds do not add up')
  if (state.operation === null && state.waiting.length > 0) throw new Error('something waits for nothing')
}

test('no sequence of commands and faults breaks the money law, and the books agree with the gateway once all is settled', async t => {
  await fc.assert(fc.asyncProperty(fc.array(stepArb, { maxLength: 40 }), fc.array(faultArb, { maxLength: 25 }), async (steps, script) => {
    const gateway = new ScriptedGateway(script)
    const payment = new PaymentWorld(gateway)
    for (const step of steps) {
      await perform(payment, step, gateway)
      check(payment)
    }
    await payment.settle()
    check(payment)
    // A forward step that gave up without knowing is settled by the void that the order sends then.
    if (payment.state.unresolved) payment.void(payment.state.attempt)
    await payment.settle()
    const ours = textOf(payment.state)
    const theirs = textOf(booksOf(gateway))
    if (ours !== theirs) throw new Error(`ours ${ours}, the gateway's ${theirs}`)
  }), { numRuns: 400 })
  t.pass('400 random histories')
})

test('the events of a payment tell its amounts, whatever happened', async t => {
  await fc.assert(fc.asyncProperty(fc.array(stepArb, { maxLength: 40 }), fc.array(faultArb, { maxLength: 20 }), async (steps, script) => {
    const gateway = new ScriptedGateway(script)
    const payment = new PaymentWorld(gateway)
    for (const step of steps) await perform(payment, step, gateway)
    await payment.settle()
    const sum = (...types: string[]): bigint =>
      payment.events.reduce((total, event) => types.includes(event.type) && 'amount' in event ? total + event.amount : total, 0n)
    const { authorised, captured, refunded } = payment.state
    if (sum('PaymentAuthorized') !== authorised) throw new Error('authorised differs')
    if (sum('PaymentSucceeded') !== captured) throw new Error('captured differs')
    if (sum('PaymentRefunded', 'PaymentPartiallyRefunded') !== refunded) throw new Error('refunded differs')
  }), { numRuns: 300 })
  t.pass('300 random histories')
})

test('after a void nothing is open or kept, wherever in the history it comes', async t => {
  await fc.assert(fc.asyncProperty(fc.nat(8), fc.array(faultArb, { maxLength: 10 }), async (at, script) => {
    const gateway = new ScriptedGateway(script)
    const payment = new PaymentWorld(gateway)
    const life: Step[] = [
      { do: 'authorise', attempt: 1, token: 'tok_ok' }, { do: 'proceed' }, { do: 'proceed' }, { do: 'proceed' },
      { do: 'capture', attempt: 1, amount: 1_000n }, { do: 'proceed' }, { do: 'proceed' }, { do: 'proceed' }
    ]
    for (const step of life.toSpliced(at, 0, { do: 'void', attempt: 1 })) await perform(payment, step, gateway)
    await payment.settle()
    if (payment.state.unresolved) payment.void()
    await payment.settle()
    const { authorised, captured, voided, refunded } = booksOf(gateway)
    if (authorised !== captured + voided || captured !== refunded) throw new Error(`the gateway keeps money: ${orderId} ${captured - refunded}`)
    if (!payment.events.some(event => event.type === 'PaymentVoided')) throw new Error('the void was never answered')
  }), { numRuns: 300 })
  t.pass('300 random histories')
})
