import { test } from 'tap'
import { changelogTopic } from '../../../streams/index.ts'
import { commands, counter, totals } from './counting.ts'
import { World } from './world.ts'

test('a progress record is still there after compaction, whoever owned the task since (A7)', async t => {
  const world = await World.create(t, [counter()])
  const first = await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  first.crash()
  const second = await world.own() // an ownership record behind the newest progress
  second.crash()
  world.broker.compact(changelogTopic('app', 'counter'))
  world.backend.flush()
  const third = await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 2 })
  await world.settle()
  t.equal(third.task.status().state, 'running')
  t.match(world.committed(totals), [{ total: 1 }, { total: 3 }], 'it resumed where the first owner was')
})

test('a task refuses to begin anew when its changelog holds its owners and no progress (A7)', async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  owner.crash()
  const changelog = world.broker.log(world.changelog, 0)
  const progress = changelog.entries().findLast(({ key }) => key?.toString() === 'progress')
  changelog.deleteBefore((progress?.offset ?? 0n) + 1n)
  const next = await world.own()
  t.match(next.task.status(), { state: 'failed', reason: { code: 'STR_PROGRESS_MISSING' } })
  t.equal(world.committed(totals).length, 1)
})
