import { type StoreDef } from '../processor.ts'
import { type Serde } from '../serde/serde.ts'
import { type Clock } from '../time/clock.ts'
import { decodeProgress, type Progress, taskKey } from './changelog.ts'
import { type StateBackend, type StateMeta, type TaskState } from './port.ts'

/** Rows wanted: the store as the processor declares it, and the key. */
export type WantedRows = ReadonlyArray<readonly [store: StoreDef, key: string]>

/** The values of wanted rows, in order; undefined = there is no such row. */
export type RowValues<Wanted extends WantedRows> = {
  readonly [I in keyof Wanted]: Wanted[I] extends readonly [StoreDef<infer V>, string] ? V | undefined : never
}

/**
 * What a query found. `ready`: values, position and progress of one moment. Otherwise nothing may be concluded, least of all that
 * a row does not exist: `missing` = the task has no state at all (never claimed, or lost), `restoring` = its owner replays the log,
 * `applying` = in the middle of a large change.
 */
export type QueryAnswer<Values> =
  | { readonly status: 'ready', readonly values: Values, readonly position: bigint, readonly progress: Progress }
  | { readonly status: NotReady }

export type NotReady = 'missing' | 'restoring' | 'applying'

/** A record in an input of a processor, e.g. a command that was just appended. */
export interface InputPosition { readonly topic: string, readonly offset: bigint }

export interface WaitOptions {
  readonly clock: Clock
  /** How long to wait at most, ms. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

/** Reads the stores of running processors from outside. Reads committed state only, and never waits for a task. */
export interface StateQuery {
  /**
   * Reads rows of one task in one request.
   *
   * @throws {StreamsError} STR_STATE_UNAVAILABLE, STR_REGISTRY_UNAVAILABLE, STR_RECORD_UNREADABLE
   */
  get<const Wanted extends WantedRows> (processor: string, partition: number, wanted: Wanted): Promise<QueryAnswer<RowValues<Wanted>>>
  /** True once the task has processed that input record; false when the time is over, or the signal aborts, before. */
  waitFor (processor: string, partition: number, position: InputPosition, options: WaitOptions): Promise<boolean>
}

export interface StateQueryOptions {
  readonly backend: StateBackend
  readonly applicationId: string
}

/** First pause between two looks, and the longest, ms. */
const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 200

/** True when the progress lies beyond that input record: it was processed, with all that it changed in the processor's stores. */
export function hasProcessed (progress: Progress, position: InputPosition): boolean {
  const next = progress.offsets.get(position.topic)
  return next !== undefined && next > position.offset
}

/** Creates the query side of an application's state. */
export function createStateQuery ({ backend, applicationId }: StateQueryOptions): StateQuery {
  const tasks = new Map<string, TaskState>()

  function taskOf (processor: string, partition: number): TaskState {
    const key = taskKey(applicationId, processor, partition)
    let task = tasks.get(key)
    if (task === undefined) tasks.set(key, task = backend.open(key))
    return task
  }

  return {
    get: async (processor, partition, wanted) => {
      const { values, meta } = await taskOf(processor, partition).read({ keys: wanted.map(([store, key]) => ({ store: store.name, key })) })
      const obstacle = obstacleOf(meta)
      if (meta === null || obstacle !== undefined) return { status: obstacle ?? 'missing' }
      const decoded = await Promise.all(wanted.map(async ([store], i) => await decode(store.value, values[i])))
      return { status: 'ready', values: decoded as RowValues<typeof wanted>, position: meta.position, progress: decodeProgress(meta.progress) }
    },
    waitFor: async (processor, partition, position, { clock, timeoutMs, signal }) => {
      const task = taskOf(processor, partition)
      const deadline = clock.now() + timeoutMs
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5)) {
        const meta = await task.meta()
        if (meta !== null && obstacleOf(meta) === undefined && hasProcessed(decodeProgress(meta.progress), position)) return true
        const leftMs = deadline - clock.now()
        if (leftMs <= 0 || signal?.aborted === true) return false
        await clock.sleep(Math.min(pauseMs, leftMs))
      }
    }
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
