import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'tap'
import { createManualClock } from '../../../streams/testing/index.ts'
import { nothingParked } from '../../../streams/parking/parked-keys.ts'
import { type TaskRef } from '../../../streams/runtime/member-data.ts'
import { type TaskRunner, type TaskState } from '../../../streams/runtime/runner.ts'
import { TaskSet } from '../../../streams/runtime/task-set.ts'

class FakeTask implements TaskRunner {
  readonly id: string
  state: TaskState = 'running'
  closes = 0
  readonly gate = Promise.withResolvers<void>()
  readonly #run = Promise.withResolvers<void>()

  constructor (ref: TaskRef) { this.id = `${ref.node}-${ref.partition}` }

  async run (): Promise<void> { await this.#run.promise }

  end (state: TaskState): void {
    this.state = state
    this.#run.resolve()
  }

  async close (): Promise<void> {
    this.closes++
    await this.gate.promise
    this.end('closed')
  }

  status (): ReturnType<TaskRunner['status']> {
    const { id, state } = this
    return { id, node: 'a', kind: 'processor', partition: 0, state, reason: undefined, offsets: new Map(), lag: 0n, acquisitions: 1, openEffects: 0, parked: nothingParked }
  }
}

function fixture (): { set: TaskSet, made: FakeTask[], clock: ReturnType<typeof createManualClock>, ref: (partition: number) => TaskRef } {
  const clock = createManualClock()
  const made: FakeTask[] = []
  const set = new TaskSet({
    clock,
    create: ref => {
      const task = new FakeTask(ref)
      made.push(task)
      return task
    },
    againMs: 100,
    onError: () => {}
  })
  return { set, made, clock, ref: partition => ({ node: 'a', partition }) }
}

test('a task set starts what is gained, closes what is lost, and leaves the rest alone', async t => {
  const { set, made, ref } = fixture()
  t.same(set.assign([ref(0), ref(1)]), { gained: ['a-0', 'a-1'], lost: [] })
  t.same(set.assign([ref(1), ref(2)]), { gained: ['a-2'], lost: ['a-0'] })
  t.same(made.map(task => [task.id, task.closes]), [['a-0', 1], ['a-1', 0], ['a-2', 0]])
})

test('a task that comes back while it closes is made again after it has closed', async t => {
  const { set, made, ref } = fixture()
  set.assign([ref(0)])
  set.assign([])
  set.assign([ref(0)])
  await turn()
  t.equal(made.length, 1, 'never two of one task')
  made[0]?.gate.resolve()
  await turn()
  t.equal(made.length, 2)
  t.same(set.ids, ['a-0'])
})

test('a task that closed itself is made again while it is wanted', async t => {
  const { set, made, clock, ref } = fixture()
  set.assign([ref(0)])
  made[0]?.end('closed')
  await turn()
  t.equal(made.length, 1)
  await clock.advance(100)
  t.equal(made.length, 2)
  set.assign([])
  made[1]?.gate.resolve()
  await turn()
  await clock.advance(1000)
  t.equal(made.length, 2)
})

test('a task that failed stays to be seen, and is not made again', async t => {
  const { set, made, clock, ref } = fixture()
  set.assign([ref(0)])
  made[0]?.end('failed')
  await turn()
  await clock.advance(10_000)
  t.equal(made.length, 1)
  t.match(set.status(), [{ id: 'a-0', state: 'failed' }])
})

test('a task set that is closed waits for all tasks, tells how they ended, and starts nothing more', async t => {
  const { set, made, ref } = fixture()
  set.assign([ref(0), ref(1)])
  let isClosed = false
  const closing = set.close().then(statuses => {
    isClosed = true
    return statuses
  })
  made[0]?.gate.resolve()
  await turn()
  t.notOk(isClosed)
  made[1]?.gate.resolve()
  t.same((await closing).map(status => status.state), ['closed', 'closed'])
  set.assign([ref(2)])
  t.equal(made.length, 2)
})
