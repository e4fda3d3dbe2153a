import { FrontError } from './problem.ts'

/** Bounds how many statements of one kind run at a time; the rest wait in order, up to their deadline. */
export class Lane {
  readonly #width: number
  #running = 0
  readonly #waiting: Array<() => void> = []

  constructor (width: number) {
    this.#width = width
  }

  get running (): number {
    return this.#running
  }

  /**
   * Runs `work` when a place is free. One that gets its place after `deadlineMs` (epoch ms) is refused and never starts: what a
   * client has given up on cannot be done much later.
   *
   * @throws {FrontError} TIMEOUT_EXCEEDED for a refused one
   */
  async run<T> (deadlineMs: number, work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#width) await new Promise<void>(resolve => { this.#waiting.push(resolve) })
    else this.#running++
    try {
      if (Date.now() > deadlineMs) throw new FrontError(159, 'TIMEOUT_EXCEEDED', 'The statement waited too long and was not started')
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }
}
