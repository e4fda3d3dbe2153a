import { percentiles, type Percentiles } from './figures.ts'

/** What was measured about a contender. */
export interface CycleFigures {
  readonly records: number
  readonly cycles: number
  /** Duration of a cycle, from the records it took to its commit, ms. */
  readonly cycleMs: Percentiles
  /** Records a second from the start of the first cycle to the end of the last, and the same for the second half of the records. */
  readonly recordsPerSecond: number
  readonly steadyRecordsPerSecond: number
  /** CPU time of the process per record, after its first cycle. */
  readonly cpuMicrosecondsPerRecord: number
  /** Keys asked from Redis per record. */
  readonly readsPerRecord: number
  readonly rssMb: number
}

/** What the contender's process has used so far. */
export interface Usage {
  cpuMicroseconds (): number
  rssMb (): number
}

/** The cycles that a contender committed, and what they come to. */
export class CycleLog {
  readonly #expected: number
  readonly #usage: Usage
  #records = 0
  #reads = 0
  #cycleMs: number[] = []
  #startedMs = 0
  #halfMs = 0
  #halfRecords = 0
  #lastMs = 0
  #cpuMicroseconds = 0
  #cpuFrom = 0

  /** `expected`: records that it has to do; 0 = without end. */
  constructor (expected: number, usage: Usage) {
    this.#expected = expected
    this.#usage = usage
  }

  /** True when all records are done; never without end. */
  get isComplete (): boolean {
    return this.#expected > 0 && this.#records >= this.#expected
  }

  /** A cycle of that many records was just committed; it took that long, ms. */
  cycle (records: number, tookMs: number): void {
    const now = performance.now()
    if (this.#records === 0) {
      this.#startedMs = now - tookMs
      this.#cpuMicroseconds = this.#usage.cpuMicroseconds()
      this.#cpuFrom = records
    }
    this.#records += records
    this.#lastMs = now
    this.#cycleMs.push(tookMs)
    if (this.#halfRecords === 0 && this.#records * 2 >= this.#expected) {
      this.#halfRecords = this.#records
      this.#halfMs = now
    }
  }

  /** Keys were asked from Redis. */
  read (keys: number): void {
    this.#reads += keys
  }

  figures (): CycleFigures {
    const records = this.#records
    const cpuMicroseconds = this.#usage.cpuMicroseconds() - this.#cpuMicroseconds
    return {
      records,
      cycles: this.#cycleMs.length,
      cycleMs: percentiles(this.#cycleMs),
      recordsPerSecond: perSecond(records, this.#lastMs - this.#startedMs),
      steadyRecordsPerSecond: perSecond(records - this.#halfRecords, this.#lastMs - this.#halfMs),
      cpuMicrosecondsPerRecord: Number((cpuMicroseconds / Math.max(1, records - this.#cpuFrom)).toFixed(2)),
      readsPerRecord: Number((this.#reads / Math.max(1, records)).toFixed(2)),
      rssMb: this.#usage.rssMb()
    }
  }

  /** Forgets what was measured so far. */
  restart (): void {
    this.#records = this.#reads = this.#halfRecords = 0
    this.#cycleMs = []
  }
}

function perSecond (records: number, ms: number): number {
  return ms <= 0 ? 0 : Math.round(records / ms * 1000)
}
