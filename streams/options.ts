import { StreamsError } from './errors.ts'
import { type ExceptionHandlers, defaultHandlers } from './handlers.ts'

/** Runtime options, compiled once at the door: inside, every value is there and trusted. */
export interface RuntimeOptions {
  /** Topic of dead letters. @default 'dlq' */
  readonly deadLetterTopic: string
  /** Input records taken per task and cycle at most. Larger: fewer transactions, longer latency and re-run. @default 2000 */
  readonly maxCycleRecords: number
  /** Bytes of input taken per cycle at most. @default 2 MiB */
  readonly maxCycleBytes: number
  /**
   * Bytes of outputs and rows in one transaction. A record that causes more by itself is dead-lettered; a cycle that reaches it commits
   * what it has, and goes on with the rest. @default 32 MiB
   */
  readonly maxTransactionBytes: number
  /** Tasks that a process runs at most; those beyond it wait for another process, and health says so. @default 1000 */
  readonly maxTasks: number
  /** Bytes queued per input before its fetch pauses. @default 4 MiB */
  readonly maxQueuedBytes: number
  /** Bytes sent to the state backend and not yet answered: above it the task waits (bounds R1's buffer). @default 16 MiB */
  readonly maxUnappliedBytes: number
  /** Bytes of committed rows kept in memory by the tasks of a process together, keys and overhead included; 0 = none. @default 32 MiB */
  readonly cacheBytes: number
  /**
   * Bytes of keys and values in the global tables of a process together, as they lie in the log, with 200 for each row; decoded they
   * take more. Beyond it the process stops with STR_GLOBAL_TOO_LARGE. @default 256 MiB
   */
  readonly globalTableBytes: number
  /** Due timers taken per cycle at most. @default 500 */
  readonly maxCycleTimers: number
  /** Plain OffsetCommit for lag tools, ms. @default 5000 */
  readonly offsetCommitMs: number
  /** Progress over records that caused nothing is committed after this long, ms. @default 250 */
  readonly passCommitMs: number
  /** An idle task asks the state backend this often whether its state is still there, ms; 0 = never. @default 5000 */
  readonly stateCheckMs: number
  /** Broker-side transaction timeout, ms: above the longest cycle. @default 15000 */
  readonly transactionTimeoutMs: number
  /** First and largest wait before a task Acquires again, ms. @default 100 and 10000 */
  readonly backoffMs: number
  readonly maxBackoffMs: number
  /** `delete.retention.ms` of changelogs: state not applied for longer is rebuilt whole (R5). @default 86400000 */
  readonly changelogDeleteRetentionMs: number
  /** Tasks that Acquire at the same time, at most. @default 8 */
  readonly acquireConcurrency: number
  /**
   * Cycles of processors that run at the same time, at most. The tasks beyond it take their input when it is their turn, so that a
   * busy process commits fewer, larger transactions; a process with fewer busy tasks never waits. Raise it where the broker is far
   * away. @default 8
   */
  readonly cycleConcurrency: number
  /**
   * A partition that an open transaction holds back, or a task that Acquires, for longer than this is reported, ms. Above what is
   * normal: the transaction timeout, and the ten seconds in which brokers look for transactions beyond it. @default 30000
   */
  readonly reportWaitMs: number
  /** Membership of the group. @default 30000 and 1000 */
  readonly sessionTimeoutMs: number
  readonly heartbeatMs: number
  /** Keys that a task may have parked: one more stops it, so that a bad release does not park everything. @default 100 */
  readonly maxParkedKeys: number
  /** Inputs that one parked key may hold, the dead one included: one more stops the task. @default 1000 */
  readonly maxWaitingRecords: number
  /** First and longest wait before a compensation that failed is tried again, ms. @default 1000 and 300000 */
  readonly compensationFirstMs: number
  readonly compensationMaxMs: number
  /** A compensation that has failed so often, and again so often, is reported as stuck. @default 10 */
  readonly compensationAlarmAfter: number
  readonly handlers: ExceptionHandlers
}

const DEFAULTS: RuntimeOptions = {
  deadLetterTopic: 'dlq',
  maxCycleRecords: 2000,
  maxCycleBytes: 2 * 1024 * 1024,
  maxTransactionBytes: 32 * 1024 * 1024,
  maxTasks: 1000,
  maxQueuedBytes: 4 * 1024 * 1024,
  maxUnappliedBytes: 16 * 1024 * 1024,
  cacheBytes: 32 * 1024 * 1024,
  globalTableBytes: 256 * 1024 * 1024,
  maxCycleTimers: 500,
  offsetCommitMs: 5000,
  passCommitMs: 250,
  stateCheckMs: 5000,
  transactionTimeoutMs: 15_000,
  backoffMs: 100,
  maxBackoffMs: 10_000,
  changelogDeleteRetentionMs: 86_400_000,
  acquireConcurrency: 8,
  cycleConcurrency: 8,
  reportWaitMs: 30_000,
  sessionTimeoutMs: 30_000,
  heartbeatMs: 1000,
  maxParkedKeys: 100,
  maxWaitingRecords: 1000,
  compensationFirstMs: 1000,
  compensationMaxMs: 300_000,
  compensationAlarmAfter: 10,
  handlers: defaultHandlers
}

/** Options that may be 0; every other number must be positive. */
const MAY_BE_ZERO: ReadonlySet<string> = new Set(['cacheBytes', 'stateCheckMs'])

/**
 * Fills in defaults and freezes.
 *
 * @throws {StreamsError} STR_TOPOLOGY_INVALID when a number is not a positive integer, naming the option.
 */
export function compileOptions (given: Partial<RuntimeOptions> = {}): RuntimeOptions {
  const options = { ...DEFAULTS, ...given }
  for (const [option, value] of Object.entries(options)) {
    if (typeof value !== 'number') continue
    if (!Number.isSafeInteger(value) || value < (MAY_BE_ZERO.has(option) ? 0 : 1)) throw new StreamsError('STR_TOPOLOGY_INVALID', { option, value })
  }
  return Object.freeze(options)
}
