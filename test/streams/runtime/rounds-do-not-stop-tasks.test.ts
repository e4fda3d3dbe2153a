import { test } from 'tap'
import { listen } from '../../../streams/index.ts'
import { countingWith, createApps, running, settle } from './apps.ts'

test('tasks go on with their work while a round waits for a member (B6)', async t => {
  const w = await createApps(t)
  const [one, two] = [w.make('one'), w.make('two')]
  await one.start()
  await settle(w)
  await two.start()
  await settle(w)
  const held = w.broker.faults.hold({ api: 'joinGroup', clientId: 'two' }, { phase: 'request' })
  const three = w.make('three')
  const starting = three.start()
  await held.arrived
  t.equal(w.broker.group('app').state, 'joining', 'the round waits for one of them')
  await w.send(40)
  await settle(w)
  t.equal(w.committedTotals(), 40, 'and everything that came meanwhile is done')
  t.equal(w.broker.group('app').state, 'joining')
  held.release()
  await starting
  await settle(w)
  t.same([running(one), running(two), running(three)].map(({ length }) => length).sort(), [1, 1, 2])
})

test('tasks that stay where they are do not Acquire again when others move (B6)', async t => {
  const w = await createApps(t)
  const one = w.make('one')
  await one.start()
  await settle(w)
  for (const name of ['two', 'three', 'four']) {
    await w.make(name).start()
    await settle(w)
  }
  t.same(one.tasks().map(({ id, acquisitions }) => [id, acquisitions]), [['counter-0', 1]])
})

test('a task on its way to another process does not come back, nor go elsewhere, when more processes join meanwhile', async t => {
  const w = await createApps(t, countingWith(6))
  const moved: number[] = []
  t.teardown(listen('streams:assignment:changed', ({ lost }) => { moved.push(lost.length) }))
  const one = w.make('one')
  await one.start()
  await settle(w)
  // The first owner cannot let go of what it loses: its transactions do not end.
  const held = [2, 3, 4, 5].map(partition => w.broker.faults.hold({ api: 'endTxn', clientId: 'one', transactionalId: `app.counter.${partition}` }, { phase: 'request' }))
  await w.send(60)
  await Promise.all(held.map(async ({ arrived }) => await arrived))
  for (const [name, fewest] of [['two', 3], ['three', 2], ['four', 1]] as const) {
    moved.length = 0
    await w.make(name).start()
    t.equal(moved.reduce((sum, count) => sum + count, 0), fewest, `${fewest} tasks move when ${name} joins`)
  }
  for (const { release } of held) release()
  await settle(w)
  t.ok(one.tasks().every(({ acquisitions }) => acquisitions === 1))
  t.equal(w.committedTotals(), 60)
})
