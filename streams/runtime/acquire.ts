import { randomUUID } from 'node:crypto'
import { publish, type WipeReason } from '../diagnostics.ts'
import { isStreamsError, StreamsError } from '../errors.ts'
import { type Kafka, type TransactionUnit } from '../kafka/port.ts'
import { partitionKey } from '../record.ts'
import { type Progress, writeOwnership } from '../state/changelog.ts'
import { ancestorId, extendLineage, type Lineage } from '../state/lineage.ts'
import { type StateMeta, type TaskState } from '../state/port.ts'
import { replay } from '../state/restore.ts'
import { type Clock } from '../time/clock.ts'
import { type Applier, type Claim } from './applier.ts'
import { Restorer } from './restorer.ts'

export interface AcquireOptions {
  readonly kafka: Kafka
  readonly unit: TransactionUnit
  readonly state: TaskState
  readonly clock: Clock
  readonly processor: string
  readonly partition: number
  readonly changelog: string
  /** Inputs that the progress must name. */
  readonly inputs: readonly string[]
  readonly instance: string
  readonly deleteRetentionMs: number
  readonly maxUnappliedBytes: number
  /** Waits for a place among the tasks that restore at the same time; the returned function gives it back. */
  readonly slot: (signal: AbortSignal) => Promise<() => void>
  readonly signal: AbortSignal
}

/** A task that is owned, restored, and may go on. */
export interface Acquired {
  readonly applier: Applier
  readonly progress: Progress
  /** Goes into every progress record of this acquisition. */
  readonly lineage: Lineage
  /** Broker time − own clock, ms, as last seen. */
  readonly skewMs: number
  readonly restoredRecords: number
  readonly wiped: WipeReason | null
}

/**
 * Takes a task over: the one way in, after a start, a rebalance, a fence or any doubt.
 *
 * The caller has had a successful heartbeat in the generation that owns the task (B1). InitProducerId (fences the old owner and ends
 * its transaction) → ownership record, whose offset is the token → claim
 * of the state → replay up to that record → resume at the newer progress of log and state. Nothing of an earlier acquisition is
 * used; the caller throws its caches away.
 *
 * Guarantees: R2 (the token grows with the log), R3 (resume at the committed progress), R5 (state that is empty, older or ahead is
 * found and rebuilt before anything is decided on it). See DESIGN.md.
 *
 * @throws {StreamsError} STR_TXN_FENCED: somebody newer owns the task. STR_PROGRESS_MISSING, STR_PROGRESS_INPUT_MISSING: it must be
 * provisioned. STR_TXN_UNKNOWN, STR_STATE_LOST, STR_STATE_UNAVAILABLE: try again.
 */
export async function acquire (options: AcquireOptions): Promise<Acquired> {
  await options.unit.init(options.signal)
  const release = await options.slot(options.signal)
  try {
    return await takeOver(options)
  } finally {
    release()
  }
}

async function takeOver (options: AcquireOptions): Promise<Acquired> {
  const { clock } = options
  const owned = await claimState(options)
  options.signal.throwIfAborted()
  const first = await restore(options, owned.claim, owned.before, owned.wiped)
  const restored = typeof first === 'string' ? await rebuild(options, owned.claim, first) : first
  const { restorer } = restored
  const progress = restorer.progress
  if (progress === undefined) throw new StreamsError('STR_PROGRESS_MISSING', { changelog: options.changelog, partition: options.partition })
  for (const input of options.inputs) {
    if (!progress.offsets.has(input)) throw new StreamsError('STR_PROGRESS_INPUT_MISSING', { changelog: options.changelog, partition: options.partition, input })
  }
  const applier = await restorer.finish(owned.claim.token + 1n, clock.now())
  const lineage = extendLineage(progress.lineage ?? [], { id: ancestorId(owned.claim.incarnation), since: restorer.progressOffset })
  return { applier, progress, lineage, skewMs: owned.skewMs, restoredRecords: restored.records, wiped: restored.wiped }
}

interface Owned { readonly claim: Claim, readonly before: StateMeta | null, readonly wiped: WipeReason | null, readonly skewMs: number }

/**
 * Ownership record and claim. A refused claim is decided by a second record (A6): fenced means that somebody newer is the owner;
 * committed means that no live owner can have stored what is there: the log went back, and the state with it is void.
 */
async function claimState (options: AcquireOptions): Promise<Owned> {
  const { unit, state, clock, changelog: topic, partition, instance } = options
  const incarnation = randomUUID()
  const own = async (): Promise<{ claim: Claim, skewMs: number }> => {
    const { token, brokerTimeMs } = await writeOwnership(unit, { topic, partition }, { incarnation, instance, timeMs: clock.now() })
    return { claim: { token, incarnation }, skewMs: brokerTimeMs - clock.now() }
  }
  const owned = await own()
  const answer = await state.claim({ ...owned.claim, nowMs: clock.now() })
  if (answer.kind === 'claimed') return { ...owned, before: answer.before, wiped: null }
  const again = await own()
  await wipe(options, answer.stored)
  const second = await state.claim({ ...again.claim, nowMs: clock.now() })
  if (second.kind === 'refused') throw new StreamsError('STR_STATE_LOST', { changelog: topic, partition, token: second.stored.token, mine: again.claim.token })
  return { ...again, before: second.before, wiped: 'log-went-back' }
}

async function wipe (options: AcquireOptions, expected: { readonly token: bigint, readonly position: bigint }): Promise<void> {
  if (await options.state.wipe({ token: expected.token, position: expected.position })) return
  throw new StreamsError('STR_STATE_LOST', { changelog: options.changelog, partition: options.partition, reason: 'changed while it was to be wiped' })
}

interface Restored { readonly restorer: Restorer, readonly records: number, readonly wiped: WipeReason | null }

/** Replays on top of what the state holds; or says why all of it must be rebuilt. */
async function restore (options: AcquireOptions, claim: Claim, before: StateMeta | null, wiped: WipeReason | null): Promise<Restored | WipeReason> {
  if (before === null) return await replayAll(options, claim, wiped ?? 'empty')
  if (before.progress.length === 0) return 'incomplete'
  if (before.layout !== options.state.layout) return 'layout'
  const ageMs = options.clock.now() - before.appliedAtMs
  const restorer = new Restorer(options, claim, before, ageMs > options.deleteRetentionMs)
  try {
    const { records } = await run(options, claim, restorer, before.progressOffset)
    return restorer.hasMetProgress ? { restorer, records, wiped } : 'progress-not-met'
  } catch (error) {
    if (restorer.isStale) return 'retention'
    if (isStreamsError(error, 'STR_OFFSET_OUT_OF_RANGE')) return 'progress-not-met'
    throw error
  }
}

async function rebuild (options: AcquireOptions, claim: Claim, reason: WipeReason): Promise<Restored> {
  const meta = await options.state.meta()
  if (meta?.token !== claim.token || meta.incarnation !== claim.incarnation) throw new StreamsError('STR_STATE_LOST', { token: meta?.token, mine: claim.token })
  await wipe(options, meta)
  const answer = await options.state.claim({ ...claim, nowMs: options.clock.now() })
  if (answer.kind === 'refused' || answer.before !== null) throw new StreamsError('STR_STATE_LOST', { reason: 'claimed by another while rebuilding' })
  return await replayAll(options, claim, reason)
}

async function replayAll (options: AcquireOptions, claim: Claim, reason: WipeReason): Promise<Restored> {
  const { kafka, clock, changelog: topic, partition } = options
  const starts = await kafka.startOffsets([{ topic, partition }])
  const startedMs = clock.now()
  const restorer = new Restorer(options, claim, null, false)
  const { records } = await run(options, claim, restorer, starts.get(partitionKey(topic, partition)) ?? 0n)
  // A replay that outlasts the life of tombstones may have read rows whose removal was cleaned away meanwhile.
  if (clock.now() - startedMs > options.deleteRetentionMs) throw new StreamsError('STR_STATE_LOST', { topic, partition, reason: 'the replay took longer than delete.retention.ms' })
  return { restorer, records, wiped: reason === 'empty' && records <= 1 ? null : reason }
}

async function run (options: AcquireOptions, claim: Claim, restorer: Restorer, from: bigint): Promise<{ readonly records: number }> {
  const { kafka, changelog: topic, partition, processor, signal } = options
  let records = 0
  return await replay({
    kafka,
    topic,
    partition,
    from,
    until: claim.token,
    incarnation: claim.incarnation,
    signal,
    onRecord: record => {
      records++
      restorer.take(record)
    },
    onBatch: async reached => {
      const position = reached > claim.token ? claim.token + 1n : reached
      await restorer.flush(position)
      publish('streams:restore:moved', () => ({ processor, partition, records, remaining: claim.token + 1n - position }))
    }
  })
}
