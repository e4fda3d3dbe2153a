import { type ApplyAnswer, type ApplyRequest, type ClaimAnswer, type ReadAnswer, type ReadRequest, type StateMeta, type TaskState } from '../port.ts'
import { chunkApply } from './apply-chunks.ts'
import { type RedisCommand, type RedisConnection } from './connection.ts'
import { META_FIELDS, parseMeta, type TaskKeys, taskKeys } from './meta.ts'

type Bulk = Buffer | null

/** The state of one task in Redis: a meta hash, a hash per store, a sorted set of timers, all in one slot. */
export class RedisTaskState implements TaskState {
  readonly #connection: RedisConnection
  readonly #keys: TaskKeys
  readonly #askMeta: RedisCommand

  constructor (connection: RedisConnection, taskKey: string) {
    this.#connection = connection
    this.#keys = taskKeys(taskKey)
    this.#askMeta = { name: 'hmget', args: [this.#keys.meta, ...META_FIELDS] }
  }

  async meta (): Promise<StateMeta | null> {
    const [meta] = await this.#connection.ask([this.#askMeta])
    return parseMeta(meta as Bulk[])
  }

  async claim (request: { readonly token: bigint, readonly incarnation: string, readonly nowMs: number }): Promise<ClaimAnswer> {
    const { meta, timers, names, storePrefix } = this.#keys
    const args = [meta, timers, names, String(request.token), request.incarnation, String(request.nowMs), storePrefix]
    const [answer] = await this.#connection.run('claim', [{ keyCount: 3, args }])
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
    commands.push(this.#askMeta)
    const answers = await this.#connection.ask(commands)
    const values = new Array<Bulk>(request.keys.length).fill(null)
    let next = 0
    for (const { places } of stores.values()) {
      const found = answers[next++] as Bulk[]
      for (const [i, place] of places.entries()) values[place] = found[i] ?? null
    }
    const timers = request.timers === undefined
      ? NO_TIMERS
      : readTimers(answers[next] as Buffer[], answers[next + 1] as Buffer[], request.timers.limit)
    return { values, ...timers, meta: parseMeta(answers.at(-1) as Bulk[]) }
  }

  async apply (request: ApplyRequest): Promise<ApplyAnswer> {
    const answers = await this.#connection.run('apply', chunkApply(this.#keys, request))
    for (const answer of answers) {
      const text = String(answer)
      if (text !== 'applied') return text as ApplyAnswer
    }
    return 'applied'
  }

  async rows (store: string): Promise<{ readonly rows: ReadonlyArray<readonly [key: string, value: Buffer]>, readonly meta: StateMeta | null }> {
    // In capitals: ioredis makes an object of the answer to `hgetall`, which loses keys such as `__proto__`.
    const [flat, meta] = await this.#connection.ask([{ name: 'HGETALL', args: [this.#keys.storePrefix + store] }, this.#askMeta])
    return { rows: pairs(flat as Buffer[]).map(([key, value]) => [String(key), value] as const), meta: parseMeta(meta as Bulk[]) }
  }

  async wipe (expected: { readonly token: bigint, readonly position: bigint } | null): Promise<boolean> {
    const { meta, timers, names, storePrefix } = this.#keys
    const condition = expected === null ? [] : [String(expected.token), String(expected.position)]
    const [answer] = await this.#connection.run('wipe', [{ keyCount: 3, args: [meta, timers, names, storePrefix, ...condition] }])
    return answer === 1
  }
}

const NO_TIMERS = Object.freeze({ timers: Object.freeze([]), nextDueMs: null })

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

function pairs (flat: readonly Buffer[]): Array<readonly [Buffer, Buffer]> {
  const result: Array<readonly [Buffer, Buffer]> = []
  for (let i = 0; i + 1 < flat.length; i += 2) result.push([flat[i] as Buffer, flat[i + 1] as Buffer])
  return result
}
