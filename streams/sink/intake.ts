import { type Kafka, type PartitionReader } from '../kafka/port.ts'
import { type FetchedRecord } from '../record.ts'
import { type Clock } from '../time/clock.ts'
import { type SinkDef } from './port.ts'

export interface IntakeOptions {
  readonly kafka: Pick<Kafka, 'openReader'>
  readonly node: SinkDef
  readonly partition: number
  /** Where to start, by topic. */
  readonly offsets: ReadonlyMap<string, bigint>
  readonly clock: Clock
  /** Bytes queued per topic at most. */
  readonly maxQueuedBytes: number
  readonly onReadable: () => void
}

interface Line {
  readonly reader: PartitionReader
  /** Taken, but behind the border of the last range. */
  held: readonly FetchedRecord[]
  heldBytes: number
  /** Since when something waits here, epoch ms. */
  sinceMs: number | undefined
}

/**
 * What waits to be planned: one reader per topic of the sink's partition. Records stay in the readers' bounded queues until they
 * are taken into a range, so that memory is bounded whatever the target does.
 */
export class SinkIntake {
  readonly #options: IntakeOptions
  readonly #lines: readonly Line[]

  constructor (options: IntakeOptions) {
    const { kafka, node, partition, offsets, maxQueuedBytes, onReadable } = options
    this.#options = options
    this.#lines = node.topics.map(({ name: topic }) => ({
      reader: kafka.openReader({ topic, partition, offset: offsets.get(topic) ?? 0n, maxQueuedBytes, onReadable }), held: [], heldBytes: 0, sinceMs: undefined
    }))
  }

  /**
   * Due time of the next plan, epoch ms: now when enough waits, undefined when nothing does.
   *
   * @throws {StreamsError} the failure of a reader that has nothing left before it (R9)
   */
  dueMs (): number | undefined {
    const { node, clock, maxQueuedBytes } = this.#options
    const nowMs = clock.now()
    let rows = 0
    let bytes = 0
    let dueMs = Infinity
    for (const line of this.#lines) {
      const waiting = line.held.length + line.reader.queuedRecords
      if (waiting === 0) {
        if (line.reader.failure !== undefined) throw line.reader.failure
        continue
      }
      line.sinceMs ??= nowMs
      rows += waiting
      bytes += line.heldBytes + line.reader.queuedBytes
      // A full queue holds up its topic, a held record has had its turn once.
      if (line.held.length > 0 || line.reader.queuedBytes >= maxQueuedBytes) dueMs = nowMs
      dueMs = Math.min(dueMs, line.sinceMs + node.maxWaitMs)
    }
    if (rows >= node.maxRows || bytes >= node.maxBytes) return nowMs
    return rows === 0 ? undefined : dueMs
  }

  /** Takes one batch per topic that has records, each of records that may share a range. */
  take (): FetchedRecord[][] {
    const { node } = this.#options
    const batches: FetchedRecord[][] = []
    for (const line of this.#lines) {
      const records = line.held.length > 0 ? [...line.held, ...line.reader.take(node.maxRows - line.held.length)] : line.reader.take(node.maxRows)
      if (records.length === 0) continue
      const fits = Math.max(1, Math.min(records.length, node.target.cut(records)))
      line.held = records.slice(fits)
      line.heldBytes = line.held.reduce((sum, record) => sum + sizeOf(record), 0)
      line.sinceMs = undefined
      batches.push(records.slice(0, fits))
    }
    return batches
  }

  /** Records that wait, here and in the log, as far as the newest answers tell. */
  get lag (): bigint {
    let lag = 0n
    for (const { reader, held } of this.#lines) {
      const behind = reader.lastStableOffset - reader.position
      lag += BigInt(held.length) + (behind > 0n ? behind : 0n)
    }
    return lag
  }

  close (): void {
    for (const { reader } of this.#lines) reader.close()
  }
}

function sizeOf (record: FetchedRecord): number {
  return (record.key?.length ?? 0) + (record.value?.length ?? 0)
}
