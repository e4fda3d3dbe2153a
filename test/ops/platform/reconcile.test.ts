import { type Test, test } from 'tap'
import { type MemoryRow } from '../../../streams/sink/memory-target.ts'
import { Reconciler, bucketName } from '../../../ops/platform/reconcile.ts'
import { readSinkMarks } from '../../../ops/platform/sink-marks.ts'
import { type BucketCount, bucketOf, checksum } from '../../../sinks/index.ts'
import { createSinkBench, numbers, stop } from '../../streams/sink/sink-bench.ts'

const { signal } = new AbortController()

/** A running sink into the memory target, and a reconciler beside it. */
async function startReconciled (t: Test) {
  const bench = await createSinkBench()
  const running = bench.start()
  t.teardown(async () => {
    await stop(bench, running)
    await bench.broker.close()
  })
  const kafka = bench.broker.client('reconciler')
  const table = (): MemoryRow[] => bench.target.tables.get('orders-0') ?? []
  let isDown = false
  const reconciler = new Reconciler({
    kafka,
    applicationId: 'test',
    sinks: [bench.node()],
    countRows: async (topic, [window]) => {
      if (isDown) throw new Error('ClickHouse is away')
      return countsOf(topic, bench.target.rows(topic, 0).filter(({ offset }) => window !== undefined && offset >= window.from && offset < window.before))
    }
  })
  const look = async (): Promise<{ readonly differences: string[], readonly confirmed: string[] }> => {
    const { differences, confirmed } = await reconciler.look(signal)
    for (const difference of confirmed) reconciler.told(difference)
    return { differences: differences.map(bucketName), confirmed: confirmed.map(bucketName) }
  }
  await bench.produce('orders', numbers(5))
  await bench.settled()
  return { bench, kafka, table, look, setDown: (value: boolean): void => { isDown = value } }
}

function countsOf (topic: string, rows: readonly MemoryRow[]): BucketCount[] {
  return [...Map.groupBy(rows, ({ offset }) => bucketOf(offset))].map(([bucket, list]) => ({
    topic,
    partition: 0,
    bucket,
    rows: list.length,
    distinct: new Set(list.map(({ offset }) => offset)).size,
    checksum: list.reduce((sum, { key, value }) => sum + BigInt(checksum({ key: Buffer.from(key ?? ''), value: Buffer.from(value ?? '') })), 0n)
  }))
}

const nothing = { differences: [], confirmed: [] }
const here = ['orders-0/0']

test('nothing differs while the sink works, whatever was aborted and is under way', async t => {
  const { bench, look } = await startReconciled(t)
  t.same(await look(), nothing)
  for (let round = 0; round < 5; round++) {
    await bench.produce('orders', numbers(30, round * 100))
    await bench.abort('orders', ['never', 'seen'])
    await bench.produce('payments', numbers(3))
    t.same(await look(), nothing, 'rows that are not acknowledged are not asked for')
    await bench.until(() => bench.target.rows('orders', 0).length > 10 * round)
    t.same(await look(), nothing)
  }
  await bench.settled()
  t.same(await look(), nothing)
  t.equal(bench.target.rows('orders', 0).length, 155)
})

for (const [name, spoil] of Object.entries({
  'is lost': (rows: MemoryRow[]) => { rows.pop() },
  'is there twice': (rows: MemoryRow[]) => { rows.push(rows.at(-1) as MemoryRow) },
  'is another one': (rows: MemoryRow[]) => { rows.push({ ...rows.pop() as MemoryRow, value: 'forged' }) },
  'is one that nobody wrote': (rows: MemoryRow[]) => { rows.push({ ...rows.at(-1) as MemoryRow, offset: rows.at(-1)?.offset ?? 0n, value: 'forged' }) }
})) {
  test(`a difference is told at the second look and once when a row ${name}`, async t => {
    const { bench, table, look } = await startReconciled(t)
    t.same(await look(), nothing)
    await bench.produce('orders', numbers(5, 10))
    await bench.settled()
    t.same(await look(), nothing)
    spoil(table())
    t.same(await look(), { differences: here, confirmed: [] })
    await bench.produce('orders', numbers(5, 20))
    await bench.settled()
    t.same(await look(), { differences: here, confirmed: here }, 'the same difference, though the bucket has grown')
    t.same(await look(), { differences: here, confirmed: [] })
    spoil(table())
    t.same(await look(), { differences: here, confirmed: [] })
    t.same(await look(), { differences: here, confirmed: here }, 'another difference is told anew')
  })
}

test('a difference that was not told for good is confirmed again', async t => {
  const { bench, table, look } = await startReconciled(t)
  await look()
  await bench.produce('orders', numbers(5, 10))
  await bench.settled()
  const lost = table().pop() as MemoryRow
  await look()
  t.same((await look()).confirmed, here)
  table().push(lost)
  t.same(await look(), nothing, 'healed')
  table().pop()
  await look()
  t.same((await look()).confirmed, here, 'and broken again')
})

test('the log is counted anew when a repair has begun the topic again', async t => {
  const { bench, table, look } = await startReconciled(t)
  await look()
  await bench.produce('orders', numbers(5, 10))
  await bench.settled()
  await look()
  const running = bench.start({ node: bench.node({ repair: 'refill' }) })
  t.teardown(async () => { await stop(bench, running) })
  table().splice(0, 2)
  await bench.until(() => running.states.some(status => status.state === 'running'))
  await bench.settled()
  await look()
  await bench.produce('orders', numbers(3, 20))
  await bench.settled()
  t.same(await look(), nothing)
  table().pop()
  t.same((await look()).differences, here)
})

test('a look rejects when the table cannot be asked, and the next one misses nothing', async t => {
  const { bench, table, look, setDown } = await startReconciled(t)
  await look()
  await bench.produce('orders', numbers(5, 10))
  await bench.settled()
  setDown(true)
  await t.rejects(look(), /ClickHouse is away/)
  table().pop()
  setDown(false)
  t.same((await look()).differences, here)
})

test('marks are found in a changelog whose newest records are no plans', async t => {
  const { bench, kafka } = await startReconciled(t)
  const changelog = 'test-events-changelog'
  const owner = { topic: changelog, partition: 0, key: Buffer.from('owner'), value: Buffer.from('x'), headers: [] }
  await kafka.producer().send(Array.from({ length: 200 }, () => owner))
  const marks = await readSinkMarks(kafka, 'test', bench.node(), signal)
  t.same(marks, new Map([...bench.plan().marks].map(([topic, mark]) => [`${topic}-0`, mark.next])))
  t.ok((marks.get('orders-0') ?? 0n) > 0n)
})
