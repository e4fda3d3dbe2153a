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
  /** The line whose turn it is first: a plan that is full leaves the others to the next one. */
  #turn = 0

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

  /**
   * Takes one batch per topic that has records, each of records that may share a range, until the rows and bytes of a plan are reached:
   * beyond them at most what one topic has queued.
   */
  take (): Array<readonly FetchedRecord[]> {
    const { maxRows, maxBytes } = this.#options.node
    const batches: Array<readonly FetchedRecord[]> = []
    let [rows, bytes] = [0, 0]
    for (let looked = 0; looked < this.#lines.length && rows < maxRows && bytes < maxBytes; looked++) {
      const records = this.#takeFrom(this.#lines[this.#turn] as Line, maxRows - rows)
      this.#turn = (this.#turn + 1) % this.#lines.length
      if (records.length === 0) continue
      rows += records.length
      for (const record of records) bytes += sizeOf(record)
      batches.push(records)
    }
    return batches
  }

  /** Records of a line that may share a range, `most` at most; what is taken from the reader and may not is held. */
  #takeFrom (line: Line, most: number): readonly FetchedRecord[] {
    const records = line.held.length < most ? [...line.held, ...line.reader.take(most - line.held.length)] : line.held
    if (records.length === 0) return records
    const fits = Math.max(1, Math.min(records.length, most, this.#options.node.target.cut(records)))
    line.held = records.slice(fits)
    line.heldBytes = line.held.reduce((sum, record) => sum + sizeOf(record), 0)
    line.sinceMs = undefined
    return records.slice(0, fits)
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
