import { StreamsError } from '../../errors.ts'
import { FaultPlan } from '../../fault-plan.ts'
import { layoutOf, type StateBackend, type StateMeta, type TaskState } from '../port.ts'
import { TaskData } from './task-data.ts'

/** One call of a task to its state, as faults see it. */
export interface StateCall {
  readonly op: 'check' | 'meta' | 'claim' | 'read' | 'apply' | 'rows' | 'wipe'
  readonly taskKey: string
  /** Whose connection it is; '' = the first one. */
  readonly connection?: string
  /** What the backend does when the call arrives: a network that delivers it late, or twice, calls it. */
  readonly act?: () => unknown
}

/** State as it was at some moment, to go back to: what a failover to a lagging replica or an old snapshot does. */
export interface StateSnapshot { readonly tasks: ReadonlyMap<string, TaskData> }

/** A connection to the state in memory: what one process holds. */
export interface MemoryConnection extends StateBackend {
  /** Like a process that is killed: nothing it asked for happens any more, its calls never settle. */
  crash (): void
}

/** State in memory, with what can happen to a real backend. Nothing is durable. */
export interface MemoryBackend extends StateBackend {
  readonly faults: FaultPlan<StateCall>
  /** Another process' connection to the same state; closing it leaves the others alone. `name` is for faults. */
  connect (name?: string): MemoryConnection
  /** FLUSHALL. */
  flush (): void
  snapshot (): StateSnapshot
  restore (snapshot: StateSnapshot): void
  /** Task keys that hold something. */
  taskKeys (): readonly string[]
  /** What is stored beside the data of a task, without a call. */
  metaOf (taskKey: string): StateMeta | null
}

/** Creates empty state; itself the first connection to it. */
export function createMemoryBackend (): MemoryBackend {
  const faults = new FaultPlan<StateCall>(() => new StreamsError('STR_STATE_UNAVAILABLE', { reason: 'injected' }))
  let tasks = new Map<string, TaskData>()

  function dataOf (taskKey: string): TaskData {
    let data = tasks.get(taskKey)
    if (data === undefined) tasks.set(taskKey, data = new TaskData())
    return data
  }

  const connect = (name = ''): MemoryConnection => createConnection(name, faults, dataOf)
  return {
    ...connect(),
    faults,
    connect,
    flush: () => { tasks = new Map() },
    snapshot: () => ({ tasks: copyAll(tasks) }),
    restore: snapshot => { tasks = copyAll(snapshot.tasks) },
    taskKeys: () => [...tasks].filter(([, data]) => data.meta !== null).map(([key]) => key).sort(),
    metaOf: taskKey => tasks.get(taskKey)?.meta ?? null
  }
}

function createConnection (connection: string, faults: FaultPlan<StateCall>, dataOf: (taskKey: string) => TaskData): MemoryConnection {
  let state: 'open' | 'closed' | 'crashed' = 'open'
  let tail: Promise<unknown> = Promise.resolve()

  async function pass (call: StateCall, phase: 'request' | 'answer'): Promise<void> {
    if (!faults.idle) await faults.pass(call, phase)
    if (state === 'closed') throw new StreamsError('STR_CLOSED')
    if (state === 'crashed') await new Promise<never>(() => {})
  }

  /** One call after the other, as on one connection: a later one cannot overtake a held one. */
  async function send<T> (request: StateCall, act: () => T): Promise<T> {
    const before = tail
    const call = { ...request, connection, act }
    const sent = (async () => {
      await before
      await pass(call, 'request')
      const answer = act()
      await pass(call, 'answer')
      return answer
    })()
    tail = sent.catch(() => {})
    return await sent
  }

  function open (taskKey: string, ordered: readonly string[] = []): TaskState {
    const at = async <T> (op: StateCall['op'], act: (data: TaskData) => T): Promise<T> => await send({ op, taskKey }, () => act(dataOf(taskKey)))
    return {
      layout: layoutOf(ordered),
      meta: async () => await at('meta', data => data.meta),
      claim: async request => await at('claim', data => data.claim(request, ordered)),
      read: async request => await at('read', data => data.read(request)),
      apply: async request => await at('apply', data => data.apply(request, ordered)),
      rows: async store => await at('rows', data => data.rows(store)),
      wipe: async expected => await at('wipe', data => data.wipe(expected))
    }
  }

  return {
    check: async () => { await send({ op: 'check', taskKey: '' }, () => {}) },
    open,
    close: async () => { if (state === 'open') state = 'closed' },
    crash: () => { state = 'crashed' }
  }
}

function copyAll (tasks: ReadonlyMap<string, TaskData>): Map<string, TaskData> {
  return new Map([...tasks].map(([key, data]) => [key, data.copy()]))
}
