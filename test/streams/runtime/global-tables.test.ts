import { setImmediate as turn } from 'node:timers/promises'
import { test, type Test } from 'tap'
import {
  type ChannelPayloads, collectMetrics, createStreams, defineGlobalTable, defineTopology, type GlobalTableDef, initialiseTasks, changelogNames, changelogTopics,
  listen, type MetricDefinition, type ProcessorContext, type RecordInfo, silentLogger, StreamsError, topicsOf
} from '../../../streams/index.ts'
import { createManualClock, createMemoryBackend, createMemoryBroker, createTestDriver, type ManualClock, type MemoryBroker } from '../../../streams/testing/index.ts'
import { GlobalTableSet, type GlobalTableSetOptions } from '../../../streams/runtime/global-table.ts'
import { type Add, commands, counter, topic, totals } from './counting.ts'

interface Price { readonly type: 'Price', readonly amount: number }
const prices = defineGlobalTable('prices', topic<Price>('prices', 2))
const priced = counter({
  globals: [prices],
  handlers: {
    Add: (context: ProcessorContext, _value: Add, { key }: RecordInfo) => {
      const row = context.global(prices).get(key)
      context.emit(totals, { key, value: { type: 'Total', id: String(row?.version ?? 'none'), total: row?.value.amount ?? -1, atMs: 0 } })
    }
  }
})

interface Scene {
  readonly broker: MemoryBroker
  readonly clock: ManualClock
  /** Appends to partition 0; null removes. */
  write (key: string, amount: number | Buffer | null): Promise<void>
  open (given?: Partial<GlobalTableSetOptions>): GlobalTableSet
}

async function scene (t: Test): Promise<Scene> {
  const clock = createManualClock()
  const broker = createMemoryBroker({ clock })
  t.teardown(async () => { await broker.close() })
  broker.createTopic({ name: 'prices', partitions: 2, replicas: 1, config: {} })
  return {
    broker,
    clock,
    write: async (key, amount) => {
      const value = typeof amount === 'number' ? prices.topic.value.encode({ type: 'Price', amount }) : amount
      await broker.client().producer().send([{ topic: 'prices', partition: 0, key: Buffer.from(key), value, headers: [] }])
      await settle()
    },
    open: (given = {}) => {
      const tables = new GlobalTableSet({ kafka: broker.client(), clock, logger: silentLogger, defs: [prices], ...given })
      t.teardown(async () => { await tables.close() })
      return tables
    }
  }
}

async function settle (): Promise<void> {
  for (let n = 0; n < 30; n++) await turn()
}

/** Counted for a row: its key, its value, and 200. */
function sizeOf (key: string, amount: number): number {
  return key.length + prices.topic.value.encode({ type: 'Price', amount }).length + 200
}

/** A table whose reading stops at a row of 99, when that is told, until it is let go on. */
function stoppable (): { readonly table: GlobalTableDef<Price>, stop (): void, goOn (): void } {
  let gate: PromiseWithResolvers<void> | undefined
  const { topic } = prices
  const prepare = (bytes: Buffer): Promise<void> | null => topic.value.decode(bytes).amount === 99 ? gate?.promise ?? null : null
  return {
    table: { ...prices, topic: { ...topic, value: { ...topic.value, prepare } } },
    stop: () => { gate = Promise.withResolvers() },
    goOn: () => { gate?.resolve() }
  }
}

test('a global table tells its rows, its bytes and its positions, over overwrites and removals', async t => {
  const { write, open } = await scene(t)
  const tables = open()
  await write('a', 1)
  await tables.start()
  t.match(tables.status(), [{ table: 'prices', rows: 1, bytes: sizeOf('a', 1), partitions: [{ partition: 0, position: 1n, lag: 0n }, { partition: 1, position: 0n, lag: 0n }] }])
  await write('a', 1000)
  await write('bb', 2)
  t.match(tables.status(), [{ rows: 2, bytes: sizeOf('a', 1000) + sizeOf('bb', 2) }])
  await write('a', null)
  await write('never', null)
  t.match(tables.status(), [{ rows: 1, bytes: sizeOf('bb', 2), partitions: [{ position: 5n }, { position: 0n }] }])
  await write('bb', null)
  t.match(tables.status(), [{ rows: 0, bytes: 0 }])
})

test('global tables that are larger than they may be stop the start, and say so', async t => {
  const { write, open } = await scene(t)
  for (let n = 0; n < 10; n++) await write(`k${n}`, n)
  const limitBytes = 9 * sizeOf('k0', 0)
  await t.rejects(open({ limitBytes }).start(), { code: 'STR_GLOBAL_TOO_LARGE', context: { table: 'prices', limit: limitBytes } })
  await t.resolves(open({ limitBytes: 10 * sizeOf('k0', 0) }).start(), 'exactly as large as it may be')
})

test('a global table that outgrows its limit while it follows is a failure, told once', async t => {
  const { write, open } = await scene(t)
  const failures: Error[] = []
  const tables = open({ limitBytes: 2 * sizeOf('a', 1), onFailure: error => { failures.push(error) } })
  await tables.start()
  await write('a', 1)
  await write('a', 2)
  await write('b', 1)
  t.equal(tables.failure, undefined)
  await write('c', 1)
  await write('d', 1)
  t.match(failures, [{ code: 'STR_GLOBAL_TOO_LARGE' }])
  t.equal(tables.failure, failures[0])
  await t.rejects(tables.catchUp('prices', new AbortController().signal), { code: 'STR_GLOBAL_TOO_LARGE' }, 'nobody waits for it')
})

test('a global table that is refreshed has the records that could not be decoded when they came', async t => {
  const { write, open } = await scene(t)
  let isReadable = false
  const table: GlobalTableDef<Price> = {
    ...prices,
    topic: {
      ...prices.topic,
      value: {
        ...prices.topic.value,
        decode: bytes => {
          if (isReadable) return prices.topic.value.decode(bytes)
          throw new StreamsError('STR_SCHEMA_UNKNOWN')
        }
      }
    }
  }
  const tables = open({ defs: [table] })
  await write('a', 7)
  await tables.start()
  t.equal(tables.table('prices').size, 0)
  isReadable = true
  await tables.refresh('prices')
  t.match(tables.table('prices').get('a'), { value: { amount: 7 }, version: 0n })
  await write('b', 8)
  t.match(tables.table('prices').get('b'), { value: { amount: 8 }, version: 1n }, 'the new one follows')
  t.match(tables.status(), [{ rows: 2, bytes: sizeOf('a', 7) + sizeOf('b', 8) }], 'and the old one is no longer counted')
})

test('a global table is read by handlers, and follows, while it is refreshed', async t => {
  const { write, open } = await scene(t)
  const { table, stop, goOn } = stoppable()
  const tables = open({ defs: [table] })
  await write('z', 99)
  await write('a', 1)
  await tables.start()
  stop()
  const [refreshed, again] = [tables.refresh('prices'), tables.refresh('prices')]
  await settle()
  await write('a', 2)
  t.match(tables.table('prices').get('a'), { value: { amount: 2 } })
  const before = tables.table('prices')
  goOn()
  await Promise.all([refreshed, again])
  t.not(tables.table('prices'), before)
  t.match(tables.table('prices').get('a'), { value: { amount: 2 }, version: 2n })
  await tables.close()
  await t.rejects(tables.refresh('prices'), { code: 'STR_CLOSED' })
  await t.rejects(open().refresh('other'), { code: 'STR_TOPOLOGY_INVALID' })
})

test('a refresh that would hold too much fails, and the table in use goes on', async t => {
  const { write, open } = await scene(t)
  for (let n = 0; n < 4; n++) await write(`k${n}`, n)
  const tables = open({ limitBytes: 6 * sizeOf('k0', 0) })
  await tables.start()
  await t.rejects(tables.refresh('prices'), { code: 'STR_GLOBAL_TOO_LARGE' })
  t.equal(tables.failure, undefined)
  await write('k9', 9)
  t.match(tables.status(), [{ rows: 5, bytes: 5 * sizeOf('k0', 0) }], 'what the refresh held is given back')
  await write('ka', 1)
  t.equal(tables.failure, undefined, 'all of the limit is there again')
})

test('a table in use that grows ends a refresh rather than the process', async t => {
  const { write, open } = await scene(t)
  const { table, stop, goOn } = stoppable()
  for (let n = 0; n < 3; n++) await write(`k${n}`, n)
  await write('k3', 99)
  const tables = open({ defs: [table], limitBytes: 9 * sizeOf('k0', 0) })
  await tables.start()
  stop()
  const refused = t.rejects(tables.refresh('prices'), { code: 'STR_GLOBAL_TOO_LARGE' })
  await settle()
  for (const key of ['k7', 'k8', 'k9']) await write(key, 8)
  goOn()
  await refused
  t.equal(tables.failure, undefined)
  t.match(tables.status(), [{ rows: 7 }])
})

test('a process that is restarted has the same table again, with the versions that it had', async t => {
  const driver = await createTestDriver({ nodes: [priced], globals: [[prices, [['a', { type: 'Price', amount: 5 } as Price], ['a', { type: 'Price', amount: 7 } as Price]]]] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', { type: 'Add', amount: 0 })
  await driver.run()
  await driver.restart()
  await driver.pipe(commands, 'a', { type: 'Add', amount: 0 })
  t.match((await driver.read(totals)).map(record => record.value), [{ total: 7, id: '1' }, { total: 7, id: '1' }])
})

test('an application stops as soon as a global table outgrows its limit, tells its tables, and counts them', async t => {
  const clock = createManualClock()
  const broker = createMemoryBroker({ clock })
  const topology = defineTopology({ applicationId: 'app', version: '1', nodes: [priced] })
  for (const { name, partitions } of [...topicsOf(topology), { name: 'dlq', partitions: 1 }]) broker.createTopic({ name, partitions, replicas: 1, config: {} })
  for (const spec of changelogTopics(topology)) broker.createTopic(spec)
  await initialiseTasks({ kafka: broker.client(), topology, clock, created: new Set(changelogNames(topology)) })
  const gauges = new Map<string, number>()
  const gauge = ({ name }: MetricDefinition) => ({ set: (labels: object, value: number) => { gauges.set(`${name} ${Object.values(labels).join(' ')}`, value) } })
  t.teardown(collectMetrics({ counter: () => ({ inc: () => {} }), histogram: () => ({ observe: () => {} }), gauge }))
  const measured: Array<ChannelPayloads['streams:global:measured']> = []
  t.teardown(listen('streams:global:measured', payload => { measured.push(payload) }))
  const streams = createStreams({ topology, kafka: broker.client(), state: createMemoryBackend(), clock, options: { globalTableBytes: 2 * sizeOf('a', 1) } })
  t.teardown(async () => {
    await streams.close()
    await broker.close()
  })
  await streams.start()
  const write = async (key: string): Promise<void> => {
    const value = prices.topic.value.encode({ type: 'Price', amount: 1 })
    await broker.client().producer().send([{ topic: 'prices', partition: 1, key: Buffer.from(key), value, headers: [] }])
    await settle()
  }
  await write('a')
  await clock.advance(5000)
  t.same([gauges.get('pipeline_global_rows prices'), gauges.get('pipeline_global_bytes prices')], [1, sizeOf('a', 1)])
  t.same([gauges.get('pipeline_global_position prices 1'), gauges.get('pipeline_global_lag_records prices 1')], [1, 0])
  t.match(streams.globalTables(), [{ table: 'prices', rows: 1 }])
  await streams.refreshGlobalTable('prices')
  await write('b')
  await write('c')
  t.match(streams.health(), { state: 'failed', healthy: false })
  t.match(streams.health().reasons.join(), /globalTableBytes/)
  t.ok(measured.length >= 3)
})
