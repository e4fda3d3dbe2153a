import { createRequire } from 'node:module'
import { Redis } from 'ioredis'
import { type Kafka } from 'kafkajs'
import { changelogOf, evolve, type HopJob } from '../hop/job.ts'
import { fail, jobOf, Tally } from '../hop/tally.ts'

/**
 * The prototype that the runtime was designed from: one exactly-once hop over kafkajs' own Cluster and Broker classes with lean codecs
 * (prototype-codecs.cjs), one transactional id and one set of connections per partition. No fencing by ownership records, no restore,
 * no rebalance, no error handling, no checks on what it reads: what is left of the work when nothing ever goes wrong.
 */
interface Message { readonly offset: string, readonly key: Buffer, readonly value: Buffer, readonly isControlRecord: boolean }
interface Answer<Partition> { readonly topics: ReadonlyArray<{ readonly topicName: string, readonly partitions: readonly Partition[] }> }
interface Broker {
  initProducerId (request: object): Promise<{ readonly producerId: string, readonly producerEpoch: number }>
  addPartitionsToTxn (request: object): Promise<unknown>
  addOffsetsToTxn (request: object): Promise<unknown>
  txnOffsetCommit (request: object): Promise<unknown>
  endTxn (request: object): Promise<unknown>
  produce (request: object): Promise<Answer<{ readonly baseOffset: string }>>
  fetch (request: object): Promise<{ readonly responses: ReadonlyArray<{ readonly partitions: ReadonlyArray<{ readonly messages: readonly Message[] }> }> }>
}
interface Cluster {
  connect (): Promise<void>
  disconnect (): Promise<void>
  addMultipleTargetTopics (topics: readonly string[]): Promise<void>
  findGroupCoordinator (request: object): Promise<Broker>
  findLeaderForPartitions (topic: string, partitions: readonly number[]): object
  findBroker (request: { readonly nodeId: string }): Promise<Broker>
}
interface RedisWithApply extends Redis {
  applyCommitted (meta: string, state: string, ...args: ReadonlyArray<string | Buffer>): Promise<number>
}

const GROUP = 0
const TRANSACTION = 1
const READ_COMMITTED = 1
const APPLY = `
  if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] or (redis.call('HGET', KEYS[1], 'position') or '0') ~= ARGV[2] then return 0 end
  redis.call('HSET', KEYS[1], 'position', ARGV[3])
  for i = 4, #ARGV, 1000 do redis.call('HSET', KEYS[2], unpack(ARGV, i, math.min(i + 999, #ARGV))) end
  return 1`

const load = createRequire(import.meta.url)
load('./prototype-codecs.cjs')
const kafkajs = load('kafkajs') as { Kafka: new (options: object) => Kafka, logLevel: { readonly NOTHING: number } }
const ClusterClass = load('kafkajs/src/cluster') as new (options: object) => Cluster
const createSocketFactory = load('kafkajs/src/network/socketFactory') as () => object

class Task {
  readonly #job: HopJob
  readonly #redis: RedisWithApply
  readonly #tally: Tally
  readonly #partition: number
  readonly #transactionalId: string
  readonly #sequences = { output: 0, changelog: 0 }
  readonly #cluster: Cluster
  #nextOffset = 0n
  #position = '0'
  #coordinator!: Broker
  #groupCoordinator!: Broker
  #leader!: Broker
  #producer: object = {}

  constructor (job: HopJob, partition: number, redis: RedisWithApply, tally: Tally, logger: () => object) {
    this.#job = job
    this.#partition = partition
    this.#redis = redis
    this.#tally = tally
    this.#transactionalId = `${job.application}-${partition}`
    this.#cluster = new ClusterClass({
      logger: logger(),
      socketFactory: createSocketFactory(),
      brokers: job.brokers,
      clientId: 'hop',
      retry: { initialRetryTime: 5 },
      metadataMaxAge: 300_000,
      instrumentationEmitter: null,
      isolationLevel: READ_COMMITTED,
      maxInFlightRequests: null,
      offsets: new Map(),
      reauthenticationThreshold: 10_000,
      connectionTimeout: 1000,
      authenticationTimeout: 1000,
      requestTimeout: 30_000,
      enforceRequestTimeout: true
    })
  }

  async acquire (): Promise<void> {
    const { input, output, application: groupId } = this.#job
    const cluster = this.#cluster
    await cluster.connect()
    await cluster.addMultipleTargetTopics([input, output, changelogOf(this.#job)])
    this.#coordinator = await cluster.findGroupCoordinator({ groupId: this.#transactionalId, coordinatorType: TRANSACTION })
    this.#groupCoordinator = await cluster.findGroupCoordinator({ groupId, coordinatorType: GROUP })
    const identity = await this.#coordinator.initProducerId({ transactionalId: this.#transactionalId, transactionTimeout: 10_000 })
    this.#producer = { transactionalId: this.#transactionalId, ...identity }
    const [nodeId = ''] = Object.keys(cluster.findLeaderForPartitions(input, [this.#partition]))
    this.#leader = await cluster.findBroker({ nodeId })
    await this.#redis.hset(this.#slot('meta'), 'owner', '1')
  }

  async run (): Promise<never> {
    for (;;) {
      const messages = await this.#fetch()
      if (messages.length > 0) await this.#cycle(messages)
    }
  }

  async close (): Promise<void> {
    await this.#cluster.disconnect()
  }

  async #fetch (): Promise<readonly Message[]> {
    const answer = await this.#leader.fetch({
      maxWaitTime: 50,
      minBytes: 1,
      maxBytes: 1 << 21,
      isolationLevel: READ_COMMITTED,
      topics: [{
        topic: this.#job.input,
        partitions: [{ partition: this.#partition, fetchOffset: String(this.#nextOffset), maxBytes: 1 << 20, currentLeaderEpoch: -1 }]
      }]
    })
    const messages = answer.responses[0]?.partitions[0]?.messages ?? []
    return messages.filter(({ isControlRecord, offset }) => !isControlRecord && BigInt(offset) >= this.#nextOffset)
  }

  async #cycle (records: readonly Message[]): Promise<void> {
    const started = performance.now()
    const { output, input, application: groupId } = this.#job
    const changelog = changelogOf(this.#job)
    const partition = this.#partition
    const producer = this.#producer
    const keys = records.map(({ key }) => key.toString())
    const rows = await this.#redis.hmgetBuffer(this.#slot('state'), ...keys)
    this.#tally.read(keys.length)
    const writes = new Map<string, Buffer>()
    const outputs = records.map(({ key, value }, index) => {
      const name = keys[index] as string
      const next = evolve(writes.get(name) ?? rows[index], value)
      writes.set(name, next)
      return { key, value: next, headers: {} }
    })
    const next = BigInt(records.at(-1)?.offset ?? 0n) + 1n
    const changes = [...writes].map(([key, value]) => ({ key: Buffer.from(key), value, headers: {} }))
    changes.push({ key: Buffer.from('\0progress'), value: Buffer.from(String(next)), headers: {} })

    await this.#addPartitions([output, changelog]) // CONCURRENT_TRANSACTIONS right after a commit is normal: markers are still being written
    const [produced] = await Promise.all([
      this.#leader.produce({
        ...producer,
        acks: -1,
        topicData: [
          { topic: output, partitions: [{ partition, firstSequence: this.#sequences.output, messages: outputs }] },
          { topic: changelog, partitions: [{ partition, firstSequence: this.#sequences.changelog, messages: changes }] }
        ]
      }),
      this.#coordinator.addOffsetsToTxn({ ...producer, groupId }).then(() => this.#groupCoordinator.txnOffsetCommit({
        ...producer, groupId, topics: [{ topic: input, partitions: [{ partition, offset: String(next) }] }]
      }))
    ])
    this.#sequences.output += outputs.length
    this.#sequences.changelog += changes.length
    await this.#coordinator.endTxn({ ...producer, transactionResult: true })

    const baseOffset = produced.topics.find(({ topicName }) => topicName === changelog)?.partitions[0]?.baseOffset ?? '0'
    const position = String(BigInt(baseOffset) + BigInt(changes.length))
    const applied = await this.#redis.applyCommitted(this.#slot('meta'), this.#slot('state'), '1', this.#position, position, ...[...writes].flat())
    if (applied !== 1) throw new Error('fenced')
    this.#position = position
    this.#nextOffset = next
    this.#tally.cycle(records.length, performance.now() - started)
  }

  async #addPartitions (topics: readonly string[]): Promise<void> {
    for (;;) {
      try {
        await this.#coordinator.addPartitionsToTxn({ ...this.#producer, topics: topics.map(topic => ({ topic, partitions: [this.#partition] })) })
        return
      } catch (error) {
        if ((error as { readonly type?: string }).type !== 'CONCURRENT_TRANSACTIONS') throw error
        await new Promise(resolve => setTimeout(resolve, 2))
      }
    }
  }

  #slot (name: string): string {
    return `{${this.#job.application}:${this.#partition}}:${name}`
  }
}

const job = jobOf<HopJob>(process.argv)
const redis = new Redis(job.redisUrl) as RedisWithApply
redis.defineCommand('applyCommitted', { numberOfKeys: 2, lua: APPLY })
const kafka = new kafkajs.Kafka({ clientId: 'hop', brokers: job.brokers, logLevel: kafkajs.logLevel.NOTHING })
let isStopping = false
const tally: Tally = new Tally(job, async () => {
  isStopping = true
  redis.disconnect()
  await Promise.all(tasks.map(async task => { await task.close() }))
})
const tasks = Array.from({ length: job.partitions }, (_, partition) => new Task(job, partition, redis, tally, () => kafka.logger()))
await Promise.all(tasks.map(async task => { await task.acquire() }))
tally.ready()
for (const task of tasks) task.run().catch((error: unknown) => { if (!isStopping) fail(error) })
