import { type Kafka } from '#streams'
import { topics } from '../../../topology/index.ts'

/** Counts ends of notifications as they are committed; one that is not NotificationSent fails the benchmark. */
export class Ends {
  readonly #readers: ReadonlyArray<ReturnType<Kafka['openReader']>>
  readonly #failed = Promise.withResolvers<never>()
  #seen = 0
  #wanted = Infinity
  #reached = (): void => {}

  constructor (kafka: Pick<Kafka, 'openReader'>) {
    this.#failed.promise.catch(() => {})
    const { name: topic, partitions } = topics.notifications.events
    this.#readers = Array.from({ length: partitions }, (_, partition) => kafka.openReader({ topic, partition, offset: 0n, onReadable: () => { this.#look() } }))
  }

  /** Resolves when so many notifications have ended since the beginning. */
  async reach (wanted: number): Promise<void> {
    this.#wanted = wanted
    await Promise.race([this.#failed.promise, new Promise<void>(resolve => {
      this.#reached = resolve
      this.#look()
    })])
  }

  get seen (): number { return this.#seen }

  close (): void {
    for (const reader of this.#readers) reader.close()
  }

  #look (): void {
    for (const reader of this.#readers) {
      for (const { value } of reader.take(10_000)) {
        this.#seen++
        const { type } = topics.notifications.events.value.decode(value ?? Buffer.alloc(0))
        if (type !== 'NotificationSent') this.#failed.reject(new Error(`a notification ended as ${type}`))
      }
    }
    if (this.#seen >= this.#wanted) this.#reached()
  }
}
