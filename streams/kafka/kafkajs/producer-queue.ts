import { partitionKey, type OutgoingRecord, type TopicPartition } from '../../record.ts'
import { type PartitionPlan, planBatches } from '../wire/batch-plan.ts'
import { type ProduceAnswer, type ProducePart, sequenceAfter } from '../wire/produce.ts'
import { type ProducerIdentity } from '../wire/transactions.ts'

/** One producer id and the next sequence of each partition it wrote to. Thrown away after any failure that is not repeated. */
export interface ProducerSession { readonly producer: ProducerIdentity, readonly sequences: Map<string, number> }

/** One record that waits for its offset. */
export interface WaitingRecord {
  readonly record: OutgoingRecord
  resolve (offset: bigint): void
  reject (error: Error): void
}

interface Running {
  readonly plan: PartitionPlan
  readonly owners: readonly WaitingRecord[]
  batchIndex: number
  /** The batch is sent under these, however often it is repeated: the broker knows a repetition by them. */
  sent: { readonly session: ProducerSession, readonly sequence: number, readonly sinceMs: number } | undefined
}

/** The records that wait for one partition, and the one batch of them that is under way. */
export class ProducerQueue implements TopicPartition {
  readonly topic: string
  readonly partition: number
  /** True while a request with a batch of it is under way. */
  isAsked = false
  /** Not to be sent before, epoch ms. */
  notBeforeMs = 0
  readonly #key: string
  #waiting: WaitingRecord[] = []
  #running: Running | undefined
  #failures = 0

  constructor ({ topic, partition }: TopicPartition) {
    this.topic = topic
    this.partition = partition
    this.#key = partitionKey(topic, partition)
  }

  get isEmpty (): boolean {
    return this.#running === undefined && this.#waiting.length === 0
  }

  /** When the batch under way was first sent, epoch ms. */
  get sentSinceMs (): number | undefined {
    return this.#running?.sent?.sinceMs
  }

  /** How often the batch under way was repeated. */
  get repetitions (): number {
    return this.#failures
  }

  /** The session the batch under way must be repeated with. */
  get session (): ProducerSession | undefined {
    return this.#running?.sent?.session
  }

  add (record: WaitingRecord): void {
    this.#waiting.push(record)
  }

  /** The next batch; the same one again until it was settled. */
  next (session: ProducerSession, maxBytes: number, nowMs: number): ProducePart | undefined {
    if (this.#running === undefined) {
      if (this.#waiting.length === 0) return undefined
      const owners = this.#waiting
      this.#waiting = []
      const [plan] = planBatches(owners.map(({ record }) => record), () => maxBytes)
      if (plan === undefined) return undefined
      this.#running = { plan, owners, batchIndex: 0, sent: undefined }
    }
    const running = this.#running
    const batch = running.plan.batches[running.batchIndex]
    if (batch === undefined) return undefined
    if (running.sent === undefined) {
      const sequence = session.sequences.get(this.#key) ?? 0
      session.sequences.set(this.#key, sequenceAfter(sequence, batch.to - batch.from))
      running.sent = { session, sequence, sinceMs: nowMs }
    }
    return { topic: this.topic, partition: this.partition, plan: running.plan, batch, sequence: running.sent.sequence }
  }

  /** The batch is in the log. */
  succeeded ({ baseOffset }: ProduceAnswer): void {
    this.#finish((owner, place) => { owner.resolve(baseOffset + BigInt(place)) })
  }

  /** The batch is refused for good, or was repeated for too long. */
  failed (error: Error): void {
    this.#finish((owner) => { owner.reject(error) })
  }

  /** The batch is to be sent again; returns ms to wait before. */
  repeat (nowMs: number): number {
    const waitMs = Math.min(20 * 2 ** this.#failures++, 1_000)
    this.notBeforeMs = nowMs + waitMs
    return waitMs
  }

  /** Rejects everything. */
  rejectAll (error: Error): void {
    const owners = [...this.#running?.owners.slice(this.#running.plan.batches[this.#running.batchIndex]?.from) ?? [], ...this.#waiting]
    this.#running = undefined
    this.#waiting = []
    for (const owner of owners) owner.reject(error)
  }

  #finish (settle: (owner: WaitingRecord, place: number) => void): void {
    const running = this.#running
    const batch = running?.plan.batches[running.batchIndex]
    if (running === undefined || batch === undefined) return
    this.#failures = 0
    running.batchIndex++
    running.sent = undefined
    if (running.batchIndex === running.plan.batches.length) this.#running = undefined
    for (const [place, owner] of running.owners.slice(batch.from, batch.to).entries()) settle(owner, place)
  }
}
