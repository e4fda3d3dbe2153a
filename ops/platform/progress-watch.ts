import { type TaskStatus } from '#streams'

/** What the watch looks at. */
export type WatchedTask = Pick<TaskStatus, 'id' | 'state' | 'lag' | 'openEffects' | 'offsets'>

/**
 * Tells which tasks stand still: they run, something waits in their inputs, no call to the outside is open, and nothing was committed for
 * `limitMs`. Only what happened between two looks is known, so the watch is as exact as it is asked often.
 */
export class ProgressWatch {
  readonly #limitMs: number
  readonly #seen = new Map<string, { readonly mark: string, readonly sinceMs: number }>()

  constructor (limitMs: number) {
    this.#limitMs = limitMs
  }

  /** The ids of the tasks that stand still at `nowMs`. */
  look (tasks: readonly WatchedTask[], nowMs: number): readonly string[] {
    const stuck: string[] = []
    const waiting = tasks.filter(task => task.state === 'running' && task.lag > 0n && task.openEffects === 0)
    for (const id of this.#seen.keys()) if (!waiting.some(task => task.id === id)) this.#seen.delete(id)
    for (const { id, offsets } of waiting) {
      const mark = [...offsets].map(([topic, offset]) => `${topic}@${offset}`).join()
      const before = this.#seen.get(id)
      if (before?.mark !== mark) this.#seen.set(id, { mark, sinceMs: nowMs })
      else if (nowMs - before.sinceMs >= this.#limitMs) stuck.push(id)
    }
    return stuck
  }
}
