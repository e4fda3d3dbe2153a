import { encodeProgress, taskKey } from '../../streams/state/changelog.ts'
import { type StateBackend, type StateWrite } from '../../streams/state/port.ts'

/** Writes into the state what the tasks of a processor would. */
export class Tasks {
  readonly #state: Pick<StateBackend, 'open'>
  readonly #name: string
  readonly #inputs: readonly string[]
  readonly #positions = new Map<number, bigint>()

  constructor (state: Pick<StateBackend, 'open'>, name: string, inputs: readonly string[]) {
    this.#state = state
    this.#name = name
    this.#inputs = inputs
  }

  async apply (partition: number, writes: readonly StateWrite[], next: bigint): Promise<void> {
    const task = this.#state.open(taskKey('commerce', this.#name, partition))
    const owner = { token: 0n, incarnation: 'test' }
    const before = this.#positions.get(partition)
    if (before === undefined) await task.claim({ ...owner, nowMs: 0 })
    const position = (before ?? 0n) + 1n
    const offsets = new Map(this.#inputs.map(topic => [topic, next]))
    const progress = encodeProgress({ sequence: position, contextTimeMs: 0, offsets })
    const answer = await task.apply({
      ...owner, expectedPosition: before ?? 0n, position, sequence: position, progress, progressOffset: position, nowMs: 0, writes, timers: [], restoring: false
    })
    if (answer !== 'applied') throw new Error(`the state answered ${answer}`)
    this.#positions.set(partition, position)
  }
}
