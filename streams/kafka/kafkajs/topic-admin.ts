import { isStreamsError, StreamsError } from '../../errors.ts'
import { type TopicPartition } from '../../record.ts'
import { systemClock } from '../../time/system-clock.ts'
import { type TopicAdmin, type TopicSpec } from '../port.ts'
import { BrokerError, brokerErrors } from '../wire/broker-error.ts'
import { createTopicsRequest, deleteTopicsRequest, describeTopicConfigsRequest, type NamedError, setTopicConfigRequest } from '../wire/topics.ts'
import { logEnds, metadataRequest } from '../wire/metadata.ts'
import { type ClusterView } from './cluster.ts'
import { isTransient } from './failures.ts'
import { listOffsets } from './log-offsets.ts'
import { type TopicLimits } from './topic-limits.ts'

const LOOK_AGAIN_MS = 20
/** A broker makes the logs of new partitions one after the other: on a busy machine hundreds of them take a minute. */
const PER_PARTITION_MS = 500

/** Topics and their configuration. Every call has answers of its own for each topic; what is already so is not an error. */
export class KafkaTopicAdmin implements TopicAdmin {
  readonly #cluster: ClusterView
  readonly #limits: TopicLimits

  constructor (cluster: ClusterView, limits: TopicLimits) {
    this.#cluster = cluster
    this.#limits = limits
  }

  async createTopics (specs: readonly TopicSpec[]): Promise<readonly string[]> {
    if (specs.length === 0) return []
    const created = new Set<string>()
    await this.#cluster.retry(async () => {
      const missing = specs.filter(({ name }) => !created.has(name))
      const answers = await this.#cluster.callController(createTopicsRequest(missing, this.#cluster.config.requestTimeoutMs))
      for (const { name, errorCode } of answers) if (errorCode === 0) created.add(name)
      check(answers, 'CreateTopics', brokerErrors.TOPIC_ALREADY_EXISTS)
    })
    await this.#untilUsable(specs.filter(({ name }) => created.has(name)))
    return specs.map(({ name }) => name).filter((name) => created.has(name))
  }

  async topicConfigs (topics: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
    if (topics.length === 0) return new Map()
    return await this.#cluster.retry(async () => {
      const answers = await this.#cluster.call(describeTopicConfigsRequest(topics))
      check(answers, 'DescribeConfigs')
      return new Map(answers.map(({ name, config }) => [name, config]))
    })
  }

  async alterTopicConfig (topic: string, config: Readonly<Record<string, string>>): Promise<void> {
    await this.#cluster.retry(async () => {
      check(await this.#cluster.callController(setTopicConfigRequest(topic, config)), 'IncrementalAlterConfigs')
    })
    await this.#poll(async () => {
      const now = (await this.topicConfigs([topic])).get(topic) ?? {}
      return Object.entries(config).every(([name, value]) => now[name] === value)
    }, topic)
  }

  async deleteTopics (topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return
    await this.#cluster.retry(async () => {
      const answers = await this.#cluster.callController(deleteTopicsRequest(topics, this.#cluster.config.requestTimeoutMs))
      check(answers, 'DeleteTopics', brokerErrors.UNKNOWN_TOPIC_OR_PARTITION)
    })
    for (const topic of topics) this.#limits.forget(topic)
    await this.#poll(async () => (await this.#cluster.refresh(topics)).size === 0, topics.join())
  }

  async listTopics (): Promise<readonly string[]> {
    const found = await this.#cluster.refresh(null)
    return [...found.values()].filter(({ internal }) => !internal).map(({ name }) => name).sort()
  }

  async brokerCount (): Promise<number> {
    await this.#cluster.refresh([])
    return this.#cluster.nodeIds.length
  }

  /** A new topic is in the metadata before its leaders serve it: until their logs answer, a produce would be refused. */
  async #untilUsable (specs: readonly TopicSpec[]): Promise<void> {
    if (specs.length === 0) return
    const topics = specs.map(({ name }) => name)
    const partitions = specs.flatMap(({ name, partitions: count }) => Array.from({ length: count }, (_, partition) => ({ topic: name, partition })))
    const patienceMs = this.#cluster.config.requestTimeoutMs + partitions.length * PER_PARTITION_MS
    await this.#poll(async () => {
      const found = await this.#cluster.refresh(topics)
      return specs.every(({ name, partitions }) => found.get(name)?.leaders.filter((leader) => leader >= 0).length === partitions)
    }, topics.join(), patienceMs)
    await this.#poll(async () => await this.#isServed(partitions), topics.join(), patienceMs)
    await this.#poll(async () => {
      const known = await Promise.all(this.#cluster.nodeIds.map(async (nodeId) => await this.#isKnownTo(nodeId, topics)))
      return !known.includes(false)
    }, topics.join(), patienceMs)
  }

  /** Each broker learns of a topic by itself, and the next question goes to any of them. One that cannot be asked is asked by nobody else. */
  async #isKnownTo (nodeId: number, topics: readonly string[]): Promise<boolean> {
    try {
      const { topics: known } = await (await this.#cluster.link(nodeId)).call(metadataRequest(topics))
      return known.every(({ errorCode }) => errorCode === 0)
    } catch (error) {
      if (isTransient(error)) return true
      throw error
    }
  }

  async #isServed (partitions: readonly TopicPartition[]): Promise<boolean> {
    try {
      await listOffsets(this.#cluster, partitions, logEnds.start)
      return true
    } catch (error) {
      // Its leader may be the last one to hear of it.
      if (isStreamsError(error, 'STR_BROKER_UNAVAILABLE') || isStreamsError(error, 'STR_TOPIC_MISSING')) return false
      throw error
    }
  }

  /** A change reaches the brokers a little after it was answered. */
  async #poll (isDone: () => Promise<boolean>, topics: string, patienceMs = this.#cluster.config.requestTimeoutMs): Promise<void> {
    const deadline = systemClock.now() + patienceMs
    while (!await isDone()) {
      if (systemClock.now() > deadline) throw new StreamsError('STR_BROKER_UNAVAILABLE', { topics, reason: 'a change did not take effect' })
      await systemClock.sleep(LOOK_AGAIN_MS)
    }
  }
}

function check (answers: readonly NamedError[], operation: string, fine?: number): void {
  const failed = answers.find(({ errorCode }) => errorCode !== 0 && errorCode !== fine)
  if (failed !== undefined) throw new BrokerError(failed.errorCode, operation, `${failed.name} ${failed.message ?? ''}`.trim())
}
