import { test } from 'tap'
import { commands, counter, totals } from './counting.ts'
import { World } from './world.ts'

const R1 = 'R1 nothing uncommitted is in the state'

test(`${R1} while the transaction is open, nor after it was aborted`, async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  const held = world.broker.faults.hold({ api: 'endTxn' }, { phase: 'request' })
  await world.send(commands, 'a', { type: 'Add', amount: 7 })
  await held.arrived
  await world.settle()
  t.ok(world.broker.entries('totals', 0).some(entry => entry.outcome === 'open'), 'written to the log')
  t.same(await world.rows('counts'), {}, 'not committed')
  owner.crash()
  world.broker.faults.clear()
  await world.own()
  t.same(await world.rows('counts'), { a: '7' }, 'the next owner does it again, and commits')
  t.match(world.committed(totals), [{ total: 7 }])
})

test(`${R1} and what is committed is replayed when its apply never came`, async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  world.backend.faults.hold({ op: 'apply' }, { phase: 'request' })
  await world.send(commands, 'a', { type: 'Add', amount: 7 })
  await world.settle()
  t.match(world.committed(totals), [{ total: 7 }])
  t.same(await world.rows('counts'), {})
  owner.crash()
  world.backend.faults.clear()
  await world.own()
  t.same(await world.rows('counts'), { a: '7' })
  t.equal(world.committed(totals).length, 1, 'the cycle itself is not repeated')
})

test(`${R1} and intake stops when the state does not answer, so that what is not applied stays bounded`, async t => {
  const world = await World.create(t, [counter()], { maxUnappliedBytes: 1000, maxCycleRecords: 1 })
  await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  const held = world.backend.faults.hold({ op: 'apply' }, { phase: 'request' })
  for (let n = 0; n < 500; n++) await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  const done = world.committed(totals).length
  t.ok(done > 1 && done < 200, `${done} cycles were committed without an answer of the state, 500 wait`)
  held.release()
  await world.settle()
  t.match(world.committed(totals).at(-1), { total: 501 })
  t.same(await world.rows('counts'), { a: '501' })
})
