import { test } from 'tap'
import { commands, counter, totals } from './counting.ts'
import { World } from './world.ts'

const R9 = 'R9 a fault of the log stops the task with a reason, never a silent reset'

test(`${R9}: the input was deleted beyond the progress`, async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  owner.crash()
  for (let n = 0; n < 5; n++) await world.send(commands, 'a', { type: 'Add', amount: 1 })
  world.broker.deleteRecords('commands', 0, 3n)
  const next = await world.own()
  t.match(next.task.status(), { state: 'failed', reason: { code: 'STR_OFFSET_OUT_OF_RANGE' } })
  t.equal(world.committed(totals).length, 1)
})

test(`${R9}: the input was created again and is shorter than the progress`, async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  for (let n = 0; n < 5; n++) await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  owner.crash()
  world.broker.deleteTopic('commands')
  world.broker.createTopic({ name: 'commands', partitions: 1, replicas: 1, config: {} })
  const next = await world.own()
  t.match(next.task.status(), { state: 'failed', reason: { code: 'STR_OFFSET_OUT_OF_RANGE' } })
})

test(`${R9}: the input is deleted while it runs`, async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  world.broker.deleteTopic('commands')
  await world.wait(1000)
  t.match(owner.task.status(), { state: 'failed', reason: { code: 'STR_TOPIC_MISSING' } })
})

for (const name of ['commands', 'totals', 'app-counter-changelog', 'dlq']) {
  test(`${R9}: ${name} is not there at the start`, async t => {
    const world = await World.create(t, [counter()])
    world.broker.deleteTopic(name)
    const owner = await world.own()
    t.match(owner.task.status(), { state: 'failed', reason: { code: 'STR_TOPIC_MISSING', context: { topic: name } } })
  })
}

test(`${R9}: a topic has another partition count than declared`, async t => {
  const world = await World.create(t, [counter()])
  world.broker.deleteTopic('totals')
  world.broker.createTopic({ name: 'totals', partitions: 2, replicas: 1, config: {} })
  const owner = await world.own()
  t.match(owner.task.status(), { state: 'failed', reason: { code: 'STR_TOPIC_CHANGED', context: { topic: 'totals', declared: 1, found: 2 } } })
})

test(`${R9}: the changelog was lost: no progress is not a first start`, async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  owner.crash()
  world.broker.deleteTopic(world.changelog)
  world.broker.createTopic({ name: world.changelog, partitions: 1, replicas: 1, config: {} })
  const next = await world.own()
  t.match(next.task.status(), { state: 'failed', reason: { code: 'STR_PROGRESS_MISSING' } })
  await world.wait(60_000)
  t.equal(world.committed(totals).length, 1, 'nothing is done a second time')
})

test(`${R9}: and a failed task can be closed`, async t => {
  const world = await World.create(t, [counter()])
  world.broker.deleteTopic('dlq')
  const owner = await world.own()
  await owner.task.close()
  t.equal(owner.task.status().state, 'closed')
})
