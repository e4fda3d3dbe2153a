import { publish, silentLogger, type Logger } from '../diagnostics.ts'
import { describeTopology, type DescriptionFormat } from '../describe.ts'
import { ensureError, isStreamsError, StreamsError } from '../errors.ts'
import { type GroupMembership } from '../kafka/port.ts'
import { compileOptions, type RuntimeOptions } from '../options.ts'
import { taskId } from '../state/changelog.ts'
import { type Clock } from '../time/clock.ts'
import { systemClock } from '../time/system-clock.ts'
import { defineTopology, type SubTopology, type Topology } from '../topology.ts'
import { type AppState, appTransitions, type StreamsHealth, type StreamsOptions } from './app-options.ts'
import { assignTasks } from './assignment.ts'
import { createTask } from './factories.ts'
import { GlobalTableSet, type GlobalTableStatus } from './global-table.ts'
import { Housekeeper } from './housekeeper.ts'
import { partitionsOf } from './initialise.ts'
import { type Assignment, decodeAssignment, encodeAssignment, MemberCard, type TaskRef } from './member-data.ts'
import { CacheBudget } from './row-cache.ts'
import { type TaskRunner, type TaskStatus } from './runner.ts'
import { createTaskSlots, lingering, type TaskSlots } from './slots.ts'
import { TaskSet } from './task-set.ts'

/** A running topology in this process. Made by `createStreams`. */
export class Streams {
  readonly topology: Topology
  readonly #given: StreamsOptions
  readonly #options: RuntimeOptions
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #instance: string
  readonly #nodes: ReadonlyMap<string, SubTopology>
  readonly #globals: GlobalTableSet
  readonly #tasks: TaskSet
  readonly #slots: TaskSlots
  readonly #keeper: Housekeeper
  readonly #caches: CacheBudget
  readonly #listeners = new Set<(status: TaskStatus) => void>()
  /** Nodes that were stopped because their topics changed (R9). */
  readonly #stopped = new Map<string, Error>()
  #membership: GroupMembership | undefined
  #owners: Readonly<Record<string, string>> = {}
  #assigned: readonly TaskRef[] = []
  #state: AppState = 'created'
  #failure: Error | undefined
  #closing: Promise<void> | undefined
  /** Ends the wait for the first assignment. */
  #endJoin: (() => void) | undefined

  constructor (given: StreamsOptions) {
    this.topology = defineTopology(given.topology)
    this.#given = given
    this.#options = compileOptions(given.options)
    this.#clock = given.clock ?? systemClock
    this.#logger = given.logger ?? silentLogger
    this.#instance = given.instance ?? `streams-${process.pid}`
    this.#nodes = new Map(this.topology.nodes.filter(node => given.only?.includes(node.name) ?? true).map(node => [node.name, node]))
    for (const name of given.only ?? []) if (!this.#nodes.has(name)) throw new StreamsError('STR_TOPOLOGY_INVALID', { only: name, reason: 'no such node' })
    this.#slots = createTaskSlots(this.#options)
    this.#caches = new CacheBudget(this.#options.cacheBytes)
    const tables = new Map([...this.#nodes.values()].flatMap(node => node.kind === 'processor' ? node.globals : []).map(def => [def.name, def]))
    this.#globals = new GlobalTableSet({
      kafka: given.kafka,
      clock: this.#clock,
      logger: this.#logger,
      defs: [...tables.values()],
      limitBytes: this.#options.globalTableBytes,
      onFailure: error => { if (this.#state === 'running') this.#fail(error) }
    })
    this.#tasks = new TaskSet({
      clock: this.#clock,
      create: ref => this.#createTask(ref),
      againMs: this.#options.maxBackoffMs,
      limit: this.#options.maxTasks,
      onError: (id, error) => { this.#logger.error({ err: error, task: id }, 'task ended unexpectedly') }
    })
    this.#keeper = new Housekeeper({
      kafka: given.kafka,
      clock: this.#clock,
      logger: this.#logger,
      options: this.#options,
      applicationId: this.topology.applicationId,
      nodes: this.#nodes,
      tasks: () => this.tasks(),
      isSound: () => this.#checkGlobals(),
      onTopicFault: (node, fault) => { this.#stopNode(node, fault) }
    })
  }

  /**
   * Checks the state backend, fills the global tables (R11), joins the group. Resolves with the first assignment; its tasks are
   * acquired from then on.
   *
   * @throws {StreamsError} STR_STATE_EVICTING, STR_TOPIC_MISSING, … when it cannot start; it is failed then: close it.
   */
  async start (): Promise<void> {
    this.#enter('starting')
    try {
      await this.#given.state.check()
      this.#checkStarting()
      await this.#globals.start()
      this.#checkStarting()
      await this.#join()
    } catch (error) {
      if (this.#state === 'starting') this.#fail(ensureError(error))
      throw error
    }
    this.#checkStarting()
    this.#enter('running')
    this.#keeper.start()
  }

  /** Lets every task end its transaction and its calls, commits offsets for lag tools, leaves the group. May be called twice. */
  async close (): Promise<void> {
    this.#closing ??= this.#close()
    await this.#closing
  }

  health (): StreamsHealth {
    const tasks = this.tasks()
    const reasons = tasks.filter(task => task.reason !== undefined).map(task => `${task.id} is ${task.state}: ${task.reason?.message}`)
    for (const [node, error] of this.#stopped) reasons.push(`${node}: ${error.message}`)
    const { surplus } = this.#tasks
    if (surplus.length > 0) reasons.push(new StreamsError('STR_TASKS_TOO_MANY', { limit: this.#options.maxTasks, waiting: surplus.join(' ') }).message)
    const failure = this.#failure ?? this.#globals.failure
    if (failure !== undefined) reasons.push(failure.message)
    if (this.#state !== 'running') reasons.push(`state is ${this.#state}`)
    return { state: this.#state, healthy: reasons.length === 0, reasons, warnings: this.#keeper.warnings(), tasks }
  }

  /** The tasks of this process. */
  tasks (): readonly TaskStatus[] {
    return this.#tasks.status()
  }

  /** Instance that runs each task, by task id, as of the last assignment. */
  owners (): Readonly<Record<string, string>> {
    return this.#owners
  }

  /** Size and position of every global table of this process. */
  globalTables (): readonly GlobalTableStatus[] {
    return this.#globals.status()
  }

  /** Reads a global table anew from the beginning of its topic while the one in use goes on; see `GlobalTableSet.refresh`. */
  async refreshGlobalTable (name: string): Promise<void> {
    await this.#globals.refresh(name)
  }

  describe (format: DescriptionFormat): string {
    return describeTopology(this.topology, format)
  }

  /** Calls back at every change of a task's state; the returned function ends it. */
  onTaskChange (listener: (status: TaskStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  /** Somebody may have closed it meanwhile: then nothing more is begun. */
  #checkStarting (): void {
    if (this.#state !== 'starting') throw this.#failure ?? new StreamsError('STR_CLOSED')
  }

  async #join (): Promise<void> {
    const joined = Promise.withResolvers<void>()
    this.#endJoin = joined.resolve
    const { kafka, instanceId } = this.#given
    const nodes = Object.fromEntries([...this.#nodes].map(([name, node]) => [name, partitionsOf(node)]))
    const card = new MemberCard({ version: this.topology.version, instance: this.#instance, nodes })
    this.#membership = kafka.joinGroup({
      groupId: this.topology.applicationId,
      ...(instanceId === undefined ? {} : { instanceId }),
      sessionTimeoutMs: this.#options.sessionTimeoutMs,
      heartbeatMs: this.#options.heartbeatMs,
      memberData: () => card.data(),
      assign: members => new Map([...assignTasks(members, this.#owners)].map(([member, assignment]) => [member, encodeAssignment(assignment)])),
      onAssignment: (bytes, generation) => {
        const assignment = decodeAssignment(bytes)
        this.#assign(assignment, generation)
        if (!card.take(assignment, generation)) this.#membership?.rejoin()
        joined.resolve()
      },
      onFailure: error => {
        this.#fail(error)
        joined.reject(error)
      }
    })
    await joined.promise
  }

  #assign ({ tasks, owners }: Assignment, generation: number): void {
    if (this.#state === 'closing' || this.#state === 'closed' || this.#state === 'failed') return
    this.#owners = owners
    this.#assigned = tasks.filter(task => this.#nodes.has(task.node))
    const { gained, lost } = this.#tasks.assign(this.#assigned.filter(task => !this.#stopped.has(task.node)))
    this.#logger.info({ generation, gained, lost }, 'assignment')
    if (this.#tasks.surplus.length > 0) this.#logger.error({ code: 'STR_TASKS_TOO_MANY', waiting: this.#tasks.surplus }, 'more tasks are assigned than maxTasks')
    publish('streams:assignment:changed', () => ({ generation, gained, lost, owned: tasks.length }))
  }

  /** Places of one task. */
  #slotsOf (node: SubTopology): TaskSlots {
    if (node.kind === 'sink' || node.lingerMs === undefined) return this.#slots
    return { ...this.#slots, cycle: lingering(this.#slots.cycle, node.lingerMs, this.#clock) }
  }

  #createTask ({ node: name, partition }: TaskRef): TaskRunner {
    const node = this.#nodes.get(name) as SubTopology
    const id = taskId(name, partition)
    return createTask({
      topology: this.topology,
      node,
      partition,
      kafka: this.#given.kafka,
      state: this.#given.state,
      clock: this.#clock,
      logger: this.#logger.child({ component: 'task', taskId: id }),
      options: this.#options,
      globals: this.#globals,
      instance: this.#instance,
      slots: this.#slotsOf(node),
      caches: this.#caches,
      confirm: async signal => {
        await this.#membership?.confirm(signal)
        if (!this.#tasks.isWanted(id)) throw new StreamsError('STR_TXN_FENCED', { task: id, reason: 'assigned to another member' })
      },
      onState: status => {
        this.#keeper.note(status)
        for (const listener of this.#listeners) listener(status)
      }
    })
  }

  /** R9: a node whose input has another partition count now is stopped: its keys may be anywhere. */
  #stopNode (name: string, fault: Error): void {
    if (this.#stopped.has(name)) return
    this.#stopped.set(name, fault)
    this.#logger.error({ err: fault, node: name }, 'node stopped: its input changed')
    this.#tasks.assign(this.#assigned.filter(task => !this.#stopped.has(task.node)))
  }

  #checkGlobals (): boolean {
    if (this.#globals.failure !== undefined) this.#fail(this.#globals.failure)
    this.#globals.measure()
    return this.#state === 'running'
  }

  /** Membership or global tables are gone for good: nothing may run on. */
  #fail (error: Error): void {
    if (this.#state === 'closing' || this.#state === 'closed' || this.#state === 'failed') return
    this.#failure = error
    this.#enter('failed')
    this.#logger.error({ err: error, code: isStreamsError(error) ? error.code : undefined }, 'streams failed')
    this.#keeper.end()
    this.#tasks.assign([])
  }

  async #close (): Promise<void> {
    if (this.#state === 'closed') return
    this.#enter('closing')
    this.#endJoin?.()
    this.#keeper.end()
    await this.#keeper.ended()
    await this.#keeper.commitOffsets(await this.#tasks.close())
    await this.#membership?.leave().catch((error: unknown) => { this.#logger.warn({ err: error }, 'the group was not left in good order') })
    await this.#globals.close()
    this.#enter('closed')
  }

  #enter (state: AppState): void {
    if (!appTransitions[this.#state].includes(state)) throw new StreamsError('STR_TXN_ILLEGAL_STATE', { from: this.#state, to: state })
    this.#state = state
    publish('streams:app:changed', () => ({ state }))
  }
}

/**
 * Makes an application of a topology: nothing runs before `start`.
 *
 * @throws {StreamsError} STR_TOPOLOGY_INVALID
 */
export function createStreams (options: StreamsOptions): Streams {
  return new Streams(options)
}
