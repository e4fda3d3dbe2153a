import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type HopJob } from '../hop/job.ts'
import { Recovery, type StepEvent } from './steps.ts'

/** The worker's process, which can be killed and started again. */
export class WorkerProcess {
  readonly #job: HopJob
  readonly #execArgv: readonly string[]
  #child: ReturnType<typeof fork> | undefined
  readonly #failed = Promise.withResolvers<never>()
  #recovery: Recovery

  constructor (job: HopJob, profileDir: string | undefined) {
    this.#job = job
    this.#execArgv = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`]
    this.#recovery = new Recovery(job.partitions)
    this.#failed.promise.catch(() => {})
  }

  /** Rejects when the process ends by itself. */
  get failed (): Promise<never> {
    return this.#failed.promise
  }

  /** What it does from now on counts as one recovery. */
  watch (): Recovery {
    this.#recovery = new Recovery(this.#job.partitions)
    return this.#recovery
  }

  start (): void {
    const child = fork(join(import.meta.dirname, 'worker.ts'), [JSON.stringify(this.#job)], { execArgv: [...this.#execArgv], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    child.on('message', (event: StepEvent) => { if (this.#child === child) this.#recovery.add(event) })
    child.once('exit', code => { if (this.#child === child) this.#failed.reject(new Error(`the worker ended with ${code}`)) })
    this.#child = child
  }

  /** SIGKILL; resolves when it is gone. */
  async kill (): Promise<void> {
    await this.#end(child => { child.kill('SIGKILL') })
  }

  /** Ends it in good order. */
  async stop (): Promise<void> {
    await this.#end(child => { child.send('stop') })
  }

  async #end (how: (child: ReturnType<typeof fork>) => void): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    this.#child = undefined
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    how(child)
    await ended
  }
}
