import { type MemoryBackend, type MemoryBroker } from '../../streams/testing/index.ts'
import { type StateMeta } from '../../streams/state/port.ts'
import { APPLICATION } from './workload.ts'

/**
 * Watches the state backend at each call that takes effect, at the very moment. R1: nothing is there that is not committed. R2: tokens
 * never go back, and nobody but the process that made the newest claim applies or wipes anything.
 */
export class StateWatch {
  readonly #broker: MemoryBroker
  readonly #backend: MemoryBackend
  /** A broker that loses what was committed makes claims void, and state that was right is ahead of it. */
  readonly #losesLog: boolean
  readonly #seen = new Map<string, StateMeta | null>()
  /** Who claimed what, and when; the newest last. */
  #claims: ReadonlyArray<{ readonly taskKey: string, readonly process: string, readonly atMs: number }> = []
  /** The first breach. */
  breach: string | undefined

  constructor (broker: MemoryBroker, backend: MemoryBackend, losesLog: boolean) {
    this.#broker = broker
    this.#backend = backend
    this.#losesLog = losesLog
  }

  /** To be called right after a call took effect. */
  look (taskKey: string, op: string, process: string, nowMs: number): void {
    if (op !== 'apply' && op !== 'claim' && op !== 'wipe') return
    const before = this.#seen.get(taskKey) ?? null
    const meta = this.#backend.metaOf(taskKey)
    this.#seen.set(taskKey, meta)
    const owner = this.#claims.findLast(claim => claim.taskKey === taskKey)?.process
    if (op === 'wipe' && meta === null && before !== null && owner !== process && !this.#losesLog) {
      this.#tell(`R2: ${process} wiped ${taskKey}, which ${owner} has claimed`)
    }
    if (meta === null || meta === before) return
    if (op === 'claim') {
      this.#claims = [...this.#claims, { taskKey, process, atMs: nowMs }]
      if (before !== null && meta.token < before.token) this.#tell(`R2: a claim of ${process} with token ${meta.token} of ${taskKey} replaced ${before.token}`)
    }
    if (op !== 'apply') return
    if (owner !== process) this.#tell(`R2: ${process} applied to ${taskKey}, which ${owner} has claimed`)
    const [node, partition] = taskKey.slice(APPLICATION.length + 1).split(':')
    const log = this.#broker.log(`${APPLICATION}-${node}-changelog`, Number(partition))
    if (meta.position > log.lastStableOffset && !this.#losesLog) this.#tell(`R1: ${process} brought ${taskKey} to ${meta.position}, only ${log.lastStableOffset} is committed`)
  }

  /** Everything is gone. */
  flushed (): void {
    this.#seen.clear()
  }

  /** The state is again what it was: a claim that was made since never was, and the one before it counts. */
  wentBack (toMs: number): void {
    for (const taskKey of this.#seen.keys()) this.#seen.set(taskKey, this.#backend.metaOf(taskKey))
    this.#claims = this.#claims.filter(({ atMs }) => atMs <= toMs)
  }

  #tell (breach: string): void {
    this.breach ??= breach
  }
}
