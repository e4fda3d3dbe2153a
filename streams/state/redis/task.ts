import { boundsOf } from '../key-range.ts'
import {
  type ApplyAnswer, type ApplyRequest, type ClaimAnswer, layoutOf, type ReadAnswer, type ReadRequest, SCAN_BYTES, type ScanAnswer, type ScanRequest,
  type StateMeta, type TaskState
} from '../port.ts'
import { chunkApply } from './apply-chunks.ts'
import { type RedisCommand, type RedisPath } from './connection.ts'
import { META_FIELDS, parseMeta, type TaskKeys, taskKeys } from './meta.ts'
import { scripts } from './scripts.ts'

type Bulk = Buffer | null

/** The state of one task in Redis: a meta hash, a hash per store, a sorted set of timers and one per ordered store, all in one slot. */
export class RedisTaskState implements TaskState {
  readonly layout: string
  readonly #path: RedisPath
  readonly #ordered: readonly string[]
  readonly #keys: TaskKeys
  readonly #askMeta: RedisCommand

  constructor (path: RedisPath, taskKey: string, ordered: readonly string[]) {
    this.#path = path
    this.#ordered = ordered
    this.layout = layoutOf(ordered)
    this.#keys = taskKeys(taskKey)
    this.#askMeta = { name: 'hmget', args: [this.#keys.meta, ...META_FIELDS] }
  }

  async meta (): Promise<StateMeta | null> {
    const [meta] = await this.#path.ask([this.#askMeta])
    return parseMeta(meta as Bulk[])
  }

  async claim (request: { readonly token: bigint, readonly incarnation: string, readonly nowMs: number }): Promise<ClaimAnswer> {
    const { meta, timers, names, storePrefix, orderPrefix } = this.#keys
    const args = [meta, timers, names, String(request.token), request.incarnation, String(request.nowMs), storePrefix, orderPrefix, this.layout]
    const [answer] = await this.#path.run('claim', [{ keyCount: 3, args }])
    const [kind, ...fields] = answer as Bulk[]
    const stored = parseMeta(fields)
    return String(kind) === 'refused' && stored !== null ? { kind: 'refused', stored } : { kind: 'claimed', before: stored }
  }

  async read (request: ReadRequest): Promise<ReadAnswer> {
    const stores = groupByStore(request.keys)
    const commands: RedisCommand[] = []
    for (const [store, { keys }] of stores) commands.push({ name: 'hmget', args: [this.#keys.storePrefix + store, ...keys] })
    if (request.timers !== undefined) {
      const { dueMs, limit } = request.timers
      commands.push({ name: 'zrangebyscore', args: [this.#keys.timers, '-inf', String(dueMs), 'WITHSCORES', 'LIMIT', '0', String(limit + 1)] })
      commands.push({ name: 'zrangebyscore', args: [this.#keys.timers, `(${dueMs}`, '+inf', 'WITHSCORES', 'LIMIT', '0', '1'] })
    }
    for (const scan of request.scans ?? []) commands.push(this.#scan(scan))
    commands.push(this.#askMeta)
    const answers = await this.#path.ask(commands, request.isOneMoment)
    const values = new Array<Bulk>(request.keys.length).fill(null)
    let next = 0
    for (const { places } of stores.values()) {
      const found = answers[next++] as Bulk[]
      for (const [i, place] of places.entries()) values[place] = found[i] ?? null
    }
    const timers = request.timers === undefined ? NO_TIMERS : readTimers(answers[next++] as Buffer[], answers[next++] as Buffer[], request.timers.limit)
    const scans = request.scans === undefined ? NO_SCANS : answers.slice(next, -1).map(answer => readScan(answer as [number, ...Buffer[]]))
    return { values, ...timers, scans, meta: parseMeta(answers.at(-1) as Bulk[]) }
  }

  async apply (request: ApplyRequest): Promise<ApplyAnswer> {
    const answers = await this.#path.run('apply', chunkApply(this.#keys, request, this.#ordered))
    for (const answer of answers) {
      const text = String(answer)
      if (text !== 'applied') return text as ApplyAnswer
    }
    return 'applied'
  }

  async rows (store: string): Promise<{ readonly rows: ReadonlyArray<readonly [key: string, value: Buffer]>, readonly meta: StateMeta | null }> {
    // In capitals: ioredis makes an object of the answer to `hgetall`, which loses keys such as `__proto__`.
    const [flat, meta] = await this.#path.ask([{ name: 'HGETALL', args: [this.#keys.storePrefix + store] }, this.#askMeta])
    return { rows: pairs(flat as Buffer[]).map(([key, value]) => [String(key), value] as const), meta: parseMeta(meta as Bulk[]) }
  }

  async wipe (expected: { readonly token: bigint, readonly position: bigint } | null): Promise<boolean> {
    const { meta, timers, names, storePrefix, orderPrefix } = this.#keys
    const condition = expected === null ? [] : [String(expected.token), String(expected.position)]
    const [answer] = await this.#path.run('wipe', [{ keyCount: 3, args: [meta, timers, names, storePrefix, orderPrefix, ...condition] }])
    return answer === 1
  }

  #scan (request: ScanRequest): RedisCommand {
    const { lower, isLowerOpen, upper } = boundsOf(request)
    const first = lower.length === 0 && !isLowerOpen ? '-' : Buffer.concat([Buffer.from(isLowerOpen ? '(' : '['), lower])
    const last = upper === null ? '+' : Buffer.concat([Buffer.from('('), upper])
    const keys = [this.#keys.orderPrefix + request.store, this.#keys.storePrefix + request.store]
    return { name: 'evalsha', args: [scripts.scan.sha, '2', ...keys, first, last, String(request.limit), String(SCAN_BYTES)] }
  }
}

const NO_TIMERS = Object.freeze({ timers: Object.freeze([]), nextDueMs: null })
const NO_SCANS: readonly ScanAnswer[] = Object.freeze([])

/** Keys of each store, with the places of their values in the answer. */
function groupByStore (keys: ReadRequest['keys']): Map<string, { readonly keys: string[], readonly places: number[] }> {
  const stores = new Map<string, { readonly keys: string[], readonly places: number[] }>()
  for (const [place, { store, key }] of keys.entries()) {
    let group = stores.get(store)
    if (group === undefined) stores.set(store, group = { keys: [], places: [] })
    group.keys.push(key)
    group.places.push(place)
  }
  return stores
}

/** `due` holds up to limit + 1 timers: the one too many is the next. */
function readTimers (due: readonly Buffer[], later: readonly Buffer[], limit: number): Pick<ReadAnswer, 'timers' | 'nextDueMs'> {
  const timers = pairs(due).map(([key, score]) => ({ key: String(key), dueMs: Number(String(score)) }))
  const after = pairs(later).map(([, score]) => Number(String(score)))
  return { timers: timers.slice(0, limit), nextDueMs: timers[limit]?.dueMs ?? after[0] ?? null }
}

function readScan ([isWhole, ...flat]: [number, ...Buffer[]]): ScanAnswer {
  return { rows: pairs(flat).map(([key, value]) => [String(key), value] as const), isWhole: isWhole === 1 }
}

function pairs (flat: readonly Buffer[]): Array<readonly [Buffer, Buffer]> {
  const result: Array<readonly [Buffer, Buffer]> = []
  for (let i = 0; i + 1 < flat.length; i += 2) result.push([flat[i] as Buffer, flat[i + 1] as Buffer])
  return result
}
