import { test } from 'tap'
import { createGatheredQuery } from '../../../api/adapters/gathered-query.ts'
import { type StoreDef, defineStore } from '../../../streams/processor.ts'
import { createMemoryBackend } from '../../../streams/state/memory/index.ts'
import { type ReadRequest, type StateBackend, type TaskState } from '../../../streams/state/port.ts'
import { jsonSerde } from '../../../streams/serde/json.ts'
import { Tasks } from '../../support/stored-tasks.ts'

const store: StoreDef<{ n: number }> = defineStore('rows', jsonSerde<{ n: number }>())

/** Two tasks with rows, and how often they were asked. */
async function build () {
  const memory = createMemoryBackend()
  const tasks = new Tasks(memory, 'p', ['input'])
  for (const partition of [0, 1]) {
    await tasks.apply(partition, Array.from({ length: 300 }, (_, n) => ({ store: store.name, key: `k${n}`, value: store.value.encode({ n: n + partition * 1000 }) })), 1n)
  }
  const asked: number[] = []
  const backend = Object.assign(Object.create(memory) as StateBackend, {
    open: (key: string) => {
      const task = memory.open(key)
      return Object.assign(Object.create(task) as TaskState, {
        read: async (request: ReadRequest) => {
          asked.push(request.keys.length)
          return await task.read(request)
        }
      })
    }
  })
  return { query: createGatheredQuery({ backend, applicationId: 'commerce' }), asked, tasks }
}

test('rows of one task that are asked for at once are read in one request, and each asker gets its own', async t => {
  const { query, asked } = await build()
  const answers = await Promise.all(Array.from({ length: 20 }, async (_, n) => await query.get('p', 0, [[store, `k${n}`], [store, 'none']])))
  t.same(answers.map(answer => answer.status === 'ready' && answer.values), Array.from({ length: 20 }, (_, n) => [{ n }, undefined]))
  t.same(asked, [40])
})

test('tasks are asked apart, and no request holds more than a task should be held up by', async t => {
  const { query, asked } = await build()
  const answers = await Promise.all(Array.from({ length: 500 }, async (_, n) => await query.get('p', n % 2, [[store, `k${n % 300}`]])))
  t.same(answers.map(answer => answer.status === 'ready' && answer.values[0]), Array.from({ length: 500 }, (_, n) => ({ n: n % 300 + n % 2 * 1000 })))
  t.same(asked.toSorted((a, b) => a - b), [50, 50, 200, 200])
})

test('what is asked for later is read later', async t => {
  const { query, tasks } = await build()
  const before = await query.get('p', 0, [[store, 'k1']])
  await tasks.apply(0, [{ store: store.name, key: 'k1', value: store.value.encode({ n: -1 }) }], 2n)
  const after = await query.get('p', 0, [[store, 'k1']])
  t.match([before, after], [{ values: [{ n: 1 }] }, { values: [{ n: -1 }] }])
})

test('a row that cannot be read spoils the answer of its asker alone', async t => {
  const { query, tasks } = await build()
  await tasks.apply(0, [{ store: store.name, key: 'bad', value: Buffer.from('{') }], 2n)
  const [bad, good] = await Promise.allSettled(['bad', 'k2'].map(async key => await query.get('p', 0, [[store, key]])))
  t.equal(bad?.status, 'rejected')
  t.match(good, { status: 'fulfilled', value: { status: 'ready', values: [{ n: 2 }] } })
})

test('everybody is told of a task without state', async t => {
  const { query } = await build()
  const answers = await Promise.all([1, 2].map(async n => await query.get('p', 7, [[store, `k${n}`]])))
  t.same(answers.map(({ status }) => status), ['missing', 'missing'])
})
