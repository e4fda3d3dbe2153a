import { setTimeout as pause } from 'node:timers/promises'
import { type Test } from 'tap'
import {
  changelogNames, changelogTopics, initialiseTasks, isStreamsError, type Kafka, partitionKey, partitionOf, systemClock, type Topology, type TopicPartition,
  topicsOf
} from '../../streams/index.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { uniquePrefix } from '../support/stack.ts'
import { countingTopology, type CountingAppOptions, type CountingTopology, type Total } from './counting-app.ts'

export interface CountingSceneOptions {
  readonly brokers: readonly string[]
  readonly redisUrl: string
  readonly partitions: number
  /** @default 20 */
  readonly keys?: number
  /** Copies of every topic. @default 1 */
  readonly replicas?: number
  /** A request without an answer is given up after this long, ms. @default 10000 */
  readonly requestTimeoutMs?: number
}

/** Commands that are sent until told to stop. */
export interface Load { stop (): Promise<void> }

/** The counting application on real services: topics that are provisioned, commands in, totals out. */
export class CountingScene implements CountingTopology {
  readonly topology: Topology
  readonly input: CountingTopology['input']
  readonly output: CountingTopology['output']
  readonly deadLetters: string
  readonly kafka: Kafka
  /** What a process of the application is started with. */
  readonly app: Omit<CountingAppOptions, 'instance'>
  readonly #options: CountingSceneOptions
  #acknowledged = 0
  #tried = 0

  private constructor (options: CountingSceneOptions, prefix: string) {
    const { brokers, redisUrl, partitions, requestTimeoutMs = 10_000 } = options
    const counting = countingTopology(prefix, partitions)
    this.topology = counting.topology
    this.input = counting.input
    this.output = counting.output
    this.deadLetters = counting.deadLetters
    this.#options = options
    this.kafka = createKafkaJs({ brokers, clientId: 'scene', requestTimeoutMs })
    this.app = { brokers, redisUrl, prefix, partitions, requestTimeoutMs }
  }

  /** Topics, changelogs and first progress; nothing runs yet. The client is closed with the test. */
  static async create (t: Test, options: CountingSceneOptions): Promise<CountingScene> {
    const scene = new CountingScene(options, uniquePrefix())
    await scene.kafka.start()
    t.teardown(async () => { await scene.kafka.close() })
    await scene.provision(scene.topology)
    return scene
  }

  /** How many commands were acknowledged so far. */
  get acknowledged (): number { return this.#acknowledged }

  /** Makes what a topology needs and is not there yet. */
  async provision (topology: Topology): Promise<void> {
    const { partitions, replicas = 1 } = this.#options
    const config = { 'message.timestamp.type': 'LogAppendTime' }
    const plain = [...topicsOf(topology).map(({ name }) => name), this.deadLetters].map(name => ({ name, partitions, replicas, config }))
    const changelogs = changelogTopics(topology, { replicas })
    const created = new Set(await this.kafka.admin.createTopics([...plain, ...changelogs]))
    await initialiseTasks({ kafka: this.kafka, topology, clock: systemClock, created: new Set(changelogNames(topology).filter(name => created.has(name))) })
  }

  /** Sends `count` records over all keys, in bursts. */
  async send (count: number): Promise<void> {
    const { keys = 20, partitions } = this.#options
    const value = this.input.value.encode({ type: 'Add', amount: 1 })
    for (let left = count; left > 0; left -= 50) {
      const first = this.#tried
      const records = Array.from({ length: Math.min(50, left) }, (_, n) => {
        const key = `key-${(first + n) % keys}`
        return { topic: this.input.name, partition: partitionOf(key, partitions), key: Buffer.from(key), value, headers: [] }
      })
      this.#tried += records.length
      await this.kafka.producer().send(records)
      this.#acknowledged += records.length
    }
  }

  /** Sends small bursts, one after another, until it is stopped. A burst whose fate nobody knows, because the broker was away, is left alone. */
  load (): Load {
    const stop = new AbortController()
    const sending = (async () => {
      while (!stop.signal.aborted) {
        await this.send(20).catch((error: unknown) => { if (!isStreamsError(error, 'STR_BROKER_UNAVAILABLE')) throw error })
        await pause(5)
      }
    })()
    return {
      stop: async () => {
        stop.abort()
        await sending
      }
    }
  }

  /** Waits until at least `count` totals are committed. */
  async until (count: number): Promise<void> {
    await this.totals(count, 0)
  }

  /** Committed totals by key, once there are `count`, and what comes a moment later: what should not be there. */
  async totals (count: number, calmRounds = 10): Promise<Map<string, number[]>> {
    const seen = new Map<string, number[]>()
    const readers = this.partitionsOf(this.output.name).map(at => this.kafka.openReader({ ...at, offset: 0n }))
    let records = 0
    const deadline = Date.now() + 60_000
    for (let calm = -1; calm < calmRounds && Date.now() < deadline;) {
      for (const reader of readers) {
        for (const { key, value } of reader.take(10_000)) {
          const name = key?.toString() ?? ''
          const list = seen.get(name) ?? []
          seen.set(name, list)
          list.push((this.output.value.decode(value ?? Buffer.alloc(0)) as Total).total)
          records++
        }
      }
      calm = records >= count ? calm + 1 : -1
      if (calm < calmRounds) await pause(50)
    }
    for (const reader of readers) reader.close()
    return seen
  }

  /** Everything that is in the input is counted exactly once, in order; and what was acknowledged is there, once. */
  async check (t: Test): Promise<void> {
    const ends = await this.kafka.endOffsets(this.partitionsOf(this.input.name))
    const inputs = Number([...ends.values()].reduce((sum, end) => sum + end, 0n))
    t.ok(this.#acknowledged <= inputs && inputs <= this.#tried, `${inputs} inputs: ${this.#acknowledged} acknowledged, ${this.#tried} tried`)
    const seen = await this.totals(inputs)
    t.equal([...seen.values()].reduce((sum, list) => sum + list.length, 0), inputs, 'as many outputs as inputs')
    const wrong = [...seen].filter(([, list]) => list.some((total, place) => total !== place + 1))
    t.same(wrong, [], `every total of each of ${seen.size} keys once, in order`)
  }

  /** R10: once nothing is under way, the last stable offset of every partition of every topic is its end. */
  async checkStable (t: Test, topology: Topology = this.topology): Promise<void> {
    const topics = [...topicsOf(topology).map(({ name }) => name), ...changelogNames(topology), this.deadLetters]
    const partitions = topics.flatMap(topic => this.partitionsOf(topic))
    let held: string[] = ['not asked yet']
    for (const deadline = Date.now() + 30_000; held.length > 0 && Date.now() < deadline;) {
      const [stable, ends] = [await this.kafka.endOffsets(partitions), await this.kafka.highWatermarks(partitions)]
      held = partitions.map(({ topic, partition }) => partitionKey(topic, partition)).filter(key => stable.get(key) !== ends.get(key))
      if (held.length > 0) await pause(50)
    }
    t.same(held, [], `no transaction hangs in ${partitions.length} partitions`)
  }

  partitionsOf (topic: string): TopicPartition[] {
    return Array.from({ length: this.#options.partitions }, (_, partition) => ({ topic, partition }))
  }
}
