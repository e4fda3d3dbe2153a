import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import t, { type Test } from 'tap'
import { changelogTopic, isStreamsError, partitionKey, transactionalId } from '../../streams/index.ts'
import { createKafkaJs, type KafkaJs } from '../../streams/kafka/kafkajs/client.ts'
import { ClusterView } from '../../streams/kafka/kafkajs/cluster.ts'
import { parseAddress } from '../../streams/kafka/kafkajs/log-offsets.ts'
import { type TransactionUnit } from '../../streams/kafka/port.ts'
import { textRecord, texts, uniqueName } from '../conformance/kafka-port/scene.ts'
import { ownCluster, ownRedis } from '../support/stack.ts'
import { startCountingApp, type CountingApp } from './counting-app.ts'
import { CountingScene } from './counting-scene.ts'

const cluster = await ownCluster(t)
const redis = cluster === undefined ? undefined : await ownRedis(t)
const REQUEST_TIMEOUT_MS = 3_000

async function connect (t: Test, brokers: readonly string[]): Promise<KafkaJs> {
  const client = createKafkaJs({ brokers, clientId: 'cluster', requestTimeoutMs: REQUEST_TIMEOUT_MS })
  t.teardown(() => client.close())
  await client.start()
  return client
}

/** Asks the cluster who coordinates and who leads, from the outside. */
function lookout (t: Test, brokers: readonly string[]): ClusterView {
  const config = { clientId: 'lookout', ssl: undefined, sasl: undefined, requestTimeoutMs: REQUEST_TIMEOUT_MS }
  const view = new ClusterView(config, brokers.map(parseAddress))
  t.teardown(() => { view.close() })
  return view
}

/** The node that most of the list names. */
function busiest (nodes: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const node of nodes) counts.set(node, (counts.get(node) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 1
}

/** A writer as a task is one: numbers in transactions, and after any doubt the log says which number is next. */
class Writer {
  readonly id = uniqueName('txn')
  readonly client: KafkaJs
  readonly topic: string
  readonly partition: number
  next = 0
  doubts = 0
  #stopped = false

  constructor (client: KafkaJs, topic: string, partition: number) {
    this.client = client
    this.topic = topic
    this.partition = partition
  }

  async run (): Promise<void> {
    const unit = this.client.openTransactions({ transactionalId: this.id })
    await unit.init()
    while (!this.#stopped) await this.#write(unit)
    unit.close()
  }

  stop (): void {
    this.#stopped = true
  }

  async #write (unit: TransactionUnit): Promise<void> {
    try {
      await unit.commit([textRecord(this.topic, String(this.next), this.partition)])
      this.next++
    } catch (error) {
      if (!isStreamsError(error)) throw error
      if (error.code === 'STR_BROKER_UNAVAILABLE') return // nothing was sent
      this.doubts++
      await unit.init()
      this.next = (await this.seen()).length
    }
  }

  /** Everything committed, up to the end as of now. */
  async seen (): Promise<string[]> {
    const at = { topic: this.topic, partition: this.partition }
    const end = await this.#end(at)
    const reader = this.client.openReader({ ...at, offset: 0n })
    const values: string[] = []
    while (reader.position < end) {
      const records = reader.take(10_000)
      values.push(...texts(records))
      if (records.length === 0) await pause(5)
    }
    reader.close()
    return values
  }

  async #end (at: { readonly topic: string, readonly partition: number }): Promise<bigint> {
    for (;;) {
      try {
        return (await this.client.endOffsets([at])).get(partitionKey(at.topic, at.partition)) ?? 0n
      } catch (error) {
        if (!isStreamsError(error, 'STR_BROKER_UNAVAILABLE')) throw error
      }
    }
  }
}

/** A group that this node coordinates. */
async function groupAt (view: ClusterView, nodeId: number): Promise<string> {
  for (;;) {
    const groupId = uniqueName('group')
    if (await view.findCoordinator('group', groupId) === nodeId) return groupId
  }
}

/** Waits until each of them has moved on by so much. */
async function progress (writers: readonly Writer[], by: number): Promise<void> {
  const from = writers.map(({ next }) => next)
  while (!writers.every(({ next }, index) => next >= (from[index] ?? 0) + by)) await pause(20)
}

if (cluster !== undefined && redis !== undefined) {
  const { brokers } = cluster

  t.test('transactions and members lose and repeat nothing when the broker that coordinates them is killed', async t => {
    const client = await connect(t, brokers)
    const view = lookout(t, brokers)
    const topic = uniqueName('cluster')
    await client.admin.createTopics([{ name: topic, partitions: 6, replicas: 3, config: { 'message.timestamp.type': 'LogAppendTime' } }])
    t.equal((await client.admin.topicConfigs([topic])).get(topic)?.['min.insync.replicas'], '2')
    const writers = Array.from({ length: 6 }, (_, partition) => new Writer(client, topic, partition))
    const running = Promise.all(writers.map(async writer => { await writer.run() }))
    const victim = busiest(await Promise.all(writers.map(async ({ id }) => await view.findCoordinator('transaction', id))))
    const groupId = await groupAt(view, victim)
    const failures: Error[] = []
    const generations: number[] = []
    const membership = client.joinGroup({
      groupId,
      instanceId: 'a',
      sessionTimeoutMs: 30_000,
      heartbeatMs: 200,
      memberData: () => Buffer.from('a'),
      assign: members => new Map(members.map(({ memberId }) => [memberId, Buffer.from('all')])),
      onAssignment: (_, generation) => { generations.push(generation) },
      onFailure: error => { failures.push(error) }
    })
    await membership.confirm()
    await progress(writers, 20)
    await cluster.node(victim).kill()
    await progress(writers, 20)
    await membership.confirm()
    t.pass('everything goes on without it')
    await cluster.node(victim).start()
    await progress(writers, 20)
    await membership.confirm()
    for (const writer of writers) writer.stop()
    await running
    t.ok(writers.some(({ doubts }) => doubts > 0), `${writers.reduce((sum, { doubts }) => sum + doubts, 0)} transactions were in doubt`)
    const partitions = writers.map(({ partition }) => ({ topic, partition }))
    // No transaction hangs; the markers of the last ones come a little behind the answers to their commits.
    while (!isDeepStrictEqual(await client.highWatermarks(partitions), await client.endOffsets(partitions))) await pause(20)
    for (const writer of writers) t.same(await writer.seen(), Array.from({ length: writer.next }, (_, n) => String(n)), `partition ${writer.partition}`)
    t.same(failures, [], 'the membership goes on')
    t.equal(new Set(generations).size, 1, 'in its generation: a coordinator that moves does not move tasks')
    await membership.leave()
  })

  t.test('the runtime counts exactly once while brokers are killed and frozen under it', async t => {
    const counting = await CountingScene.create(t, {
      brokers, redisUrl: redis.endpoint, partitions: 6, keys: 60, replicas: 3, requestTimeoutMs: REQUEST_TIMEOUT_MS
    })
    const apps: CountingApp[] = []
    for (const instance of ['one', 'two']) {
      const app = await startCountingApp({ ...counting.app, instance })
      t.teardown(app.close)
      apps.push(app)
    }
    const view = lookout(t, brokers)
    const { applicationId } = counting.topology
    const load = counting.load()
    await counting.until(200)

    const coordinators = await Promise.all([0, 1, 2, 3, 4, 5].map(async partition => {
      return await view.findCoordinator('transaction', transactionalId(applicationId, 'counter', partition))
    }))
    const killed = busiest(coordinators)
    await cluster.node(killed).kill()
    await counting.until(counting.acknowledged + 500)
    await cluster.node(killed).start()

    const changelog = counting.partitionsOf(changelogTopic(applicationId, 'counter'))
    await view.locate(changelog)
    const frozen = busiest(changelog.map(({ topic, partition }) => view.leader(topic, partition) ?? 1))
    cluster.node(frozen).pause()
    await counting.until(counting.acknowledged + 500)
    cluster.node(frozen).resume()

    await counting.until(counting.acknowledged + 500)
    await load.stop()
    await counting.check(t)
    await counting.checkStable(t)
    for (const { streams } of apps) t.same(streams.health().reasons, [], 'and every task runs')
  })
}
