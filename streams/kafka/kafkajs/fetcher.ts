import { ensureError, StreamsError } from '../../errors.ts'
import { type PartitionReader, type ReaderOptions } from '../port.ts'
import { systemClock } from '../../time/system-clock.ts'
import { BrokerFetcher } from './broker-fetcher.ts'
import { type ClusterView } from './cluster.ts'
import { isTransient, translate } from './failures.ts'
import { type Lane } from './lane.ts'
import { BatchReader } from './partition-reader.ts'

/** Between two looks at the metadata while some reader has no leader. */
const LOOK_AGAIN_MS = 50
/** A topic that was just created, or whose broker restarts, may be unknown for a moment. */
const MISSING_AFTER_MS = 1_500

/**
 * All readers of a client. Each is with the leader of its partition; one whose leader is unknown or moved waits here until the metadata knows.
 */
export class Fetcher {
  readonly #cluster: ClusterView
  readonly #lanes: readonly [main: Lane, express: Lane]
  readonly #brokers = new Map<number, BrokerFetcher>()
  readonly #homes = new Map<BatchReader, BrokerFetcher>()
  /** Readers without a known leader, and since when. */
  readonly #homeless = new Map<BatchReader, number>()
  #isPlacing = false
  #isClosed = false

  constructor (cluster: ClusterView) {
    this.#cluster = cluster
    this.#lanes = [cluster.createLane(), cluster.createLane()]
  }

  open (options: ReaderOptions): PartitionReader {
    const reader = new BatchReader(options, (full) => { this.#homes.get(full)?.wake() }, (closed) => { this.#remove(closed) })
    if (this.#isClosed) throw new StreamsError('STR_CLOSED')
    this.#homeless.set(reader, systemClock.now())
    this.#place()
    return reader
  }

  /** Closes every reader. The lanes are closed with the cluster. */
  close (): void {
    this.#isClosed = true
    for (const reader of [...this.#homes.keys(), ...this.#homeless.keys()]) reader.close()
    for (const broker of this.#brokers.values()) broker.close()
  }

  #remove (reader: BatchReader): void {
    this.#homeless.delete(reader)
    this.#homes.get(reader)?.remove(reader)
    this.#homes.delete(reader)
  }

  #place (): void {
    for (const reader of this.#homeless.keys()) this.#settle(reader)
    if (this.#homeless.size === 0 || this.#isPlacing) return
    this.#isPlacing = true
    this.#findLeaders().catch((error: unknown) => {
      for (const reader of this.#homeless.keys()) reader.fail(translate(error))
      this.#homeless.clear()
    }).finally(() => {
      this.#isPlacing = false
      if (this.#homeless.size > 0) this.#place()
    })
  }

  #settle (reader: BatchReader): void {
    const nodeId = this.#cluster.trustedLeader(reader.topic, reader.partition)
    if (nodeId === undefined) return
    let broker = this.#brokers.get(nodeId)
    if (broker === undefined) {
      broker = new BrokerFetcher(nodeId, this.#lanes, (moved) => { this.#moved(moved) })
      this.#brokers.set(nodeId, broker)
    }
    this.#homeless.delete(reader)
    this.#homes.set(reader, broker)
    broker.add(reader)
  }

  /** The broker answered that it is not the leader, or could not be reached: ask the metadata again before the next try. */
  #moved (reader: BatchReader): void {
    if (reader.isClosed) return
    this.#homes.delete(reader)
    this.#cluster.doubt(reader.topic)
    this.#homeless.set(reader, systemClock.now())
    this.#place()
  }

  async #findLeaders (): Promise<void> {
    await Promise.resolve() // readers opened in one go are looked up in one request
    while (this.#homeless.size > 0 && !this.#isClosed) {
      const asked = [...this.#homeless]
      try {
        const found = await this.#cluster.refresh([...new Set(asked.map(([{ topic }]) => topic))])
        for (const [reader, since] of asked) {
          const { topic, partition } = reader
          if (systemClock.now() - since < MISSING_AFTER_MS || found.get(topic)?.leaders[partition] !== undefined) continue
          this.#homeless.delete(reader)
          reader.fail(new StreamsError('STR_TOPIC_MISSING', { topic, partition }))
        }
      } catch (error) {
        if (!isTransient(ensureError(error).cause)) throw error // a broker that is away comes back
      }
      for (const reader of this.#homeless.keys()) this.#settle(reader)
      if (this.#homeless.size > 0) await systemClock.sleep(LOOK_AGAIN_MS)
    }
  }
}
