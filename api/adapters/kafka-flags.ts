import { type Logger, silentLogger } from '../../streams/diagnostics.ts'
import { StreamsError } from '../../streams/errors.ts'
import { type Kafka } from '../../streams/kafka/port.ts'
import { TableFeed } from '../../streams/runtime/table-feed.ts'
import { type Clock } from '../../streams/time/clock.ts'
import { type FlagChanged } from '#schemas'
import { flagsTable } from '../../topology/flags/flags.ts'
import { type FlagRow, type FlagTable, type FlagTableNews, type FlagTableState } from '../flags/ports.ts'

export interface KafkaFlagsOptions {
  readonly kafka: Kafka
  readonly clock: Clock
  readonly logger?: Logger
  /** How often the log is asked whether there is more, ms. @default 2000 */
  readonly probeMs?: number
  /** How long an answer, and reading up to it, may take, ms. @default 5000 */
  readonly patienceMs?: number
}

/**
 * The flags of this process: one reader of their topic, whole from the start on. Rows come as soon as they are written; beside that the end of the
 * topic is asked for now and then, because a reader cannot tell silence from a log that is away. A reading that fails is begun anew, and what is
 * known stands until the new one is whole.
 */
export function createKafkaFlags (options: KafkaFlagsOptions): FlagTable {
  return new KafkaFlags(options)
}

class KafkaFlags implements FlagTable {
  readonly #options: Required<KafkaFlagsOptions>
  readonly #closing = new AbortController()
  readonly #listeners = new Set<(news: FlagTableNews) => void>()
  readonly #firstWhole = Promise.withResolvers<void>()
  readonly #closed = Promise.withResolvers<never>()
  readonly #running: Promise<void>
  #moved = Promise.withResolvers<void>()
  #feed: TableFeed | undefined
  #rows: ReadonlyMap<string, FlagRow> = new Map()
  #state: FlagTableState = 'reading'

  constructor (options: KafkaFlagsOptions) {
    this.#options = { logger: silentLogger, probeMs: 2000, patienceMs: 5000, ...options }
    this.#firstWhole.promise.catch(() => {})
    this.#closed.promise.catch(() => {})
    this.#running = this.#run()
  }

  get state (): FlagTableState { return this.#state }

  get (name: string): FlagRow | undefined {
    return this.#rows.get(name)
  }

  list (): readonly FlagRow[] {
    return [...this.#rows.values()]
  }

  async whole (): Promise<void> {
    await this.#firstWhole.promise
  }

  async catchUp (): Promise<void> {
    const { clock, patienceMs } = this.#options
    const done = new AbortController()
    const late = clock.sleep(patienceMs, done.signal)
      .then(() => { throw new StreamsError('STR_BROKER_UNAVAILABLE', { reason: 'the end of the flags does not come', patienceMs }) })
    const reached = this.#reach(done.signal)
    reached.catch(() => {})
    late.catch(() => {})
    try {
      await Promise.race([reached, late, this.#closed.promise])
    } finally {
      done.abort()
      this.#wake()
    }
  }

  listen (listener: (news: FlagTableNews) => void): () => void {
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  async close (): Promise<void> {
    const reason = new StreamsError('STR_CLOSED', { table: flagsTable.name })
    this.#closing.abort(reason)
    this.#firstWhole.reject(reason)
    this.#closed.reject(reason)
    this.#wake()
    await this.#feed?.close(reason)
    await this.#running
    this.#listeners.clear()
  }

  /** Reads, follows, looks whether it still does, and begins anew when it does not, until it is closed. */
  async #run (): Promise<void> {
    const { clock, logger, probeMs } = this.#options
    while (!this.#closing.signal.aborted) {
      try {
        const feed = await this.#read()
        while (feed.failure === undefined) {
          this.#turn(await this.#isFresh() ? 'following' : 'stale')
          await clock.sleep(probeMs, this.#closing.signal)
        }
        throw feed.failure
      } catch (error) {
        if (this.#closing.signal.aborted) return
        logger.error({ err: error }, 'the flags cannot be read; they are read anew')
        this.#turn('stale')
        await clock.sleep(probeMs, this.#closing.signal).catch(() => {})
      }
    }
  }

  /** A new reading, which is in use once it is whole; the one before ends then. */
  async #read (): Promise<TableFeed> {
    const { kafka, clock, logger } = this.#options
    const feed: TableFeed = new TableFeed({ kafka, clock, logger, def: flagsTable, onGrown: () => {}, onMoved: () => { this.#take(feed) } })
    const stop = (): void => { feed.close(this.#closing.signal.reason as Error).catch(() => {}) }
    this.#closing.signal.addEventListener('abort', stop, { once: true })
    try {
      await feed.start()
    } catch (error) {
      await feed.close()
      throw error
    } finally {
      this.#closing.signal.removeEventListener('abort', stop)
    }
    const before = this.#feed
    this.#feed = feed
    await before?.close()
    this.#take(feed)
    this.#turn('following')
    this.#firstWhole.resolve()
    return feed
  }

  /** Takes over what the reading in use holds, and tells what is new. */
  #take (feed: TableFeed): void {
    if (feed !== this.#feed) return
    const before = this.#rows
    const rows = new Map<string, FlagRow>()
    for (const [name, { value, version }] of [...feed.rows].sort(([a], [b]) => a < b ? -1 : 1)) {
      const flag = value as FlagChanged
      if (!flag.deleted) rows.set(name, { flag, version: Number(version) })
    }
    const names = [...new Set([...before.keys(), ...rows.keys()])].filter(name => before.get(name)?.version !== rows.get(name)?.version)
    this.#rows = rows
    if (names.length > 0) this.#tell({ kind: 'changed', names })
    this.#wake()
  }

  async #isFresh (): Promise<boolean> {
    try {
      await this.catchUp()
      return true
    } catch (error) {
      this.#closing.signal.throwIfAborted()
      this.#options.logger.warn({ err: error }, 'the flags may be old: the log does not answer')
      return false
    }
  }

  async #reach (signal: AbortSignal): Promise<void> {
    const { name, partitions } = flagsTable.topic
    const ends = await this.#options.kafka.endOffsets(Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition })))
    while (this.#feed?.hasReached(ends) !== true) {
      this.#closing.signal.throwIfAborted()
      signal.throwIfAborted()
      await this.#moved.promise
    }
  }

  #turn (state: FlagTableState): void {
    // Before the first reading is whole nothing can be old.
    if (state === this.#state || (state === 'stale' && this.#feed === undefined)) return
    this.#state = state
    this.#tell({ kind: 'state', state })
  }

  #tell (news: FlagTableNews): void {
    for (const listener of this.#listeners) listener(news)
  }

  #wake (): void {
    this.#moved.resolve()
    this.#moved = Promise.withResolvers()
  }
}
