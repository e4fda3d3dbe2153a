import { type Kafka, partitionKey } from '#streams'
import { type Config } from '../../../ops/config.ts'
import { type EventFeed, openEventFeed } from '../../../ops/play/event-feed.ts'
import { localEndpoints } from '../../../ops/stack/local.ts'
import { createKafkaJs } from '../../../streams/kafka/kafkajs/index.ts'
import { createConfluentRegistry } from '../../../streams/serde/confluent-registry.ts'
import { bindRegistry } from '../../../topology/index.ts'
import { topics } from '../../../topology/topics.ts'

const endings: ReadonlySet<string> = new Set(['OrderConfirmed', 'OrderCancelled', 'OrderRejected', 'OrderFailed', 'OrderTimedOut'])

/** Counts the orders that are done, as any reader of the order events sees them, through restarts of the broker. */
export class SettledOrders {
  readonly #settled = new Set<string>()
  readonly #next = new Map<string, bigint>()
  #moved = newSignal()
  #open: { readonly kafka: Kafka, readonly feed: EventFeed } | undefined

  get count (): number { return this.#settled.size }

  /** Goes on reading at the broker of this stack, which must be up; resolves with the count when it knows all that is there. */
  async follow (config: Config): Promise<number> {
    const { brokers, registryUrl } = localEndpoints(config)
    const kafka = createKafkaJs({ brokers, clientId: 'year' })
    await kafka.start()
    await bindRegistry(createConfluentRegistry({ url: registryUrl }))
    const feed = await openEventFeed({
      kafka,
      topic: topics.orders.events,
      from: this.#next,
      onFailure: error => this.#moved.reject(error),
      onValue: (event, record) => {
        this.#next.set(partitionKey(record.topic, record.partition), record.offset + 1n)
        if (!endings.has(event.type)) return
        this.#settled.add(event.orderId)
        this.#moved.resolve()
        this.#moved = newSignal()
      }
    })
    this.#open = { kafka, feed }
    await feed.caughtUp()
    return this.count
  }

  /** Resolves when so many are settled. */
  async reached (count: number): Promise<void> {
    while (this.count < count) await this.#moved.promise
  }

  /** Lets go of the broker; `follow` goes on where this left off. */
  async close (): Promise<void> {
    const open = this.#open
    this.#open = undefined
    await open?.feed.close()
    await open?.kafka.close()
  }
}

/** Its failure is met by whoever waits next: nobody may be waiting now. */
function newSignal (): PromiseWithResolvers<void> {
  const signal = Promise.withResolvers<void>()
  signal.promise.catch(() => {})
  return signal
}
