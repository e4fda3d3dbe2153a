import { type FetchedRecord, type Kafka, type OutgoingRecord, NO_HEADERS } from '#streams'
import { readRecords, boundsOf } from './read-log.ts'

/** What is known of the copy of one partition: its records from `from` up to `next` (exclusive) are there. */
export interface Copied { readonly from: bigint, readonly next: bigint, readonly read: number, readonly written: number }

/** The name under which the end of everything is noted. */
const finished = 'finished'

/** The journal lies in the new log: each entry is in the transaction of what it tells. */
export class Journal {
  readonly topic: string
  readonly #copied: ReadonlyMap<string, Copied>
  readonly isFinished: boolean
  readonly isEmpty: boolean

  private constructor (topic: string, entries: ReadonlyMap<string, string>) {
    this.topic = topic
    this.isEmpty = entries.size === 0
    this.isFinished = entries.has(finished)
    this.#copied = new Map([...entries].filter(([key]) => key !== finished).map(([key, text]) => {
      const { from, next, ...counts } = JSON.parse(text) as Omit<Copied, 'from' | 'next'> & { readonly from: string, readonly next: string }
      return [key, { ...counts, from: BigInt(from), next: BigInt(next) }]
    }))
  }

  static async read (kafka: Kafka, topic: string): Promise<Journal> {
    const at = { topic, partition: 0 }
    const entries = new Map<string, string>()
    for await (const { key, value } of readRecords(kafka, at, await boundsOf(kafka, [at]))) entries.set(String(key), String(value))
    return new Journal(topic, entries)
  }

  /** How far the copy of a partition, by its `partitionKey`, had come; undefined = it was not begun. */
  copied (partition: string): Copied | undefined {
    return this.#copied.get(partition)
  }

  note (partition: string, { from, next, ...counts }: Copied): OutgoingRecord {
    return this.#entry(partition, JSON.stringify({ from: String(from), next: String(next), ...counts }))
  }

  noteFinished (): OutgoingRecord {
    return this.#entry(finished, '{}')
  }

  #entry (key: string, value: string): OutgoingRecord {
    return { topic: this.topic, partition: 0, key: Buffer.from(key), value: Buffer.from(value), headers: NO_HEADERS }
  }
}

/** What becomes of a record of the old log in the new one: nothing, one, or one in each of several partitions. */
export type Move = (record: FetchedRecord) => Promise<readonly OutgoingRecord[]>
