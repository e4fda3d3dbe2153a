import { type Kafka, type PartitionReader } from '../kafka/port.ts'
import { type FetchedRecord } from '../record.ts'

export interface IntakeOptions {
  readonly kafka: Kafka
  readonly topics: readonly string[]
  /** Topic of commands for the task, taken apart from its inputs. */
  readonly commands?: string | undefined
  readonly partition: number
  /** Where to start each topic: must hold every one. */
  readonly offsets: ReadonlyMap<string, bigint>
  readonly maxQueuedBytes: number
  readonly onReadable: () => void
}

/** The inputs of a task: one reader per topic, all of the task's partition. */
export class Intake {
  readonly #readers: PartitionReader[]
  readonly #commands: PartitionReader | undefined
  #turn = 0
  #lastTakenMs = 0

  constructor (options: IntakeOptions) {
    const { kafka, partition, maxQueuedBytes, onReadable } = options
    const open = (topic: string): PartitionReader =>
      kafka.openReader({ topic, partition, offset: options.offsets.get(topic) as bigint, maxQueuedBytes, onReadable })
    this.#readers = options.topics.map(open)
    this.#commands = options.commands === undefined ? undefined : open(options.commands)
  }

  /** True when `takeCommand` would give one, or throw. */
  get hasCommand (): boolean {
    return this.#commands !== undefined && isReadable(this.#commands)
  }

  /** The next command, if any. @throws as `take` */
  takeCommand (): FetchedRecord | undefined {
    return this.#commands?.take(1)[0]
  }

  /**
   * Takes what waits, fairly: the inputs share the room, what one leaves goes to the others, and the first one changes.
   *
   * @throws the failure of a reader once its queue is empty: STR_OFFSET_OUT_OF_RANGE and the like (R9)
   */
  take (maxRecords: number, maxBytes: number): FetchedRecord[] {
    const waiting = this.#readers.filter(isReadable)
    if (waiting.length === 0) return []
    this.#turn++
    let taken: FetchedRecord[] | undefined
    let records = maxRecords
    let bytes = maxBytes
    for (let index = 0; index < waiting.length; index++) {
      const reader = waiting[(index + this.#turn) % waiting.length] as PartitionReader
      const others = waiting.length - index
      const perRecord = reader.queuedRecords === 0 ? 1 : Math.max(1, reader.queuedBytes / reader.queuedRecords)
      const room = Math.max(1, Math.min(Math.ceil(records / others), Math.ceil(bytes / others / perRecord)))
      const bytesBefore = reader.queuedBytes
      const batch = reader.take(room)
      records = Math.max(0, records - batch.length)
      bytes = Math.max(0, bytes - (bytesBefore - reader.queuedBytes))
      taken = taken === undefined ? batch : taken.concat(batch)
    }
    const last = taken?.at(-1)
    if (last !== undefined) this.#lastTakenMs = last.timestampMs
    return taken ?? []
  }

  /** True when `take` would give records, or throw. */
  get isReadable (): boolean {
    return this.hasCommand || this.#readers.some(isReadable)
  }

  /** Append time of the last record taken, epoch ms. */
  get lastTakenMs (): number { return this.#lastTakenMs }

  /** Where to resume after everything taken so far. */
  positions (): Map<string, bigint> {
    return new Map(this.#all.map(reader => [reader.topic, reader.position]))
  }

  /** True when everything up to some position is taken, but there is more behind `committed`: records, or batches without any. */
  isBeyond (committed: ReadonlyMap<string, bigint>): boolean {
    return this.#all.some(reader => reader.position > (committed.get(reader.topic) ?? -1n))
  }

  position (topic: string): bigint {
    return this.#readers.find(reader => reader.topic === topic)?.position ?? -1n
  }

  /** Offsets between the positions and the ends in the newest answers. */
  lag (): bigint {
    let lag = 0n
    for (const reader of this.#readers) if (reader.lastStableOffset > reader.position) lag += reader.lastStableOffset - reader.position
    return lag
  }

  close (): void {
    for (const reader of this.#all) reader.close()
  }

  get #all (): readonly PartitionReader[] {
    return this.#commands === undefined ? this.#readers : [...this.#readers, this.#commands]
  }
}

function isReadable (reader: PartitionReader): boolean {
  return reader.queuedRecords > 0 || reader.failure !== undefined
}
