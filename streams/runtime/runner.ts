import { type Kafka } from '../kafka/port.ts'
import { type ParkedCounts } from '../parking/parked-keys.ts'
import { type SubTopology, type Topology } from '../topology.ts'
import { type StateBackend } from '../state/port.ts'
import { type Clock } from '../time/clock.ts'
import { type Logger } from '../diagnostics.ts'
import { type RuntimeOptions } from '../options.ts'
import { type GlobalTables } from './global-table.ts'
import { type CacheBudget } from './row-cache.ts'
import { type TaskSlots } from './slots.ts'

/** created → acquiring → running → closing → closed; failed is the end of a task that cannot go on (R9). See lifecycle.ts. */
export type TaskState = 'created' | 'acquiring' | 'running' | 'closing' | 'closed' | 'failed'

/** What a task says about itself, for health, the admin API and tests. */
export interface TaskStatus {
  /** `orders-3` */
  readonly id: string
  readonly node: string
  readonly kind: SubTopology['kind']
  readonly partition: number
  readonly state: TaskState
  /** Why it failed, or why it last had to Acquire. */
  readonly reason: Error | undefined
  /** Next offset to read of every input, as committed. */
  readonly offsets: ReadonlyMap<string, bigint>
  /** Records that wait in this task's inputs, as far as the newest answers tell. */
  readonly lag: bigint
  /** How often the task was acquired since it was made. */
  readonly acquisitions: number
  readonly openEffects: number
  /** Keys that wait for an operator or their next try (R6). */
  readonly parked: ParkedCounts
}

/**
 * One running task of a node: the app makes it when the assignment names it, and closes it when the assignment drops it.
 *
 * `run` acquires the task and works until it is closed, fenced for good, or failed; it never rejects. `close` stops intake, lets
 * the running transaction end, and resolves when nothing of the task runs any more; it may be called at any time and twice.
 */
export interface TaskRunner {
  readonly id: string
  run (): Promise<void>
  close (): Promise<void>
  status (): TaskStatus
}

/** All that a task is given. */
export interface TaskContext<Node extends SubTopology = SubTopology> {
  readonly topology: Topology
  readonly node: Node
  readonly partition: number
  readonly kafka: Kafka
  readonly state: StateBackend
  readonly clock: Clock
  readonly logger: Logger
  readonly options: RuntimeOptions
  readonly globals: GlobalTables
  /** Name of this process, written into ownership records. */
  readonly instance: string
  /**
   * One successful heartbeat in the generation that owns the task (B1). Rejects with STR_TXN_FENCED when the task is no longer
   * this member's: then the task closes.
   */
  readonly confirm: (signal: AbortSignal) => Promise<void>
  /** Places among the tasks of the process. @default no limit */
  readonly slots?: TaskSlots
  /** Room for rows in memory, shared by the tasks of the process. @default the task's own */
  readonly caches?: CacheBudget
  /** Told of every change of state. */
  readonly onState: (status: TaskStatus) => void
}

/** Makes the task of a node: one factory per node kind. */
export type TaskFactory<Node extends SubTopology = SubTopology> = (context: TaskContext<Node>) => TaskRunner
