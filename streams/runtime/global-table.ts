import { publish, type Logger } from '../diagnostics.ts'
import { StreamsError } from '../errors.ts'
import { type Kafka } from '../kafka/port.ts'
import { type GlobalTableDef } from '../processor.ts'
import { type Clock } from '../time/clock.ts'
import { type GlobalRow, TableFeed, type TablePosition } from './table-feed.ts'
import { Wakeup } from './wakeup.ts'

export { type GlobalRow, type TablePosition } from './table-feed.ts'

/** Reads of global tables, by table name. */
export interface GlobalTables {
  /** @throws {StreamsError} STR_TOPOLOGY_INVALID when no node of this process declares the table. */
  table (name: string): ReadonlyMap<string, GlobalRow>
  /**
   * Resolves when the table holds everything that its topic held at the time of the call: what is absent then was absent when the
   * call was made. Rejects when the signal aborts, or the table no longer follows its topic.
   */
  catchUp (name: string, signal: AbortSignal): Promise<void>
}

/** No tables at all. */
export const noGlobalTables: GlobalTables = {
  table (name) { throw new StreamsError('STR_TOPOLOGY_INVALID', { global: name, reason: 'not declared' }) },
  catchUp: async () => {}
}

/** What a table says about itself. */
export interface GlobalTableStatus {
  readonly table: string
  readonly rows: number
  /** As `globalTableBytes` counts them. */
  readonly bytes: number
  readonly partitions: readonly TablePosition[]
}

export interface GlobalTableSetOptions {
  readonly kafka: Kafka
  readonly clock: Clock
  readonly logger: Logger
  readonly defs: readonly GlobalTableDef[]
  /** See `RuntimeOptions.globalTableBytes`. @default no limit */
  readonly limitBytes?: number
  /** A table can no longer follow its topic: nothing that reads it may go on. */
  readonly onFailure?: (error: Error) => void
  /** A row of a table was put (undefined = removed), for what is derived from it. A table that is read anew tells all of its rows again. */
  readonly onRow?: (table: string, key: string, row: GlobalRow | undefined) => void
}

/**
 * Every global table of a process: each topic whole in memory, read from the log itself.
 *
 * Guarantee R11: `start` resolves only after each table reached the end that was seen when it began; then they follow. A process that
 * restarts reads them again. All of them together are bounded: beyond that the process stops with STR_GLOBAL_TOO_LARGE, rather than
 * die of it at any moment.
 */
export class GlobalTableSet implements GlobalTables {
  readonly #options: GlobalTableSetOptions
  readonly #feeds = new Map<string, TableFeed>()
  /** Tables that are being read anew: their feeds take over when they are whole. */
  readonly #fresh = new Map<string, TableFeed>()
  readonly #refreshes = new Map<string, Promise<void>>()
  /** Who waits for a table to move. */
  readonly #watchers = new Set<Wakeup>()
  #bytes = 0
  #failure: Error | undefined
  #isClosed = false

  constructor (options: GlobalTableSetOptions) {
    this.#options = options
  }

  /** Set when a table can no longer follow its topic: nothing that reads it may go on. */
  get failure (): Error | undefined { return this.#failure }

  table (name: string): ReadonlyMap<string, GlobalRow> {
    return this.#feeds.get(name)?.rows ?? noGlobalTables.table(name)
  }

  /** Rejects with STR_TOPIC_MISSING, STR_TOPIC_CHANGED, STR_GLOBAL_TOO_LARGE, or what a reader fails with. */
  async start (): Promise<void> {
    const { kafka, defs } = this.#options
    const topics = await kafka.describeTopics(defs.map(def => def.topic.name))
    for (const { topic } of defs) {
      const found = topics.get(topic.name)
      if (found === undefined) throw new StreamsError('STR_TOPIC_MISSING', { topic: topic.name })
      if (found.partitions !== topic.partitions) throw new StreamsError('STR_TOPIC_CHANGED', { topic: topic.name, declared: topic.partitions, found: found.partitions })
    }
    for (const def of defs) this.#feeds.set(def.name, this.#createFeed(def))
    await Promise.all([...this.#feeds.values()].map(async feed => { await feed.start() }))
    this.measure()
  }

  async catchUp (name: string, signal: AbortSignal): Promise<void> {
    const def = this.#defOf(name)
    const ends = await this.#options.kafka.endOffsets(Array.from({ length: def.topic.partitions }, (_, partition) => ({ topic: def.topic.name, partition })))
    const wakeup = new Wakeup()
    signal.addEventListener('abort', wakeup.wake)
    this.#watchers.add(wakeup)
    try {
      while (this.#feeds.get(name)?.hasReached(ends) === false) {
        signal.throwIfAborted()
        if (this.#failure !== undefined) throw this.#failure
        await wakeup.wait()
      }
    } finally {
      this.#watchers.delete(wakeup)
      signal.removeEventListener('abort', wakeup.wake)
    }
  }

  /**
   * Reads a table anew from the beginning of its topic, beside the one that is in use, and puts it in its place when it is whole: for
   * records that could not be decoded when they came. Handlers go on reading the old one meanwhile; both count as held.
   *
   * @throws {StreamsError} STR_TOPOLOGY_INVALID; STR_GLOBAL_TOO_LARGE, and what a reader fails with: the old one stays then.
   */
  async refresh (name: string): Promise<void> {
    const def = this.#defOf(name)
    if (this.#isClosed || this.#failure !== undefined) throw this.#failure ?? new StreamsError('STR_CLOSED', { table: name })
    let refresh = this.#refreshes.get(name)
    if (refresh === undefined) {
      refresh = this.#replace(def).finally(() => { this.#refreshes.delete(name) })
      this.#refreshes.set(name, refresh)
    }
    await refresh
  }

  status (): GlobalTableStatus[] {
    return [...this.#feeds].map(([table, feed]) => ({ table, rows: feed.rows.size, bytes: feed.bytes, partitions: feed.positions() }))
  }

  /** Tells who listens how large the tables are, and how far. */
  measure (): void {
    for (const status of this.status()) publish('streams:global:measured', () => status)
  }

  async close (): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#feeds.values(), ...this.#fresh.values()].map(async feed => { await feed.close() }))
  }

  async #replace (def: GlobalTableDef): Promise<void> {
    const feed = this.#createFeed(def)
    this.#fresh.set(def.name, feed)
    try {
      await feed.start()
    } catch (error) {
      await feed.close()
      throw error
    } finally {
      this.#fresh.delete(def.name)
    }
    const before = this.#feeds.get(def.name)
    this.#feeds.set(def.name, feed)
    this.#onMoved(feed)
    await before?.close()
    this.measure()
  }

  #createFeed (def: GlobalTableDef): TableFeed {
    const { kafka, clock, logger, onRow } = this.#options
    const onGrown = (bytes: number): void => { this.#grow(def.name, bytes) }
    const told = onRow === undefined ? {} : { onRow: onRow.bind(null, def.name) }
    const feed: TableFeed = new TableFeed({ kafka, clock, logger, def, onGrown, onMoved: () => { this.#onMoved(feed) }, ...told })
    return feed
  }

  #onMoved (feed: TableFeed): void {
    if (feed.failure !== undefined && this.#failure === undefined && [...this.#feeds.values()].includes(feed)) {
      this.#failure = feed.failure
      this.#options.onFailure?.(feed.failure)
    }
    for (const wakeup of this.#watchers) wakeup.wake()
  }

  /** Too much is held: a table that is read anew goes first, then the process has to stop. */
  #grow (table: string, bytes: number): void {
    this.#bytes += bytes
    const { limitBytes = Infinity } = this.#options
    if (bytes <= 0 || this.#bytes <= limitBytes) return
    const error = new StreamsError('STR_GLOBAL_TOO_LARGE', { table, bytes: this.#bytes, limit: limitBytes })
    const [spare] = this.#fresh.values()
    if (spare === undefined) throw error
    spare.close(error).catch(() => {})
  }

  #defOf (name: string): GlobalTableDef {
    return this.#options.defs.find(def => def.name === name) ?? noGlobalTables.table(name) as never
  }
}
