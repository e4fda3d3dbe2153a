import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Test } from 'tap'
import { type CountingAppOptions } from './counting-app.ts'

const WORKER = fileURLToPath(new URL('./counting-app.ts', import.meta.url))

/** What a process of the counting application was told by its group. */
export interface Told { readonly generation: number, readonly gained: readonly string[], readonly lost: readonly string[] }

/** What the process writes, one JSON object a line. */
export type Line = { readonly task: string, readonly state: string } | Told

/** The counting application as a process of its own, that can be killed and frozen. It is gone when the test is. */
export class CountingProcess {
  readonly child: ChildProcess
  /** Tasks that run in it now. */
  readonly running = new Set<string>()
  readonly told: Told[] = []
  readonly #ended: Promise<number | null>
  #changed = Promise.withResolvers<void>()

  constructor (t: Test, options: CountingAppOptions) {
    // With what the test runner says of itself: its library, which the application loads with the support of tests, is silent only where it finds that.
    const env = { ...process.env, NODE_OPTIONS: '' }
    this.child = spawn(process.execPath, [WORKER, 'run', JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'], env })
    t.teardown(() => { this.child.kill('SIGKILL') })
    this.#ended = new Promise(resolve => { this.child.once('exit', code => { resolve(code) }) })
    if (this.child.stdout !== null) createInterface({ input: this.child.stdout }).on('line', line => { this.#take(JSON.parse(line) as Line) })
  }

  /** Resolves when the process has come to this; rejects when it ends before. */
  async until (condition: (process: CountingProcess) => boolean): Promise<void> {
    while (!condition(this)) {
      const code = await Promise.race([this.#changed.promise, this.#ended])
      if (code !== undefined) throw new Error(`the process ended with ${code}`)
    }
  }

  /** Sends the signal and waits for the end; resolves with the exit code. */
  async end (signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal)
    return await this.#ended
  }

  #take (line: Line): void {
    if ('generation' in line) this.told.push(line)
    else if (line.state === 'running') this.running.add(line.task)
    else this.running.delete(line.task)
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }
}
