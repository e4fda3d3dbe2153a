import { type EffectRunner } from '../effects/runner.ts'
import { type TopicDescription, type TransactionUnit } from '../kafka/port.ts'
import { ParkedKeys } from '../parking/parked-keys.ts'
import { type ProcessorDef } from '../processor.ts'
import { changelogTopic, effectStore, PARKED_STORE, TIMER_STORE, WAITING_STORE } from '../state/changelog.ts'
import { type Acquired } from './acquire.ts'
import { HandlerContext, type OutputTarget } from './context.ts'
import { Cycle } from './cycle.ts'
import { Drain } from './drain.ts'
import { Harvest } from './harvest.ts'
import { Intake } from './intake.ts'
import { RecordDecoder } from './record-decoder.ts'
import { CacheBudget } from './row-cache.ts'
import { RowReader } from './row-reader.ts'
import { Rows } from './rows.ts'
import { type TaskContext } from './runner.ts'
import { TimerWatch } from './timer-watch.ts'

export interface SessionOptions {
  readonly task: TaskContext<ProcessorDef>
  readonly unit: TransactionUnit
  readonly acquired: Acquired
  readonly effects: EffectRunner
  readonly topics: ReadonlyMap<string, TopicDescription>
  /** The task is closing: waits end, what was begun and is not committed is dropped. */
  readonly signal: AbortSignal
  readonly wake: () => void
  /** Waits for something that may take long, while other tasks have their turn. */
  readonly lend: (wait: () => Promise<void>) => Promise<void>
}

/** What a session works with; all of it is made anew for every acquisition. */
export interface SessionParts {
  readonly rows: Rows
  readonly parked: ParkedKeys
  readonly reader: RowReader
  readonly context: HandlerContext
  readonly cycle: Cycle
  readonly intake: Intake
  readonly timers: TimerWatch
  readonly harvest: Harvest
}

/** When a session began, broker-corrected epoch ms, and the signal of its end. */
export interface SessionSpan { readonly runningSinceMs: number, readonly ended: AbortSignal }

/** Makes the parts of a session and wires them; nothing of them runs yet, but the readers of the inputs. */
export function createParts (session: SessionOptions, { runningSinceMs, ended }: SessionSpan): SessionParts {
  const { task, acquired, topics, signal, wake, lend, effects } = session
  const { node, partition, topology, options, kafka, clock, logger, globals } = task
  const { applier } = acquired
  const changelog = changelogTopic(topology.applicationId, node.name)
  const maxRowBytes = topics.get(changelog)?.maxMessageBytes ?? 0
  const rows = new Rows({
    cached: [...node.stores.map(store => store.name), TIMER_STORE],
    passing: [WAITING_STORE],
    whole: [PARKED_STORE, ...node.effects.map(effect => effectStore(effect.name))]
  }, task.caches ?? new CacheBudget(options.cacheBytes))
  const parked = new ParkedKeys({ rows, maxKeys: options.maxParkedKeys, maxWaiting: options.maxWaitingRecords, maxRowBytes })
  const reader = new RowReader({ def: node, partition, rows, applier })
  const outputs = new Map<string, OutputTarget>(node.outputs.map(({ name }) => [name, topics.get(name) as TopicDescription]))
  const { maxTransactionBytes } = options
  const { idSpace } = topology
  const context = new HandlerContext({ def: node, partition, idSpace, rows, globals, outputs, maxRowBytes, maxTransactionBytes, runningSinceMs })
  const { partitions, maxMessageBytes } = topics.get(options.deadLetterTopic) as TopicDescription
  const events = topology.deadLetters?.events
  const cycle = new Cycle({
    def: node,
    partition,
    changelog,
    rows,
    context,
    parked,
    deadLetters: { topic: options.deadLetterTopic, partitions, maxMessageBytes },
    events: events === undefined ? undefined : { topic: events.name, partitions: events.partitions },
    handlers: options.handlers,
    compensationRetry: { kind: 'retry', firstMs: options.compensationFirstMs, maxMs: options.compensationMaxMs, tries: Infinity },
    compensationAlarmAfter: options.compensationAlarmAfter,
    logger,
    load: async missing => { await reader.supply(missing) },
    catchUp: async table => { await lend(async () => { await globals.catchUp(table, signal) }) }
  })
  const inputs = node.inputs.map(input => input.topic.name)
  const intake = new Intake({
    kafka,
    topics: inputs,
    commands: topology.deadLetters?.commands.name,
    partition,
    offsets: acquired.progress.offsets,
    maxQueuedBytes: options.maxQueuedBytes,
    onReadable: wake
  })
  const timers = new TimerWatch({ kafka, clock, applier, rows, topics: inputs, partition, limit: options.maxCycleTimers, signal: ended, wake })
  const decoder = new RecordDecoder({ def: node, partition, clock, logger, signal, lend })
  const limits = { maxRecords: options.maxCycleRecords, maxBytes: options.maxCycleBytes }
  const drain = new Drain({ parked, rows, reader, decoder, ...limits })
  const harvest = new Harvest({ processor: node.name, intake, decoder, drain, timers, effects, reader, rows, ...limits })
  return { rows, parked, reader, context, cycle, intake, timers, harvest }
}
