import { type ChannelName, type ChannelPayloads, listen } from './diagnostics.ts'
import { RebalanceTimer } from './rebalance-timer.ts'

/** What the runtime needs of a metrics library: the shape of Prometheus clients. Labels are given with every call. */
export interface Metrics {
  counter (definition: MetricDefinition): { inc (labels: Labels, by?: number): void }
  gauge (definition: MetricDefinition): { set (labels: Labels, value: number): void }
  histogram (definition: MetricDefinition): { observe (labels: Labels, value: number): void }
}

export type Labels = Readonly<Record<string, string>>

export interface MetricDefinition {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
  /** Upper bounds of a histogram, in the metric's unit. */
  readonly buckets?: readonly number[]
}

type Kind = 'counter' | 'gauge' | 'histogram'
type Entry = MetricDefinition & { readonly kind: Kind }

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const TASK = ['processor', 'partition'] as const

/** Every metric of the runtime: name, unit and meaning. Dashboards, alerts and documents are made from this table. */
export const runtimeMetrics = {
  state: { kind: 'gauge', name: 'pipeline_state', help: '1 for the state that the application is in.', labels: ['state'] },
  taskState: { kind: 'gauge', name: 'pipeline_task_state', help: '1 for the state that a task is in.', labels: [...TASK, 'state'] },
  processSeconds: { kind: 'histogram', name: 'pipeline_process_seconds', help: 'One cycle from its records to its transaction.', labels: ['processor'], buckets: SECONDS },
  commitSeconds: { kind: 'histogram', name: 'pipeline_txn_commit_seconds', help: 'One transaction, first request to known commit.', labels: ['processor'], buckets: SECONDS },
  transactions: { kind: 'counter', name: 'pipeline_txn_total', help: 'Transactions by how they ended: commit, fenced, unknown.', labels: ['processor', 'result'] },
  recordE2e: {
    kind: 'histogram', name: 'pipeline_record_e2e_seconds', help: 'Append of the oldest input of a cycle to its commit, by the broker clock.', labels: ['node'], buckets: SECONDS
  },
  records: { kind: 'counter', name: 'pipeline_records_total', help: 'Input records whose cycle was committed.', labels: ['processor'] },
  outputs: { kind: 'counter', name: 'pipeline_outputs_total', help: 'Records written to outputs, dead letters included.', labels: ['processor'] },
  changes: { kind: 'counter', name: 'pipeline_changes_total', help: 'Rows written to changelogs.', labels: ['processor'] },
  timers: { kind: 'counter', name: 'pipeline_timers_fired_total', help: 'Timers that fired.', labels: ['processor'] },
  passed: { kind: 'counter', name: 'pipeline_passed_total', help: 'Records of types that no handler names.', labels: ['processor'] },
  dropped: { kind: 'counter', name: 'pipeline_cycles_dropped_total', help: 'Cycles taken back before anything was sent.', labels: ['processor', 'reason'] },
  lagRecords: { kind: 'gauge', name: 'pipeline_consumer_lag_records', help: 'Offsets that wait in the inputs of a task.', labels: TASK },
  lagSeconds: { kind: 'gauge', name: 'pipeline_consumer_lag_seconds', help: 'Age of the oldest record of the last cycle at its commit; 0 when nothing waits.', labels: TASK },
  acquisitions: { kind: 'counter', name: 'pipeline_acquire_total', help: 'Acquires by result: acquired, failed.', labels: ['processor', 'result'] },
  acquireSeconds: { kind: 'histogram', name: 'pipeline_acquire_seconds', help: 'One Acquire, heartbeat to running.', labels: ['processor'], buckets: SECONDS },
  stateRebuilt: { kind: 'counter', name: 'pipeline_state_rebuilt_total', help: 'States rebuilt from nothing, by reason.', labels: ['processor', 'reason'] },
  restoreRemaining: { kind: 'gauge', name: 'pipeline_restore_remaining_records', help: 'Changelog offsets still to replay.', labels: TASK },
  storeSeconds: { kind: 'histogram', name: 'pipeline_store_op_seconds', help: 'One call to the state backend: read or apply.', labels: ['processor', 'op'], buckets: SECONDS },
  redisBehind: {
    kind: 'gauge', name: 'pipeline_redis_behind_offsets', help: 'Changelog offsets that are committed and not yet known to be in the state.', labels: TASK
  },
  deadLetters: { kind: 'counter', name: 'pipeline_dlq_total', help: 'Dead letters by reason.', labels: ['processor', 'reason'] },
  diverted: {
    kind: 'counter',
    name: 'pipeline_diverted_total',
    help: 'Inputs that went another way: park, retry, wait, discard, continue (by an exception handler), forward (to their partition), duplicate (by an inbox).',
    labels: ['processor', 'how', 'reason']
  },
  parkedKeys: { kind: 'gauge', name: 'pipeline_parked_keys', help: 'Ordering keys whose inputs wait.', labels: TASK },
  parkedHeads: { kind: 'gauge', name: 'pipeline_parked_heads', help: 'Inputs that parked a key: dead ones wait for an operator, retrying ones for their next try.', labels: [...TASK, 'state'] },
  parkedWaiting: { kind: 'gauge', name: 'pipeline_parked_waiting_records', help: 'Inputs that wait behind those.', labels: TASK },
  parkedStuck: { kind: 'counter', name: 'pipeline_parked_stuck_total', help: 'Alarms about compensations that fail again and again.', labels: ['processor', 'reason'] },
  effects: { kind: 'counter', name: 'pipeline_effect_calls_total', help: 'Calls of effects by outcome.', labels: ['processor', 'effect', 'outcome'] },
  effectSeconds: { kind: 'histogram', name: 'pipeline_effect_seconds', help: 'One call of an effect.', labels: ['processor', 'effect'], buckets: SECONDS },
  rebalances: { kind: 'counter', name: 'pipeline_assignments_total', help: 'Assignments received.', labels: [] },
  rebalanceSeconds: {
    kind: 'histogram', name: 'pipeline_rebalance_seconds', help: 'An assignment that gives tasks to this process, until all of them run.', labels: [], buckets: SECONDS
  },
  tasksOwned: { kind: 'gauge', name: 'pipeline_tasks_owned', help: 'Tasks assigned to this process.', labels: [] },
  tasksMoved: { kind: 'counter', name: 'pipeline_tasks_moved_total', help: 'Tasks that an assignment gave to this process or took away from it.', labels: ['how'] },
  partitionHeld: {
    kind: 'gauge', name: 'pipeline_partition_held_seconds', help: 'How long an open transaction has held back the readers of a partition; 0 when none does.', labels: ['topic', 'partition']
  },
  sinkPlanOpen: { kind: 'gauge', name: 'sink_plan_open', help: 'Ranges that are planned and not yet known to be in the target.', labels: TASK },
  sinkInsertSeconds: { kind: 'histogram', name: 'sink_insert_seconds', help: 'One plan into the target, repeats included.', labels: ['processor'], buckets: SECONDS },
  sinkFreshness: {
    kind: 'histogram', name: 'sink_freshness_seconds', help: 'Append of the oldest record of a plan to the moment it can be queried.', labels: ['processor'], buckets: SECONDS
  },
  sinkRows: { kind: 'counter', name: 'sink_rows_total', help: 'Rows that landed in the target.', labels: ['processor'] },
  sinkTroubles: { kind: 'counter', name: 'sink_troubles_total', help: 'Calls to the target that failed, and proofs that did not hold.', labels: ['processor', 'topic'] },
  sinkDedupHits: {
    kind: 'counter', name: 'sink_dedup_hits_total', help: 'Ranges in doubt that were in the target already: a repeat would have been one too many.', labels: ['processor', 'topic']
  },
  globalRows: { kind: 'gauge', name: 'pipeline_global_rows', help: 'Rows of a global table in memory.', labels: ['table'] },
  globalBytes: { kind: 'gauge', name: 'pipeline_global_bytes', help: 'Bytes of a global table, as globalTableBytes counts them.', labels: ['table'] },
  globalPosition: {
    kind: 'gauge', name: 'pipeline_global_position', help: 'Next offset of a partition of a global table.', labels: ['table', 'partition']
  },
  globalLag: { kind: 'gauge', name: 'pipeline_global_lag_records', help: 'Offsets that a partition of a global table is behind.', labels: ['table', 'partition'] },
  globalUnreadable: { kind: 'counter', name: 'pipeline_global_unreadable_total', help: 'Records of global tables that do not decode.', labels: ['table'] }
} as const satisfies Readonly<Record<string, Entry>>

const APP_STATES = ['created', 'starting', 'running', 'closing', 'closed', 'failed']
const TASK_STATES = ['created', 'acquiring', 'running', 'closing', 'closed', 'failed']

/** Feeds the runtime's metrics from its channels, for every application of the process. The returned function stops it. */
export function collectMetrics (metrics: Metrics): () => void {
  const counter = (entry: Entry): ReturnType<Metrics['counter']> => metrics.counter(entry)
  const m = runtimeMetrics
  const gauges = { state: metrics.gauge(m.state), task: metrics.gauge(m.taskState), lag: metrics.gauge(m.lagRecords), lagSeconds: metrics.gauge(m.lagSeconds) }
  const restore = metrics.gauge(m.restoreRemaining)
  const redisBehind = metrics.gauge(m.redisBehind)
  const rebalance = new RebalanceTimer()
  const planOpen = metrics.gauge(m.sinkPlanOpen)
  const globals = {
    rows: metrics.gauge(m.globalRows), bytes: metrics.gauge(m.globalBytes), position: metrics.gauge(m.globalPosition), lag: metrics.gauge(m.globalLag)
  }
  const owned = metrics.gauge(m.tasksOwned)
  const held = metrics.gauge(m.partitionHeld)
  const parked = { keys: metrics.gauge(m.parkedKeys), heads: metrics.gauge(m.parkedHeads), waiting: metrics.gauge(m.parkedWaiting) }
  const seconds = {
    process: metrics.histogram(m.processSeconds),
    commit: metrics.histogram(m.commitSeconds),
    e2e: metrics.histogram(m.recordE2e),
    acquire: metrics.histogram(m.acquireSeconds),
    rebalance: metrics.histogram(m.rebalanceSeconds),
    store: metrics.histogram(m.storeSeconds),
    effect: metrics.histogram(m.effectSeconds),
    insert: metrics.histogram(m.sinkInsertSeconds),
    freshness: metrics.histogram(m.sinkFreshness)
  }
  const counts = {
    transactions: counter(m.transactions),
    records: counter(m.records),
    outputs: counter(m.outputs),
    changes: counter(m.changes),
    timers: counter(m.timers),
    passed: counter(m.passed),
    dropped: counter(m.dropped),
    acquisitions: counter(m.acquisitions),
    rebuilt: counter(m.stateRebuilt),
    deadLetters: counter(m.deadLetters),
    diverted: counter(m.diverted),
    stuck: counter(m.parkedStuck),
    effects: counter(m.effects),
    rebalances: counter(m.rebalances),
    moved: counter(m.tasksMoved),
    sinkRows: counter(m.sinkRows),
    sinkTroubles: counter(m.sinkTroubles),
    sinkDedupHits: counter(m.sinkDedupHits),
    unreadable: counter(m.globalUnreadable)
  }
  const ends: Array<() => void> = []
  const on = <Name extends ChannelName>(name: Name, listener: (payload: ChannelPayloads[Name]) => void): void => { ends.push(listen(name, listener)) }

  on('streams:app:changed', ({ state }) => { for (const each of APP_STATES) gauges.state.set({ state: each }, Number(each === state)) })
  on('streams:task:changed', ({ status }) => {
    const { node: processor, partition, state } = status
    for (const each of TASK_STATES) gauges.task.set({ processor, partition: String(partition), state: each }, Number(each === state))
    const tookMs = state === 'running' ? rebalance.runs(status.id, performance.now()) : undefined
    if (tookMs !== undefined) seconds.rebalance.observe({}, tookMs / 1000)
  })
  on('streams:cycle:committed', cycle => {
    const { processor } = cycle
    counts.transactions.inc({ processor, result: 'commit' })
    counts.records.inc({ processor }, cycle.records)
    counts.outputs.inc({ processor }, cycle.outputs)
    counts.changes.inc({ processor }, cycle.changes)
    counts.timers.inc({ processor }, cycle.timers)
    seconds.process.observe({ processor }, cycle.processMs / 1000)
    seconds.commit.observe({ processor }, cycle.commitMs / 1000)
    if (cycle.e2eMs < 0) return
    seconds.e2e.observe({ node: processor }, cycle.e2eMs / 1000)
    gauges.lagSeconds.set({ processor, partition: String(cycle.partition) }, cycle.e2eMs / 1000)
  })
  on('streams:transaction:failed', ({ processor, result }) => { counts.transactions.inc({ processor, result }) })
  on('streams:cycle:dropped', ({ processor, reason }) => { counts.dropped.inc({ processor, reason }) })
  on('streams:record:passed', ({ processor, records }) => { counts.passed.inc({ processor }, records) })
  on('streams:record:diverted', ({ processor, how, reason }) => {
    if (how === 'dead-letter' || how === 'park') counts.deadLetters.inc({ processor, reason })
    if (how !== 'dead-letter') counts.diverted.inc({ processor, how, reason })
  })
  on('streams:parking:changed', ({ processor, partition, keys, dead, retrying, waiting }) => {
    const task = { processor, partition: String(partition) }
    parked.keys.set(task, keys)
    parked.heads.set({ ...task, state: 'dead' }, dead)
    parked.heads.set({ ...task, state: 'retrying' }, retrying)
    parked.waiting.set(task, waiting)
  })
  on('streams:parking:stuck', ({ processor, reason }) => { counts.stuck.inc({ processor, reason }) })
  on('streams:lag:measured', ({ processor, partition, records }) => {
    gauges.lag.set({ processor, partition: String(partition) }, Number(records))
    if (records === 0n) gauges.lagSeconds.set({ processor, partition: String(partition) }, 0)
  })
  on('streams:task:acquired', ({ processor, partition, tookMs, wiped }) => {
    counts.acquisitions.inc({ processor, result: 'acquired' })
    seconds.acquire.observe({ processor }, tookMs / 1000)
    restore.set({ processor, partition: String(partition) }, 0)
    if (wiped !== null) counts.rebuilt.inc({ processor, reason: wiped })
  })
  on('streams:task:acquire-failed', ({ processor }) => { counts.acquisitions.inc({ processor, result: 'failed' }) })
  on('streams:restore:moved', ({ processor, partition, remaining }) => { restore.set({ processor, partition: String(partition) }, Number(remaining)) })
  on('streams:state:read', ({ processor, tookMs }) => { seconds.store.observe({ processor, op: 'read' }, tookMs / 1000) })
  on('streams:state:applied', ({ processor, tookMs }) => { seconds.store.observe({ processor, op: 'apply' }, tookMs / 1000) })
  on('streams:state:behind', ({ processor, partition, offsets }) => { redisBehind.set({ processor, partition: String(partition) }, Number(offsets)) })
  on('streams:effect:called', ({ processor, effect, outcome, tookMs }) => {
    counts.effects.inc({ processor, effect, outcome })
    seconds.effect.observe({ processor, effect }, tookMs / 1000)
  })
  on('streams:assignment:changed', ({ owned: tasks, gained, lost }) => {
    counts.rebalances.inc({})
    counts.moved.inc({ how: 'gained' }, gained.length)
    counts.moved.inc({ how: 'lost' }, lost.length)
    owned.set({}, tasks)
    rebalance.assigned(gained, lost, performance.now())
  })
  on('streams:partition:held', ({ topic, partition, heldMs }) => { held.set({ topic, partition: String(partition) }, heldMs / 1000) })
  on('streams:sink:planned', ({ processor, partition, ranges }) => { planOpen.set({ processor, partition: String(partition) }, ranges) })
  on('streams:sink:landed', ({ processor, partition, rows, tookMs, freshnessMs }) => {
    planOpen.set({ processor, partition: String(partition) }, 0)
    counts.sinkRows.inc({ processor }, rows)
    seconds.insert.observe({ processor }, tookMs / 1000)
    seconds.freshness.observe({ processor }, freshnessMs / 1000)
  })
  on('streams:sink:troubled', ({ processor, topic }) => { counts.sinkTroubles.inc({ processor, topic }) })
  on('streams:sink:recognised', ({ processor, topic }) => { counts.sinkDedupHits.inc({ processor, topic }) })
  on('streams:global:unreadable', ({ table }) => { counts.unreadable.inc({ table }) })
  on('streams:global:measured', ({ table, rows, bytes, partitions }) => {
    globals.rows.set({ table }, rows)
    globals.bytes.set({ table }, bytes)
    for (const { partition, position, lag } of partitions) {
      globals.position.set({ table, partition: String(partition) }, Number(position))
      globals.lag.set({ table, partition: String(partition) }, Number(lag))
    }
  })
  return () => { for (const end of ends) end() }
}
