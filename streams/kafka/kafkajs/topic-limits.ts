import { BrokerError } from '../wire/broker-error.ts'
import { describeTopicConfigsRequest } from '../wire/topics.ts'
import { type ClusterView } from './cluster.ts'

/** The largest batch each topic accepts, as the broker applies it. Asked once, and again after a broker found a batch too large. */
export class TopicLimits {
  readonly #cluster: ClusterView
  readonly #maxMessageBytes = new Map<string, number>()

  constructor (cluster: ClusterView) {
    this.#cluster = cluster
  }

  /** Bytes, or undefined when it was not asked yet. */
  get (topic: string): number | undefined {
    return this.#maxMessageBytes.get(topic)
  }

  /** Asks for the limits of the topics now. @throws {StreamsError} STR_TOPIC_MISSING */
  async load (topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return
    await this.#cluster.retry(async () => {
      for (const { name, errorCode, config } of await this.#cluster.call(describeTopicConfigsRequest(topics))) {
        if (errorCode !== 0) throw new BrokerError(errorCode, 'DescribeConfigs', name)
        this.#maxMessageBytes.set(name, Number(config['max.message.bytes']))
      }
    })
  }

  /** Asks again before the next use. */
  forget (topic: string): void {
    this.#maxMessageBytes.delete(topic)
  }
}
