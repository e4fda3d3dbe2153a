import { type Kafka, type OutgoingRecord, systemClock } from '#streams'
import { percentiles, type Percentiles } from './figures.ts'
import { type HopJob, keyOf, sentMsOf } from './job.ts'
import { createRecord } from './scene.ts'

/** Sends records to a contender and sees their outputs, as a read-committed reader of its own sees them. */
export class Probe {
  readonly #kafka: Kafka
  readonly #job: HopJob
  readonly #keys: number
  readonly #readers
  readonly #latencies: number[] = []
  #sent = 0
  #seen = 0
  #onSeen: (() => void) | undefined

  constructor (kafka: Kafka, job: HopJob, keys: number) {
    this.#kafka = kafka
    this.#job = job
    this.#keys = keys
    this.#readers = Array.from({ length: job.partitions }, (_, partition) => kafka.openReader({
      topic: job.output, partition, offset: 0n, onReadable: () => { this.#look() }
    }))
  }

  /**
   * One record after the other, the next when the output of the one before was seen: ms from its send to its output. So many of them, or as
   * many as the time allows.
   */
  async oneByOne (records: number, maxSeconds: number): Promise<Percentiles> {
    this.#latencies.length = 0
    const endMs = performance.now() + maxSeconds * 1000
    for (let n = 0; n < records && performance.now() < endMs; n++) {
      this.#send([this.#record(performance.now())])
      await this.#allSeen()
    }
    return percentiles(this.#latencies)
  }

  /** So many records a second. A record counts from the time it was due to be sent, so a late sender hides nothing. */
  async paced (perSecond: number, seconds: number): Promise<Percentiles> {
    this.#latencies.length = 0
    const started = performance.now()
    const total = perSecond * seconds
    for (let sent = 0; sent < total;) {
      const due = Math.min(total, Math.floor((performance.now() - started) * perSecond / 1000))
      const records: OutgoingRecord[] = []
      for (; sent < due; sent++) records.push(this.#record(started + sent / perSecond * 1000))
      if (records.length > 0) this.#send(records)
      await systemClock.sleep(1)
    }
    await this.#allSeen()
    return percentiles(this.#latencies)
  }

  /** How many outputs there were, of how many inputs. */
  get counts (): { readonly sent: number, readonly seen: number } {
    return { sent: this.#sent, seen: this.#seen }
  }

  close (): void {
    for (const reader of this.#readers) reader.close()
  }

  #record (sentMs: number): OutgoingRecord {
    return createRecord(this.#job.input, this.#job.partitions, keyOf(this.#sent++, this.#keys), sentMs)
  }

  #send (records: readonly OutgoingRecord[]): void {
    this.#kafka.producer().send(records).catch((error: unknown) => { throw error })
  }

  async #allSeen (): Promise<void> {
    while (this.#seen < this.#sent) await new Promise<void>(resolve => { this.#onSeen = resolve })
  }

  #look (): void {
    const now = performance.now()
    for (const reader of this.#readers) {
      for (const { value } of reader.take(10_000)) {
        this.#seen++
        if (value !== null) this.#latencies.push(now - sentMsOf(value))
      }
    }
    this.#onSeen?.()
  }
}
