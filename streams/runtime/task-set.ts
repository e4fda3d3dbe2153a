import { ensureError } from '../errors.ts'
import { type Clock } from '../time/clock.ts'
import { taskId } from '../state/changelog.ts'
import { type TaskRef } from './member-data.ts'
import { type TaskRunner, type TaskStatus } from './runner.ts'

export interface TaskSetOptions {
  readonly clock: Clock
  /** Makes the task; must not start it. */
  readonly create: (ref: TaskRef) => TaskRunner
  /** Wait before a task that closed itself while it was still wanted is made again, ms. */
  readonly againMs: number
  /** Tasks that run at most. @default no limit */
  readonly limit?: number
  readonly onError: (id: string, error: Error) => void
}

/**
 * The tasks of one process: brings what runs in line with what is assigned. A task that is lost stops intake and closes; one that
 * is gained is made once the one before it has closed; others are not touched (a rebalance is a hint, not a barrier).
 */
export class TaskSet {
  readonly #options: TaskSetOptions
  readonly #wanted = new Map<string, TaskRef>()
  readonly #running = new Map<string, TaskRunner>()
  readonly #ending = new Map<string, Promise<void>>()
  #surplus: readonly string[] = []
  #closed = false

  constructor (options: TaskSetOptions) {
    this.#options = options
  }

  isWanted (id: string): boolean { return this.#wanted.has(id) }

  /** Tasks that should run, and do not: they are more than the limit. */
  get surplus (): readonly string[] { return this.#surplus }

  get ids (): string[] { return [...this.#running.keys()].sort() }

  status (): TaskStatus[] {
    return [...this.#running.values()].map(task => task.status()).sort((a, b) => a.id < b.id ? -1 : 1)
  }

  /** Sets what should run; returns what changed. Where there are too many, those that run already go first. */
  assign (refs: readonly TaskRef[]): { readonly gained: string[], readonly lost: string[] } {
    const wanted = refs.map(ref => [taskId(ref.node, ref.partition), ref] as const)
    const { limit = Infinity } = this.#options
    if (wanted.length > limit) wanted.sort(([a], [b]) => Number(this.#wanted.has(b)) - Number(this.#wanted.has(a)))
    const next = new Map(wanted.slice(0, limit))
    this.#surplus = wanted.slice(limit).map(([id]) => id).sort()
    const gained = [...next.keys()].filter(id => !this.#wanted.has(id))
    const lost = [...this.#wanted.keys()].filter(id => !next.has(id))
    this.#wanted.clear()
    for (const [id, ref] of next) this.#wanted.set(id, ref)
    for (const id of lost) this.#end(id)
    for (const id of gained) this.#start(id)
    return { gained, lost }
  }

  /** Closes everything, and waits for it; resolves with how the tasks ended. */
  async close (): Promise<TaskStatus[]> {
    this.#closed = true
    const tasks = [...this.#running.values()]
    this.assign([])
    await Promise.all([...this.#ending.values()])
    return tasks.map(task => task.status())
  }

  #start (id: string): void {
    const ref = this.#wanted.get(id)
    if (this.#closed || ref === undefined || this.#running.has(id) || this.#ending.has(id)) return
    const task = this.#options.create(ref)
    this.#running.set(id, task)
    task.run().catch((error: unknown) => { this.#options.onError(id, ensureError(error)) }).finally(() => { this.#ended(id, task) })
  }

  /** A task ended by itself: one that failed stays for people to see; one that closed is made again while it is wanted. */
  #ended (id: string, task: TaskRunner): void {
    if (this.#running.get(id) !== task || this.#ending.has(id) || task.status().state === 'failed') return
    this.#running.delete(id)
    if (!this.#closed && this.#wanted.has(id)) this.#options.clock.schedule(this.#options.againMs, () => { this.#start(id) })
  }

  #end (id: string): void {
    const task = this.#running.get(id)
    if (task === undefined || this.#ending.has(id)) return
    const ending = task.close().catch((error: unknown) => { this.#options.onError(id, ensureError(error)) }).finally(() => {
      this.#running.delete(id)
      this.#ending.delete(id)
      this.#start(id)
    })
    this.#ending.set(id, ending)
  }
}
