import { test } from 'tap'
import { type OutgoingRecord, silentLogger } from '#streams'
import { createManualClock, createMemoryBroker } from '#streams/testing'
import { createRegistry, prometheusMetrics } from '../../../ops/platform/metrics.ts'
import { startReconciler, violationOf } from '../../../ops/platform/run-reconciler.ts'
import { watchInvariants } from '../../../ops/platform/watch-invariants.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'

await bindMemoryCodec()

const log = { topic: 'commerce.orders.events', partition: 3, bucket: 2n, rows: 7, distinct: 7, checksum: 70n }
const violation = (rows: number, nowMs = 0): OutgoingRecord => violationOf({ log, table: { ...log, rows, distinct: rows } }, nowMs)
const valueOf = (record: OutgoingRecord) => topics.audit.invariants.value.decode(record.value as Buffer)

test('a difference of counts is a violation of its topic-partition, under the same id whoever tells it', t => {
  const record = violation(6, 1_000)
  t.equal(record.topic, 'commerce.audit.invariants')
  t.equal(record.key?.toString(), 'commerce.orders.events-3')
  t.match(valueOf(record), {
    law: 'counts', subject: 'commerce.orders.events-3', topic: 'commerce.orders.events', partition: 3, offset: 2_000_000, expected: /^7 records/, actual: /^6 rows/
  })
  t.equal(valueOf(violation(6, 2_000)).meta.eventId, valueOf(record).meta.eventId)
  t.not(valueOf(violation(5)).meta.eventId, valueOf(record).meta.eventId)
  t.end()
})

test('violations are counted by law from the start of the topic, and logged from now on', async t => {
  const clock = createManualClock(1_000)
  const broker = createMemoryBroker({ clock })
  t.teardown(async () => { await broker.close() })
  const { name, partitions } = topics.audit.invariants
  broker.createTopic({ name, partitions, replicas: 1, config: {} })
  const kafka = broker.client()
  await kafka.producer().send([violation(6), violation(5)])
  await clock.advance(10)
  const registry = createRegistry()
  const lines: object[] = []
  const watch = watchInvariants({
    platform: { kafka }, metrics: prometheusMetrics(registry), clock, logger: { ...silentLogger, error: details => { lines.push(details) } }
  })
  const gauge = async (law: string): Promise<string | undefined> => new RegExp(`audit_violations{law="${law}"} (\\d+)`).exec(await registry.metrics())?.[1]
  const until = async (wanted: string): Promise<void> => {
    while (await gauge('counts') !== wanted) await new Promise(resolve => { setImmediate(resolve) })
  }
  t.equal(await gauge('stock'), '0', 'a law that was never broken is there too')
  await until('2')
  t.same(lines, [])
  await kafka.producer().send([violation(4)])
  await until('3')
  t.match(lines, [{ law: 'counts', subject: 'commerce.orders.events-3', offset: 2_000_000 }])
  await watch.close()
})

test('watching fails by a log line and nothing else when the topic is missing', async t => {
  const clock = createManualClock()
  const broker = createMemoryBroker({ clock })
  t.teardown(async () => { await broker.close() })
  const failed = Promise.withResolvers<string>()
  const logger = { ...silentLogger, error: (_details: object, message: string) => { failed.resolve(message) } }
  const watch = watchInvariants({ platform: { kafka: broker.client() }, metrics: prometheusMetrics(createRegistry()), clock, logger })
  t.equal(await failed.promise, 'the violations of laws are not counted')
  await watch.close()
})

test('the reconciler looks at nothing when it is off', async t => {
  const untouchable = new Proxy({}, { get: () => { throw new Error('looked') } }) as never
  const registry = createRegistry()
  const off = startReconciler({ platform: untouchable, metrics: prometheusMetrics(registry), logger: silentLogger, clock: createManualClock(), everyMs: 0 })
  await off.close()
  t.notMatch(await registry.metrics(), /reconcile_/)
})

test('the reconciler goes on after a look that could not be made, and ends when it is closed', async t => {
  const clock = createManualClock()
  const broker = createMemoryBroker({ clock })
  t.teardown(async () => { await broker.close() })
  const registry = createRegistry()
  const warnings: string[] = []
  const logger = { ...silentLogger, warn: (_details: object, message: string) => { warnings.push(message) } }
  const platform = { kafka: broker.client(), clickhouse: undefined as never }
  const running = startReconciler({ platform, metrics: prometheusMetrics(registry), logger, clock, everyMs: 60_000 })
  for (let look = 1; look <= 2; look++) {
    while (warnings.length < look) await new Promise(resolve => { setImmediate(resolve) })
    await clock.advance(60_000)
  }
  t.same([...new Set(warnings)], ['analytics could not be held against the topics'])
  await running.close()
})

test('the reconciler ends at once when it is closed while nobody answers', async t => {
  const silent = async (): Promise<never> => await new Promise<never>(() => {})
  const platform = { kafka: { startOffsets: silent, endOffsets: silent }, clickhouse: undefined } as never
  const running = startReconciler({ platform, metrics: prometheusMetrics(createRegistry()), logger: silentLogger, clock: createManualClock(), everyMs: 60_000 })
  await running.close()
  t.pass('closed')
})
