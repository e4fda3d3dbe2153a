import { test, type Test } from 'tap'
import { changelogTopics, decodeProgress, defineTopology, initialiseTasks, type InitialiseReport, type Topology } from '../../../streams/index.ts'
import { createManualClock, createMemoryBroker, type MemoryBroker } from '../../../streams/testing/index.ts'
import { PROGRESS_KEY, transactionalId } from '../../../streams/state/changelog.ts'
import { commands, counter, topic, type Add } from './counting.ts'

const late = topic<Add>('late')
const one = defineTopology({ applicationId: 'app', version: '1', nodes: [counter()] })
const two = defineTopology({ applicationId: 'app', version: '2', nodes: [counter({ inputs: [{ topic: commands }, { topic: late, start: 'latest' }] })] })
const CHANGELOG = 'app-counter-changelog'

async function fixture (t: Test): Promise<{ broker: MemoryBroker, run (topology: Topology, created: string[], only?: string[]): Promise<InitialiseReport[]> }> {
  const clock = createManualClock(1000)
  const broker = createMemoryBroker({ clock })
  t.teardown(async () => { await broker.close() })
  for (const name of ['commands', 'late']) broker.createTopic({ name, partitions: 1, replicas: 1, config: {} })
  for (const spec of changelogTopics(one)) broker.createTopic(spec)
  const value = commands.value.encode({ type: 'Add', amount: 1 })
  await broker.client().producer().send(['commands', 'late', 'late'].map(topic => ({ topic, partition: 0, key: Buffer.from('a'), value, headers: [] })))
  return {
    broker,
    run: async (topology, created, only = []) => await initialiseTasks({ kafka: broker.client(), topology, clock, created: new Set(created), only })
  }
}

function progress (broker: MemoryBroker): ReturnType<typeof decodeProgress> | undefined {
  const last = broker.entries(CHANGELOG, 0).filter(entry => entry.outcome === 'committed' && entry.key !== null && PROGRESS_KEY.equals(entry.key)).at(-1)
  return last?.value === null || last === undefined ? undefined : decodeProgress(last.value)
}

test('provisioning writes the first progress into a changelog that it has just created', async t => {
  const { broker, run } = await fixture(t)
  t.same(await run(one, [CHANGELOG]), [{ task: 'counter-0', action: 'initialised', inputs: ['commands'] }])
  t.match(progress(broker), { sequence: 1n, offsets: new Map([['commands', 0n]]) })
})

test('provisioning leaves alone what has its progress, without even fencing its owner', async t => {
  const { broker, run } = await fixture(t)
  await run(one, [CHANGELOG])
  const owner = broker.client().openTransactions({ transactionalId: transactionalId('app', 'counter', 0) })
  await owner.init()
  t.same(await run(one, []), [{ task: 'counter-0', action: 'unchanged', inputs: [] }])
  await owner.commit([{ topic: CHANGELOG, partition: 0, key: Buffer.from('s/counts/a'), value: Buffer.from('1'), headers: [] }])
})

test('provisioning adds an input with its declared start, and fences the owner for it', async t => {
  const { broker, run } = await fixture(t)
  await run(one, [CHANGELOG])
  const owner = broker.client().openTransactions({ transactionalId: transactionalId('app', 'counter', 0) })
  await owner.init()
  t.same(await run(two, []), [{ task: 'counter-0', action: 'inputs-added', inputs: ['late'] }])
  t.match(progress(broker), { sequence: 2n, offsets: new Map([['late', 2n], ['commands', 0n]]) })
  await t.rejects(owner.commit([{ topic: CHANGELOG, partition: 0, key: Buffer.from('x'), value: null, headers: [] }]), { code: 'STR_TXN_FENCED' })
})

test('provisioning adds the topic of dead-letter commands to the progress of processors once the topology has one', async t => {
  const { broker, run } = await fixture(t)
  broker.createTopic({ name: 'dlq.commands', partitions: 1, replicas: 1, config: {} })
  await run(one, [CHANGELOG])
  const deadLetters = { commands: { name: 'dlq.commands', partitions: 1 }, events: { name: 'dlq.events', partitions: 1 } }
  t.same(await run(defineTopology({ ...one, deadLetters }), []), [{ task: 'counter-0', action: 'inputs-added', inputs: ['dlq.commands'] }])
  t.match(progress(broker), { sequence: 2n, offsets: new Map([['dlq.commands', 0n], ['commands', 0n]]) })
})

test('provisioning never writes over an entry, even in a changelog it believes to have created', async t => {
  const { broker, run } = await fixture(t)
  await run(one, [CHANGELOG])
  const owner = broker.client().openTransactions({ transactionalId: transactionalId('app', 'counter', 0) })
  await owner.init()
  const { encodeProgress } = await import('../../../streams/state/changelog.ts')
  const moved = encodeProgress({ sequence: 9n, contextTimeMs: 5, offsets: new Map([['commands', 1n]]) })
  await owner.commit([{ topic: CHANGELOG, partition: 0, key: PROGRESS_KEY, value: moved, headers: [] }])
  await run(two, [CHANGELOG])
  t.match(progress(broker), { sequence: 10n, contextTimeMs: 5, offsets: new Map([['late', 2n], ['commands', 1n]]) })
})

test('provisioning does not take a changelog without progress for a new one, unless the task is named', async t => {
  const { broker, run } = await fixture(t)
  t.same(await run(one, []), [{ task: 'counter-0', action: 'missing', inputs: ['commands'] }])
  t.equal(progress(broker), undefined)
  t.same(await run(one, [], ['counter-0']), [{ task: 'counter-0', action: 'initialised', inputs: ['commands'] }])
  t.equal(progress(broker)?.sequence, 1n)
})

test('provisioning finds a progress far from the end of a long changelog', async t => {
  const { broker, run } = await fixture(t)
  await run(one, [CHANGELOG])
  const rows = Array.from({ length: 9000 }, (_, n) => ({ topic: CHANGELOG, partition: 0, key: Buffer.from(`s/counts/${n}`), value: Buffer.from('1'), headers: [] }))
  await broker.client().producer().send(rows)
  t.same(await run(one, []), [{ task: 'counter-0', action: 'unchanged', inputs: [] }])
})

test('changelogs are compacted topics with the settings that restores need', async t => {
  const [spec] = changelogTopics(one, { replicas: 3, deleteRetentionMs: 5000, segmentMs: 600 })
  t.match(spec, {
    name: CHANGELOG,
    partitions: 1,
    replicas: 3,
    config: { 'cleanup.policy': 'compact', 'message.timestamp.type': 'LogAppendTime', 'delete.retention.ms': '5000', 'segment.ms': '600' }
  })
})
