import { test } from 'tap'
import { type OutgoingRecord } from '../../../streams/index.ts'
import { Defect, done, fragile, startFragile, type Step, steps } from '../parking/fragile.ts'
import { World } from './world.ts'

const deadLetters = { commands: { name: 'dlq.commands', partitions: 1 }, events: { name: 'dlq.events', partitions: 1 } }
const step = (name: string): { type: 'Step', step: string } => ({ type: 'Step', step: name })
const redrive: OutgoingRecord = {
  topic: 'dlq.commands',
  partition: 0,
  key: null,
  value: Buffer.from('{"type":"Redrive","id":"1","processor":"fragile","filter":"all"}'),
  headers: []
}

async function sendRedrive (world: World): Promise<void> {
  await world.broker.client('operator').producer().send([redrive])
  await world.settle()
}

test('parked keys and what waits are there after a restart, and after the state was lost', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('b')
  await f.driver.pipe(steps, 'k', { type: 'Wake', timer: 't', afterMs: 10 })
  await f.play('k', 'a', 'b', 'c')
  await f.driver.advance(10)
  await f.driver.restart()
  await f.play('k', 'd')
  const before = f.parked
  t.same(before, { keys: 1, dead: 1, retrying: 0, waiting: 3 })
  f.driver.backend.flush()
  await f.driver.restart()
  t.same(f.parked, before)
  await f.driver.advance(60_000)
  defect.broken.clear()
  await f.driver.redrive('fragile', { key: 'k' })
  t.equal(await f.history('k'), 'set-t a b c t d')
})

test('parked keys are rebuilt from a compacted changelog', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('x')
  for (const key of ['k', 'l']) await f.play(key, 'x', 'y')
  defect.broken.clear()
  await f.driver.redrive('fragile', { key: 'k' })
  f.driver.broker.compact('driver-fragile-changelog')
  f.driver.backend.flush()
  await f.driver.restart()
  t.same(f.parked, { keys: 1, dead: 1, retrying: 0, waiting: 1 })
  await f.driver.redrive('fragile', {})
  t.same([await f.history('k'), await f.history('l')], ['x y', 'x y'])
})

for (const [what, api, phase] of [['before', 'endTxn', 'request'], ['after', 'endTxn', 'answer']] as const) {
  test(`a record is parked once when its owner is killed ${what} the transaction that parks it is committed`, async t => {
    const defect = new Defect()
    const world = await World.create(t, [fragile(defect)], {}, deadLetters)
    const owner = await world.own()
    defect.broken.add('a')
    const held = world.broker.faults.hold({ api }, { phase })
    await world.send(steps, 'k', step('a'))
    await held.arrived
    owner.crash()
    world.broker.faults.clear()
    const next = await world.own()
    await world.send(steps, 'k', step('b'))
    await world.settle()
    t.same(next.task.status().parked, { keys: 1, dead: 1, retrying: 0, waiting: 1 })
    const letters = world.broker.entries('dlq', 0).filter(entry => entry.kind === 'data' && entry.outcome === 'committed')
    t.equal(letters.length, 1)
  })

  test(`a redrive takes place once when its owner is killed ${what} the transaction that handles the record is committed`, async t => {
    const defect = new Defect()
    const world = await World.create(t, [fragile(defect)], {}, deadLetters)
    const owner = await world.own()
    defect.broken.add('a')
    for (const name of ['a', 'b', 'c']) await world.send(steps, 'k', step(name))
    await world.settle()
    defect.broken.clear()
    // The first transaction is the command's, the second handles what it released.
    const held = world.broker.faults.hold({ api }, { phase, skip: 1 })
    const sent = sendRedrive(world)
    await held.arrived
    owner.crash()
    world.broker.faults.clear()
    await sent
    const next = await world.own()
    await world.settle()
    t.same(world.committed(done).map(({ done: all }) => all), ['a', 'a b', 'a b c'])
    t.match(next.task.status().parked, { keys: 0, waiting: 0 })
  })
}

test('a second owner takes parked keys over, and the first one decides nothing more about them', async t => {
  const defect = new Defect()
  const world = await World.create(t, [fragile(defect)], {}, deadLetters)
  const first = await world.own()
  defect.broken.add('a')
  for (const name of ['a', 'b']) await world.send(steps, 'k', step(name))
  await world.settle()
  first.client.isolate()
  const second = await world.own()
  t.same(second.task.status().parked, { keys: 1, dead: 1, retrying: 0, waiting: 1 })
  defect.broken.clear()
  await sendRedrive(world)
  first.client.heal()
  for (let n = 0; n < 4; n++) await world.wait(10_000)
  t.same(world.committed(done).map(({ done: all }) => all), ['a', 'a b'])
})

test('parked keys of a version that parks are honoured by one that does not', async t => {
  const defect = new Defect()
  const world = await World.create(t, [fragile(defect)], {}, deadLetters)
  const owner = await world.own()
  defect.broken.add('a')
  await world.send(steps, 'k', step('a'))
  await world.settle()
  owner.crash()
  Object.assign(world, { topology: { ...world.topology, nodes: [fragile(defect, { parking: 'none' })] } })
  await world.own()
  await world.send(steps, 'k', step('b'))
  await world.settle()
  t.same(world.committed(done), [])
  defect.broken.clear()
  await sendRedrive(world)
  t.same(world.committed(done).map(({ done: all }) => all), ['a', 'a b'])
})

test('more parked keys than a task may have stop it with a reason, and nothing is lost', async t => {
  const defect = new Defect()
  const world = await World.create(t, [fragile(defect)], { maxParkedKeys: 3 }, deadLetters)
  const owner = await world.own()
  defect.broken.add('a')
  for (const key of ['k1', 'k2', 'k3', 'k4', 'fine']) {
    await world.send(steps, key, step(key === 'fine' ? 'b' : 'a'))
    await world.settle()
  }
  t.match(owner.task.status(), { state: 'failed', reason: { code: 'STR_PARKED_TOO_MANY', message: /maxParkedKeys=3/ } })
  owner.crash()
  defect.broken.clear()
  const next = await world.own()
  t.match(next.task.status(), { state: 'running', parked: { keys: 3 } })
  await sendRedrive(world)
  t.same(world.committed(done).map(({ step }) => step).sort(), ['a', 'a', 'a', 'a', 'b'])
})

test('more records behind a parked key than may wait stop the task, and a command of the operator still comes first', async t => {
  const defect = new Defect()
  const world = await World.create(t, [fragile(defect)], { maxWaitingRecords: 3 }, deadLetters)
  const owner = await world.own()
  defect.broken.add('a')
  for (const name of ['a', 'b', 'c', 'd', 'e']) await world.send(steps, 'k', step(name))
  await world.settle()
  t.match(owner.task.status(), { state: 'failed', reason: { code: 'STR_PARKED_TOO_MANY', message: /maxWaitingRecords=3/ } })
  owner.crash()
  const discard = Buffer.from('{"type":"Discard","id":"1","processor":"fragile","filter":"all"}')
  await world.broker.client('operator').producer().send([{ ...redrive, value: discard }])
  const next = await world.own()
  await world.settle()
  t.match(next.task.status(), { state: 'running', parked: { keys: 0 } })
  t.equal(world.committed(done).at(-1)?.done, 'b c d e')
})

test('a record that is too large to wait is a dead letter when its turn comes, and only a discard gets past it', async t => {
  const defect = new Defect()
  const world = await World.create(t, [fragile(defect)], {}, deadLetters)
  world.broker.deleteTopic('app-fragile-changelog')
  world.broker.createTopic({ name: 'app-fragile-changelog', partitions: 1, replicas: 1, config: { 'max.message.bytes': '3000' } })
  await world.provision()
  await world.own()
  defect.broken.add('a')
  await world.send(steps, 'k', step('a'))
  await world.send(steps, 'k', { ...step('b'), filler: 'x'.repeat(4000) } as Step)
  await world.send(steps, 'k', step('c'))
  await world.settle()
  defect.broken.clear()
  await sendRedrive(world)
  const letters = world.broker.entries('dlq', 0).filter(({ kind }) => kind === 'data').map(({ headers }) => Object.fromEntries(headers.map(([name, value]) => [name, String(value)])))
  t.match(letters[1], { 'dlq.reason': 'STR_OUTPUT_TOO_LARGE', 'dlq.offset': '1', 'dlq.parked': 'k' })
  t.equal(world.committed(done).at(-1)?.done, 'a')
  const discard = Buffer.from('{"type":"Discard","id":"2","processor":"fragile","filter":{"key":"k"}}')
  await world.broker.client('operator').producer().send([{ ...redrive, value: discard }])
  await world.settle()
  t.equal(world.committed(done).at(-1)?.done, 'a c')
})
