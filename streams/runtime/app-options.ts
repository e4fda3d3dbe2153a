import { type Logger } from '../diagnostics.ts'
import { type Kafka } from '../kafka/port.ts'
import { type RuntimeOptions } from '../options.ts'
import { type StateBackend } from '../state/port.ts'
import { type Clock } from '../time/clock.ts'
import { type Topology } from '../topology.ts'
import { type TaskStatus } from './runner.ts'

/** created → starting → running → closing → closed; failed = nothing runs any more, `health` says why. */
export type AppState = 'created' | 'starting' | 'running' | 'closing' | 'closed' | 'failed'

export const appTransitions: Readonly<Record<AppState, readonly AppState[]>> = {
  created: ['starting', 'closing'],
  starting: ['running', 'failed', 'closing'],
  running: ['failed', 'closing'],
  failed: ['closing'],
  closing: ['closed'],
  closed: []
}

export interface StreamsOptions {
  readonly topology: Topology
  /** Started by the caller, and closed by the caller after `close`. */
  readonly kafka: Kafka
  readonly state: StateBackend
  readonly clock?: Clock
  readonly logger?: Logger
  readonly options?: Partial<RuntimeOptions>
  /** Name of this process, for ownership records and people. @default 'streams-<pid>' */
  readonly instance?: string
  /** Makes the process a static member: a restart under the same id has its tasks back at once. Must differ between processes. */
  readonly instanceId?: string
  /** Names of the nodes this process runs. @default all */
  readonly only?: readonly string[]
}

export interface StreamsHealth {
  readonly state: AppState
  /** False while anything is failed, or the process is not running. */
  readonly healthy: boolean
  /** Why it is not, one line each. */
  readonly reasons: readonly string[]
  /** What waits for longer than it should, one line each: it may end by itself, but somebody should look. */
  readonly warnings: readonly string[]
  readonly tasks: readonly TaskStatus[]
}
