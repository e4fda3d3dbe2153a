import {
  type Kafka, type OutgoingRecord, type ProcessorDef, type Topology, NO_HEADERS, changelogTopic, encodeProgress, partitionKey, partitionsOf
} from '#streams'
import { type TransactionUnit } from '../../streams/kafka/port.ts'
import { PROGRESS_KEY, taskId } from '../../streams/state/changelog.ts'
import { progressTopics } from '../../streams/topology.ts'
import { refused, unproven } from './refusal.ts'
import { copyPartition } from './copy-partition.ts'
import { type Sides, compareRecords, compareRows } from './compare.ts'
import { Journal } from './journal.ts'
import { heirsOf } from './move-row.ts'
import { type MovedTopic, type PlanOptions, planMoves } from './plan.ts'
import { prepareTarget } from './prepare-target.ts'
import { type Bounds, boundsOf, partitionsIn } from './read-log.ts'
import { somebodyRuns } from './somebody-runs.ts'
import { type Standings, surveyTasks } from './survey.ts'

export interface RepartitionOptions extends Pick<PlanOptions, 'topics' | 'derived' | 'homes'> {
  /** The log that there is: it is only read. */
  readonly source: Kafka
  /** The log that becomes of it: an empty one, or what an earlier run of this began. */
  readonly target: Kafka
  /** The platform as it is to be. */
  readonly topology: Topology
  /** Records that the new log begins with. */
  readonly initial: readonly OutgoingRecord[]
  readonly report: (line: string) => void
  readonly signal: AbortSignal
}

/** What was copied, and found to be the same. */
export interface RepartitionReport { readonly records: number, readonly rows: number, readonly tasks: number }

/**
 * Makes a log with more partitions out of the log of a platform at rest: every record and every row of state in its order in the partition that its
 * key has now, each task where its forerunner stood. Every transaction notes how far it came, so a run that was killed is given again and goes on. Then
 * everything is read and held against the old log; only after that the tasks get the progress without which none of them starts, all in one transaction.
 * Undefined = it had been finished before.
 *
 * @throws {OpsError} OPS_REPARTITION_REFUSED while the platform runs or is not at rest, or when the log cannot be split so; OPS_REPARTITION_UNPROVEN when the
 * copy is not what it must be.
 */
export async function repartition (options: RepartitionOptions): Promise<RepartitionReport | undefined> {
  const { source, target, topology, topics, report, signal } = options
  for (const kafka of [source, target]) {
    if (await somebodyRuns(kafka, topology.applicationId)) throw refused('the platform runs: end all of its processes')
  }
  const counts = await countsOf(source, [...topics.map(({ name }) => name), ...processorsOf(topology).map(node => changelogOf(topology, node))])
  const nodes = processorsOf(topology).filter(node => counts.has(changelogOf(topology, node)))
  const bounds = await boundsOf(source, partitionsIn(counts))
  const standings = await surveyTasks({ kafka: source, topology, nodes, counts, bounds })
  report(`${standings.size} tasks are at rest`)
  const moved = planMoves({ ...options, nodes, before: counts })
  if (moved.every(({ growth }) => growth.before === growth.after)) throw refused('this release declares as many partitions as there are')

  const journalTopic = await prepareTarget({ target, topology, topics, nodes, report })
  // A transaction that a killed run left open ends here; what it noted is read afterwards.
  const units = await openUnits(options, moved)
  try {
    const journal = await Journal.read(target, journalTopic)
    if (journal.isFinished) return undefined
    await copyAll(options, { moved, units, journal, bounds })
    report('copied; comparing')
    const compared = await compareAll(options, moved, bounds, await Journal.read(target, journalTopic))
    signal.throwIfAborted()
    const progress = await progressOf(options, nodes, standings, counts)
    await units[0]?.commit([...progress, journal.noteFinished()])
    return { ...compared, tasks: progress.length }
  } finally {
    for (const unit of units) unit.close()
  }
}

interface Work { readonly moved: readonly MovedTopic[], readonly units: readonly TransactionUnit[], readonly journal: Journal, readonly bounds: Bounds }

/** Partition p of every topic, by one unit each. */
async function copyAll ({ source, initial, signal }: RepartitionOptions, { moved, units, journal, bounds }: Work): Promise<void> {
  const begun = 'initial'
  if (journal.copied(begun) === undefined) await units[0]?.commit([...initial, journal.note(begun, { from: 0n, next: 0n, read: 0, written: initial.length })])
  const failed = new AbortController()
  const stop = AbortSignal.any([signal, failed.signal])
  const outcomes = await Promise.allSettled(units.map(async (unit, partition) => {
    try {
      for (const { topic, growth, move } of moved) {
        if (partition < growth.before) await copyPartition({ topic, partition }, { source, unit, journal, bounds, move, signal: stop })
      }
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }))
  const failure = outcomes.find(outcome => outcome.status === 'rejected')
  if (failure !== undefined) throw stop.reason
}

async function compareAll (
  { source, target, report, signal }: RepartitionOptions, moved: readonly MovedTopic[], before: Bounds, journal: Journal
): Promise<Pick<RepartitionReport, 'records' | 'rows'>> {
  const after = await boundsOf(target, partitionsIn(new Map(moved.map(({ topic, growth }) => [topic, growth.after]))))
  const now = await boundsOf(source, partitionsIn(new Map(moved.map(({ topic, growth }) => [topic, growth.before]))))
  const changed = [...now.ends].find(([key, end]) => end !== before.ends.get(key))
  if (changed !== undefined) throw refused(`somebody wrote into ${changed[0]} meanwhile: end whatever writes, and give the command again`)
  const sides: Sides = { source, target, before: now, after }
  const compared = { records: 0, rows: 0 }
  for (const { topic, growth, isCompacted, move } of moved) {
    signal.throwIfAborted()
    for (let partition = 0; partition < growth.before; partition++) {
      const name = partitionKey(topic, partition)
      const wasTrimmed = (now.starts.get(name) ?? 0n) > (journal.copied(name)?.from ?? 0n)
      const split = { topic, partition, heirs: heirsOf(partition, growth), move, wasTrimmed }
      if (isCompacted) compared.rows += await compareRows(split, sides)
      else compared.records += await compareRecords(split, sides)
    }
    report(`${topic}: ${growth.before} → ${growth.after} partitions, the same`)
  }
  return compared
}

/** Each task goes on where its forerunner stood, at the end of its inputs. */
async function progressOf (
  { target, topology }: RepartitionOptions, nodes: readonly ProcessorDef[], standings: Standings, counts: ReadonlyMap<string, number>
): Promise<OutgoingRecord[]> {
  const records: OutgoingRecord[] = []
  for (const node of nodes) {
    const topic = changelogOf(topology, node)
    const before = counts.get(topic) ?? 1
    for (let partition = 0; partition < partitionsOf(node); partition++) {
      const forerunner = standings.get(taskId(node.name, partition % before))
      if (forerunner === undefined) throw unproven(topic, partition, 'nobody knows where its forerunner stood')
      const inputs = progressTopics(topology, node)
      const ends = await target.endOffsets(inputs.map(input => ({ topic: input, partition })))
      const offsets = new Map(inputs.map(input => [input, ends.get(partitionKey(input, partition)) ?? 0n]))
      const { sequence, contextTimeMs } = forerunner
      records.push({ topic, partition, key: PROGRESS_KEY, value: encodeProgress({ sequence: sequence + 1n, contextTimeMs, offsets }), headers: NO_HEADERS })
    }
  }
  return records
}

async function openUnits ({ target, topology, signal }: RepartitionOptions, moved: readonly MovedTopic[]): Promise<readonly TransactionUnit[]> {
  const count = Math.max(...moved.map(({ growth }) => growth.before))
  const units = Array.from({ length: count }, (_, partition) => target.openTransactions({ transactionalId: `${topology.applicationId}.repartition.${partition}` }))
  await Promise.all(units.map(async unit => await unit.init(signal)))
  return units
}

async function countsOf (kafka: Kafka, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  return new Map([...await kafka.describeTopics(names)].map(([name, { partitions }]) => [name, partitions]))
}

function processorsOf ({ nodes }: Topology): readonly ProcessorDef[] {
  return nodes.filter(node => node.kind === 'processor')
}

function changelogOf ({ applicationId }: Topology, { name }: ProcessorDef): string {
  return changelogTopic(applicationId, name)
}
