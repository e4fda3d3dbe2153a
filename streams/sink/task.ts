import { publish } from '../diagnostics.ts'
import { ensureError, isStreamsError, StreamsError } from '../errors.ts'
import { type TransactionUnit } from '../kafka/port.ts'
import { nothingParked } from '../parking/parked-keys.ts'
import { topicFault } from '../runtime/housekeeping.ts'
import { acquireBackoffMs, nextTaskState, reactionTo } from '../runtime/lifecycle.ts'
import { type TaskContext, type TaskRunner, type TaskState, type TaskStatus } from '../runtime/runner.ts'
import { changelogTopic, taskId, transactionalId } from '../state/changelog.ts'
import { acquirePlan } from './acquire.ts'
import { type SinkDef } from './port.ts'
import { SinkSession } from './session.ts'

/** Makes the task of a sink: plan, fence, insert, prove. See streams/DESIGN.md "Sinks". */
export function createSinkTask (context: TaskContext<SinkDef>): TaskRunner {
  return new SinkTask(context)
}

/** The life of a sink task: Acquire, a session, and again; what an error leads to is the table in runtime/lifecycle.ts. */
class SinkTask implements TaskRunner {
  readonly id: string
  readonly #context: TaskContext<SinkDef>
  readonly #unit: TransactionUnit
  readonly #closing = new AbortController()
  #state: TaskState = 'created'
  #reason: Error | undefined
  #session: SinkSession | undefined
  #lastOffsets: ReadonlyMap<string, bigint> = new Map()
  #acquisitions = 0
  #attempt = 0
  #running: Promise<void> | undefined

  constructor (context: TaskContext<SinkDef>) {
    const { kafka, topology, node, partition, options } = context
    this.#context = context
    this.id = taskId(node.name, partition)
    this.#unit = kafka.openTransactions({
      transactionalId: transactionalId(topology.applicationId, node.name, partition), timeoutMs: options.transactionTimeoutMs
    })
  }

  async run (): Promise<void> {
    this.#running ??= this.#loop()
    await this.#running
  }

  async close (): Promise<void> {
    this.#closing.abort(new StreamsError('STR_CLOSED', { task: this.id }))
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
      offsets: this.#session?.offsets ?? this.#lastOffsets,
      lag: this.#session?.lag ?? 0n,
      acquisitions: this.#acquisitions,
      openEffects: 0,
      parked: nothingParked
    }
  }

  async #loop (): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        this.#enter('acquiring')
        await this.#backOff()
        const session = this.#session = await this.#acquire()
        await session.settle()
        this.#attempt = 0
        this.#enter('running')
        await session.run()
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

  async #acquire (): Promise<SinkSession> {
    const { node, partition, logger } = this.#context
    const closing = this.#closing.signal
    const started = performance.now()
    await this.#confirm()
    await this.#describe()
    const { plan, records } = await acquirePlan(this.#context, this.#unit, closing)
    this.#acquisitions++
    publish('streams:task:acquired', () => ({ processor: node.name, partition, tookMs: performance.now() - started, restoredRecords: records, wiped: null }))
    logger.info({ task: this.id, openRanges: plan.ranges.length }, 'task acquired')
    return new SinkSession({ context: this.#context, unit: this.#unit, acquired: plan, closing, onTrouble: error => { this.#reason = error } })
  }

  /** A heartbeat in the generation that owns the task. Without it the task is somebody else's: it closes. */
  async #confirm (): Promise<void> {
    try {
      await this.#context.confirm(this.#closing.signal)
    } catch (error) {
      if (isStreamsError(error, 'STR_TXN_FENCED')) this.#closing.abort(error)
      throw error
    }
  }

  /** R9: every topic is there, with the partition count that was declared. */
  async #describe (): Promise<void> {
    const { topology, node, kafka } = this.#context
    const changelog = changelogTopic(topology.applicationId, node.name)
    const topics = await kafka.describeTopics([...node.topics.map(topic => topic.name), changelog])
    const fault = topicFault(node, topics)
    if (fault !== undefined) throw fault
    if (!topics.has(changelog)) throw new StreamsError('STR_TOPIC_MISSING', { topic: changelog })
  }

  async #backOff (): Promise<void> {
    if (this.#attempt === 0) return
    const { backoffMs, maxBackoffMs } = this.#context.options
    await this.#context.clock.sleep(acquireBackoffMs(this.#attempt, backoffMs, maxBackoffMs), this.#closing.signal)
  }

  #failed (error: Error): void {
    const { node, partition, logger } = this.#context
    if (this.#closing.signal.aborted) {
      if (isStreamsError(error, 'STR_TXN_FENCED')) this.#reason = error
      return this.#enter('closing')
    }
    this.#reason = error
    const attempt = ++this.#attempt
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
    this.#lastOffsets = session.offsets
    this.#session = undefined
    session.close()
  }

  #end (): void {
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
