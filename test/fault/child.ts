import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { childEnvironment } from '../../ops/config.ts'
import { leash } from '../../ops/stack/leash.ts'

const root = resolve(import.meta.dirname, '../..')

/** How long a process may take to end when it is asked to, ms; then it is killed. */
const graceMs = 45_000

/** The command line that `npm start` stands for. */
export const startCommand: readonly string[] = [process.execPath, join(root, 'ops/start.ts')]

/**
 * A process of the platform, as an operator starts it: what it says goes to a file. It never outlives the process that started it, whatever way that
 * one goes.
 */
export class Child {
  readonly #process: ChildProcess
  readonly #out: string
  readonly #err: string
  /** Path of the files that take its output, without ending. */
  readonly log: string
  /** Resolves with the exit code, or the signal, when it has ended. */
  readonly ended: Promise<number | NodeJS.Signals>
  #isRunning = true

  /**
   * Starts a command with settings, in a process group of its own, so that a signal reaches its children as one from a terminal does.
   * `log` is the path of the files that take its output, without ending.
   */
  constructor ([program = '', ...args]: readonly string[], settings: Readonly<Record<string, string>>, log: string) {
    this.log = log
    this.#out = `${log}.out`
    this.#err = `${log}.err`
    mkdirSync(dirname(log), { recursive: true })
    const out = openSync(this.#out, 'w')
    const err = openSync(this.#err, 'w')
    this.#process = spawn(program, args, { cwd: root, env: { ...childEnvironment(), ...settings }, stdio: ['ignore', out, err], detached: true })
    closeSync(out)
    closeSync(err)
    leash(this.#process, true)
    this.ended = new Promise((resolve, reject) => {
      this.#process.once('error', reject)
      this.#process.once('exit', (code, signal) => {
        this.#isRunning = false
        resolve(code ?? signal ?? 1)
      })
    })
  }

  get isRunning (): boolean { return this.#isRunning }

  get pid (): number | undefined { return this.#process.pid }

  /** Everything it printed so far. */
  get text (): string {
    return readFileSync(this.#out, 'utf8')
  }

  /** Everything it wrote to stderr so far. */
  get errors (): string {
    return readFileSync(this.#err, 'utf8')
  }

  /** Waits until it prints something that fits. Rejects when it ends before. */
  async says (pattern: RegExp): Promise<void> {
    while (!pattern.test(this.text)) {
      if (!this.#isRunning) throw new Error(`the process ended with ${await this.ended} before it said ${pattern}: see ${this.#out} and .err`)
      await sleep(50)
    }
  }

  signal (name: NodeJS.Signals): void {
    if (this.#isRunning && this.#process.pid !== undefined) process.kill(-this.#process.pid, name)
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill (): Promise<void> {
    this.signal('SIGKILL')
    await this.ended
  }

  /** Asks it to end, as Ctrl-C does; resolves with its exit code. */
  async end (): Promise<number | NodeJS.Signals> {
    this.signal('SIGTERM')
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMs)
    const code = await this.ended
    clearTimeout(timer)
    return code
  }
}
