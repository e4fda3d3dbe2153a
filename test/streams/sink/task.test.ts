import { test } from 'tap'
import { listen } from '../../../streams/diagnostics.ts'
import { StreamsError } from '../../../streams/errors.ts'
import { createSinkBench, isExact, numbers, sorted, stop } from './sink-bench.ts'

test('sink task puts one row per committed offset and passes aborted ones', async t => {
  const bench = await createSinkBench()
  const running = bench.start()
  await bench.produce('orders', numbers(25))
  await bench.abort('orders', numbers(5, 100))
  await bench.produce('orders', numbers(3, 200))
  await bench.produce('payments', numbers(7))
  await bench.settled()
  for (const topic of bench.topics) t.same(sorted(bench.actual(topic)), bench.expected(topic), topic)
  t.equal(running.task.status().state, 'running')
  t.equal(running.task.status().lag, 0n)
  await stop(bench, running)
  t.same(running.states.map(status => status.state), ['acquiring', 'running', 'closing', 'closed'])
})

test('sink task plans one range per topic in one vector when several topics wait', async t => {
  const bench = await createSinkBench()
  await bench.produce('orders', numbers(4))
  await bench.produce('payments', numbers(6))
  const held = bench.target.faults.hold({ call: 'insert', topic: 'orders' }, { phase: 'request' })
  const running = bench.start()
  await bench.until(() => bench.plan().ranges.length > 0)
  await held.arrived
  t.same(bench.plan().ranges.map(range => [range.topic, range.from, range.to, range.rows]), [['orders', 0n, 3n, 4], ['payments', 0n, 5n, 6]])
  held.release()
  await bench.settled()
  await stop(bench, running)
})

test('sink task acknowledges the last plan when nothing follows, and resumes after it without inserting again', async t => {
  const bench = await createSinkBench()
  const first = bench.start()
  await bench.produce('orders', numbers(5))
  await bench.settled()
  await stop(bench, first)
  t.equal(bench.plan().marks.get('orders')?.rows, 5n)
  let inserts = 0
  bench.target.faults.intercept((call, phase) => { if (call.call === 'insert' && phase === 'answer') inserts++ })
  const second = bench.start()
  await bench.until(() => second.task.status().state === 'running')
  await bench.clock.advance(5000)
  t.equal(inserts, 0)
  await bench.produce('orders', numbers(1, 5))
  await bench.settled()
  t.equal(inserts, 1)
  await stop(bench, second)
})

test('sink task cuts ranges where the target says and by rows', async t => {
  const bench = await createSinkBench({ bucketOffsets: 8, maxRows: 5 })
  const sizes: number[] = []
  const node = bench.node({
    wrapped: target => ({
      name: 'watched',
      check: async () => { await target.check() },
      cut: records => target.cut(records),
      freeze: async (records, from) => await target.freeze(records, from),
      place: range => target.place(range),
      insert: async ranges => {
        for (const { range } of ranges) {
          sizes.push(range.rows)
          if (range.from / 8n !== range.to / 8n) t.fail('a range crosses a border')
        }
        await target.insert(ranges)
      },
      count: async range => await target.count(range),
      bounds: async (topic, partition, from, to) => await target.bounds(topic, partition, from, to),
      clear: async (topic, partition, from) => { await target.clear(topic, partition, from) }
    })
  })
  const running = bench.start({ node })
  await bench.produce('orders', numbers(30))
  await bench.settled()
  t.same(sorted(bench.actual('orders')), bench.expected('orders'))
  t.ok(sizes.every(size => size <= 5))
  await stop(bench, running)
})

test('sink task repeats the same range for ever and reads no more than two batches when the target is down', async t => {
  const bench = await createSinkBench()
  bench.target.faults.fail({ call: 'insert' }, { phase: 'request', times: 40 })
  const frozen: number[] = []
  const node = bench.node({
    wrapped: target => Object.assign(Object.create(target) as typeof target, {
      freeze: async (records: Parameters<typeof target.freeze>[0], from: Parameters<typeof target.freeze>[1]) => {
        frozen.push(records.length)
        return await target.freeze(records, from)
      },
      cut: (records: Parameters<typeof target.cut>[0]) => target.cut(records),
      place: (range: Parameters<typeof target.place>[0]) => target.place(range),
      insert: async (ranges: Parameters<typeof target.insert>[0]) => { await target.insert(ranges) },
      count: async (range: Parameters<typeof target.count>[0]) => await target.count(range),
      bounds: async (...given: Parameters<typeof target.bounds>) => await target.bounds(...given),
      check: async () => { await target.check() }
    })
  })
  const running = bench.start({ node })
  await bench.produce('orders', numbers(100))
  await bench.until(() => running.task.status().reason !== undefined)
  await bench.clock.advance(30_000)
  t.ok(frozen.reduce((sum, rows) => sum + rows, 0) <= 20, 'two batches of ten rows')
  await bench.settled()
  t.same(sorted(bench.actual('orders')), bench.expected('orders'))
  await stop(bench, running)
})

test('sink task holds one row per offset when answers of inserts are lost', async t => {
  const bench = await createSinkBench()
  let recognised = 0
  t.teardown(listen('streams:sink:recognised', () => { recognised++ }))
  bench.target.faults.fail({ call: 'insert' }, { phase: 'answer', times: 3 })
  const running = bench.start()
  await bench.produce('orders', numbers(25))
  await bench.produce('payments', numbers(25))
  await bench.settled()
  t.ok(isExact(bench))
  t.equal(recognised, 3, 'each was found to have landed')
  await stop(bench, running)
})

test('sink task proves a lost insert and does not stop when its rows become visible late', async t => {
  const bench = await createSinkBench()
  const rows = bench.target.rows.bind(bench.target)
  let hidden = 2
  bench.target.faults.fail({ call: 'insert' }, { phase: 'answer' })
  const count = bench.target.count.bind(bench.target)
  bench.target.count = async range => hidden-- > 0 ? { rows: 0, distinct: 0 } : await count(range)
  const running = bench.start()
  await bench.produce('orders', numbers(3))
  await bench.settled()
  t.equal(rows('orders', 0).length, 3)
  await stop(bench, running)
})

test('sink task heals a range that landed in part when the target forgot nothing of it', async t => {
  const bench = await createSinkBench()
  const held = bench.target.faults.hold({ call: 'insert' }, { phase: 'request' })
  const first = bench.start()
  await bench.produce('orders', numbers(4))
  await bench.until(() => bench.plan().ranges.length > 0)
  await held.arrived
  first.client.crash()
  const second = bench.start()
  await bench.settled()
  t.ok(isExact(bench))
  await stop(bench, second)
})

test('sink task acquires again when the outcome of a plan is unknown', async t => {
  for (const phase of ['request', 'answer'] as const) {
    const bench = await createSinkBench()
    const running = bench.start()
    await bench.until(() => running.task.status().state === 'running')
    bench.broker.faults.fail({ api: 'endTxn', clientId: running.client.clientId }, { phase })
    await bench.produce('orders', numbers(8))
    await bench.settled()
    t.ok(isExact(bench), phase)
    t.equal(running.task.status().acquisitions, 2)
    await stop(bench, running)
  }
})

test('sink task that was paused inside an insert changes nothing when it wakes after a takeover', async t => {
  const bench = await createSinkBench()
  const held = bench.target.faults.hold({ call: 'insert' }, { phase: 'request' })
  let isOwner = true
  const zombie = bench.start({ confirm: async () => { if (!isOwner) throw new StreamsError('STR_TXN_FENCED') } })
  await bench.produce('orders', numbers(6))
  await bench.until(() => bench.plan().ranges.length > 0)
  await held.arrived
  isOwner = false
  const heir = bench.start()
  await bench.produce('orders', numbers(6, 6))
  await bench.settled()
  held.release()
  await bench.produce('orders', numbers(6, 12))
  await bench.settled()
  await bench.until(() => zombie.task.status().state === 'closed')
  t.ok(isExact(bench))
  t.equal(heir.task.status().state, 'running')
  await stop(bench, heir)
})

test('sink task proves its ownership again before it sends an old plan', async t => {
  const bench = await createSinkBench()
  bench.target.faults.fail({ call: 'insert' }, { phase: 'request', times: 60 })
  const running = bench.start()
  await bench.produce('orders', numbers(3))
  await bench.settled()
  t.ok(running.task.status().acquisitions > 1, 'an outage longer than the horizon ends the epoch')
  t.ok(isExact(bench))
  await stop(bench, running)
})

test('sink task closes in the middle of an outage and leaves the plan open', async t => {
  const bench = await createSinkBench()
  bench.target.faults.fail({ call: 'insert' }, { phase: 'request', times: 1000 })
  const running = bench.start()
  await bench.produce('orders', numbers(3))
  await bench.until(() => running.task.status().reason !== undefined)
  await stop(bench, running)
  t.equal(running.task.status().state, 'closed')
  t.equal(bench.plan().ranges.length, 1)
  bench.target.faults.clear()
  const next = bench.start()
  await bench.settled()
  t.ok(isExact(bench))
  await stop(bench, next)
})
