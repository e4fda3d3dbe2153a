import { setImmediate as turn } from 'node:timers/promises'
import { createMemoryBroker, type LogEntry, type MemoryBroker, type MemoryClient } from '../../../streams/kafka/memory/index.ts'
import { NO_HEADERS, type OutgoingRecord } from '../../../streams/record.ts'
import { silentLogger } from '../../../streams/diagnostics.ts'
import { compileOptions } from '../../../streams/options.ts'
import { type TaskContext, type TaskRunner, type TaskStatus } from '../../../streams/runtime/runner.ts'
import { type Serde, type TypedValue } from '../../../streams/serde/serde.ts'
import { MemoryTarget, type MemoryTargetOptions } from '../../../streams/sink/memory-target.ts'
import { encodePlan, decodePlan } from '../../../streams/sink/plan-codec.ts'
import { firstPlan, type Plan } from '../../../streams/sink/plan.ts'
import { defineSink, type SinkDef, type SinkTarget } from '../../../streams/sink/port.ts'
import { createSinkTask } from '../../../streams/sink/task.ts'
import { changelogTopic, PROGRESS_KEY } from '../../../streams/state/changelog.ts'
import { createManualClock, type ManualClock } from '../../../streams/time/manual-clock.ts'
import { defineTopic } from '../../../streams/topic.ts'

const APP = 'test'
const NODE = 'events'

const text: Serde<TypedValue> = { encode: value => Buffer.from(value.type), decode: bytes => ({ type: bytes.toString() }) }

/** A sink task with everything around it in memory: two topics, one partition, a manual clock. */
export interface SinkBench {
  readonly broker: MemoryBroker
  readonly clock: ManualClock
  readonly target: MemoryTarget
  readonly topics: readonly string[]
  /** Writes values to a topic in a transaction of its own; returns nothing but is committed when it resolves. */
  produce (topic: string, values: readonly string[]): Promise<void>
  /** Writes records that are aborted: offsets that no row may have. */
  abort (topic: string, values: readonly string[]): Promise<void>
  /** Starts a task in a client of its own, as another process would. */
  start (changes?: Partial<TaskContext<SinkDef>> & { readonly node?: SinkDef }): RunningSink
  node (changes?: Partial<SinkDef> & { readonly wrapped?: (target: SinkTarget) => SinkTarget }): SinkDef
  /** The newest committed plan. */
  plan (): Plan
  /** Committed values of a topic with their offsets: what the target must hold. */
  expected (topic: string): ReadonlyArray<readonly [offset: bigint, value: string]>
  actual (topic: string): ReadonlyArray<readonly [offset: bigint, value: string]>
  /** Moves the clock until `done`, at most a simulated hour. */
  until (done: () => boolean, stepMs?: number): Promise<void>
  /** Until every committed record is in the target and acknowledged. */
  settled (): Promise<void>
}

export interface RunningSink {
  readonly client: MemoryClient
  readonly task: TaskRunner
  readonly states: TaskStatus[]
  readonly ended: Promise<void>
}

export async function createSinkBench (options: MemoryTargetOptions & { readonly withPlan?: boolean } = {}): Promise<SinkBench> {
  const clock = createManualClock(1_000_000)
  const broker = createMemoryBroker({ clock })
  const target = new MemoryTarget(options)
  const topics = ['orders', 'payments']
  const changelog = changelogTopic(APP, NODE)
  for (const name of [...topics, changelog]) broker.createTopic({ name, partitions: 1, replicas: 1, config: {} })
  const writer = broker.client('writer')
  const unit = writer.openTransactions({ transactionalId: 'writer' })
  await unit.init()
  if (options.withPlan !== false) {
    const value = encodePlan(firstPlan(new Map(topics.map(topic => [topic, 0n]))))
    await writer.producer().send([{ topic: changelog, partition: 0, key: PROGRESS_KEY, value, headers: NO_HEADERS }])
  }

  const node: SinkBench['node'] = (changes = {}) => defineSink({
    name: NODE,
    topics: topics.map(name => defineTopic({ name, partitions: 1, cleanup: { policy: 'keep' }, value: text, keyName: 'id' })),
    maxRows: 10,
    maxBytes: 1024 * 1024,
    maxWaitMs: 100,
    target: changes.wrapped?.(target) ?? target,
    ...changes
  })

  const record = (topic: string, value: string): OutgoingRecord => ({ topic, partition: 0, key: Buffer.from('k'), value: Buffer.from(value), headers: NO_HEADERS })

  const committed = (topic: string): ReadonlyArray<readonly [bigint, string]> => {
    const log = broker.entries(topic, 0)
    return log.filter(entry => entry.kind === 'data' && entry.outcome === 'committed').map(entry => [entry.offset, String(entry.value)])
  }

  const plan = (): Plan => {
    const isPlan = (entry: LogEntry): boolean => entry.kind === 'data' && entry.outcome === 'committed' && entry.key?.equals(PROGRESS_KEY) === true
    const newest = broker.entries(changelog, 0).filter(isPlan).at(-1)?.value
    if (newest === undefined || newest === null) throw new Error('no plan')
    return decodePlan(newest, 0)
  }

  const actual: SinkBench['actual'] = topic => target.rows(topic, 0).map(row => [row.offset, String(row.value)])

  const until: SinkBench['until'] = async (done, stepMs = 50) => {
    for (let step = 0; step * stepMs < 3_600_000; step++) {
      for (let spin = 0; spin < 4; spin++) await turn()
      if (done()) return
      await clock.advance(stepMs)
    }
    throw new Error('it did not come to that within a simulated hour')
  }

  return {
    broker,
    clock,
    target,
    topics,
    node,
    plan,
    actual,
    until,
    expected: committed,
    produce: async (topic, values) => { await unit.commit(values.map(value => record(topic, value))) },
    abort: async (topic, values) => {
      broker.faults.fail({ api: 'endTxn', transactionalId: 'writer' }, { phase: 'request' })
      await unit.commit(values.map(value => record(topic, value))).catch(() => {})
      await unit.init()
    },
    start: (changes = {}) => {
      const client = broker.client()
      const states: TaskStatus[] = []
      const sink = changes.node ?? node()
      const task = createSinkTask({
        topology: { applicationId: APP, version: '1', nodes: [sink] },
        node: sink,
        partition: 0,
        kafka: client,
        state: undefined as never,
        clock,
        logger: silentLogger,
        options: compileOptions(),
        globals: undefined as never,
        instance: client.clientId,
        confirm: async () => {},
        onState: status => { states.push(status) },
        ...changes
      })
      return { client, task, states, ended: task.run() }
    },
    settled: async () => {
      await until(() => {
        const now = plan()
        return now.ranges.length === 0 && topics.every(topic => (now.marks.get(topic)?.rows ?? 0n) === BigInt(committed(topic).length))
      })
    }
  }
}

/** Values `v<from>`, `v<from + 1>`, … */
export const numbers = (count: number, from = 0): string[] => Array.from({ length: count }, (_, index) => `v${from + index}`)

/** Rows by offset: plans of several topics land in any order. */
export function sorted (rows: ReadonlyArray<readonly [bigint, string]>): ReadonlyArray<readonly [bigint, string]> {
  return [...rows].sort(([a], [b]) => Number(a - b))
}

/** Closes a task while the clock moves. */
export async function stop (bench: SinkBench, running: RunningSink): Promise<void> {
  let isClosed = false
  running.task.close().then(() => { isClosed = true }, () => {})
  await bench.until(() => isClosed)
}

/** Whether the target holds every committed record of every topic once, and nothing else. */
export function isExact (bench: SinkBench): boolean {
  const text = (rows: ReadonlyArray<readonly [bigint, string]>): string => JSON.stringify(sorted(rows).map(([offset, value]) => [String(offset), value]))
  return bench.topics.every(topic => text(bench.actual(topic)) === text(bench.expected(topic)))
}
