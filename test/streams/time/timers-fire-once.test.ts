import { test } from 'tap'
import { type ProcessorContext, type RecordInfo } from '../../../streams/index.ts'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { type Add, commands, counter, type Remind, type Reminded, topic, totals } from '../runtime/counting.ts'
import { World } from '../runtime/world.ts'

const remind = (afterMs: number): Remind => ({ type: 'Remind', afterMs })

test('a timer that is set again fires once, at its new time', async t => {
  const driver = await createTestDriver({ nodes: [counter()] })
  t.teardown(async () => { await driver.close() })
  const start = driver.nowMs
  await driver.pipe(commands, 'a', remind(1000))
  await driver.advance(500)
  await driver.pipe(commands, 'a', remind(3000))
  await driver.advance(10_000)
  const fired = (await driver.read(totals)).map(record => record.value as Reminded)
  t.match(fired, [{ payload: 'after 3000', atMs: start + 3500 }])
  t.equal(fired.length, 1)
})

test('a timer that is cancelled in the cycle in which it would fire does not fire (A4)', async t => {
  const cancelling = counter({
    handlers: {
      Remind: (context: ProcessorContext, { afterMs }: Remind, { key }: RecordInfo) => { context.timers.set(key, context.nowMs + afterMs) },
      Add: (context: ProcessorContext, _value: Add, { key }: RecordInfo) => { context.timers.cancel(key) }
    }
  })
  const world = await World.create(t, [cancelling])
  await world.own()
  await world.send(commands, 'a', remind(1000))
  await world.settle()
  const held = world.broker.faults.hold({ api: 'listOffsets' }, { phase: 'answer' })
  await world.clock.advance(1000)
  await held.arrived
  await world.send(commands, 'a', { type: 'Add', amount: 0 })
  held.release()
  await world.wait(5000)
  t.same(world.committed(totals), [])
})

test('a timer does not fire again while the apply of its removal is on its way (A4)', async t => {
  const world = await World.create(t, [counter()])
  await world.own()
  await world.send(commands, 'a', remind(1000))
  await world.settle()
  const held = world.backend.faults.hold({ op: 'apply' }, { phase: 'request' })
  await world.wait(1000)
  await world.send(commands, 'b', remind(1))
  await world.wait(5000)
  held.release()
  await world.wait(5000)
  t.same(world.committed(totals).map(event => (event as Reminded).payload).sort(), ['after 1', 'after 1000'])
})

test('a timer fires once when its owner is killed after the commit and before the apply', async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  await world.send(commands, 'a', remind(1000))
  await world.settle()
  world.backend.faults.hold({ op: 'apply' }, { phase: 'request' })
  await world.wait(1000)
  owner.crash()
  world.backend.faults.clear()
  await world.own()
  await world.wait(5000)
  t.equal(world.committed(totals).length, 1)
})

test('a due timer waits for records that were in the log before it was due, even after downtime (A15)', async t => {
  const answered = counter({
    handlers: {
      Remind: (context: ProcessorContext, { afterMs }: Remind, { key }: RecordInfo) => { context.timers.set(key, context.nowMs + afterMs) },
      Add: (context: ProcessorContext, _value: Add, { key }: RecordInfo) => { context.timers.cancel(key) }
    }
  })
  const world = await World.create(t, [answered], { maxCycleRecords: 2 })
  const owner = await world.own()
  for (let n = 0; n < 20; n++) await world.send(commands, `k${n}`, remind(1000))
  await world.settle()
  owner.crash()
  for (let n = 0; n < 19; n++) await world.send(commands, `k${n}`, { type: 'Add', amount: 0 })
  await world.clock.advance(7_200_000)
  await world.own()
  await world.wait(1000)
  t.equal(world.committed(totals).length, 1, 'only the timer whose answer never came')
})

test('a timer that becomes due while an idle task asks for its state fires then, not at the next look', async t => {
  const world = await World.create(t, [counter()], { stateCheckMs: 990 })
  await world.own()
  await world.send(commands, 'a', remind(1000))
  await world.settle()
  const held = world.backend.faults.hold({ op: 'read' }, { phase: 'request' })
  await world.wait(990)
  await held.arrived
  await world.wait(20)
  held.release()
  await world.wait(50)
  await world.wait(50)
  t.equal(world.committed(totals).length, 1)
})

test('many timers due at once fire in bounded cycles, each once', async t => {
  const driver = await createTestDriver({ nodes: [counter()], options: { maxCycleTimers: 7 } })
  t.teardown(async () => { await driver.close() })
  for (let n = 0; n < 50; n++) await driver.pipe(commands, `k${n}`, remind(1000))
  await driver.advance(1000)
  t.equal((await driver.read(totals)).length, 50)
  await driver.advance(1000)
  t.equal((await driver.read(totals)).length, 0)
})

test('a timer that fails is dead-lettered and gone', async t => {
  const driver = await createTestDriver({ nodes: [counter({ onTimer: () => { throw new Error('no') } })] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', remind(10))
  await driver.advance(10)
  t.match(await driver.deadLetters(), [{ reason: 'STR_HANDLER_FAILED', kind: 'timer', offset: -1n, key: Buffer.from('t/a') }])
  await driver.advance(60_000)
  t.same(await driver.deadLetters(), [])
})

test('context time never goes back, not even when an older record of another input is read later', async t => {
  const late = topic<Add>('late')
  const world = await World.create(t, [counter({ inputs: [{ topic: commands }, { topic: late }] })])
  const owner = await world.own()
  const held = world.broker.faults.hold({ api: 'fetch', topic: 'late' }, { phase: 'request' })
  await world.send(late, 'a', { type: 'Add', amount: 1 })
  await held.arrived
  await world.wait(60_000)
  await world.send(commands, 'a', { type: 'Add', amount: 10 })
  await world.settle()
  held.release()
  await world.settle()
  const [first, second] = world.committed(totals)
  t.match([first, second], [{ total: 10 }, { total: 11 }])
  t.equal(second?.atMs, first?.atMs)
  t.equal(owner.task.status().acquisitions, 1)
})

test('context time never goes back, not even under a clock that does', async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  await world.send(commands, 'a', remind(1000))
  await world.wait(1000)
  const first = (world.committed(totals)[0] as Reminded).atMs
  owner.crash()
  const { clock } = world
  Object.assign(world, { clock: { ...clock, now: () => clock.now() - 3_600_000 } })
  await world.own()
  await world.send(commands, 'a', remind(0))
  for (let n = 0; n < 5; n++) await world.settle()
  t.ok(world.committed(totals).every(event => event.atMs >= first))
  t.equal(world.committed(totals).length, 2, 'due by the time of the broker, not of the process')
})
