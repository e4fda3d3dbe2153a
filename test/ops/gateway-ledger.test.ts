import fc from 'fast-check'
import { test } from 'tap'
import { type GatewayCommand, type GatewayEntry, GatewayLedger } from '../../ops/stack/gateway/ledger.ts'

const authorise = (key: string, token = 'tok_ok', amount = 100n): GatewayCommand =>
  ({ step: 'authorise', key, orderId: 'o1', amount, currency: 'GBP', method: 'card', token })
const follow = (step: 'capture' | 'refund', key: string, amount: bigint, authorisationKey = 'a'): GatewayCommand =>
  ({ step, key, authorisationKey, amount, currency: 'GBP' })

test('the ledger carries out a key once and repeats its first answer, even after later steps', t => {
  const ledger = new GatewayLedger()
  const first = ledger.submit(authorise('a'), 1)
  t.match(first, { result: { kind: 'done', view: { authorised: 100n, captured: 0n } }, entry: { step: 'authorise', at: 1 } })
  ledger.submit(follow('capture', 'c', 100n), 2)
  const again = ledger.submit(authorise('a'), 3)
  t.same(again.result, first.result)
  t.equal(again.entry, undefined)
  t.end()
})

test('the ledger refuses a key with other content', t => {
  const ledger = new GatewayLedger()
  ledger.submit(authorise('a'), 1)
  t.match(ledger.submit(authorise('a', 'tok_ok', 101n), 2).result, { kind: 'refused', code: 'idempotency-key-reused' })
  t.match(ledger.submit(follow('capture', 'a', 100n), 2).result, { kind: 'refused', code: 'idempotency-key-reused' })
  t.end()
})

test('the ledger treats each token as it is known for', t => {
  const ledger = new GatewayLedger()
  t.match(ledger.submit(authorise('d', 'tok_declined'), 1).result, { kind: 'declined', code: 'card-declined' })
  t.match(ledger.submit(authorise('u', 'tok_unheard_of'), 1).result, { kind: 'declined' })
  t.match(ledger.submit(authorise('s', 'tok_slow'), 1), { result: { kind: 'done' }, delivery: 'late' })
  t.match(ledger.submit(authorise('t', 'tok_timeout'), 1), { result: { kind: 'done' }, delivery: 'never' })
  t.match(ledger.submit(authorise('t', 'tok_timeout'), 1), { result: { kind: 'done' }, delivery: 'now' })
  const flaky = [1, 2, 3].map(() => ledger.submit(authorise('f', 'tok_flaky'), 1).result.kind)
  t.same(flaky, ['failed', 'failed', 'done'])
  t.end()
})

test('the ledger refuses what the money does not allow', t => {
  const ledger = new GatewayLedger()
  ledger.submit(authorise('a'), 1)
  const code = (command: GatewayCommand) => {
    const { result } = ledger.submit(command, 1)
    return result.kind === 'refused' ? result.code : result.kind
  }
  t.equal(code(follow('capture', 'c0', 101n)), 'capture-exceeds-open')
  t.equal(code(follow('refund', 'r0', 1n)), 'refund-exceeds-captured')
  t.equal(code({ ...follow('capture', 'c1', 1n), currency: 'USD' } as GatewayCommand), 'currency-differs')
  t.equal(code(follow('capture', 'c2', 1n, 'nowhere')), 'unknown-authorisation')
  t.equal(code(follow('capture', 'c3', 60n)), 'done')
  t.equal(code(follow('capture', 'c4', 40n)), 'already-captured')
  t.equal(code(follow('refund', 'r1', 61n)), 'refund-exceeds-captured')
  t.equal(code(follow('refund', 'r2', 60n)), 'done')
  t.match(ledger.authorisation('a'), { authorised: 100n, captured: 60n, voided: 40n, refunded: 60n })
  t.end()
})

test('a void of nothing fences the key: the late authorisation is refused', t => {
  const ledger = new GatewayLedger()
  t.match(ledger.submit({ step: 'void', key: 'v', authorisationKey: 'a' }, 1).result, { kind: 'done', view: { reference: '', authorised: 0n } })
  t.match(ledger.submit(authorise('a'), 2).result, { kind: 'refused', code: 'voided-before' })
  t.end()
})

test('a void gives up what is open and leaves what is captured', t => {
  const ledger = new GatewayLedger()
  ledger.submit(authorise('a'), 1)
  ledger.submit(authorise('b'), 1)
  ledger.submit(follow('capture', 'c', 100n, 'b'), 1)
  t.match(ledger.submit({ step: 'void', key: 'v', authorisationKey: 'a' }, 1).result, { view: { voided: 100n } })
  t.match(ledger.submit({ step: 'void', key: 'w', authorisationKey: 'b' }, 1).result, { view: { voided: 0n, captured: 100n } })
  t.end()
})

const keys = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const amount = fc.bigInt({ min: 0n, max: 120n })
const commandArb: fc.Arbitrary<GatewayCommand> = fc.oneof(
  fc.record({
    step: fc.constant('authorise' as const),
    key: keys,
    orderId: fc.constantFrom('o1', 'o2'),
    amount,
    currency: fc.constant('GBP'),
    method: fc.constant('card'),
    token: fc.constantFrom('tok_ok', 'tok_declined', 'tok_flaky')
  }),
  fc.record({ step: fc.constantFrom('capture' as const, 'refund' as const), key: fc.constantFrom('g', 'h', 'i', 'j'), authorisationKey: keys, amount, currency: fc.constant('GBP') }),
  fc.record({ step: fc.constant('void' as const), key: fc.constantFrom('k', 'l'), authorisationKey: keys })
)

test('replaying the entries rebuilds the ledger and every answer, and money is conserved throughout', t => {
  fc.assert(fc.property(fc.array(commandArb, { maxLength: 60 }), commands => {
    const ledger = new GatewayLedger()
    const entries: GatewayEntry[] = []
    for (const command of commands) {
      const { entry } = ledger.submit(command, 1)
      if (entry !== undefined) entries.push(entry)
      for (const { authorised, captured, voided, refunded } of ledger.authorisations()) {
        if (captured + voided > authorised || refunded > captured) throw new Error('money is not conserved')
      }
    }
    const again = new GatewayLedger()
    for (const entry of entries) again.apply(entry)
    t.same([...again.authorisations()], [...ledger.authorisations()])
    for (const command of commands) t.same(again.submit(command, 2).result, ledger.submit(command, 2).result)
  }), { numRuns: 60 })
  t.end()
})
