import { CycleLog, type CycleFigures, type Usage } from './cycle-log.ts'

export type FromContender = { readonly kind: 'ready' } | { readonly kind: 'figures', readonly figures: CycleFigures }
/** restart: forget what was measured. report: answer the figures. stop: end in good order. */
export type ToContender = { readonly kind: 'restart' | 'report' | 'stop' }

const ownUsage: Usage = {
  cpuMicroseconds: () => {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  rssMb: () => Math.round(process.memoryUsage.rss() / 2 ** 20)
}

/** The contender's side: counts cycles, and reports to the process that started it when all records are done, or when asked. */
export class Tally {
  readonly #log: CycleLog

  constructor (job: { readonly records: number }, stop: () => Promise<void>) {
    this.#log = new CycleLog(job.records, ownUsage)
    process.on('message', ({ kind }: ToContender) => {
      if (kind === 'restart') this.#log.restart()
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
    this.#log.cycle(records, tookMs)
    if (this.#log.isComplete) this.#report()
  }

  /** Keys were asked from Redis. */
  read (keys: number): void {
    this.#log.read(keys)
  }

  #report (): void {
    send({ kind: 'figures', figures: this.#log.figures() })
  }
}

/** The job this process was started with. */
export function jobOf<Job> (argv: readonly string[]): Job {
  return JSON.parse(argv[2] ?? '{}') as Job
}

/** Ends a contender that cannot go on. */
export function fail (error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}

function send (message: FromContender): void {
  process.send?.(message)
}
