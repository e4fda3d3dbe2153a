import { test } from 'tap'
import { listen, type ChannelPayloads, type ProcessorContext, type RecordInfo } from '../../../streams/index.ts'
import { type Add, commands, counter, counts, totals } from './counting.ts'
import { World } from './world.ts'

const R5 = 'R5 state that is not the one the task wrote is found before anything is decided on it'

function acquired (t: { teardown: (end: () => void) => void }): Array<ChannelPayloads['streams:task:acquired']> {
  const seen: Array<ChannelPayloads['streams:task:acquired']> = []
  t.teardown(listen('streams:task:acquired', payload => { seen.push(payload) }))
  return seen
}

async function counted (world: World, times: number): Promise<void> {
  for (let n = 0; n < times; n++) await world.send(commands, `k${n % 3}`, { type: 'Add', amount: 1 })
  await world.settle()
}

for (const cacheBytes of [0, 1 << 20]) {
  test(`${R5}: flushed while it runs, with ${cacheBytes === 0 ? 'no cache' : 'a cache'}`, async t => {
    const world = await World.create(t, [counter()], { cacheBytes })
    await world.own()
    await counted(world, 9)
    world.backend.flush()
    await counted(world, 9)
    await world.wait(1000)
    await counted(world, 9)
    t.same(await world.rows('counts'), { k0: '9', k1: '9', k2: '9' })
    t.equal(world.committed(totals).length, 27)
  })
}

test(`${R5}: flushed between the read and the commit`, async t => {
  const world = await World.create(t, [counter()], { cacheBytes: 0 })
  await world.own()
  await counted(world, 3)
  const held = world.broker.faults.hold({ api: 'addPartitions' }, { phase: 'request' })
  await world.send(commands, 'k0', { type: 'Add', amount: 1 })
  await held.arrived
  world.backend.flush()
  held.release()
  await world.wait(1000)
  t.same(await world.rows('counts'), { k0: '2', k1: '1', k2: '1' })
})

test(`${R5}: gone back to an older snapshot, as after a failover that lost writes`, async t => {
  const world = await World.create(t, [counter()], { cacheBytes: 0 })
  const seen = acquired(t)
  await world.own()
  await counted(world, 3)
  const snapshot = world.backend.snapshot()
  await counted(world, 3)
  world.backend.restore(snapshot)
  await counted(world, 3)
  await world.wait(1000)
  t.same(await world.rows('counts'), { k0: '3', k1: '3', k2: '3' })
  t.equal(world.committed(totals).length, 9)
  t.equal(seen.at(-1)?.wiped, null, 'only what was missing was replayed')
})

test(`${R5}: older while nobody owns it`, async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  await counted(world, 3)
  const snapshot = world.backend.snapshot()
  await counted(world, 3)
  owner.crash()
  world.backend.restore(snapshot)
  await world.own()
  t.same(await world.rows('counts'), { k0: '2', k1: '2', k2: '2' })
})

test(`${R5}: empty at a start is rebuilt from the whole changelog`, async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  await counted(world, 6)
  owner.crash()
  world.backend.flush()
  const seen = acquired(t)
  await world.own()
  t.same(await world.rows('counts'), { k0: '2', k1: '2', k2: '2' })
  t.equal(seen.at(-1)?.wiped, 'empty')
})

test(`${R5}: ahead of the log, because the log lost its tail, is wiped and rebuilt from what the log has`, async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  await counted(world, 3)
  const end = world.broker.log(world.changelog, 0).endOffset
  const inputs = world.broker.log('commands', 0).endOffset
  await counted(world, 300)
  await owner.task.close()
  world.broker.truncateTo(world.changelog, 0, end)
  world.broker.truncateTo('commands', 0, inputs)
  const seen = acquired(t)
  await world.own()
  t.same(await world.rows('counts'), { k0: '1', k1: '1', k2: '1' })
  t.equal(seen.at(-1)?.wiped, 'log-went-back')
})

test(`${R5}: built from a progress that the log does not know is wiped and rebuilt`, async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  await counted(world, 3)
  await owner.task.close()
  const state = world.backend.open(world.stateKey)
  const meta = await state.meta()
  if (meta === null) return t.fail('no meta')
  const { token, incarnation, position, progress, progressOffset } = meta
  const forged = { store: 'counts', key: 'k0', value: Buffer.from('1000') }
  await state.apply({
    token,
    incarnation,
    expectedPosition: position,
    position,
    sequence: 99n,
    progress,
    progressOffset,
    nowMs: world.clock.now(),
    writes: [forged],
    timers: [],
    restoring: false
  })
  const seen = acquired(t)
  await world.own()
  t.same(await world.rows('counts'), { k0: '1', k1: '1', k2: '1' })
  t.equal(seen.at(-1)?.wiped, 'progress-not-met')
})

test(`${R5}: built from a tail that the log lost, and wrote anew with something else, is wiped and rebuilt`, async t => {
  const world = await World.create(t, [counter()])
  const before = await world.own()
  await counted(world, 3)
  await before.task.close()
  const end = world.broker.log(world.changelog, 0).endOffset
  await world.own()
  await counted(world, 1)
  world.broker.truncateTo(world.changelog, 0, end)
  // One cycle with more rows than were lost: the newer progress lies behind the lost one.
  const seen = acquired(t)
  const keys = ['a', 'b', 'c', 'd', 'e', 'f']
  await world.broker.client('sender').producer().send(keys.map(key =>
    ({ topic: 'commands', partition: 0, key: Buffer.from(key), value: commands.value.encode({ type: 'Add', amount: 1 }), headers: [] })))
  await world.wait(1000)
  t.same(await world.rows('counts'), Object.fromEntries(['k0', 'k1', 'k2', ...keys].map(key => [key, '1'])))
  t.equal(seen.at(-1)?.wiped, 'progress-not-met')
})

test(`${R5}: from before the log lost its tail comes back when the log has long gone on, and was compacted`, async t => {
  const world = await World.create(t, [counter()])
  const lost = await world.own()
  await counted(world, 3)
  const end = world.broker.log(world.changelog, 0).endOffset
  const inputs = world.broker.log('commands', 0).endOffset
  await world.send(commands, 'lost', { type: 'Add', amount: 1 })
  await world.settle()
  await lost.task.close()
  const snapshot = world.backend.snapshot()
  world.broker.truncateTo(world.changelog, 0, end)
  world.broker.truncateTo('commands', 0, inputs)
  const next = await world.own()
  await counted(world, 30)
  await next.task.close()
  world.backend.restore(snapshot)
  world.broker.compact(world.changelog, { dropTombstones: false })
  const seen = acquired(t)
  await world.own()
  t.same(await world.rows('counts'), { k0: '11', k1: '11', k2: '11' })
  t.equal(seen.at(-1)?.wiped, 'progress-not-met')
})

test(`${R5}: not applied for longer than tombstones live, with cycles missing, so that a removed row would rise again`, async t => {
  const removing = counter({
    handlers: {
      Add: (context: ProcessorContext, { amount }: Add, { key }: RecordInfo) => {
        if (amount === 0) context.store(counts).delete(key)
        else context.store(counts).put(key, amount)
      }
    }
  })
  const world = await World.create(t, [removing], { changelogDeleteRetentionMs: 60_000 })
  const owner = await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.send(commands, 'b', { type: 'Add', amount: 1 })
  await world.settle()
  const snapshot = world.backend.snapshot()
  await world.send(commands, 'a', { type: 'Add', amount: 0 })
  await world.settle()
  await owner.task.close()
  world.backend.restore(snapshot)
  world.broker.compact(world.changelog, { dropTombstones: true })
  await world.clock.advance(60_001)
  const seen = acquired(t)
  await world.own()
  t.same(await world.rows('counts'), { b: '1' })
  t.equal(seen.at(-1)?.wiped, 'retention')
})

test(`${R5}: idle for longer than tombstones live is not rebuilt for nothing`, async t => {
  const world = await World.create(t, [counter()], { changelogDeleteRetentionMs: 60_000 })
  const owner = await world.own()
  await counted(world, 3)
  await owner.task.close()
  await world.clock.advance(60_001)
  const seen = acquired(t)
  await world.own()
  t.same(await world.rows('counts'), { k0: '1', k1: '1', k2: '1' })
  t.equal(seen.at(-1)?.wiped, null)
})

test(`${R5}: a rebuild that was interrupted starts again`, async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  await counted(world, 6)
  owner.crash()
  world.backend.flush()
  const held = world.backend.faults.hold({ op: 'apply' }, { phase: 'answer' })
  const interrupted = world.start()
  await held.arrived
  interrupted.crash()
  world.backend.faults.clear()
  await world.own()
  t.same(await world.rows('counts'), { k0: '2', k1: '2', k2: '2' })
})

test(`${R5}: flushed while there is no input is rebuilt all the same`, async t => {
  const world = await World.create(t, [counter()], { stateCheckMs: 5000 })
  await world.own()
  await counted(world, 3)
  world.backend.flush()
  await world.wait(6000)
  t.same(await world.rows('counts'), { k0: '1', k1: '1', k2: '1' })
})

test(`${R5}: answers nothing for a while is waited for`, async t => {
  const world = await World.create(t, [counter()], { cacheBytes: 0 })
  await world.own()
  await counted(world, 3)
  world.backend.faults.fail({}, { phase: 'request', times: 12 })
  await counted(world, 3)
  await world.wait(120_000)
  t.same(await world.rows('counts'), { k0: '2', k1: '2', k2: '2' })
  t.equal(world.committed(totals).length, 6)
})
