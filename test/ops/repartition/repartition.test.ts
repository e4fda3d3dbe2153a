import { type Test, test } from 'tap'
import { type Kafka, type Topology, createStreams, defineTopology, partitionOf } from '../../../streams/index.ts'
import { type TransactionUnit } from '../../../streams/kafka/port.ts'
import { type MemoryBroker, createMemoryBackend, createMemoryBroker } from '../../../streams/testing/index.ts'
import { discardTarget } from '../../../ops/repartition/prepare-target.ts'
import { type RepartitionOptions, type RepartitionReport, repartition } from '../../../ops/repartition/repartition.ts'
import { type Apps, createApps, settle } from '../../streams/runtime/apps.ts'
import { type Command, type Event, counter, topic } from '../../streams/runtime/counting.ts'

const keys = Array.from({ length: 24 }, (_, index) => `key-${index}`)
const laterMs = 60_000

function counting (partitions: number): Topology {
  const inputs = [{ topic: topic<Command>('commands', partitions) }]
  return defineTopology({ applicationId: 'app', version: '1', idSpace: String(partitions), nodes: [counter({ inputs, outputs: [topic<Event>('totals', partitions)] })] })
}

const topicsOf = (partitions: number) => ['commands', 'totals', 'dlq'].map(name => topic(name, partitions))
const homes = { rows: { 'counter/counts': { kind: 'key' as const, of: (key: string) => key } }, timers: { counter: ({ key }: { readonly key: string }) => key } }

/** A platform of four partitions at rest: each key has counted to 2, and has a timer that is due in a minute. */
async function atRest (t: Test): Promise<Apps> {
  const apps = await createApps(t, counting(4))
  await send(apps.broker.client(), 4, [{ type: 'Add', amount: 1 }, { type: 'Remind', afterMs: laterMs }, { type: 'Add', amount: 1 }])
  await work(apps, counting(4))
  return apps
}

async function send (kafka: Kafka, partitions: number, values: readonly Command[]): Promise<void> {
  const { value: serde } = topic<Command>('commands')
  await kafka.producer().send(values.flatMap(value => keys.map(key => (
    { topic: 'commands', partition: partitionOf(key, partitions), key: Buffer.from(key), value: serde.encode(value), headers: [] }
  ))))
}

/** Lets a process work until nothing is left to do, after so much time; it leaves then. */
async function work ({ broker, clock }: Pick<Apps, 'broker' | 'clock'>, topology: Topology, forMs = 4000): Promise<void> {
  const streams = createStreams({ topology, kafka: broker.client(), state: createMemoryBackend().connect(), clock, instance: 'one' })
  await streams.start()
  await settle({ broker })
  for (let passedMs = 0; passedMs < forMs; passedMs += 2000) {
    clock.advance(2000)
    await settle({ broker })
  }
  await streams.close()
}

async function grow (apps: Apps, target: Kafka, partitions = 8, given: Partial<RepartitionOptions> = {}): Promise<RepartitionReport | undefined> {
  return await repartition({
    source: apps.broker.client(),
    target,
    topology: counting(partitions),
    topics: topicsOf(partitions),
    derived: new Map(),
    homes,
    initial: [],
    report: () => {},
    signal: new AbortController().signal,
    ...given
  })
}

/** Committed records of a topic, by partition, as text. */
function contents (broker: MemoryBroker, name: string, partitions: number): string[][] {
  return Array.from({ length: partitions }, (_, partition) => {
    const log = broker.log(name, partition)
    return log.entries().filter(({ kind, outcome }) => kind === 'data' && outcome === 'committed').map(({ key, value }) => `${key} ${value}`)
  })
}

const eventsOf = (broker: MemoryBroker, partitions: number): Event[] =>
  contents(broker, 'totals', partitions).flat().map(text => JSON.parse(text.slice(text.indexOf(' ') + 1)) as Event)

function newLog (t: Test, { clock }: Apps): MemoryBroker {
  const broker = createMemoryBroker({ clock })
  t.teardown(async () => { await broker.close() })
  return broker
}

test('a platform goes on with twice the partitions: every key where it stood, every timer once, no id twice', async t => {
  const apps = await atRest(t)
  const broker = newLog(t, apps)
  t.match(await grow(apps, broker.client()), { records: keys.length * 5, tasks: 8 })
  const before = eventsOf(apps.broker, 4)
  const moved = contents(broker, 'totals', 8)
  t.strictSame(moved.flat().sort(), contents(apps.broker, 'totals', 4).flat().sort())
  for (const [partition, records] of moved.entries()) {
    t.ok(records.every(text => partitionOf(text.slice(0, text.indexOf(' ')), 8) === partition), 'each record is where its key belongs')
  }
  t.ok(moved.slice(4).some(records => records.length > 0), 'some have moved')

  await send(broker.client(), 8, [{ type: 'Add', amount: 1 }])
  await work({ broker, clock: apps.clock }, counting(8), 2 * laterMs)
  const after = eventsOf(broker, 8)
  t.equal(after.filter(event => event.type === 'Total' && event.total === 3).length, keys.length, 'each goes on from 2')
  t.equal(after.filter(event => event.type === 'Reminded').length, keys.length, 'each timer fires once')
  t.equal(new Set(after.map(({ id }) => id)).size, before.length + 2 * keys.length, 'no id is given twice')
})

test('a run that is killed at any of its transactions is given again and ends as one that was not', async t => {
  const apps = await atRest(t)
  const whole = newLog(t, apps)
  await grow(apps, whole.client())
  const wanted = ['commands', 'totals', 'app-counter-changelog'].map(name => contents(whole, name, 8))
  let kills = 0
  for (const moment of ['before', 'after'] as const) {
    for (let at = 0, isKilled = true; isKilled; at++) {
      const broker = newLog(t, apps)
      isKilled = await grow(apps, dying(broker.client(), at, moment)).then(() => false, () => true)
      if (!isKilled) continue
      kills++
      const report = await grow(apps, broker.client())
      const isFinished = moment === 'after' && report === undefined
      t.ok(isFinished || report?.tasks === 8)
      t.strictSame(['commands', 'totals', 'app-counter-changelog'].map(name => contents(broker, name, 8)), wanted, `killed ${moment} transaction ${at}`)
    }
  }
  t.ok(kills > 20, `${kills} kills`)
})

test('a run goes on when the time of old records was over in between', async t => {
  const apps = await atRest(t)
  const broker = newLog(t, apps)
  await grow(apps, dying(broker.client(), 8, 'after')).catch(() => {})
  const copied = contents(broker, 'commands', 8).flat().length
  t.ok(copied > 0)
  for (let partition = 0; partition < 4; partition++) {
    const log = apps.broker.log('commands', partition)
    log.deleteBefore(partition === 0 ? log.endOffset : 3n)
  }
  t.match(await grow(apps, broker.client()), { tasks: 8 })
  const all = contents(broker, 'commands', 8).flat()
  t.ok(all.length >= copied, 'what was copied stays')
})

test('a copy that lacks a record is found even when the beginning of the old log is gone', async t => {
  const apps = await atRest(t)
  const broker = newLog(t, apps)
  await grow(apps, dying(broker.client(), 10, 'after')).catch(() => {})
  const stray = { topic: 'commands', partition: 7, key: Buffer.from('key-0'), value: Buffer.from('{}'), headers: [] }
  await broker.client().producer().send([stray])
  for (let partition = 0; partition < 4; partition++) apps.broker.log('commands', partition).deleteBefore(2n)
  await t.rejects(grow(apps, broker.client()), { code: 'OPS_REPARTITION_UNPROVEN' })
})

/** A client that dies at its nth transaction: it was never sent, or its answer never came. */
function dying (client: Kafka, at: number, moment: 'before' | 'after'): Kafka {
  let commits = 0
  const wrapped = (unit: TransactionUnit): TransactionUnit => ({
    transactionalId: unit.transactionalId,
    init: async signal => { await unit.init(signal) },
    commit: async records => {
      const isLast = commits++ >= at
      if (isLast && moment === 'before') throw new Error('killed')
      const result = await unit.commit(records)
      if (isLast) throw new Error('killed')
      return result
    },
    close: () => { unit.close() }
  })
  return new Proxy(client, {
    get: (whole, name) => {
      if (name === 'openTransactions') return (options: Parameters<Kafka['openTransactions']>[0]) => wrapped(whole.openTransactions(options))
      const part: unknown = Reflect.get(whole, name, whole)
      return typeof part === 'function' ? part.bind(whole) as unknown : part
    }
  })
}

test('nothing is done while the platform runs, has something to do, or cannot be split so', async t => {
  const apps = await atRest(t)
  const broker = newLog(t, apps)
  const target = broker.client()
  const refused = async (about: RegExp, work: () => Promise<unknown>): Promise<void> => {
    await t.rejects(work(), { code: 'OPS_REPARTITION_REFUSED', message: about })
    t.strictSame(await target.describeTopics(['commands']), new Map(), 'nothing was made')
  }
  await refused(/4 partitions, and is to have 6/, async () => await grow(apps, target, 6))
  await refused(/as many partitions as there are/, async () => await grow(apps, target, 4))
  await refused(/nobody says where the rows of counter\/counts/, async () => await grow(apps, target, 8, { homes: { rows: {}, timers: homes.timers } }))
  const pending = async (key: string, value: Buffer | null): Promise<void> => {
    await apps.broker.client().producer().send([{ topic: 'app-counter-changelog', partition: 0, key: Buffer.from(key), value, headers: [] }])
  }
  for (const [key, about] of [['e/charge/a', /task counter-0 has an open call to the outside/], ['p/ordinary/a', /task counter-0 has a parked key/]] as const) {
    await pending(key, Buffer.from('it'))
    await refused(about, async () => await grow(apps, target))
    await pending(key, null)
  }
  const streams = apps.make('runs')
  await streams.start()
  await refused(/the platform runs/, async () => await grow(apps, target))
  await streams.close()
  await send(apps.broker.client(), 4, [{ type: 'Add', amount: 1 }])
  await refused(/task counter-\d has \d+ or more records of commands to handle/, async () => await grow(apps, target))
})

test('a row that does not lie where its home says ends the run, and no task can start', async t => {
  const apps = await atRest(t)
  const broker = newLog(t, apps)
  const wrong = { ...homes, rows: { 'counter/counts': { kind: 'key' as const, of: (key: string) => `${key}!` } } }
  await t.rejects(grow(apps, broker.client(), 8, { homes: wrong }), { code: 'OPS_REPARTITION_REFUSED', message: /belongs to another partition than it lies in/ })
  t.notOk(contents(broker, 'app-counter-changelog', 8).flat().some(text => text.startsWith('progress ')), 'no task has progress')
})

test('a copy that is not the same is found before a task can start', async t => {
  const apps = await atRest(t)
  const broker = newLog(t, apps)
  await grow(apps, dying(broker.client(), 10, 'after')).catch(() => {})
  const stray = { topic: 'totals', partition: 7, key: Buffer.from('key-0'), value: Buffer.from('{}'), headers: [] }
  await broker.client().producer().send([stray])
  await t.rejects(grow(apps, broker.client()), { code: 'OPS_REPARTITION_UNPROVEN' })
  t.notOk(contents(broker, 'app-counter-changelog', 8).flat().some(text => text.startsWith('progress ')))
})

test('the new log can be taken away until a task has run on it, and no other log ever', async t => {
  const apps = await atRest(t)
  const broker = newLog(t, apps)
  const topology = counting(8)
  const nodes = topology.nodes.filter(node => node.kind === 'processor')
  const discard = async (kafka: Kafka): Promise<number> => await discardTarget({ target: kafka, topology, topics: topicsOf(8), nodes })
  await t.rejects(discard(apps.broker.client()), { code: 'OPS_REPARTITION_REFUSED', message: /no run of this made that log/ })
  await t.rejects(grow(apps, apps.broker.client()), { message: /the new log is not empty/ })
  await grow(apps, broker.client())
  t.equal(await discard(broker.client()), 4)
  t.strictSame(await broker.client().admin.listTopics(), [])
  t.ok(await grow(apps, broker.client()), 'and made again')
  t.equal(await grow(apps, broker.client()), undefined, 'what is finished is not done twice')
  await work({ broker, clock: apps.clock }, topology)
  await t.rejects(discard(broker.client()), { message: /task counter-\d has run on the new log/ })
})
