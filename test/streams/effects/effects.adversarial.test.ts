import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'tap'
import { defineProcessor, type EffectDef, type EffectOutcome, type EffectRow, jsonSerde, type ProcessorDef } from '../../../streams/index.ts'
import { attack, Dice, isCaught } from '../attack.ts'
import { commands, type Command, type Total, totals } from '../runtime/counting.ts'
import { type Owner, World } from '../runtime/world.ts'

interface Charge { readonly amount: number }

/** The outside world, which keeps a ledger: every call that reached it, and what it has done under each key. */
class Provider {
  readonly calls: Array<{ readonly key: string, readonly request: string, readonly atMs: number }> = []
  readonly done = new Map<string, number>()
  isWell = false
  readonly #dice: Dice
  readonly #now: () => number

  constructor (seed: number, now: () => number) {
    this.#dice = new Dice(seed)
    this.#now = now
  }

  async call ({ idempotencyKey: key, request }: EffectRow<Charge>): Promise<EffectOutcome> {
    this.calls.push({ key, request: JSON.stringify(request), atMs: this.#now() })
    const fate = this.isWell ? 0 : this.#dice.roll(6)
    if (fate === 1) throw new Error('502, nothing done')
    if (!this.done.has(key)) this.done.set(key, request.amount)
    if (fate === 2) throw new Error('done, and the connection broke')
    if (fate === 3) return await new Promise<never>(() => {})
    return { kind: 'succeeded', result: this.done.get(key) }
  }

  async lookup ({ idempotencyKey: key }: EffectRow<Charge>): Promise<EffectOutcome> {
    const amount = this.done.get(key)
    return await Promise.resolve(amount === undefined ? { kind: 'failed', code: 'none', message: 'never seen', retriable: false } : { kind: 'succeeded', result: amount })
  }
}

type Policy = Pick<EffectDef<Charge>, 'keyLifeMs' | 'policy'> & { readonly hasLookup?: boolean }

const keyed: Policy = { keyLifeMs: 1e12, policy: 'at-most-once' }
const mostOnce: Policy = { keyLifeMs: 0, policy: 'at-most-once' }
const leastOnce: Policy = { keyLifeMs: 0, policy: 'at-least-once' }
const lookedUp: Policy = { keyLifeMs: 500, policy: 'at-most-once', hasLookup: true }

function paying (provider: Provider, { keyLifeMs, policy, hasLookup = false }: Policy): ProcessorDef {
  const charge: EffectDef<Charge> = {
    name: 'charge',
    request: jsonSerde<Charge>(),
    keyLifeMs,
    policy,
    timeoutMs: 2_000,
    call: async row => await provider.call(row),
    ...hasLookup ? { lookup: async (row: EffectRow<Charge>) => await provider.lookup(row) } : {},
    finish: (context, row, outcome) => {
      const total = outcome.kind === 'succeeded' ? Number(outcome.result) : -1
      context.emit(totals, { key: row.key, value: { type: 'Total', id: `${outcome.kind} ${row.idempotencyKey}`, total, atMs: context.nowMs } })
    }
  }
  return defineProcessor<Command>({
    name: 'payments',
    inputs: [commands],
    outputs: [totals],
    effects: [charge],
    handlers: {
      Add: (context, { amount }, { key }) => {
        if (context.isEffectOpen(charge, key)) context.emit(totals, { key, value: { type: 'Total', id: `busy ${context.nextId()}`, total: amount, atMs: 0 } })
        else context.startEffect(charge, { key, idempotencyKey: String(amount), request: { amount } })
      }
    }
  })
}

type Step =
  | { readonly kind: 'charge', readonly key: string }
  | { readonly kind: 'crash' | 'flush' | 'second-owner' }
  | { readonly kind: 'break', readonly op: 'read' | 'apply' | 'rows', readonly phase: 'request' | 'answer' }
  | { readonly kind: 'break-broker', readonly api: 'endTxn' | 'produce', readonly phase: 'request' | 'answer' }
  | { readonly kind: 'wait', readonly ms: number }

const phase = fc.constantFrom('request' as const, 'answer' as const)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('charge' as const), key: fc.constantFrom('a', 'b', 'c') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('crash' as const, 'crash' as const, 'flush' as const, 'second-owner' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('break' as const), op: fc.constantFrom('read' as const, 'apply' as const, 'rows' as const), phase }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('break-broker' as const), api: fc.constantFrom('endTxn' as const, 'produce' as const), phase }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 100, 600, 2_000) }) }
)

/** Plays the steps; amounts are 1, 2, 3 … and are the idempotency keys, so the ledger tells which command caused what. */
async function play (world: World, provider: Provider, steps: readonly Step[]): Promise<number> {
  let owner: Owner = await world.own()
  let sent = 0
  for (const one of steps) {
    switch (one.kind) {
      case 'charge': await world.send(commands, one.key, { type: 'Add', amount: ++sent }); break
      case 'flush': world.backend.flush(); break
      case 'second-owner': world.start(); break
      case 'crash':
        owner.crash()
        owner = world.start()
        break
      case 'break': world.backend.faults.fail({ op: one.op }, { phase: one.phase }); break
      case 'break-broker': world.broker.faults.fail({ api: one.api, transactionalId: world.transactionalId }, { phase: one.phase }); break
      case 'wait': await world.wait(one.ms)
    }
  }
  world.broker.faults.clear()
  world.backend.faults.clear()
  provider.isWell = true
  await world.own()
  for (let n = 0; n < 10; n++) await world.wait(5_000)
  return sent
}

interface Ledger { readonly provider: Provider, readonly ended: ReadonlyMap<number, Total>, readonly accepted: readonly number[] }

function effectsAre (policy: Policy, promise: (ledger: Ledger) => void): fc.IAsyncProperty<[Step[], number]> {
  return fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 30, size: 'max' }), fc.nat(), async (steps, seed) => {
    let now = (): number => 0
    const provider = new Provider(seed, () => now())
    const world = await World.open([paying(provider, policy)], { stateCheckMs: 1000 })
    now = () => world.clock.now()
    try {
      const sent = await play(world, provider, steps)
      const events = world.committed(totals) as Total[]
      const busy = events.filter(({ id }) => id.startsWith('busy'))
      const outcomes = events.filter(({ id }) => !id.startsWith('busy'))
      // In every policy: each command has exactly one end, and no row stays open.
      const ended = new Map(outcomes.map(event => [Number(event.id.split(' ')[1]), event]))
      assert.equal(ended.size, outcomes.length, 'an effect ended twice')
      assert.equal(busy.length + outcomes.length, sent, 'each command has one end')
      assert.deepStrictEqual(await world.rows('#effects/charge'), {})
      for (const { key, request } of provider.calls) assert.deepStrictEqual(JSON.parse(request), { amount: Number(key) }, 'the same bytes under the same key')
      promise({ provider, ended, accepted: [...ended.keys()] })
    } finally {
      await world.close()
    }
  })
}

const callsOf = ({ provider }: Ledger, amount: number): number => provider.calls.filter(({ key }) => key === String(amount)).length

function neverTwice (ledger: Ledger): void {
  for (const amount of ledger.accepted) {
    assert.ok(callsOf(ledger, amount) <= 1, `${amount} was called ${callsOf(ledger, amount)} times`)
    const end = ledger.ended.get(amount)
    if (end?.id.startsWith('succeeded') === true) assert.equal(ledger.provider.done.get(String(amount)), amount)
  }
}

test('an effect without a key that may happen once at most is never called twice, and is told as unknown when nobody knows', { timeout: 120_000 }, async t => {
  await fc.assert(effectsAre(mostOnce, neverTwice), attack(25))
  t.ok(await isCaught(effectsAre(leastOnce, neverTwice), 30), 'one that is called again is caught')
})

test('an effect that must happen once at least is called until it succeeded, and ends once', { timeout: 120_000 }, async t => {
  const happened = (ledger: Ledger): void => {
    for (const [amount, { id }] of ledger.ended) assert.ok(id.startsWith('succeeded') && ledger.provider.done.has(String(amount)), `${amount}: ${id}`)
  }
  await fc.assert(effectsAre(leastOnce, happened), attack(25))
  t.ok(await isCaught(effectsAre(mostOnce, happened), 30), 'one that is given up is caught')
})

test('an effect whose key lives is repeated under it until it succeeded, so its provider does it once', { timeout: 120_000 }, async () => {
  await fc.assert(effectsAre(keyed, ({ provider, ended }) => {
    for (const [amount, { id, total }] of ended) assert.deepStrictEqual([id.split(' ')[0], total, provider.done.get(String(amount))], ['succeeded', amount, amount])
    assert.equal(provider.done.size, ended.size, 'nothing was done that did not end')
  }), attack(25))
})

test('an effect whose key has died is looked up and not called again, and ends as its provider says', { timeout: 120_000 }, async () => {
  await fc.assert(effectsAre(lookedUp, ledger => {
    for (const [amount, { id }] of ledger.ended) {
      const calls = ledger.provider.calls.filter(({ key }) => key === String(amount)).map(({ atMs }) => atMs)
      assert.ok(calls.every(atMs => atMs - (calls[0] ?? 0) < 500), `${amount} was called at ${calls.join()}`)
      assert.equal(id.startsWith('succeeded'), ledger.provider.done.has(String(amount)), `${amount}: ${id}`)
    }
  }), attack(25))
})
