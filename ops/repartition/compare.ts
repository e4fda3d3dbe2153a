import { createHash } from 'node:crypto'
import { type FetchedRecord, type Kafka, type OutgoingRecord, type TopicPartition } from '#streams'
import { unproven } from './refusal.ts'
import { type Move } from './journal.ts'
import { type Bounds, readRecords } from './read-log.ts'

/** Both logs, with the places where they begin and end. */
export interface Sides {
  readonly source: Kafka
  readonly target: Kafka
  readonly before: Bounds
  readonly after: Bounds
}

/** One partition of the old log, and the partitions of the same topic that it became. */
export interface Split extends TopicPartition {
  readonly heirs: readonly number[]
  readonly move: Move
  /** The time of its oldest records was over meanwhile: they are in the copy, and in the old log no more. */
  readonly wasTrimmed: boolean
}

type Content = Pick<FetchedRecord, 'key' | 'value' | 'headers'>

/**
 * Holds each record of a partition against the next one of the partition that it went to: the same bytes, in the same order, none missing and none more.
 * Returns how many there are.
 *
 * @throws {OpsError} OPS_REPARTITION_UNPROVEN
 */
export async function compareRecords ({ topic, partition, heirs, move, wasTrimmed }: Split, { source, target, before, after }: Sides): Promise<number> {
  const copies = new Map(heirs.map(heir => [heir, new Copy(readRecords(target, { topic, partition: heir }, after), wasTrimmed)]))
  let records = 0
  try {
    for await (const record of readRecords(source, { topic, partition }, before)) {
      for (const moved of await move(record)) {
        if (await copies.get(moved.partition)?.hasNext(moved) !== true) throw unproven(topic, moved.partition, `record ${record.offset} of partition ${partition} is not the next one there`)
        records++
      }
    }
    for (const [heir, copy] of copies) if (!await copy.isOver()) throw unproven(topic, heir, 'there are more records than were copied')
    return records
  } finally {
    await Promise.all([...copies.values()].map(async copy => { await copy.close() }))
  }
}

/** A copy as it is read. `mayLead`: it may begin with records that the old log has no more. */
class Copy {
  readonly #records: AsyncGenerator<FetchedRecord>
  #mayLead: boolean

  constructor (records: AsyncGenerator<FetchedRecord>, mayLead: boolean) {
    this.#records = records
    this.#mayLead = mayLead
  }

  async hasNext (wanted: Pick<OutgoingRecord, 'key' | 'value' | 'headers'>): Promise<boolean> {
    for (;;) {
      const { value, done } = await this.#records.next()
      if (done === true) return false
      const isIt = isSame(wanted, value)
      if (isIt || !this.#mayLead) {
        this.#mayLead = false
        return isIt
      }
    }
  }

  async isOver (): Promise<boolean> {
    return this.#mayLead || (await this.#records.next()).done === true
  }

  async close (): Promise<void> {
    await this.#records.return(undefined)
  }
}

/**
 * Holds what the keys of a compacted partition stand at against what they stand at where they went to: cleaners may have taken older records from either
 * side. Keeps a hash for each key of the partition. Returns how many rows there are.
 *
 * @throws {OpsError} OPS_REPARTITION_UNPROVEN
 */
export async function compareRows ({ topic, partition, heirs, move }: Split, { source, target, before, after }: Sides): Promise<number> {
  const wanted = new Map(heirs.map(heir => [heir, new Rows()]))
  for await (const record of readRecords(source, { topic, partition }, before)) {
    for (const moved of await move(record)) if (moved.topic === topic) wanted.get(moved.partition)?.take(moved)
  }
  let rows = 0
  for (const [heir, expected] of wanted) {
    const found = new Rows()
    for await (const record of readRecords(target, { topic, partition: heir }, after)) found.take(record)
    if (!expected.isSame(found)) throw unproven(topic, heir, `its rows are not those of partition ${partition} that belong there`)
    rows += expected.count
  }
  return rows
}

/** What each key stands at. */
class Rows {
  readonly #digests = new Map<string, string>()

  get count (): number { return this.#digests.size }

  take ({ key, value }: Content): void {
    const name = String(key)
    if (value === null) this.#digests.delete(name)
    else this.#digests.set(name, createHash('sha256').update(value).digest('base64'))
  }

  isSame (other: Rows): boolean {
    return this.count === other.count && [...this.#digests].every(([key, digest]) => other.#digests.get(key) === digest)
  }
}

function isSame (a: Pick<OutgoingRecord, 'key' | 'value' | 'headers'>, b: Content): boolean {
  return isEqual(a.key, b.key) && isEqual(a.value, b.value) && a.headers.length === b.headers.length &&
    a.headers.every(([name, value], index) => name === b.headers[index]?.[0] && isEqual(value, b.headers[index][1]))
}

function isEqual (a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b)
}
