import { isStreamsError, StreamsError } from '../errors.ts'
import { type StoreDef } from '../processor.ts'
import { type TopicPartition } from '../record.ts'
import { type Serde } from '../serde/serde.ts'
import { type Clock } from '../time/clock.ts'
import { decodeProgress, type Progress, taskKey } from './changelog.ts'
import { type KeyRange } from './key-range.ts'
import { type ReadAnswer, type ReadRequest, type StateBackend, type StateMeta, type TaskState } from './port.ts'

/** Rows wanted: the store as the processor declares it, and the key. */
export type WantedRows = ReadonlyArray<readonly [store: StoreDef, key: string]>

/** The values of wanted rows, in order; undefined = there is no such row. */
export type RowValues<Wanted extends WantedRows> = {
  readonly [I in keyof Wanted]: Wanted[I] extends readonly [StoreDef<infer V>, string] ? V | undefined : never
}

/**
 * What a query found. `ready`: values, position and progress of one moment. Otherwise nothing may be concluded, least of all that
 * a row does not exist: `missing` = the task has no state at all (never claimed, or lost), `restoring` = its owner replays the log,
 * `applying` = in the middle of a large change, `behind` = the position that was waited for was not reached in time.
 */
export type QueryAnswer<Values> =
  | { readonly status: 'ready', readonly values: Values, readonly position: bigint, readonly progress: Progress }
  | { readonly status: NotReady }

export type NotReady = 'missing' | 'restoring' | 'applying' | 'behind'

/** A record in an input of a processor, e.g. a command that was just appended. */
export interface InputPosition extends TopicPartition { readonly offset: bigint }

export interface WaitOptions {
  readonly clock: Clock
  /** How long to wait at most, ms; 0 = look once. */
  readonly timeoutMs: number
  /** Ends the wait at once, as if the time were over. */
  readonly signal?: AbortSignal
}

/** Answer only from state in which that record was processed, or with `behind`. */
export interface PositionWait extends WaitOptions { readonly position: InputPosition }

/** Which rows of an ordered store: a range of keys, and how many at most (1 to 1000). */
export interface RangeRequest extends KeyRange { readonly limit: number }

/** Rows in the order of their keys. `next`: give it as `after` to go on; undefined = there are no more. */
export interface ScanPage<V> {
  readonly rows: ReadonlyArray<readonly [key: string, value: V]>
  readonly next: string | undefined
}

/**
 * Reads the stores of running processors from outside: committed state only. Every answer is of one moment, and says of which.
 *
 * Rejects with STR_STATE_UNAVAILABLE (with a wait: once its time is over), STR_REGISTRY_UNAVAILABLE, STR_RECORD_UNREADABLE, and with
 * STR_QUERY_INVALID for what no answer can ever be given to: a position of another partition, a scan of a store that is not ordered.
 *
 * A row whose time is over is there until its removal is committed.
 */
export interface StateQuery {
  /** Reads rows of one task in one request. */
  get<const Wanted extends WantedRows> (processor: string, partition: number, wanted: Wanted, wait?: PositionWait): Promise<QueryAnswer<RowValues<Wanted>>>
  /** Reads rows of an ordered store of one task, a page at a time. Pages are of a moment each. */
  scan<V> (processor: string, partition: number, store: StoreDef<V>, range: RangeRequest, wait?: PositionWait): Promise<QueryAnswer<ScanPage<V>>>
  /** True once the task has processed that input record; false when the time is over, or the signal aborts, before. */
  waitFor (processor: string, partition: number, position: InputPosition, options: WaitOptions): Promise<boolean>
}

export interface StateQueryOptions {
  readonly backend: StateBackend
  readonly applicationId: string
  /**
   * How long a reading that nothing can be concluded from is repeated: a task that changes its owner is back within moments, and its readers
   * need not hear of it. A wait for a position has a time of its own. @default each reading looks once
   */
  readonly patience?: Pick<WaitOptions, 'clock' | 'timeoutMs'>
}

/** First pause between two looks, and the longest, ms. */
const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 200

/** True when the progress lies beyond that input record: it was processed, with all that it changed in the processor's stores. */
export function hasProcessed (progress: Progress, position: Pick<InputPosition, 'topic' | 'offset'>): boolean {
  const next = progress.offsets.get(position.topic)
  return next !== undefined && next > position.offset
}

/** Creates the query side of an application's state. */
export function createStateQuery ({ backend, applicationId, patience }: StateQueryOptions): StateQuery {
  const tasks = new Map<string, TaskState>()

  function taskOf (processor: string, partition: number): TaskState {
    const key = taskKey(applicationId, processor, partition)
    let task = tasks.get(key)
    if (task === undefined) tasks.set(key, task = backend.open(key))
    return task
  }

  async function read (processor: string, partition: number, request: ReadRequest, wait: PositionWait | undefined): Promise<Reading> {
    const task = taskOf(processor, partition)
    if (wait === undefined) {
      const look = async (): Promise<Reading> => readingOf(await task.read({ ...request, isOneMoment: true }))
      return patience === undefined ? await look() : await readUntil(look, patience)
    }
    if (wait.position.partition !== partition) throw new StreamsError('STR_QUERY_INVALID', { processor, partition, position: wait.position.partition, reason: 'a position of another partition' })
    return await readUntil(async () => readingOf(await task.read({ ...request, isOneMoment: true }), wait.position), wait)
  }

  return {
    get: async (processor, partition, wanted, wait) => {
      const reading = await read(processor, partition, { keys: wanted.map(([store, key]) => ({ store: store.name, key })) }, wait)
      if (reading.status !== 'ready') return reading
      const { answer, position, progress } = reading
      const values = await Promise.all(wanted.map(async ([store], i) => await decode(store.value, answer.values[i])))
      return { status: 'ready', values: values as RowValues<typeof wanted>, position, progress }
    },
    scan: async <V>(processor: string, partition: number, store: StoreDef<V>, range: RangeRequest, wait?: PositionWait) => {
      const { limit } = checkRange(range)
      const reading = await read(processor, partition, { keys: [], scans: [{ ...range, store: store.name, limit }] }, wait)
      if (reading.status !== 'ready') return reading
      const { answer: { scans: [page], meta }, position, progress } = reading
      if (meta?.layout.split(',').includes(store.name) !== true) throw new StreamsError('STR_QUERY_INVALID', { processor, store: store.name, reason: 'the store is not ordered' })
      const found = page?.rows ?? []
      const rows = await Promise.all(found.map(async ([key, value]) => [key, await decode(store.value, value) as V] as const))
      return { status: 'ready', values: { rows, next: page?.isWhole === true ? undefined : found.at(-1)?.[0] }, position, progress }
    },
    waitFor: async (processor, partition, position, options) => {
      return (await read(processor, partition, { keys: [] }, { ...options, position })).status === 'ready'
    }
  }
}

/**
 * Checks what a caller asks of an ordered store.
 *
 * @throws {StreamsError} STR_QUERY_INVALID
 */
export function checkRange<Range extends RangeRequest> (range: Range): Range {
  if (!Number.isInteger(range.limit) || range.limit < 1 || range.limit > MAX_SCAN_ROWS) {
    throw new StreamsError('STR_QUERY_INVALID', { limit: range.limit, reason: `a scan gives 1 to ${MAX_SCAN_ROWS} rows at a time` })
  }
  return range
}

/** Rows of one page at most: a scan holds the backend up for everybody. */
const MAX_SCAN_ROWS = 1000

type Reading =
  | { readonly status: 'ready', readonly answer: ReadAnswer, readonly position: bigint, readonly progress: Progress }
  | { readonly status: NotReady }

function readingOf (answer: ReadAnswer, atLeast?: InputPosition): Reading {
  const obstacle = obstacleOf(answer.meta)
  if (answer.meta === null || obstacle !== undefined) return { status: obstacle ?? 'missing' }
  const progress = decodeProgress(answer.meta.progress)
  if (atLeast !== undefined && !hasProcessed(progress, atLeast)) return { status: 'behind' }
  return { status: 'ready', answer, position: answer.meta.position, progress }
}

/** Looks until it is ready or the time is over; a backend that does not answer may answer again before that. */
async function readUntil (look: () => Promise<Reading>, { clock, timeoutMs, signal }: WaitOptions): Promise<Reading> {
  const deadline = clock.now() + timeoutMs
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5)) {
    const isOver = (): boolean => clock.now() >= deadline || signal?.aborted === true
    try {
      const reading = await look()
      if (reading.status === 'ready' || isOver()) return reading
    } catch (error) {
      if (!isStreamsError(error) || error.disposition !== 'retry' || isOver()) throw error
    }
    await clock.sleep(Math.min(pauseMs, deadline - clock.now()), signal).catch(() => {})
  }
}

function obstacleOf (meta: StateMeta | null): NotReady | undefined {
  if (meta === null) return 'missing'
  if (meta.restoring || meta.progress.length === 0) return 'restoring'
  return meta.applying ? 'applying' : undefined
}

async function decode (serde: Serde<unknown>, bytes: Buffer | null | undefined): Promise<unknown> {
  if (bytes === null || bytes === undefined) return undefined
  await serde.prepare?.(bytes)
  return serde.decode(bytes)
}
