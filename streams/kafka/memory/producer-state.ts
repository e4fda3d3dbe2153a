import { BrokerError } from './broker-error.ts'

/** A batch that arrives: `sequence` is undefined when its producer does not number its records. */
export interface ArrivingBatch {
  readonly epoch: number
  readonly sequence: number | undefined
  readonly records: number
  /** Where it would be appended. */
  readonly offset: bigint
}

interface TakenBatch { readonly sequence: number, readonly records: number, readonly offset: bigint }

/** @source Kafka: a partition remembers the last five batches of a producer, and tells repetitions among them. */
const REMEMBERED = 5

/**
 * What one partition knows of one producer: its newest epoch, and the last batches of it. It tells a batch by epoch and sequence alone,
 * as a real partition does: also one whose transaction was aborted meanwhile.
 */
export class ProducerState {
  #epoch = -1
  #batches: TakenBatch[] = []

  /** A marker of that epoch was written: older ones are refused from now on. */
  fence (epoch: number): void {
    if (epoch !== this.#epoch) this.#batches = []
    this.#epoch = epoch
  }

  /**
   * Takes a batch: the offset that is to be answered, another than the one given when it is a repetition, which must not be appended.
   *
   * @throws {BrokerError} INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER
   */
  take ({ epoch, sequence, records, offset }: ArrivingBatch): bigint {
    if (epoch < this.#epoch) throw new BrokerError('INVALID_PRODUCER_EPOCH')
    this.fence(epoch)
    if (sequence === undefined) return offset
    const repeated = this.#batches.find(batch => batch.sequence === sequence && batch.records === records)
    if (repeated !== undefined) return repeated.offset
    const last = this.#batches.at(-1)
    if (last !== undefined && sequence !== last.sequence + last.records) throw new BrokerError('OUT_OF_ORDER_SEQUENCE_NUMBER', `${sequence}`)
    this.#batches.push({ sequence, records, offset })
    if (this.#batches.length > REMEMBERED) this.#batches.shift()
    return offset
  }

  /** The log lost its tail from there on. */
  forgetFrom (offset: bigint): void {
    this.#batches = this.#batches.filter(batch => batch.offset < offset)
  }
}
