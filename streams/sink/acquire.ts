import { randomUUID } from 'node:crypto'
import { isStreamsError, StreamsError } from '../errors.ts'
import { type TransactionUnit } from '../kafka/port.ts'
import { NO_HEADERS, type OutgoingRecord, partitionKey } from '../record.ts'
import { type TaskContext } from '../runtime/runner.ts'
import { changelogTopic, parseChangelogKey, PROGRESS_KEY, writeOwnership } from '../state/changelog.ts'
import { replay } from '../state/restore.ts'
import { decodePlan, encodePlan } from './plan-codec.ts'
import { type Plan, restartTopic } from './plan.ts'
import { judgeBounds } from './proof.ts'
import { type SinkDef } from './port.ts'

/** The plan to go on with, and how many records of the changelog it took to find it. */
export interface AcquiredPlan { readonly plan: Plan, readonly records: number }

/**
 * Acquire of a sink task, after its heartbeat: InitProducerId (fences the old owner) → ownership record → the changelog up to it → the plan,
 * held against the target. A sink has no stores and claims nothing in the state backend.
 *
 * @throws {StreamsError} STR_TXN_FENCED (another owner), STR_PROGRESS_MISSING, STR_PROGRESS_INPUT_MISSING, STR_SINK_UNFIT,
 * STR_SINK_BEHIND, STR_SINK_AHEAD, STR_SINK_UNAVAILABLE
 */
export async function acquirePlan (context: TaskContext<SinkDef>, unit: TransactionUnit, signal: AbortSignal): Promise<AcquiredPlan> {
  const { node, partition, kafka, topology, clock } = context
  await unit.init(signal)
  const topic = changelogTopic(topology.applicationId, node.name)
  const incarnation = randomUUID()
  const own = async (): ReturnType<typeof writeOwnership> =>
    await writeOwnership(unit, { topic, partition }, { incarnation, instance: context.instance, timeMs: clock.now() })
  const { token } = await own()
  const starts = await kafka.startOffsets([{ topic, partition }])
  let newest: Buffer | undefined
  const freeSlot = await context.slots?.acquire(signal)
  const { records } = await replay({
    kafka,
    topic,
    partition,
    from: starts.get(partitionKey(topic, partition)) ?? 0n,
    until: token,
    incarnation,
    signal,
    onRecord: record => {
      if (record.value !== null && parseChangelogKey(record.key).kind === 'progress') newest = Buffer.from(record.value)
    }
  }).finally(freeSlot)
  if (newest === undefined) throw new StreamsError('STR_PROGRESS_MISSING', { task: `${node.name}-${partition}` })
  const plan = decodePlan(newest, partition)
  for (const { name } of node.topics) {
    if (!plan.marks.has(name)) throw new StreamsError('STR_PROGRESS_INPUT_MISSING', { task: `${node.name}-${partition}`, topic: name })
  }
  await ofTarget(async () => await node.target.check())
  return { plan: await agree(context, unit, plan, own), records }
}

/** Commits a plan as the task's progress. @throws as `TransactionUnit.commit` */
export async function commitPlan (context: TaskContext<SinkDef>, unit: TransactionUnit, plan: Plan): Promise<void> {
  const topic = changelogTopic(context.topology.applicationId, context.node.name)
  const record: OutgoingRecord = { topic, partition: context.partition, key: PROGRESS_KEY, value: encodePlan(plan), headers: NO_HEADERS }
  await unit.commit([record])
}

/** A call to the target whose failure is an outage unless the target says otherwise. */
async function ofTarget<T> (ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (isStreamsError(error)) throw error
    throw new StreamsError('STR_SINK_UNAVAILABLE', {}, error)
  }
}

/**
 * Holds every topic of the plan against the target; repairs what may be repaired, else stops. Neither is for a zombie, to whom the rows of
 * its successor look like rows beyond the plan: who finds a difference owns the task again first.
 */
async function agree (context: TaskContext<SinkDef>, unit: TransactionUnit, plan: Plan, own: () => Promise<unknown>): Promise<Plan> {
  const { node, partition } = context
  let agreed = plan
  const checks = await Promise.all(node.topics.map(async ({ name: topic }) => {
    const mark = plan.marks.get(topic)
    if (mark === undefined) throw new StreamsError('STR_PROGRESS_INPUT_MISSING', { topic })
    const open = plan.ranges.find(range => range.topic === topic)
    const from = open?.from ?? mark.next
    const found = await ofTarget(async () => await node.target.bounds(topic, partition, from, open?.to ?? from - 1n))
    return { topic, mark, from, found, verdict: judgeBounds(mark, found) }
  }))
  if (checks.some(({ verdict }) => verdict !== 'agrees')) await own()
  for (const { topic, mark, from, found, verdict } of checks) {
    if (verdict === 'agrees') continue
    const details = { topic, partition, from, acknowledged: mark.rows, below: found.below, beyond: found.beyond, last: found.last }
    if (verdict === 'behind' && node.repair !== 'refill') throw new StreamsError('STR_SINK_BEHIND', details)
    if (verdict === 'ahead' && node.repair !== 'replay') throw new StreamsError('STR_SINK_AHEAD', details)
    context.logger.warn(details, 'sink repair: rows are removed and inserted again from the start of the log')
    agreed = await repair(context, agreed, topic)
  }
  if (agreed !== plan) await commitPlan(context, unit, agreed)
  return agreed
}

/** Removes before it commits: a crash in between leaves rows missing, which the next Acquire sees. */
async function repair (context: TaskContext<SinkDef>, plan: Plan, topic: string): Promise<Plan> {
  const { node, partition, kafka } = context
  const starts = await kafka.startOffsets([{ topic, partition }])
  const start = starts.get(partitionKey(topic, partition)) ?? 0n
  await ofTarget(async () => await node.target.clear(topic, partition, start))
  const kept = await ofTarget(async () => await node.target.bounds(topic, partition, start, start - 1n))
  return restartTopic(plan, topic, start, { rows: kept.below, lastOffset: kept.last })
}
