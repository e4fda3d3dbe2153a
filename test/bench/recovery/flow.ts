import { ensureError, type Kafka, type OutgoingRecord, systemClock } from '#streams'
import { countOf, type HopJob, keyOf } from '../hop/job.ts'
import { createRecord } from '../hop/scene.ts'

/**
 * A steady flow of records into a job, and what comes out of it: every key's counts must be 1, 2, 3 … in that order, so a lost or repeated
 * record, or a state that went back, shows at once.
 */
export class Flow {
  readonly #kafka: Kafka
  readonly #job: HopJob
  readonly #keys: number
  readonly #readers
  readonly #counts = new Map<string, number>()
  #sent: number
  #seen = 0
  #failure: Error | undefined
  #onSeen: (() => void) | undefined
  #isOn = false
  #sending: Promise<void> = Promise.resolve()

  /** `sent`: records that are in the input already. */
  constructor (kafka: Kafka, job: HopJob, keys: number, sent: number) {
    this.#kafka = kafka
    this.#job = job
    this.#keys = keys
    this.#sent = sent
    this.#readers = Array.from({ length: job.partitions }, (_, partition) => kafka.openReader({
      topic: job.output, partition, offset: 0n, onReadable: () => { this.#look() }
    }))
  }

  /** Sends so many records a second from now on. */
  start (perSecond: number): void {
    this.#isOn = true
    this.#sending = this.#send(perSecond).catch((error: unknown) => { this.#failure ??= ensureError(error) })
  }

  /**
   * Stops sending, and waits until the output of every record was seen.
   *
   * @throws {Error} naming what is wrong with the outputs, or why sending ended.
   */
  async settle (): Promise<void> {
    this.#isOn = false
    await this.#sending
    while (this.#seen < this.#sent && this.#failure === undefined) await new Promise<void>(resolve => { this.#onSeen = resolve })
    if (this.#failure !== undefined) throw this.#failure
    if (this.#seen > this.#sent) throw new Error(`${this.#job.output}: ${this.#seen} outputs of ${this.#sent} inputs`)
  }

  /** The newest count of each key. */
  get counts (): ReadonlyMap<string, number> {
    return this.#counts
  }

  /** Records sent so far. */
  get sent (): number {
    return this.#sent
  }

  close (): void {
    this.#isOn = false
    for (const reader of this.#readers) reader.close()
  }

  async #send (perSecond: number): Promise<void> {
    const { input, partitions } = this.#job
    const producer = this.#kafka.producer()
    const [startedMs, sentBefore] = [performance.now(), this.#sent]
    while (this.#isOn) {
      const due = sentBefore + Math.floor((performance.now() - startedMs) * perSecond / 1000)
      const records: OutgoingRecord[] = []
      for (; this.#sent < due; this.#sent++) records.push(createRecord(input, partitions, keyOf(this.#sent, this.#keys), 0))
      if (records.length > 0) await producer.send(records)
      await systemClock.sleep(1)
    }
  }

  #look (): void {
    for (const reader of this.#readers) {
      for (const { key, value } of reader.take(10_000)) {
        const name = String(key)
        const count = (this.#counts.get(name) ?? 0) + 1
        if (value === null || countOf(value) !== count) {
          this.#failure ??= new Error(`${this.#job.output}: ${name} has ${value === null ? 'nothing' : countOf(value)} where ${count} must be`)
        }
        this.#counts.set(name, count)
        this.#seen++
      }
    }
    this.#onSeen?.()
  }
}
