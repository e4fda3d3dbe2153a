import { type Logger, publish } from '../diagnostics.ts'
import { type Kafka } from '../kafka/port.ts'
import { type RuntimeOptions } from '../options.ts'
import { type Clock } from '../time/clock.ts'
import { inputTopics, type SubTopology } from '../topology.ts'
import { describeHeld, HeldPartitions } from './held-partitions.ts'
import { offsetsForLagTools, partitionsRead, topicFault } from './housekeeping.ts'
import { type TaskStatus } from './runner.ts'

export interface HousekeeperOptions {
  readonly kafka: Kafka
  readonly clock: Clock
  readonly logger: Logger
  readonly options: RuntimeOptions
  readonly applicationId: string
  readonly nodes: ReadonlyMap<string, SubTopology>
  readonly tasks: () => readonly TaskStatus[]
  /** Called before each round; false = something failed for good, no more rounds. */
  readonly isSound: () => boolean
  /** A node cannot go on with its input topics as they are now (R9). May be told again and again. */
  readonly onTopicFault: (node: string, fault: Error) => void
}

/** Every how many rounds the partition counts are checked. */
const TOPIC_CHECK_ROUNDS = 6

/**
 * What a process does every few seconds beside its tasks: offsets for lag tools, the topics of its inputs (R9), and a look at what waits in
 * silence (R10). A chore that fails is logged and tried again in the next round; nothing of the work depends on it.
 */
export class Housekeeper {
  readonly #given: HousekeeperOptions
  readonly #held: HeldPartitions
  /** Tasks that Acquire, and since when. */
  readonly #acquiring = new Map<string, number>()
  readonly #reported = new Set<string>()
  #cancel: (() => void) | undefined
  #rounds = 0
  #round: Promise<void> = Promise.resolve()
  #isEnded = false

  constructor (given: HousekeeperOptions) {
    const { kafka, clock, logger, options } = given
    this.#given = given
    this.#held = new HeldPartitions({ kafka, clock, logger, afterMs: options.reportWaitMs })
  }

  /** The first round comes `offsetCommitMs` from now. */
  start (): void {
    if (this.#isEnded) return
    const { clock, options } = this.#given
    this.#cancel = clock.schedule(options.offsetCommitMs, () => {
      this.#round = this.#work().finally(() => { this.start() })
    })
  }

  /** Begins no further round. */
  end (): void {
    this.#isEnded = true
    this.#cancel?.()
  }

  /** Resolves when no round runs any more. */
  async ended (): Promise<void> {
    await this.#round
  }

  /** To be told of every change of a task. */
  note ({ id, state }: TaskStatus): void {
    if (state !== 'acquiring') {
      this.#acquiring.delete(id)
      this.#reported.delete(id)
    } else if (!this.#acquiring.has(id)) this.#acquiring.set(id, this.#given.clock.now())
  }

  /** What waits for longer than it should, one line each. */
  warnings (): string[] {
    return [...this.#longAcquires().map(([id, seconds]) => `${id} has been acquiring for ${seconds} s: it waits for its group, its transaction coordinator or its changelog`), ...this.#held.held.map(describeHeld)]
  }

  /** Commits the progress of the tasks as offsets of the group. Never rejects. */
  async commitOffsets (tasks: readonly TaskStatus[]): Promise<void> {
    await this.#try('offsets for lag tools were not committed', async () => {
      for (const { node: processor, partition, lag } of tasks) publish('streams:lag:measured', () => ({ processor, partition, records: lag }))
      const { kafka, applicationId, nodes } = this.#given
      const offsets = offsetsForLagTools(nodes, tasks)
      if (offsets.size > 0) await kafka.commitOffsets(applicationId, offsets)
    })
  }

  /** One round. Chores that were not begun when the process closes are left out: with a broker that is away each may take long. */
  async #work (): Promise<void> {
    if (!this.#given.isSound()) return this.end()
    await this.commitOffsets(this.#given.tasks())
    const isTopicRound = ++this.#rounds % TOPIC_CHECK_ROUNDS === 0
    if (isTopicRound && !this.#isEnded) await this.#try('the topics of the inputs could not be checked', async () => { await this.#checkTopics() })
    if (!this.#isEnded) await this.#try('open transactions could not be looked for', async () => { await this.#lookForWaits() })
  }

  async #checkTopics (): Promise<void> {
    const { kafka, nodes, onTopicFault } = this.#given
    const topics = await kafka.describeTopics([...new Set([...nodes.values()].flatMap(inputTopics).map(topic => topic.name))])
    for (const node of nodes.values()) {
      const fault = topicFault(node, topics)
      if (fault !== undefined) onTopicFault(node.name, fault)
    }
  }

  async #lookForWaits (): Promise<void> {
    const { applicationId, nodes, tasks, logger } = this.#given
    for (const [task, seconds] of this.#longAcquires()) {
      if (this.#reported.has(task)) continue
      this.#reported.add(task)
      logger.warn({ task, seconds }, 'task has been acquiring for long')
    }
    await this.#held.look(partitionsRead(applicationId, nodes, tasks()))
  }

  #longAcquires (): Array<[id: string, seconds: number]> {
    const { clock, options } = this.#given
    return [...this.#acquiring].map(([id, sinceMs]) => [id, clock.now() - sinceMs] as const)
      .filter(([, ms]) => ms >= options.reportWaitMs).map(([id, ms]) => [id, Math.round(ms / 1000)])
  }

  async #try (failure: string, chore: () => Promise<void>): Promise<void> {
    try {
      await chore()
    } catch (error) {
      this.#given.logger.warn({ err: error }, failure)
    }
  }
}
