import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { childEnvironment } from '../../ops/config.ts'

/** A process that is talked to, with what it tells by kind. What nobody has asked for yet is kept. It knows nothing of the environment but its arguments. */
export class ToldProcess<From extends { readonly kind: string }, To extends string | object = string> {
  readonly #child: ChildProcess
  readonly #waiting = new Map<string, (message: From) => void>()
  readonly #kept = new Map<string, From>()
  /** The signal or code it ended with. */
  readonly ended: Promise<string>
  /** Rejects when it ends before it is told to. */
  readonly failed: Promise<never>
  #isEnding = false

  /** `file`: a program, whole path. */
  constructor (file: string, args: readonly string[], execArgv: readonly string[] = []) {
    this.#child = fork(file, args, { execArgv: [...execArgv], stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: childEnvironment() })
    this.#child.on('message', (message: From) => {
      const hear = this.#waiting.get(message.kind)
      this.#waiting.delete(message.kind)
      if (hear === undefined) this.#kept.set(message.kind, message)
      else hear(message)
    })
    this.ended = once(this.#child, 'exit').then(([code, signal]) => String(signal ?? code))
    const failed = Promise.withResolvers<never>()
    this.failed = failed.promise
    this.failed.catch(() => {})
    this.ended.then(how => { if (!this.#isEnding) failed.reject(new Error(`${file} ended with ${how}`)) }, failed.reject)
  }

  get pid (): number { return this.#child.pid ?? 0 }

  /** What it tells of that kind next, or has told already. Rejects when it ends before. */
  async next<Kind extends From['kind']> (kind: Kind): Promise<Extract<From, { readonly kind: Kind }>> {
    const kept = this.#kept.get(kind)
    this.#kept.delete(kind)
    const told = kept ?? await Promise.race([this.failed, new Promise<From>(resolve => { this.#waiting.set(kind, resolve) })])
    return told as Extract<From, { readonly kind: Kind }>
  }

  send (message: To): void {
    this.#child.send(message)
  }

  /** Sends a message that it ends at, and waits for the end. */
  async stop (message: To): Promise<void> {
    this.#isEnding = true
    if (this.#isRunning) this.send(message)
    await this.ended
  }

  async kill (): Promise<void> {
    this.#isEnding = true
    if (this.#isRunning) this.#child.kill('SIGKILL')
    await this.ended
  }

  get #isRunning (): boolean { return this.#child.exitCode === null && this.#child.signalCode === null }
}
