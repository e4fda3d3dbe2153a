import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A process of the benchmark: what it tells is kept until it is asked for; its end is the end of everything. */
export class Program<Message extends { readonly kind: string }> {
  readonly #child
  readonly #failed = Promise.withResolvers<never>()
  readonly #waiting = new Map<string, (message: Message) => void>()
  /** What nobody has waited for yet, by kind. */
  readonly #kept = new Map<string, Message>()
  #isEnding = false

  constructor (file: string, args: readonly string[], execArgv: readonly string[] = []) {
    this.#child = fork(join(import.meta.dirname, file), args, { execArgv: [...execArgv], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#failed.promise.catch(() => {})
    this.#child.on('message', (message: Message) => {
      const hear = this.#waiting.get(message.kind)
      this.#waiting.delete(message.kind)
      if (hear === undefined) this.#kept.set(message.kind, message)
      else hear(message)
    })
    this.#child.once('exit', code => { if (!this.#isEnding) this.#failed.reject(new Error(`${file} ended with ${code}`)) })
  }

  get pid (): number { return this.#child.pid ?? 0 }
  get failed (): Promise<never> { return this.#failed.promise }

  /** What it tells of that kind next, or has told already. Rejects when it ends before. */
  async next (kind: Message['kind']): Promise<Message> {
    const kept = this.#kept.get(kind)
    this.#kept.delete(kind)
    return kept ?? await Promise.race([this.failed, new Promise<Message>(resolve => { this.#waiting.set(kind, resolve) })])
  }

  ask (): void {
    this.#child.send('ask')
  }

  async #end (how: () => void): Promise<void> {
    this.#isEnding = true
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    how()
    await ended
  }

  async stop (): Promise<void> { await this.#end(() => { this.ask() }) }
  async kill (): Promise<void> { await this.#end(() => { this.#child.kill('SIGKILL') }) }
}
