import { test } from 'tap'
import { StreamsError } from '../../../streams/errors.ts'
import { NO_HEADERS } from '../../../streams/record.ts'
import { changelogTopic, PROGRESS_KEY } from '../../../streams/state/changelog.ts'
import { encodePlan } from '../../../streams/sink/plan-codec.ts'
import { firstPlan } from '../../../streams/sink/plan.ts'
import { createSinkBench, isExact, numbers, sorted, stop } from './sink-bench.ts'

test('sink task stops when a range holds too few rows after it was inserted again', async t => {
  const bench = await createSinkBench()
  bench.target.faults.fail({ call: 'insert' }, { phase: 'answer' })
  bench.target.faults.intercept((call, phase) => { if (call.call === 'insert' && phase === 'answer') bench.target.tables.set('orders-0', bench.target.rows('orders', 0).slice(0, 1)) })
  const running = bench.start()
  await bench.produce('orders', numbers(3))
  await bench.until(() => running.task.status().state === 'failed')
  t.match(running.task.status().reason, { code: 'STR_SINK_UNPROVEN', context: { rows: 3, found: 1 } })
  t.equal(bench.plan().ranges.length, 1, 'the plan stays open')
  await running.ended
})

test('sink task stops when a range holds a row twice', async t => {
  const bench = await createSinkBench()
  const running = bench.start()
  bench.target.faults.intercept((call, phase) => {
    if (call.call !== 'insert' || phase !== 'answer') return
    bench.target.tables.set('orders-0', [...bench.target.rows('orders', 0), ...bench.target.rows('orders', 0).slice(0, 1)])
    throw new Error('answer lost')
  })
  await bench.produce('orders', numbers(3))
  await bench.until(() => running.task.status().state === 'failed')
  t.match(running.task.status().reason, { code: 'STR_SINK_UNPROVEN', context: { found: 4, distinct: 3 } })
})

test('sink task stops and names the repair when acknowledged rows are gone', async t => {
  const bench = await createSinkBench()
  const first = bench.start()
  await bench.produce('orders', numbers(12))
  await bench.settled()
  await stop(bench, first)
  bench.target.tables.set('orders-0', bench.target.rows('orders', 0).slice(0, 5))
  const second = bench.start()
  await bench.until(() => second.task.status().state === 'failed')
  t.match(second.task.status().reason, { code: 'STR_SINK_BEHIND', message: /--refill/, context: { topic: 'orders', acknowledged: 12n, below: 5n } })
  const third = bench.start({ node: bench.node({ repair: 'refill' }) })
  await bench.settled()
  t.same(sorted(bench.actual('orders')), bench.expected('orders'))
  t.equal(bench.plan().marks.get('orders')?.salt, '1', 'old tokens are void')
  await stop(bench, third)
})

test('sink task stops and names the repair when the target holds rows beyond the plan', async t => {
  const bench = await createSinkBench()
  const first = bench.start()
  await bench.produce('orders', numbers(12))
  await bench.settled()
  await stop(bench, first)
  const [changelog] = [changelogTopic('test', 'events')]
  const value = encodePlan(firstPlan(new Map(bench.topics.map(topic => [topic, 0n]))))
  await bench.broker.client().producer().send([{ topic: changelog, partition: 0, key: PROGRESS_KEY, value, headers: NO_HEADERS }])
  const second = bench.start()
  await bench.until(() => second.task.status().state === 'failed')
  t.match(second.task.status().reason, { code: 'STR_SINK_AHEAD', message: /--replay/, context: { beyond: 12n } })
  const wrong = bench.start({ node: bench.node({ repair: 'refill' }) })
  await bench.until(() => wrong.task.status().state === 'failed')
  const third = bench.start({ node: bench.node({ repair: 'replay' }) })
  await bench.settled()
  t.ok(isExact(bench))
  await stop(bench, third)
})

for (const repair of [undefined, 'replay'] as const) {
  test(`sink task takes the rows of its successor for nothing else when it was overtaken while it acquired, ${repair === undefined ? 'and does not stop' : 'and repairs nothing'}`, async t => {
    const bench = await createSinkBench()
    const held = bench.target.faults.hold({ call: 'bounds' }, { phase: 'request' })
    let confirms = 0
    const confirm = async (): Promise<void> => { if (confirms++ > 0) throw new StreamsError('STR_TXN_FENCED') }
    const zombie = bench.start({ node: bench.node(repair === undefined ? {} : { repair }), confirm })
    await held.arrived
    const owner = bench.start()
    await bench.produce('orders', numbers(12))
    await bench.settled()
    held.release()
    await bench.until(() => ['closed', 'failed'].includes(zombie.task.status().state))
    t.equal(zombie.task.status().state, 'closed')
    t.match(zombie.task.status().reason, { code: 'STR_TXN_FENCED' })
    await bench.produce('orders', numbers(3, 12))
    await bench.settled()
    t.ok(isExact(bench))
    await stop(bench, owner)
  })
}

test('sink task stops when the log lost the records of an open plan that are not in the target', async t => {
  const bench = await createSinkBench()
  const held = bench.target.faults.hold({ call: 'insert' }, { phase: 'request' })
  const first = bench.start()
  await bench.produce('orders', numbers(4))
  await bench.until(() => bench.plan().ranges.length > 0)
  await held.arrived
  first.client.crash()
  bench.broker.log('orders', 0).deleteBefore(2n)
  const second = bench.start()
  await bench.until(() => second.task.status().state === 'failed')
  t.match(second.task.status().reason, { code: /STR_SINK_RANGE_LOST|STR_OFFSET_OUT_OF_RANGE/ })
  t.equal(bench.actual('orders').length, 0, 'nothing is inserted under a planned token but the planned rows')
})

test('sink task stops when it was never provisioned, or for an input that was not', async t => {
  const bare = await createSinkBench({ withPlan: false })
  const first = bare.start()
  await bare.until(() => first.task.status().state === 'failed')
  t.match(first.task.status().reason, { code: 'STR_PROGRESS_MISSING' })
  const bench = await createSinkBench({ withPlan: false })
  const value = encodePlan(firstPlan(new Map([['orders', 0n]])))
  await bench.broker.client().producer().send([{ topic: changelogTopic('test', 'events'), partition: 0, key: PROGRESS_KEY, value, headers: NO_HEADERS }])
  const second = bench.start()
  await bench.until(() => second.task.status().state === 'failed')
  t.match(second.task.status().reason, { code: 'STR_PROGRESS_INPUT_MISSING', context: { topic: 'payments' } })
})

test('sink task stops when the target is unfit and waits when it does not answer', async t => {
  const bench = await createSinkBench()
  bench.target.faults.fail({ call: 'check' }, { phase: 'request', times: 3 })
  bench.target.faults.fail({ call: 'bounds' }, { phase: 'request', times: 3 })
  const first = bench.start()
  await bench.until(() => first.task.status().state === 'running')
  await stop(bench, first)
  bench.target.faults.fail({ call: 'check' }, { phase: 'request', error: new StreamsError('STR_SINK_UNFIT') })
  const second = bench.start()
  await bench.until(() => second.task.status().state === 'failed')
  t.match(second.task.status().reason, { code: 'STR_SINK_UNFIT' })
})
