import { type ApplyRequest, type StateWrite } from '../port.ts'
import { type TaskKeys } from './meta.ts'

export type Argument = string | Buffer

/** One call of the apply script: number of keys, then keys and arguments. */
export interface ApplyChunk { readonly keyCount: number, readonly args: readonly Argument[] }

export interface ChunkLimits {
  /** Rows and timers of one call: one call blocks the server for about a millisecond per thousand. */
  readonly entries: number
  readonly bytes: number
}

export const CHUNK_LIMITS: ChunkLimits = Object.freeze({ entries: 5_000, bytes: 4 * 1024 * 1024 })

interface StorePart { readonly store: string, readonly sets: Argument[], readonly deletes: string[] }

interface Draft {
  readonly stores: Map<string, StorePart>
  readonly timersSet: string[]
  readonly timersRemoved: string[]
  entries: number
  bytes: number
}

/**
 * Cuts an apply into calls of the script, at least one. Of several writes to one key the last counts. Every chunk checks owner and
 * position by itself, and that the one before it was done; the last one moves the position.
 */
export function chunkApply (
  keys: TaskKeys, request: ApplyRequest, ordered: readonly string[] = [], limits: ChunkLimits = CHUNK_LIMITS
): readonly ApplyChunk[] {
  const drafts = [createDraft()]
  const room = (bytes: number): Draft => {
    let draft = drafts.at(-1) as Draft
    if (draft.entries >= limits.entries || (draft.entries > 0 && draft.bytes + bytes > limits.bytes)) drafts.push(draft = createDraft())
    draft.entries += 1
    draft.bytes += bytes
    return draft
  }
  for (const { store, key, value } of settled(request.writes)) {
    const part = partOf(room(key.length + (value?.length ?? 0)), store)
    if (value === null) part.deletes.push(key)
    else part.sets.push(key, value)
  }
  for (const [key, dueMs] of new Map(request.timers.map(timer => [timer.key, timer.dueMs]))) {
    const draft = room(key.length)
    if (dueMs === null) draft.timersRemoved.push(key)
    else draft.timersSet.push(String(dueMs), key)
  }
  return drafts.map((draft, index) => toChunk(keys, request, ordered, draft, index, index === drafts.length - 1))
}

function createDraft (): Draft {
  return { stores: new Map(), timersSet: [], timersRemoved: [], entries: 0, bytes: 0 }
}

/** A call sets before it deletes: where rows are deleted, only the last write of each key may be in it. */
function settled (writes: readonly StateWrite[]): Iterable<StateWrite> {
  if (!writes.some(write => write.value === null)) return writes
  return new Map(writes.map(write => [`${write.store}\n${write.key}`, write])).values()
}

function partOf (draft: Draft, store: string): StorePart {
  let part = draft.stores.get(store)
  if (part === undefined) draft.stores.set(store, part = { store, sets: [], deletes: [] })
  return part
}

function toChunk (
  keys: TaskKeys, request: ApplyRequest, ordered: readonly string[], draft: Draft, index: number, isLast: boolean
): ApplyChunk {
  const parts = [...draft.stores.values()]
  const args: Argument[] = [keys.meta, keys.timers, keys.names]
  for (const { store } of parts) {
    args.push(keys.storePrefix + store)
    if (ordered.includes(store)) args.push(keys.orderPrefix + store)
  }
  const keyCount = args.length
  args.push(
    String(request.token), request.incarnation, String(request.expectedPosition), String(request.position), String(request.sequence),
    request.progress, String(request.progressOffset), String(request.nowMs), request.restoring ? '1' : '0',
    String(index), isLast ? '1' : '0', String(draft.timersSet.length / 2), String(draft.timersRemoved.length)
  )
  append(args, draft.timersSet)
  append(args, draft.timersRemoved)
  for (const { store, sets, deletes } of parts) {
    args.push(store, ordered.includes(store) ? '1' : '0', String(sets.length / 2), String(deletes.length))
    append(args, sets)
    append(args, deletes)
  }
  return { keyCount, args }
}

function append (args: Argument[], more: readonly Argument[]): void {
  for (const argument of more) args.push(argument)
}
