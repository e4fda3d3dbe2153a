import { test } from 'tap'
import { commands, counter, totals, type Remind } from './counting.ts'
import { World } from './world.ts'

const add = { type: 'Add', amount: 1 } as const

test('an Acquire gives up when the state changes while it is to be wiped, and tries again', async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  await world.send(commands, 'a', add)
  await world.settle()
  await owner.task.close()
  const end = world.broker.log(world.changelog, 0).endOffset
  world.broker.truncateTo(world.changelog, 0, end - 4n)
  world.broker.truncateTo('commands', 0, 0n)
  const held = world.backend.faults.hold({ op: 'wipe' }, { phase: 'request' })
  const next = world.start()
  await held.arrived
  world.backend.flush()
  held.release()
  await world.wait(5000)
  t.match(next.task.status(), { state: 'running', acquisitions: 1 })
})

test('an Acquire whose state is taken over during its rebuild ends, and its successor has it right', async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  for (let n = 0; n < 3; n++) await world.send(commands, `k${n}`, add)
  await world.settle()
  owner.crash()
  world.backend.flush()
  const held = world.backend.faults.hold({ op: 'apply' }, { phase: 'request' })
  const slow = world.start({ confirm: once() })
  await held.arrived
  await world.own()
  held.release()
  await world.wait(30_000)
  t.equal(slow.task.status().state, 'closed')
  t.same(await world.rows('counts'), { k0: '1', k1: '1', k2: '1' })
})

test('an Acquire fails when the changelog no longer begins at the progress of the state, and rebuilds from what there is', async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  for (let n = 0; n < 3; n++) await world.send(commands, `k${n}`, add)
  await world.settle()
  await owner.task.close()
  const before = await world.backend.open(world.stateKey).meta()
  const late = await world.own()
  await late.task.close()
  world.broker.deleteRecords(world.changelog, 0, (before?.progressOffset ?? 0n) + 1n)
  const next = await world.own()
  t.match(next.task.status(), { state: 'failed', reason: { code: 'STR_PROGRESS_MISSING' } }, 'a changelog that lost its progress is not a first start')
})

test('an Acquire goes on with timers that were set before, in the state it found and in one it rebuilt', async t => {
  for (const isFlushed of [false, true]) {
    const world = await World.create(t, [counter()])
    const owner = await world.own()
    await world.send(commands, 'a', { type: 'Remind', afterMs: 1000 } as Remind)
    await world.settle()
    owner.crash()
    if (isFlushed) world.backend.flush()
    await world.own()
    await world.wait(1000)
    t.equal(world.committed(totals).length, 1)
  }
})

test('an Acquire keeps the progress of inputs that this version does not have', async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  await world.send(commands, 'a', add)
  await world.settle()
  t.same([...owner.task.status().offsets.keys()], ['commands'])
  const { encodeProgress, PROGRESS_KEY, decodeProgress } = await import('../../../streams/state/changelog.ts')
  await owner.task.close()
  const unit = world.broker.client().openTransactions({ transactionalId: world.transactionalId })
  await unit.init()
  const value = encodeProgress({ sequence: 50n, contextTimeMs: 1, offsets: new Map([['gone', 7n], ['commands', 1n]]) })
  await unit.commit([{ topic: world.changelog, partition: 0, key: PROGRESS_KEY, value, headers: [] }])
  await world.own()
  await world.send(commands, 'a', add)
  await world.settle()
  const meta = await world.backend.open(world.stateKey).meta()
  const progress = decodeProgress(meta?.progress ?? Buffer.alloc(0))
  t.same([...progress.offsets], [['gone', 7n], ['commands', 2n]])
  t.equal(progress.sequence, 51n)
})

test('an Acquire refuses a changelog that another version wrote', async t => {
  const world = await World.create(t, [counter()])
  const unit = world.broker.client().openTransactions({ transactionalId: world.transactionalId })
  await unit.init()
  await unit.commit([{ topic: world.changelog, partition: 0, key: Buffer.from('z/new'), value: Buffer.from('?'), headers: [] }])
  const owner = await world.own()
  t.match(owner.task.status(), { state: 'failed', reason: { code: 'STR_CHANGELOG_UNREADABLE' } })
})

/** One heartbeat that succeeds; after it the task is another's. */
function once (): () => Promise<void> {
  let left = 1
  return async () => {
    const { StreamsError } = await import('../../../streams/index.ts')
    if (left-- <= 0) throw new StreamsError('STR_TXN_FENCED')
  }
}
