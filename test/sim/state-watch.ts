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
  /** Process that made a claim, by the incarnation that stands in the state since: a failover brings both back. */
  readonly #claimants = new Map<string, string>()
  /** The first breach. */
  breach: string | undefined

  constructor (broker: MemoryBroker, backend: MemoryBackend, losesLog: boolean) {
    this.#broker = broker
    this.#backend = backend
    this.#losesLog = losesLog
  }

  /** To be called right after a call took effect. */
  look (taskKey: string, op: string, process: string): void {
    if (op !== 'apply' && op !== 'claim' && op !== 'wipe') return
    const before = this.#seen.get(taskKey) ?? null
    const meta = this.#backend.metaOf(taskKey)
    this.#seen.set(taskKey, meta)
    if (op === 'wipe' && meta === null && before !== null && !this.#losesLog) {
      const owner = this.#claimants.get(before.incarnation)
      if (owner !== process) this.#tell(`R2: ${process} wiped ${taskKey}, which ${owner} has claimed`)
    }
    if (meta === null || meta === before) return
    if (op === 'claim') {
      this.#claimants.set(meta.incarnation, process)
      if (before !== null && meta.token < before.token) this.#tell(`R2: a claim of ${process} with token ${meta.token} of ${taskKey} replaced ${before.token}`)
    }
    if (op !== 'apply') return
    const owner = this.#claimants.get(meta.incarnation)
    if (owner !== process) this.#tell(`R2: ${process} applied to ${taskKey}, which ${owner} has claimed`)
    const [node, partition] = taskKey.slice(APPLICATION.length + 1).split(':')
    const log = this.#broker.log(`${APPLICATION}-${node}-changelog`, Number(partition))
    if (meta.position > log.lastStableOffset && !this.#losesLog) this.#tell(`R1: ${process} brought ${taskKey} to ${meta.position}, only ${log.lastStableOffset} is committed`)
  }

  /** Everything is gone. */
  flushed (): void {
    for (const taskKey of this.#seen.keys()) this.#seen.set(taskKey, null)
  }

  /** The state is again what it was: what the next call finds is no change of its own. */
  wentBack (): void {
    for (const taskKey of this.#seen.keys()) this.#seen.set(taskKey, this.#backend.metaOf(taskKey))
  }

  #tell (breach: string): void {
    this.breach ??= breach
  }
}
