import { publish } from '../diagnostics.ts'
import { ensureError, isStreamsError, StreamsError } from '../errors.ts'
import { EffectRunner } from '../effects/runner.ts'
import { type TopicDescription, type TransactionUnit } from '../kafka/port.ts'
import { nothingParked } from '../parking/parked-keys.ts'
import { type ProcessorDef } from '../processor.ts'
import { changelogTopic, taskId, taskKey, transactionalId } from '../state/changelog.ts'
import { type TaskState as StoredState } from '../state/port.ts'
import { progressTopics } from '../topology.ts'
import { acquire } from './acquire.ts'
import { acquireBackoffMs, nextTaskState, reactionTo } from './lifecycle.ts'
import { type TaskContext, type TaskRunner, type TaskState, type TaskStatus } from './runner.ts'
import { Session } from './session.ts'
import { type Slot } from './slots.ts'
import { Turn } from './turn.ts'
import { Wakeup } from './wakeup.ts'

/**
 * One task of a processor: partition p of all its inputs, partition p of its changelog, one transactional id, one slot of state.
 *
 * One await loop: Acquire, then step after step until something ends the session, then Acquire again, or fail, or close. What
 * an error leads to is the table in lifecycle.ts.
 */
export class ProcessorTask implements TaskRunner {
  readonly id: string
  readonly #context: TaskContext<ProcessorDef>
  readonly #wakeup = new Wakeup()
  readonly #ended = new AbortController()
  readonly #effects: EffectRunner
  readonly #unit: TransactionUnit
  readonly #turn: Turn
  readonly #stored: StoredState
  #session: Session | undefined
  #state: TaskState = 'created'
  #reason: Error | undefined
  #acquisitions = 0
  #attempt = 0
  #running: Promise<void> | undefined
  #lastOffsets: ReadonlyMap<string, bigint> = new Map()

  constructor (context: TaskContext<ProcessorDef>) {
    const { topology, node, partition } = context
    this.#context = context
    this.id = taskId(node.name, partition)
    this.#unit = context.kafka.openTransactions({
      transactionalId: transactionalId(topology.applicationId, node.name, partition), timeoutMs: context.options.transactionTimeoutMs
    })
    this.#turn = new Turn(context.slots?.cycle ?? freeSlot, this.#ended.signal)
    const ordered = node.stores.filter(store => store.ordered === true).map(store => store.name)
    this.#stored = context.state.open(taskKey(topology.applicationId, node.name, partition), ordered)
    this.#effects = new EffectRunner({
      effects: node.effects,
      processor: node.name,
      partition,
      clock: context.clock,
      now: () => this.#session?.now() ?? context.clock.now(),
      onFinished: this.#wakeup.wake
    })
  }

  /** True when nothing is under way and nothing waits that could be done now. For tests and drivers. */
  get isIdle (): boolean {
    return this.#state === 'failed' || this.#state === 'closed' || (this.#state === 'running' && this.#session?.isIdle === true)
  }

  async run (): Promise<void> {
    if (this.#state === 'closed') return
    this.#running ??= this.#loop()
    await this.#running
  }

  async close (): Promise<void> {
    this.#ended.abort(new StreamsError('STR_CLOSED', { task: this.id }))
    this.#wakeup.wake()
    await this.#running
    if (this.#state === 'created' || this.#state === 'failed') this.#enter('closing')
    if (this.#state === 'closing') this.#end()
  }

  status (): TaskStatus {
    const { node, partition } = this.#context
    return {
      id: this.id,
      node: node.name,
      kind: node.kind,
      partition,
      state: this.#state,
      reason: this.#reason,
      offsets: this.#session?.committed ?? this.#lastOffsets,
      lag: this.#session?.lag() ?? 0n,
      acquisitions: this.#acquisitions,
      openEffects: this.#effects.openRows,
      parked: this.#session?.parked ?? nothingParked
    }
  }

  async #loop (): Promise<void> {
    while (!this.#ended.signal.aborted) {
      try {
        this.#enter('acquiring')
        await this.#backOff()
        this.#session = await this.#acquire()
        this.#enter('running')
        await this.#work(this.#session)
      } catch (error) {
        this.#failed(ensureError(error))
      }
      this.#leaveSession()
      if (this.#state === 'failed') return
      if (this.#state === 'closing') break
    }
    if (this.#state !== 'closing') this.#enter('closing')
    this.#end()
  }

  /** Steps until the task is closed; then finishes what is in hand: calls in flight, their outcomes, applies. */
  async #work (session: Session): Promise<void> {
    while (!this.#ended.signal.aborted) {
      if (await this.#step(session)) this.#attempt = 0
      else await this.#wakeup.wait()
    }
    this.#effects.pause()
    for (;;) {
      if (await session.step(true)) continue
      if (this.#effects.calling === 0) break
      await this.#wakeup.wait()
    }
    await session.settle()
  }

  /** A step in its turn, when there is something to do. */
  async #step (session: Session): Promise<boolean> {
    if (!session.isIdle) await this.#turn.take()
    try {
      return await session.step(this.#ended.signal.aborted)
    } finally {
      this.#turn.give()
    }
  }

  async #acquire (): Promise<Session> {
    const { topology, node, partition, kafka, clock, options, instance } = this.#context
    const { signal } = this.#ended
    const changelog = changelogTopic(topology.applicationId, node.name)
    const started = performance.now()
    await this.#confirm()
    const topics = await this.#describe(changelog)
    const acquired = await acquire({
      kafka,
      unit: this.#unit,
      state: this.#stored,
      clock,
      processor: node.name,
      partition,
      changelog,
      inputs: progressTopics(topology, node),
      instance,
      deleteRetentionMs: options.changelogDeleteRetentionMs,
      maxUnappliedBytes: options.maxUnappliedBytes,
      slot: this.#context.slots?.acquire ?? freeSlot,
      signal
    })
    const session = new Session({
      task: this.#context,
      unit: this.#unit,
      acquired,
      effects: this.#effects,
      topics,
      signal,
      wake: this.#wakeup.wake,
      lend: async wait => { await this.#turn.lend(wait) }
    })
    this.#acquisitions++
    try {
      await session.start()
    } catch (error) {
      session.close()
      throw error
    }
    const { restoredRecords, wiped } = acquired
    publish('streams:task:acquired', () => ({ processor: node.name, partition, tookMs: performance.now() - started, restoredRecords, wiped }))
    this.#context.logger.info({ task: this.id, restoredRecords, wiped }, 'task acquired')
    return session
  }

  /** A heartbeat in the generation that owns the task. Without it the task is somebody else's: it closes. */
  async #confirm (): Promise<void> {
    try {
      await this.#context.confirm(this.#ended.signal)
    } catch (error) {
      if (isStreamsError(error, 'STR_TXN_FENCED')) this.#ended.abort(error)
      throw error
    }
  }

  /** R9: every topic is there, with the partition count that was declared. */
  async #describe (changelog: string): Promise<ReadonlyMap<string, TopicDescription>> {
    const { node, kafka, options, topology: { deadLetters } } = this.#context
    const partitions = node.inputs[0]?.topic.partitions as number
    const runtimeTopics = deadLetters === undefined ? [] : [deadLetters.commands, deadLetters.events]
    const declared = [...node.inputs.map(input => input.topic), ...node.outputs, { name: changelog, partitions }, ...runtimeTopics]
    const topics = await kafka.describeTopics([...new Set(declared.map(topic => topic.name)), options.deadLetterTopic])
    for (const { name, partitions } of declared) {
      const found = topics.get(name)
      if (found === undefined) throw new StreamsError('STR_TOPIC_MISSING', { topic: name })
      if (found.partitions !== partitions) throw new StreamsError('STR_TOPIC_CHANGED', { topic: name, declared: partitions, found: found.partitions })
    }
    if (!topics.has(options.deadLetterTopic)) throw new StreamsError('STR_TOPIC_MISSING', { topic: options.deadLetterTopic })
    return topics
  }

  async #backOff (): Promise<void> {
    if (this.#attempt === 0) return
    const { backoffMs, maxBackoffMs } = this.#context.options
    await this.#context.clock.sleep(acquireBackoffMs(this.#attempt, backoffMs, maxBackoffMs), this.#ended.signal)
  }

  #failed (error: Error): void {
    const { node, partition, logger } = this.#context
    if (this.#ended.signal.aborted) {
      if (isStreamsError(error, 'STR_TXN_FENCED')) this.#reason = error
      return this.#enter('closing')
    }
    this.#reason = error
    this.#attempt++
    const attempt = this.#attempt
    publish('streams:task:acquire-failed', () => ({ processor: node.name, partition, attempt, error }))
    if (reactionTo(error) === 'acquire') {
      logger.warn({ err: error, task: this.id, attempt }, 'task acquires again')
      return
    }
    logger.error({ err: error, task: this.id }, 'task failed: it needs attention, the others go on')
    this.#enter('failed')
  }

  #leaveSession (): void {
    const session = this.#session
    if (session === undefined) return
    this.#lastOffsets = session.committed
    this.#session = undefined
    session.close()
  }

  #end (): void {
    this.#effects.close()
    this.#unit.close()
    this.#enter('closed')
  }

  #enter (state: TaskState): void {
    this.#state = nextTaskState(this.#state, state)
    if (state === 'running') this.#reason = undefined
    this.#context.onState(this.status())
    publish('streams:task:changed', () => ({ status: this.status() }))
  }
}

/** A place for everybody. */
const freeSlot: Slot = async () => () => {}

/** The task factory of processors. */
export function createProcessorTask (context: TaskContext<ProcessorDef>): TaskRunner {
  return new ProcessorTask(context)
}
