import { test } from 'tap'
import { StreamsError } from '../../../streams/index.ts'
import { commands, counter, totals } from './counting.ts'
import { World } from './world.ts'

const R2 = 'R2 a stale owner changes nothing'

test(`${R2} when it wakes up with a transaction open`, async t => {
  const world = await World.create(t, [counter()])
  const old = await world.own({ confirm: rejectAfter(1) })
  const held = world.broker.faults.hold({ api: 'endTxn' }, { phase: 'request' })
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await held.arrived
  const successor = await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 10 })
  await world.settle()
  held.release()
  await world.wait(10_000)
  t.match(world.committed(totals), [{ total: 1 }, { total: 11 }], 'the record of the open transaction was done by the successor, once')
  t.same(await world.rows('counts'), { a: '11' })
  t.equal(old.task.status().state, 'closed')
  t.equal(successor.task.status().state, 'running')
  t.equal(successor.task.status().acquisitions, 1, 'the successor was not disturbed')
})

test(`${R2} when it wakes up between its commit and its apply`, async t => {
  const world = await World.create(t, [counter()])
  const old = await world.own({ confirm: rejectAfter(1) })
  const held = world.backend.faults.hold({ op: 'apply' }, { phase: 'request' })
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await held.arrived
  await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 10 })
  await world.settle()
  t.same(await world.rows('counts'), { a: '11' }, 'the successor has replayed what was not applied')
  held.release()
  await world.wait(10_000)
  t.same(await world.rows('counts'), { a: '11' }, 'the late apply of the old owner is refused')
  t.equal(old.task.status().state, 'closed')
})

test(`${R2} when it decides on what it read before it lost the task`, async t => {
  const world = await World.create(t, [counter()], { cacheBytes: 0 })
  const old = await world.own({ confirm: rejectAfter(1) })
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  const held = world.backend.faults.hold({ op: 'read' }, { phase: 'answer' })
  await world.send(commands, 'a', { type: 'Add', amount: 2 })
  await held.arrived
  await world.own()
  await world.settle()
  held.release()
  await world.wait(10_000)
  t.match(world.committed(totals), [{ total: 1 }, { total: 3 }])
  t.equal(old.task.status().state, 'closed')
})

test(`${R2} when its claim of the state arrives after the claim of its successor`, async t => {
  const world = await World.create(t, [counter()])
  const held = world.backend.faults.hold({ op: 'claim' }, { phase: 'request' })
  const zombie = world.start({ confirm: rejectAfter(1) })
  await held.arrived
  const successor = await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 5 })
  await world.settle()
  held.release()
  await world.wait(10_000)
  t.same(await world.rows('counts'), { a: '5' }, 'the state of the live owner is not wiped')
  t.match({ zombie: zombie.task.status().state, successor: successor.task.status() }, { zombie: 'closed', successor: { state: 'running', acquisitions: 1 } })
})

test(`${R2} and a task without membership does not even fence the owner`, async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  const outsider = await world.own({ confirm: rejectAfter(0) })
  t.equal(outsider.task.status().state, 'closed')
  await world.send(commands, 'a', { type: 'Add', amount: 5 })
  await world.wait(1000)
  t.match(owner.task.status(), { state: 'running', acquisitions: 1 })
})

test(`${R2} and two owners that both believe in themselves do not duel without pause`, async t => {
  const world = await World.create(t, [counter()], { backoffMs: 1000, maxBackoffMs: 8000 })
  const one = await world.own()
  const two = await world.own()
  for (let step = 0; step < 40; step++) {
    await world.send(commands, 'a', { type: 'Add', amount: 1 })
    await world.wait(500)
  }
  const acquisitions = one.task.status().acquisitions + two.task.status().acquisitions
  t.ok(acquisitions <= 42, `${acquisitions} acquisitions in 20 s`)
  await world.wait(10_000)
  t.equal(world.committed(totals).length, 40, 'and nothing is done twice or left out')
  t.match(world.committed(totals).at(-1), { total: 40 })
})

/** Heartbeats that succeed so many times, then say that the task is another's. */
function rejectAfter (times: number): () => Promise<void> {
  let left = times
  return async () => {
    if (left-- <= 0) throw new StreamsError('STR_TXN_FENCED', { reason: 'assigned to another member' })
  }
}
