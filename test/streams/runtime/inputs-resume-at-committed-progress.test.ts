import { test } from 'tap'
import { decodeProgress } from '../../../streams/index.ts'
import { commands, counter, totals } from './counting.ts'
import { World } from './world.ts'

const R3 = 'R3 inputs resume exactly at the committed progress'
const apis = ['addPartitions', 'produce', 'endTxn'] as const
const phases = ['request', 'answer'] as const

for (const api of apis) {
  for (const phase of phases) {
    test(`${R3} after a kill at the ${phase} of ${api}`, async t => {
      const world = await World.create(t, [counter()])
      const owner = await world.own()
      await world.send(commands, 'a', { type: 'Add', amount: 1 })
      await world.settle()
      const held = world.broker.faults.hold({ api, transactionalId: world.transactionalId }, { phase })
      await world.send(commands, 'a', { type: 'Add', amount: 10 })
      await held.arrived
      owner.crash()
      world.broker.faults.clear()
      await world.own()
      await world.send(commands, 'a', { type: 'Add', amount: 100 })
      await world.settle()
      t.match(world.committed(totals), [{ total: 1 }, { total: 11 }, { total: 111 }])
      t.equal(world.committed(totals).length, 3)
      t.same(await world.rows('counts'), { a: '111' })
      t.ok(world.isStable, 'R10: no transaction hangs')
    })

    test(`${R3} when the connection breaks at the ${phase} of ${api}`, async t => {
      const world = await World.create(t, [counter()])
      const owner = await world.own()
      world.broker.faults.fail({ api, transactionalId: world.transactionalId }, { phase })
      await world.send(commands, 'a', { type: 'Add', amount: 10 })
      await world.send(commands, 'a', { type: 'Add', amount: 1 })
      await world.wait(1000)
      t.equal(world.committed(totals).length, 2)
      t.match(world.committed(totals).at(-1), { total: 11 })
      t.match(owner.task.status(), { state: 'running', acquisitions: 2 }, 'the same process acquires the task again')
      t.ok(world.isStable, 'R10: no transaction hangs')
    })
  }
}

test(`${R3} whatever the offsets of the group say`, async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  for (let n = 0; n < 5; n++) await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  owner.crash()
  world.broker.committedOffsets('app').set('commands-0', 0n)
  await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  t.equal(world.committed(totals).length, 6)
})

test(`${R3} and records that caused nothing are passed with the next commit, or soon with one of their own`, async t => {
  const handlers = { Remind: () => {} }
  const world = await World.create(t, [counter({ handlers })], { passCommitMs: 250 })
  const owner = await world.own()
  const before = world.broker.entries(world.changelog, 0).length
  for (let n = 0; n < 3; n++) await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  t.equal(world.broker.entries(world.changelog, 0).length, before, 'no transaction for nothing')
  await world.wait(250)
  t.equal(owner.task.status().offsets.get('commands'), 3n)
  const meta = await world.backend.open(world.stateKey).meta()
  t.equal(decodeProgress(meta?.progress ?? Buffer.alloc(0)).offsets.get('commands'), 3n)
})

test(`${R3} and so is what lies behind the last record: aborted records and ends of transactions`, async t => {
  const world = await World.create(t, [counter()], { passCommitMs: 250 })
  const owner = await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  const unit = world.broker.client('producer').openTransactions({ transactionalId: 'producer' })
  await unit.init()
  world.broker.faults.fail({ api: 'endTxn', transactionalId: 'producer' }, { phase: 'request' })
  const record = { topic: 'commands', partition: 0, key: Buffer.from('a'), value: commands.value.encode({ type: 'Add', amount: 1 }), headers: [] }
  await unit.commit([record, record]).catch(() => {})
  await unit.init()
  const end = world.broker.log('commands', 0).endOffset
  await world.wait(250)
  t.ok(end >= 4n)
  t.equal(owner.task.status().offsets.get('commands'), end, 'committed, though no record came')
  t.equal(world.committed(totals).length, 1)
  const before = world.broker.entries(world.changelog, 0).length
  for (let n = 0; n < 20; n++) await world.wait(1000)
  t.equal(world.broker.entries(world.changelog, 0).length, before, 'and then nothing more is written')
})
