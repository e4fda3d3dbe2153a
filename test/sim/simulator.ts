import { Worker } from 'node:worker_threads'
import type { Order, Report, WorkerData } from './messages.ts'

/** One thread that runs worlds, one after another, with one build of the runtime. */
export class Simulator {
  readonly #worker: Worker
  readonly #waiting: Array<PromiseWithResolvers<Report>> = []

  /** Without a build it runs the true one. */
  constructor (build?: string) {
    const data: WorkerData = { build }
    // Without what a test runner loads into its processes: its hooks would come before those of a known-bad build.
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: data, execArgv: [] })
    this.#worker.on('message', (report: Report) => { this.#waiting.shift()?.resolve(report) })
    this.#worker.on('error', error => { for (const each of this.#waiting.splice(0)) each.reject(error) })
  }

  async run (order: Order): Promise<Report> {
    const answer = Promise.withResolvers<Report>()
    this.#waiting.push(answer)
    this.#worker.postMessage(order)
    return await answer.promise
  }

  async close (): Promise<void> {
    await this.#worker.terminate()
  }
}

/** Runs seeds over some threads, each as it gets free; `onReport` is told of each, in the order in which they end. False ends it. */
export async function runSeeds (seeds: Iterable<number>, threads: number, onReport: (report: Report) => boolean | void): Promise<void> {
  const left = seeds[Symbol.iterator]()
  let isOver = false
  await Promise.all(Array.from({ length: threads }, async () => {
    const simulator = new Simulator()
    try {
      for (let next = left.next(); next.done !== true && !isOver; next = left.next()) {
        if (onReport(await simulator.run({ seed: next.value })) === false) isOver = true
      }
    } finally {
      await simulator.close()
    }
  }))
}

/** Whole numbers from one to another, both inclusive. */
export function * numbers (from: number, to: number): Generator<number> {
  for (let number = from; number <= to; number++) yield number
}
