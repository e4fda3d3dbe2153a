import { Command, Redis } from 'ioredis'
import { ensureError, isStreamsError, StreamsError } from '../../errors.ts'
import { type RedisCommand, RedisConnection, type RedisConnectionOptions, type RedisPath } from './connection.ts'
import { onFailure } from './failures.ts'
import { type Address, addressOf, addressText, refusalOf, serverOptions, urlOf } from './server.ts'

/** Hash slots `from` to `to` belong to a primary. */
interface SlotRange { readonly from: number, readonly to: number, readonly owner: Address }

const SLOTS = 16_384
/** How long a node that is asked for the map may take, ms. */
const MAP_TIMEOUT_MS = 2_000

/**
 * The primaries of a Redis Cluster, one connection each, and the map of hash slots that says which of them keeps a task.
 *
 * All keys of a task are in one slot, so every call goes to one node, with all guarantees of its connection. Redirections are not
 * followed: a read that was answered in part here and in part there would be of no moment at all. A node that says that the slot is
 * elsewhere (MOVED), on its way (ASK, TRYAGAIN), or that does not answer, makes the call fail as STR_STATE_UNAVAILABLE and the map be
 * read anew before that node is asked again; the task acquires, and finds what is there.
 */
export class RedisCluster {
  readonly #options: RedisConnectionOptions
  readonly #seeds: readonly string[]
  readonly #connections = new Map<string, RedisConnection>()
  /** Nodes that gave reason to think that the map is old. */
  readonly #doubted = new Set<string>()
  #map: readonly SlotRange[] = []
  #refreshing: Promise<void> | undefined
  #asked = 0
  #isClosed = false

  /** `options.url`: the URLs of some nodes, separated by commas; user, password and TLS of the first one are those of all. */
  constructor (options: RedisConnectionOptions) {
    this.#options = options
    this.#seeds = options.url.split(',').map(url => url.trim())
    if (serverOptions({ ...options, url: this.#seeds[0] ?? '' }).db !== 0) throw new StreamsError('STR_STATE_REFUSED', { reason: 'a cluster has no databases but 0' })
  }

  /** The way to the node that keeps this task now. */
  path (taskKey: string): RedisPath {
    const slot = new Command('get', [`{${taskKey}}`]).getSlot() as number
    const through = async <T>(call: (connection: RedisConnection) => Promise<T>): Promise<T> => {
      let owner = this.#ownerOf(slot)
      if (owner === undefined) {
        await this.#refresh()
        owner = this.#ownerOf(slot)
        if (owner === undefined) throw new StreamsError('STR_STATE_UNAVAILABLE', { reason: 'no node has the slot', slot })
      }
      try {
        return await call(this.#connectionTo(owner))
      } catch (error) {
        throw this.#doubt(owner, ensureError(error))
      }
    }
    return {
      ask: async (commands, isOneMoment) => await through(async connection => await connection.ask(commands, isOneMoment)),
      run: async (name, calls) => await through(async connection => await connection.run(name, calls))
    }
  }

  /** @throws {StreamsError} what a connection refuses; STR_STATE_UNAVAILABLE when a primary does not answer, or slots belong to nobody. */
  async check (): Promise<void> {
    await this.#refresh()
    const covered = this.#map.reduce((sum, { from, to }) => sum + to - from + 1, 0)
    if (covered < SLOTS) throw new StreamsError('STR_STATE_UNAVAILABLE', { reason: 'slots of the cluster belong to no node', slots: SLOTS - covered })
    const owners = new Map(this.#map.map(({ owner }) => [addressText(owner), owner]))
    await Promise.all([...owners.values()].map(async owner => { await this.#connectionTo(owner).ask([PING]) }))
  }

  async close (): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#connections.values()].map(async connection => { await connection.close() }))
  }

  #ownerOf (slot: number): Address | undefined {
    for (const { from, to, owner } of this.#map) if (slot >= from && slot <= to) return this.#doubted.has(addressText(owner)) ? undefined : owner
    return undefined
  }

  #connectionTo (owner: Address): RedisConnection {
    if (this.#isClosed) throw new StreamsError('STR_CLOSED')
    const name = addressText(owner)
    let connection = this.#connections.get(name)
    if (connection === undefined) {
      connection = new RedisConnection({ ...this.#options, url: urlOf(this.#seeds[0] ?? '', owner), isCluster: true })
      this.#connections.set(name, connection)
    }
    return connection
  }

  #doubt (owner: Address, error: Error): Error {
    if (this.#isClosed || !isStreamsError(error)) return error
    // A connection that was given up because its node is no primary any more, while somebody still waited on it.
    const reason = isStreamsError(error, 'STR_CLOSED') ? new StreamsError('STR_STATE_UNAVAILABLE', { reason: 'the node is no primary any more' }, error) : error
    if (isStreamsError(reason, 'STR_STATE_UNAVAILABLE')) this.#doubted.add(addressText(owner))
    return reason
  }

  async #refresh (): Promise<void> {
    if (this.#isClosed) throw new StreamsError('STR_CLOSED')
    this.#refreshing ??= this.#readMap().finally(() => { this.#refreshing = undefined })
    await this.#refreshing
  }

  /** Asks one node after the other, each time another one first: one that was cut off from the cluster tells old things. */
  async #readMap (): Promise<void> {
    const known = this.#map.map(({ owner }) => urlOf(this.#seeds[0] ?? '', owner))
    const candidates = [...new Set([...known, ...this.#seeds])]
    let failure: Error | undefined
    for (let turn = 0; turn < candidates.length; turn++) {
      const url = candidates[(turn + this.#asked) % candidates.length] as string
      try {
        this.#map = await readSlots({ ...this.#options, url })
        this.#asked++
        this.#doubted.clear()
        this.#dropOthers()
        return
      } catch (error) {
        failure = refusalOf(ensureError(error), url) ?? ensureError(error)
      }
    }
    this.#asked++
    throw isStreamsError(failure) ? failure : new StreamsError('STR_STATE_UNAVAILABLE', { reason: 'no node of the cluster answers' }, failure)
  }

  /** Gives up the connections to nodes that keep no slots any more. */
  #dropOthers (): void {
    const owners = new Set(this.#map.map(({ owner }) => addressText(owner)))
    for (const [name, connection] of this.#connections) {
      if (owners.has(name)) continue
      this.#connections.delete(name)
      connection.close().catch(() => {})
    }
  }
}

const PING: RedisCommand = Object.freeze({ name: 'ping', args: [] })

/** What one node says of the slots, over a connection of its own: it may be a replica, and it may be about to go. */
async function readSlots (options: RedisConnectionOptions): Promise<SlotRange[]> {
  const redis = new Redis({
    ...serverOptions(options),
    lazyConnect: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: MAP_TIMEOUT_MS,
    commandTimeout: MAP_TIMEOUT_MS,
    retryStrategy: () => null
  })
  let failure: Error | undefined
  onFailure(redis, error => { failure ??= error })
  try {
    await redis.connect()
    const slots = await redis.call('CLUSTER', 'SLOTS') as ReadonlyArray<readonly [from: number, to: number, primary: readonly [host: string | null, port: number]]>
    const asked = addressOf(options.url)
    // A node that does not know its own name gives none: it is the one that was asked.
    return slots.map(([from, to, [host, port]]) => ({ from, to, owner: { host: host === null || host === '' ? asked.host : host, port } }))
  } catch (error) {
    throw failure ?? error
  } finally {
    redis.disconnect()
  }
}
