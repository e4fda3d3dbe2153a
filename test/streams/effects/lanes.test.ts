import { test } from 'tap'
import { commands, totals } from '../runtime/counting.ts'
import { World } from '../runtime/world.ts'
import { Bank, type BankKind, payer } from './bank.ts'

const honest: BankKind = { honoursKeys: true, canBeAsked: false, effect: { concurrency: 2, timeoutMs: 1000 } }

function told (world: World): string[] {
  return world.committed(totals).map(event => event.id)
}

test('keys that are never answered keep no other key from its turn, even when they take every place', async t => {
  const bank = new Bank(honest)
  bank.pass = async ({ key }) => { if (key.startsWith('slow')) await new Promise(() => {}) }
  const world = await World.create(t, [payer(bank, honest)])
  await world.own()
  for (const key of ['slow1', 'slow2', 'slow3', 'a', 'b', 'c']) await world.send(commands, key, { type: 'Add', amount: 1 })
  await world.wait(0)
  t.same(told(world), [], 'both places are taken')
  await world.wait(1000)
  await world.wait(1000)
  t.same(told(world).sort(), ['a succeeded', 'b succeeded', 'c succeeded'])
  bank.pass = async () => {}
  for (let second = 0; second < 10; second++) await world.wait(1000)
  t.equal(told(world).length, 6, 'and the slow ones come to their end')
  t.equal(new Set(bank.booked).size, bank.booked.length)
})

test('what is asked under one key is carried out in the order in which it is asked, however long each takes', async t => {
  const kind: BankKind = { ...honest, effect: { concurrency: 8, timeoutMs: 60_000 } }
  const bank = new Bank(kind)
  const world = await World.create(t, [payer(bank, kind)])
  await world.own()
  let delay = 900
  bank.pass = async (_row, phase) => { if (phase === 'request') await world.clock.sleep(delay -= 100) }
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.wait(0)
  for (let n = 1; n <= 3; n++) {
    await world.wait(1000)
    await world.send(commands, 'a', { type: 'Remind', afterMs: n })
  }
  await world.wait(1000)
  t.same(bank.booked, ['a', 'a+1', 'a+2', 'a+3'])
})

test('a lookup that finds nothing is not trusted while the request of a killed caller may still arrive', async t => {
  const arrive = async (settleMs: number): Promise<number> => {
    const kind: BankKind = { honoursKeys: false, canBeAsked: true, effect: { keyLifeMs: 0, settleMs } }
    const bank = new Bank(kind)
    const late = Promise.withResolvers<void>()
    bank.pass = async () => { await late.promise }
    const world = await World.create(t, [payer(bank, kind)])
    const owner = await world.own()
    await world.send(commands, 'a', { type: 'Add', amount: 1 })
    await world.settle()
    owner.crash()
    bank.pass = async () => {}
    await world.own()
    for (let n = 0; n < 20; n++) await world.wait(100)
    late.resolve()
    for (let n = 0; n < 20; n++) await world.wait(1000)
    t.same(told(world), ['a succeeded'])
    return bank.timesBooked('a')
  }
  t.equal(await arrive(5000), 1)
  t.equal(await arrive(0), 2, 'known-bad switch: at once it is called a second time')
})

test('an effect that is ended while it is called is aborted, and its late answer is dropped', async t => {
  const bank = new Bank(honest)
  const answer = Promise.withResolvers<void>()
  bank.pass = async (_row, phase) => { if (phase === 'answer') await answer.promise }
  const world = await World.create(t, [payer(bank, { ...honest, effect: { ...honest.effect, timeoutMs: 60_000 } })])
  const owner = await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  t.equal(owner.task.status().openEffects, 1)
  await world.send(commands, 'a', { type: 'Remind', afterMs: 0 })
  await world.settle()
  t.equal(owner.task.status().openEffects, 0)
  answer.resolve()
  await world.wait(1000)
  t.same(told(world), ['a ended: true'])
})

test('an effect may be ended and followed by the next one of its key in one step', async t => {
  const bank = new Bank(honest)
  bank.pass = async ({ idempotencyKey }) => { if (idempotencyKey === 'a') await new Promise(() => {}) }
  const world = await World.create(t, [payer(bank, honest)])
  await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  await world.send(commands, 'a', { type: 'Remind', afterMs: 7 })
  await world.wait(5000)
  t.same(told(world), ['a ended: true', 'a succeeded'])
  t.same(bank.booked, ['a+7'])
})

test('an effect is over once when its outcome and what ends it meet in one cycle', async t => {
  const bank = new Bank(honest)
  const world = await World.create(t, [payer(bank, honest)])
  const held = world.broker.faults.hold({ api: 'endTxn' }, { phase: 'request', skip: 1 })
  await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await held.arrived
  await world.send(commands, 'a', { type: 'Remind', afterMs: 0 })
  held.release()
  await world.wait(1000)
  t.same(told(world), ['a ended: true'])
  t.equal(bank.timesBooked('a'), 1)
})

test('ending an effect that is not open does nothing', async t => {
  const world = await World.create(t, [payer(new Bank(honest), honest)])
  await world.own()
  await world.send(commands, 'a', { type: 'Remind', afterMs: 0 })
  await world.settle()
  t.same(told(world), ['a ended: false'])
})

test('an end whose commit fails ends nothing: the call goes on, and the input is handled again', async t => {
  const bank = new Bank(honest)
  const answer = Promise.withResolvers<void>()
  const kind: BankKind = { ...honest, effect: { timeoutMs: 60_000 } }
  const world = await World.create(t, [payer(bank, kind)])
  const owner = await world.own()
  bank.pass = async () => { await answer.promise }
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  world.broker.faults.fail({ api: 'endTxn' }, { phase: 'request' })
  world.broker.faults.fail({ api: 'initProducerId' }, { phase: 'request', times: 3 })
  await world.send(commands, 'a', { type: 'Remind', afterMs: 0 })
  await world.settle()
  t.equal(owner.task.status().openEffects, 1)
  for (let n = 0; n < 10; n++) await world.wait(1000)
  answer.resolve()
  await world.wait(1000)
  t.equal(bank.timesBooked('a'), 1)
  t.same(told(world), ['a ended: true'])
})
