import { test } from 'tap'
import { type EffectOutcome, jsonSerde, StreamsError } from '../../../streams/index.ts'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { commands, type Command, totals, type Event } from '../runtime/counting.ts'
import { World } from '../runtime/world.ts'
import { type Charge, paying, Provider } from './charging.ts'

const add = (amount: number): Command => ({ type: 'Add', amount })
const kinds = (events: readonly Event[]): string[] => events.map(event => event.type === 'Total' ? `${event.id.split(' ')[0]} ${event.total}` : event.type)

test('an effect is called after its acceptance is committed, and its outcome is emitted with the row removed', async t => {
  const provider = new Provider()
  const world = await World.create(t, [paying(provider)])
  const owner = await world.own()
  const held = world.broker.faults.hold({ api: 'endTxn' }, { phase: 'answer' })
  await world.send(commands, 'a', add(5))
  await held.arrived
  await world.settle()
  t.same(provider.calls, [], 'not before the commit is known')
  held.release()
  await world.settle()
  t.equal(provider.calls.length, 1)
  t.same(kinds(world.committed(totals)), ['succeeded 5'])
  t.same(await world.rows('#effects/charge'), {})
  t.equal(owner.task.status().openEffects, 0)
})

test('an effect of a failed record is never called', async t => {
  const provider = new Provider()
  const driver = await createTestDriver({ nodes: [paying(provider)] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', { type: 'Fail', message: 'no' })
  await driver.advance(60_000)
  t.same(provider.calls, [])
  t.equal((await driver.deadLetters()).length, 1)
})

test('one effect per key is open at a time', async t => {
  const provider = new Provider()
  const answer = Promise.withResolvers<EffectOutcome>()
  provider.answer = async () => await answer.promise
  const world = await World.create(t, [paying(provider)])
  await world.own()
  await world.send(commands, 'a', add(5))
  await world.send(commands, 'a', add(6))
  await world.settle()
  t.same(kinds(world.committed(totals)), ['busy 6'])
  answer.resolve({ kind: 'succeeded', result: 5 })
  await world.settle()
  await world.send(commands, 'a', add(7))
  await world.settle()
  t.equal(provider.calls.length, 2)
})

test('an effect whose owner was killed during the call is called again with the same key, and takes place once', async t => {
  const provider = new Provider()
  provider.answer = async () => await new Promise<never>(() => {})
  const world = await World.create(t, [paying(provider)])
  const owner = await world.own()
  await world.send(commands, 'a', add(5))
  await world.settle()
  owner.crash()
  provider.answer = async row => ({ kind: 'succeeded', result: provider.done.get(row.idempotencyKey) })
  await world.own()
  await world.settle()
  t.equal(provider.calls.length, 2)
  t.equal(provider.done.size, 1, 'one key')
  t.same(kinds(world.committed(totals)), ['succeeded 5'])
})

test('an effect that was answered and whose owner was killed before the finish was committed is asked again, and finished once', async t => {
  const provider = new Provider()
  const world = await World.create(t, [paying(provider)])
  const owner = await world.own()
  const held = world.broker.faults.hold({ api: 'addPartitions' }, { phase: 'request', skip: 1 })
  await world.send(commands, 'a', add(5))
  await held.arrived
  owner.crash()
  await world.own()
  await world.settle()
  t.equal(provider.done.size, 1)
  t.same(kinds(world.committed(totals)), ['succeeded 5'])
})

test('an effect older than the key life is looked up after a kill', async t => {
  const provider = new Provider()
  provider.answer = async () => await new Promise<never>(() => {})
  const def = paying(provider, { keyLifeMs: 60_000, lookup: async row => await provider.lookup(row) })
  const world = await World.create(t, [def])
  const owner = await world.own()
  await world.send(commands, 'a', add(5))
  await world.settle()
  owner.crash()
  await world.clock.advance(60_000)
  await world.own()
  await world.settle()
  t.equal(provider.calls.length, 1)
  t.equal(provider.lookups.length, 1)
  t.same(kinds(world.committed(totals)), ['succeeded 5'])
})

for (const [policy, expected, calls] of [['at-most-once', 'unknown -1', 1], ['at-least-once', 'succeeded 5', 2]] as const) {
  test(`an effect without a key is ${policy} after a kill`, async t => {
    const provider = new Provider()
    provider.answer = async () => await new Promise<never>(() => {})
    const world = await World.create(t, [paying(provider, { keyLifeMs: 0, policy })])
    const owner = await world.own()
    await world.send(commands, 'a', add(5))
    await world.settle()
    owner.crash()
    provider.answer = async row => ({ kind: 'succeeded', result: row.request.amount })
    await world.own()
    await world.settle()
    t.equal(provider.calls.length, calls)
    t.same(kinds(world.committed(totals)), [expected])
  })
}

test('a rejected call is made again with backoff while its key lives, then ends unknown', async t => {
  const provider = new Provider()
  provider.answer = async () => { throw new Error('500') }
  const world = await World.create(t, [paying(provider, { keyLifeMs: 1000 })])
  await world.own()
  await world.send(commands, 'a', add(5))
  await world.settle()
  t.equal(provider.calls.length, 1)
  await world.wait(100)
  t.equal(provider.calls.length, 2)
  for (let n = 0; n < 30; n++) await world.wait(100)
  t.equal(new Set(provider.calls).size, 1)
  t.same(kinds(world.committed(totals)), ['unknown -1'])
})

test('a call without an answer is given up after its timeout and made again', async t => {
  const provider = new Provider()
  const signals: AbortSignal[] = []
  const world = await World.create(t, [paying(provider, {
    timeoutMs: 1000,
    call: async (row, signal) => {
      signals.push(signal)
      await provider.call(row)
      return signals.length === 1 ? await new Promise<never>(() => {}) : { kind: 'succeeded', result: 5 }
    }
  })])
  await world.own()
  await world.send(commands, 'a', add(5))
  await world.wait(1000)
  t.equal(signals[0]?.aborted, true)
  await world.wait(100)
  t.same(kinds(world.committed(totals)), ['succeeded 5'])
})

test('at most so many calls are in flight, and a slow one does not hold up the partition', async t => {
  const provider = new Provider()
  const slow = Promise.withResolvers<EffectOutcome>()
  let inFlight = 0
  let most = 0
  provider.answer = async row => {
    most = Math.max(most, ++inFlight)
    const outcome: EffectOutcome = row.key === 'k0' ? await slow.promise : { kind: 'succeeded', result: 1 }
    inFlight--
    return outcome
  }
  const world = await World.create(t, [paying(provider, { concurrency: 3 })])
  await world.own()
  for (let n = 0; n < 20; n++) await world.send(commands, `k${n}`, add(1))
  await world.settle()
  t.equal(world.committed(totals).length, 19)
  t.ok(most > 1 && most <= 3, `${most} in flight`)
  slow.resolve({ kind: 'succeeded', result: 1 })
  await world.settle()
  t.equal(world.committed(totals).length, 20)
})

test('a call in flight when the epoch ends is awaited, not repeated', async t => {
  const provider = new Provider()
  const answer = Promise.withResolvers<EffectOutcome>()
  provider.answer = async () => await answer.promise
  const world = await World.create(t, [paying(provider, { keyLifeMs: 0 })])
  const owner = await world.own()
  await world.send(commands, 'a', add(5))
  await world.settle()
  world.broker.faults.fail({ api: 'endTxn', transactionalId: 'app.payments.0' }, { phase: 'request' })
  await world.send(commands, 'b', { type: 'Fail', message: 'anything that commits' })
  await world.wait(1000)
  t.equal(owner.task.status().acquisitions, 2)
  answer.resolve({ kind: 'succeeded', result: 5 })
  await world.settle()
  t.equal(provider.calls.length, 1, 'at most once, and yet known')
  t.same(kinds(world.committed(totals)), ['succeeded 5'])
})

test('an outcome whose finish was committed unseen is not taken for that of the effect which the finish opened under the same key', async t => {
  const provider = new Provider()
  const calls: Array<PromiseWithResolvers<void>> = []
  provider.answer = async () => {
    const call = Promise.withResolvers<void>()
    calls.push(call)
    await call.promise
    return { kind: 'succeeded', result: 1 }
  }
  const again = paying(provider, {
    policy: 'at-least-once',
    finish: (context, row) => {
      const { amount } = row.request
      context.emit(totals, { key: row.key, value: { type: 'Total', id: 'finished', total: amount, atMs: 0 } })
      if (amount < 2) context.startEffect(again.effects[0]!, { key: row.key, idempotencyKey: row.idempotencyKey, request: { amount: amount + 1 } })
    }
  })
  const world = await World.create(t, [again])
  await world.own()
  await world.send(commands, 'a', add(1))
  await world.settle()
  world.broker.faults.fail({ api: 'endTxn' }, { phase: 'answer' })
  calls[0]!.resolve()
  await world.wait(1000)
  await world.wait(1000)
  t.same(kinds(world.committed(totals)), ['finished 1'])
  calls[1]!.resolve()
  await world.wait(1000)
  t.same(kinds(world.committed(totals)), ['finished 1', 'finished 2'])
})

test('a task that is closed waits for its calls in flight and commits their outcomes', async t => {
  const provider = new Provider()
  const answer = Promise.withResolvers<EffectOutcome>()
  provider.answer = async () => await answer.promise
  const world = await World.create(t, [paying(provider, { keyLifeMs: 0 })])
  const owner = await world.own()
  await world.send(commands, 'a', add(5))
  await world.settle()
  const closed = owner.task.close()
  await world.send(commands, 'b', add(6))
  await world.settle()
  answer.resolve({ kind: 'succeeded', result: 5 })
  await closed
  t.same(kinds(world.committed(totals)), ['succeeded 5'])
  t.equal(provider.calls.length, 1, 'and takes nothing new')
})

test('an open effect whose request cannot be read stops the task', async t => {
  const provider = new Provider()
  const request = { encode: () => Buffer.from('{'), decode: jsonSerde<Charge>().decode }
  const world = await World.create(t, [paying(provider, { request })])
  const owner = await world.own()
  await world.send(commands, 'a', add(5))
  await world.settle()
  t.match(owner.task.status(), { state: 'failed', reason: { code: 'STR_CHANGELOG_UNREADABLE' } })
  t.same(provider.calls, [])
})

test('an effect waits for a registry that does not answer, without being called', async t => {
  const provider = new Provider()
  let failures = 2
  const request = { ...jsonSerde<Charge>(), prepare: async () => { if (failures-- > 0) throw new StreamsError('STR_REGISTRY_UNAVAILABLE') } }
  const world = await World.create(t, [paying(provider, { request, keyLifeMs: 0 })])
  await world.own()
  await world.send(commands, 'a', add(5))
  for (let n = 0; n < 10; n++) await world.wait(100)
  t.same(kinds(world.committed(totals)), ['succeeded 5'])
})

test('a finish that fails is dead-lettered with the stored row, and the key is free', async t => {
  const provider = new Provider()
  const driver = await createTestDriver({ nodes: [paying(provider, { finish: () => { throw new Error('cannot') } })] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', add(5))
  t.match(await driver.deadLetters(), [{ reason: 'STR_HANDLER_FAILED', kind: 'effect', key: Buffer.from('e/charge/a') }])
  await driver.pipe(commands, 'a', add(6))
  await driver.run()
  t.equal(provider.calls.length, 2)
})
