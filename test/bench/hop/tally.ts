import { type HopJob } from './job.ts'
import { percentiles, type Percentiles } from './figures.ts'

/** What a contender measured about itself. */
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

export type FromContender = { readonly kind: 'ready' } | { readonly kind: 'figures', readonly figures: CycleFigures }
/** restart: forget what was measured. report: answer the figures. stop: end in good order. */
export type ToContender = { readonly kind: 'restart' | 'report' | 'stop' }

/** The contender's side: counts cycles, and reports to the process that started it when all records are done, or when asked. */
export class Tally {
  readonly job: HopJob
  #records = 0
  #reads = 0
  #cycleMs: number[] = []
  #startedMs = 0
  #halfMs = 0
  #halfRecords = 0
  #lastMs = 0
  #cpu = process.cpuUsage()
  #cpuFrom = 0

  constructor (job: HopJob, stop: () => Promise<void>) {
    this.job = job
    process.on('message', ({ kind }: ToContender) => {
      if (kind === 'restart') this.#restart()
      if (kind === 'report') this.#report()
      if (kind === 'stop') stop().then(() => { process.exit(0) }, fail)
    })
    process.on('disconnect', () => { process.exit(1) })
  }

  ready (): void {
    send({ kind: 'ready' })
  }

  /** A cycle of that many records is committed; it took that long, ms. */
  cycle (records: number, tookMs: number): void {
    const now = performance.now()
    if (this.#records === 0) {
      this.#startedMs = now - tookMs
      this.#cpu = process.cpuUsage()
      this.#cpuFrom = records
    }
    this.#records += records
    this.#lastMs = now
    this.#cycleMs.push(tookMs)
    if (this.#halfRecords === 0 && this.#records * 2 >= this.job.records) {
      this.#halfRecords = this.#records
      this.#halfMs = now
    }
    if (this.job.records > 0 && this.#records >= this.job.records) this.#report()
  }

  /** Keys were asked from Redis. */
  read (keys: number): void {
    this.#reads += keys
  }

  #report (): void {
    const records = this.#records
    const { user, system } = process.cpuUsage(this.#cpu)
    send({
      kind: 'figures',
      figures: {
        records,
        cycles: this.#cycleMs.length,
        cycleMs: percentiles(this.#cycleMs),
        recordsPerSecond: perSecond(records, this.#lastMs - this.#startedMs),
        steadyRecordsPerSecond: perSecond(records - this.#halfRecords, this.#lastMs - this.#halfMs),
        cpuMicrosecondsPerRecord: Number(((user + system) / Math.max(1, records - this.#cpuFrom)).toFixed(2)),
        readsPerRecord: Number((this.#reads / Math.max(1, records)).toFixed(2)),
        rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20)
      }
    })
  }

  #restart (): void {
    this.#records = this.#reads = this.#halfRecords = 0
    this.#cycleMs = []
  }
}

/** The job this process was started with. */
export function jobOf (argv: readonly string[]): HopJob {
  return JSON.parse(argv[2] ?? '{}') as HopJob
}

/** Ends a contender that cannot go on. */
export function fail (error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}

function send (message: FromContender): void {
  process.send?.(message)
}

function perSecond (records: number, ms: number): number {
  return ms <= 0 ? 0 : Math.round(records / ms * 1000)
}
