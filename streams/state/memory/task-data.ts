import { type ApplyAnswer, type ApplyRequest, type ClaimAnswer, layoutOf, type ReadAnswer, type ReadRequest, type StateMeta } from '../port.ts'
import { KeyOrder } from './key-order.ts'
import { TimerIndex } from './timer-index.ts'

/** Everything that is stored for one task. Synchronous; what Redis does in Lua, in TypeScript. */
export class TaskData {
  #meta: StateMeta | null = null
  #stores = new Map<string, Map<string, Buffer>>()
  #orders = new Map<string, KeyOrder>()
  #timers = new TimerIndex()

  get meta (): StateMeta | null { return this.#meta }

  claim (request: { readonly token: bigint, readonly incarnation: string, readonly nowMs: number }, ordered: readonly string[] = []): ClaimAnswer {
    const { token, incarnation, nowMs } = request
    const stored = this.#meta
    if (stored !== null && !isClaimable(stored, token, incarnation)) return { kind: 'refused', stored }
    this.#meta = { ...stored ?? emptyMeta(nowMs, layoutOf(ordered)), token, incarnation }
    return { kind: 'claimed', before: stored }
  }

  read (request: ReadRequest): ReadAnswer {
    const values = request.keys.map(({ store, key }) => this.#stores.get(store)?.get(key) ?? null)
    const due = request.timers === undefined ? { timers: [], nextDueMs: null } : this.#timers.due(request.timers.dueMs, request.timers.limit)
    const scans = (request.scans ?? []).map(scan => {
      const rows = this.#stores.get(scan.store)
      return this.#orders.get(scan.store)?.scan(scan, key => rows?.get(key) as Buffer) ?? { rows: [], isWhole: true }
    })
    return { values, ...due, scans, meta: this.#meta }
  }

  apply (request: ApplyRequest, ordered: readonly string[] = []): ApplyAnswer {
    const stored = this.#meta
    const verdict = judgeApply(stored, request)
    if (stored === null || verdict !== 'applied') return verdict
    for (const { store, key, value } of request.writes) {
      this.#write(store, key, value)
      if (ordered.includes(store)) this.#orderOf(store).set(key, value !== null)
    }
    for (const { key, dueMs } of request.timers) this.#timers.set(key, dueMs)
    const { position, sequence, progressOffset, nowMs, restoring } = request
    this.#meta = { ...stored, position, sequence, progress: Buffer.from(request.progress), progressOffset, appliedAtMs: nowMs, restoring, applying: false }
    return 'applied'
  }

  rows (store: string): { readonly rows: ReadonlyArray<readonly [key: string, value: Buffer]>, readonly meta: StateMeta | null } {
    return { rows: [...this.#stores.get(store) ?? []], meta: this.#meta }
  }

  wipe (expected: { readonly token: bigint, readonly position: bigint } | null): boolean {
    const same = expected === null
      ? this.#meta === null
      : this.#meta !== null && this.#meta.token === expected.token && this.#meta.position === expected.position
    if (same) this.clear()
    return same
  }

  clear (): void {
    this.#meta = null
    this.#stores = new Map()
    this.#orders = new Map()
    this.#timers = new TimerIndex()
  }

  copy (): TaskData {
    const copy = new TaskData()
    copy.#meta = this.#meta
    copy.#stores = new Map([...this.#stores].map(([name, rows]) => [name, new Map(rows)]))
    copy.#orders = new Map([...this.#orders].map(([name, order]) => [name, order.copy()]))
    copy.#timers = this.#timers.copy()
    return copy
  }

  #orderOf (store: string): KeyOrder {
    let order = this.#orders.get(store)
    if (order === undefined) this.#orders.set(store, order = new KeyOrder())
    return order
  }

  #write (store: string, key: string, value: Buffer | null): void {
    let rows = this.#stores.get(store)
    if (rows === undefined) this.#stores.set(store, rows = new Map())
    if (value === null) rows.delete(key)
    else rows.set(key, Buffer.from(value))
  }
}

/** A later token takes over what lies below its ownership record; the same claim may come twice. */
function isClaimable (stored: StateMeta, token: bigint, incarnation: string): boolean {
  if (stored.token === token) return stored.incarnation === incarnation
  return stored.token < token && stored.position <= token
}

function judgeApply (stored: StateMeta | null, request: ApplyRequest): ApplyAnswer {
  if (stored?.token !== request.token || stored.incarnation !== request.incarnation) return 'lost'
  if (stored.position === request.expectedPosition) return 'applied'
  if (stored.position === request.position && stored.sequence === request.sequence) return 'already'
  return stored.position < request.expectedPosition ? 'behind' : 'lost'
}

function emptyMeta (nowMs: number, layout: string): Omit<StateMeta, 'token' | 'incarnation'> {
  return { position: 0n, sequence: 0n, progress: Buffer.alloc(0), progressOffset: -1n, appliedAtMs: nowMs, restoring: true, applying: false, layout }
}
