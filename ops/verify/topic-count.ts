import { type Kafka, type TopicDef, type TopicPartition, partitionKey } from '#streams'
import { readPartition } from './read-partition.ts'

/** Every partition of some topics. */
export function partitionsOfTopics (topics: ReadonlyArray<Pick<TopicDef, 'name' | 'partitions'>>): readonly TopicPartition[] {
  return topics.flatMap(topic => Array.from({ length: topic.partitions }, (_, partition) => ({ topic: topic.name, partition })))
}

/** Counts the records of some topics as a read-committed reader sees them; each count goes on where the one before ended. */
export class RecordCounter {
  readonly #kafka: Kafka
  readonly #topics: readonly TopicDef[]
  /** First offset not counted yet, by `partitionKey`. */
  readonly #next: Map<string, bigint>
  readonly #counts = new Map<string, number>()

  /** `from`: first offset that counts, by `partitionKey`; absent, or no longer in the log = the start of the log. */
  constructor (kafka: Kafka, topics: readonly TopicDef[], from: ReadonlyMap<string, bigint>) {
    this.#kafka = kafka
    this.#topics = topics
    this.#next = new Map(from)
  }

  /**
   * Records from the first offset to the present end, or to `ends`, by `partitionKey`. Topic by topic, so that the memory of a
   * count is that of one topic's readers.
   */
  async count (ends?: ReadonlyMap<string, bigint>): Promise<ReadonlyMap<string, number>> {
    for (const topic of this.#topics) {
      const partitions = partitionsOfTopics([topic])
      const starts = await this.#kafka.startOffsets(partitions)
      const until = ends ?? await this.#kafka.endOffsets(partitions)
      await Promise.all(partitions.map(async at => {
        const key = partitionKey(at.topic, at.partition)
        const [start, end] = [starts.get(key) ?? 0n, until.get(key) ?? 0n]
        const from = max(this.#next.get(key) ?? start, start)
        let count = this.#counts.get(key) ?? 0
        await readPartition(this.#kafka, at, { from, end }, () => { count++ })
        this.#counts.set(key, count)
        this.#next.set(key, max(from, end))
      }))
    }
    return this.#counts
  }
}

/** Records of some topics from given offsets to the present end, or to `ends`, by `partitionKey`. */
export async function countRecords (
  kafka: Kafka, topics: readonly TopicDef[], from: ReadonlyMap<string, bigint>, ends?: ReadonlyMap<string, bigint>
): Promise<ReadonlyMap<string, number>> {
  return await new RecordCounter(kafka, topics, from).count(ends)
}

function max (a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
