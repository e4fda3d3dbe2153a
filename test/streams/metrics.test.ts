import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'tap'
import { collectMetrics, type Metrics, runtimeMetrics } from '../../streams/index.ts'
import { type ApplyInput, Applier } from '../../streams/runtime/applier.ts'
import { type TaskState } from '../../streams/state/port.ts'
import { createTestDriver } from '../../streams/testing/index.ts'
import { Defect, fragile, startFragile } from './parking/fragile.ts'
import { createApps, settle } from './runtime/apps.ts'
import { commands, counter } from './runtime/counting.ts'

/** Keeps the last value or the sum of each series. */
function memoryMetrics (): { metrics: Metrics, values: Map<string, number>, names: Set<string> } {
  const values = new Map<string, number>()
  const names = new Set<string>()
  const at = (name: string, labels: object): string => `${name}${JSON.stringify(labels)}`
  const add = (key: string, by: number): void => { values.set(key, (values.get(key) ?? 0) + by) }
  return {
    values,
    names,
    metrics: {
      counter: ({ name }) => {
        names.add(name)
        return { inc: (labels, by = 1) => { add(at(name, labels), by) } }
      },
      gauge: ({ name }) => {
        names.add(name)
        return { set: (labels, value) => { values.set(at(name, labels), value) } }
      },
      histogram: ({ name }) => {
        names.add(name)
        return { observe: labels => { add(at(name, labels), 1) } }
      }
    }
  }
}

test('metrics count what a processor did', async t => {
  const { metrics, values } = memoryMetrics()
  t.teardown(collectMetrics(metrics))
  const driver = await createTestDriver({ nodes: [counter()] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', { type: 'Add', amount: 1 })
  await driver.run()
  await driver.pipe(commands, 'a', { type: 'Fail', message: 'no' })
  await driver.pipe(commands, 'a', { type: 'Remind', afterMs: 5 })
  await driver.advance(10)
  t.equal(values.get('pipeline_records_total{"processor":"counter"}'), 3)
  t.ok((values.get('pipeline_txn_total{"processor":"counter","result":"commit"}') ?? 0) >= 3)
  t.equal(values.get('pipeline_dlq_total{"processor":"counter","reason":"STR_HANDLER_FAILED"}'), 1)
  t.equal(values.get('pipeline_timers_fired_total{"processor":"counter"}'), 1)
  t.equal(values.get('pipeline_acquire_total{"processor":"counter","result":"acquired"}'), 1)
  t.equal(values.get('pipeline_task_state{"processor":"counter","partition":"0","state":"running"}'), 1)
  t.equal(values.get('pipeline_task_state{"processor":"counter","partition":"0","state":"acquiring"}'), 0)
})

test('metrics count the tasks that assignments move, and show what an open transaction holds back', async t => {
  const { metrics, values } = memoryMetrics()
  t.teardown(collectMetrics(metrics))
  const w = await createApps(t)
  const one = w.make('one')
  await one.start()
  await settle(w)
  t.equal(values.get('pipeline_tasks_moved_total{"how":"gained"}'), 4)
  t.equal(values.get('pipeline_tasks_moved_total{"how":"lost"}'), 0)
  await w.make('two').start()
  await settle(w)
  t.equal(values.get('pipeline_tasks_moved_total{"how":"gained"}'), 6)
  t.equal(values.get('pipeline_tasks_moved_total{"how":"lost"}'), 2)
  t.equal(values.get('pipeline_rebalance_seconds{}'), 2, 'each process was given tasks once, and all of them run')
  const identity = w.broker.transactions.initProducer('foreign', 900_000)
  const log = w.broker.log('commands', 0)
  w.broker.transactions.addPartitions(identity, [log])
  log.appendTransactional([{ key: null, value: null, headers: [] }], identity.producerId, identity.epoch, w.clock.now())
  for (let round = 0; round < 8; round++) {
    await w.clock.advance(5_000)
    await settle(w)
  }
  t.ok((values.get('pipeline_partition_held_seconds{"topic":"commands","partition":"0"}') ?? 0) >= 30)
  w.broker.transactions.endTransaction(identity, 'abort')
  await w.clock.advance(5_000)
  await settle(w)
  t.equal(values.get('pipeline_partition_held_seconds{"topic":"commands","partition":"0"}'), 0)
})

test('metrics tell how far the state is behind the log while the backend does not answer', async t => {
  const { metrics, values } = memoryMetrics()
  t.teardown(collectMetrics(metrics))
  const answers: Array<() => void> = []
  const apply: TaskState['apply'] = async () => await new Promise(resolve => { answers.push(() => { resolve('applied') }) })
  const behind = () => values.get('pipeline_redis_behind_offsets{"processor":"counter","partition":"0"}')
  const applier = new Applier({
    state: { apply } as unknown as TaskState, claim: { token: 1n, incarnation: 'me' }, position: 10n, processor: 'counter', partition: 0
  })
  t.equal(behind(), 0)
  const input = { writes: [], timers: [], progress: Buffer.alloc(0), sequence: 1n } as unknown as ApplyInput
  for (const position of [14n, 19n]) applier.send({ ...input, position }, 1)
  t.equal(behind(), 9)
  answers[0]?.()
  await turn()
  t.equal(behind(), 5)
  answers[1]?.()
  await applier.settle()
  t.equal(behind(), 0)
})

test('metrics count what is parked, and what became of it', async t => {
  const { metrics, values } = memoryMetrics()
  t.teardown(collectMetrics(metrics))
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  const gauge = (name: string, more: object = {}) => values.get(`${name}${JSON.stringify({ processor: 'fragile', partition: '0', ...more })}`)
  const counted = (name: string, labels: object) => values.get(`${name}${JSON.stringify({ processor: 'fragile', ...labels })}`)
  defect.broken.add('b').add('u')
  await f.play('k', 'b', 'c', 'd')
  await f.undo('l', 'u')
  t.same([gauge('pipeline_parked_keys'), gauge('pipeline_parked_heads', { state: 'dead' }), gauge('pipeline_parked_heads', { state: 'retrying' })], [2, 1, 1])
  t.equal(gauge('pipeline_parked_waiting_records'), 2)
  t.same([counted('pipeline_dlq_total', { reason: 'STR_HANDLER_FAILED' }), counted('pipeline_diverted_total', { how: 'park', reason: 'STR_HANDLER_FAILED' })], [1, 1])
  t.same([counted('pipeline_diverted_total', { how: 'wait', reason: 'parked' }), counted('pipeline_diverted_total', { how: 'retry', reason: 'STR_HANDLER_FAILED' })], [2, 1])
  await f.driver.advance(10 * 60_000)
  t.equal(counted('pipeline_parked_stuck_total', { reason: 'STR_HANDLER_FAILED' }), 1)
  defect.broken.clear()
  await f.driver.redrive('fragile', {})
  t.same([gauge('pipeline_parked_keys'), gauge('pipeline_parked_waiting_records')], [0, 0])
  const records = counted('pipeline_records_total', {})
  t.equal(records, 4, 'what waited is counted once')
})

test('every metric of the table is registered, with a unit in its name and help for people', async t => {
  const { metrics, names } = memoryMetrics()
  collectMetrics(metrics)()
  for (const entry of Object.values(runtimeMetrics)) {
    t.ok(names.has(entry.name), entry.name)
    t.ok(entry.help.endsWith('.'))
    t.equal(entry.kind === 'counter', entry.name.endsWith('_total'), `${entry.name} says that it is a ${entry.kind}`)
    if (entry.kind === 'histogram') t.ok(entry.name.endsWith('_seconds'))
  }
  t.equal(names.size, Object.keys(runtimeMetrics).length)
})

test('metrics that were stopped count nothing more', async t => {
  const { metrics, values } = memoryMetrics()
  collectMetrics(metrics)()
  const driver = await createTestDriver({ nodes: [counter()] })
  await driver.close()
  t.equal(values.size, 0)
})
