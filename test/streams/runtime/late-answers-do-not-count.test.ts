import { test } from 'tap'
import { commands, counter, totals } from './counting.ts'
import { World } from './world.ts'

test('records of a fetch that is answered after a new Acquire are not taken a second time (A3)', async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  const late = world.broker.faults.hold({ api: 'fetch', topic: 'commands' }, { phase: 'answer' })
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await late.arrived
  world.broker.transactions.fence(world.transactionalId) // the next commit is refused, and the task Acquires again
  await world.send(commands, 'a', { type: 'Add', amount: 10 })
  world.backend.flush()
  await world.wait(10_000)
  late.release()
  await world.wait(10_000)
  t.match(world.committed(totals), [{ total: 1 }, { total: 11 }])
  t.equal(owner.task.status().state, 'running')
})
