import { StreamsError } from '../../errors.ts'
import { type TopicPartition } from '../../record.ts'
import { BrokerError, brokerErrors } from '../wire/broker-error.ts'
import { type ClusterMetadata, metadataRequest, type NodeAddress, type TopicMetadata } from '../wire/metadata.ts'
import { type WireRequest } from '../wire/request.ts'
import { type CoordinatorKind, findCoordinatorRequest } from '../wire/transactions.ts'
import { createBackoff } from './backoff.ts'
import { isTransient, translate } from './failures.ts'
import { type ConnectionConfig } from './kafkajs-internals.ts'
import { Lane } from './lane.ts'
import { Link } from './link.ts'

const FIRST_WAIT_MS = 20
const LONGEST_WAIT_MS = 500
/** A topic that was just created may not have reached every broker yet. */
const MISSING_AFTER_MS = 600

/** What we know of the cluster (nodes, leaders), and requests that any broker can answer. */
export class ClusterView {
  readonly config: ConnectionConfig
  readonly #seeds: ReadonlyArray<{ host: string, port: number }>
  readonly #nodes = new Map<number, NodeAddress>()
  readonly #leaders = new Map<string, readonly number[]>()
  readonly #doubted = new Set<string>()
  readonly #lanes = new Set<Lane>()
  readonly #control: Lane
  #seedLink: Link | undefined
  #seeding: Promise<Link> | undefined
  /** The node that answered last: asked first. */
  #answering = -1
  /** The node that failed last: asked last, or a broker that accepts connections and says nothing would be waited for twice. */
  #failing = -1
  #isClosed = false

  constructor (config: ConnectionConfig, seeds: ReadonlyArray<{ host: string, port: number }>) {
    this.config = config
    this.#seeds = seeds
    this.#control = this.createLane()
  }

  /** Reads the metadata once. @throws {StreamsError} STR_BROKER_UNAVAILABLE when no seed answers. */
  async start (): Promise<void> {
    try {
      await this.#askMetadata([])
      this.#seedLink?.retire() // from now on the nodes are asked themselves
      this.#seedLink = undefined
    } catch (error) {
      throw translate(error, { brokers: this.#seeds.map(({ host, port }) => `${host}:${port}`).join() })
    }
  }

  /** A new set of connections; closed with the cluster at the latest. */
  createLane (): Lane {
    const lane = new Lane(this.config, (nodeId) => this.#nodes.get(nodeId))
    this.#lanes.add(lane)
    return lane
  }

  /** Ends a lane before the cluster is closed. */
  dropLane (lane: Lane): void {
    lane.close()
    this.#lanes.delete(lane)
  }

  /** The last known leader, even when it is in doubt; undefined when there was never one. */
  leader (topic: string, partition: number): number | undefined {
    const leader = this.#leaders.get(topic)?.[partition]
    return leader === undefined || leader < 0 ? undefined : leader
  }

  /** The leader, unless it is in doubt. */
  trustedLeader (topic: string, partition: number): number | undefined {
    return this.#doubted.has(topic) ? undefined : this.leader(topic, partition)
  }

  /** Casts doubt on the leaders of a topic, so that they are asked for again before the next use. */
  doubt (topic: string): void {
    this.#doubted.add(topic)
  }

  /** The brokers that the newest metadata names. */
  get nodeIds (): readonly number[] {
    return [...this.#nodes.keys()]
  }

  /** Asks for the topics now; missing ones are absent from the answer. Null asks for all. */
  async refresh (topics: readonly string[] | null): Promise<ReadonlyMap<string, TopicMetadata>> {
    const { topics: answered } = await this.retry(async () => await this.#askMetadata(topics))
    return new Map(answered.filter(({ errorCode }) => errorCode === 0 || errorCode === brokerErrors.LEADER_NOT_AVAILABLE).map((topic) => [topic.name, topic]))
  }

  /**
   * Makes the leader of every partition known.
   *
   * @throws {StreamsError} STR_TOPIC_MISSING, or STR_BROKER_UNAVAILABLE when a partition has no leader for too long.
   */
  async locate (partitions: Iterable<TopicPartition>): Promise<void> {
    const backoff = createBackoff(FIRST_WAIT_MS, LONGEST_WAIT_MS)
    for (;;) {
      const unknown = [...partitions].filter(({ topic, partition }) => this.trustedLeader(topic, partition) === undefined)
      if (unknown.length === 0) return
      const found = await this.refresh([...new Set(unknown.map(({ topic }) => topic))])
      const missing = unknown.find(({ topic, partition }) => found.get(topic)?.leaders[partition] === undefined)
      if (missing !== undefined && backoff.elapsedMs >= MISSING_AFTER_MS) throw new StreamsError('STR_TOPIC_MISSING', { ...missing })
      if (backoff.elapsedMs >= this.config.requestTimeoutMs) throw new StreamsError('STR_BROKER_UNAVAILABLE', { ...unknown[0], reason: 'no leader' })
      if (unknown.some(({ topic, partition }) => this.trustedLeader(topic, partition) === undefined)) await backoff.wait()
    }
  }

  /** The node that coordinates a group or a transactional id, asked now. Transient answers are repeated. */
  async findCoordinator (kind: CoordinatorKind, key: string, signal?: AbortSignal): Promise<number> {
    return await this.retry(async () => {
      const answer = await this.call(findCoordinatorRequest(kind, key))
      if (answer.errorCode !== 0) throw new BrokerError(answer.errorCode, 'FindCoordinator')
      const { nodeId, host, port } = answer
      this.#nodes.set(nodeId, { nodeId, host, port })
      return nodeId
    }, signal)
  }

  /** A connection of the shared lane, for short requests. */
  async link (nodeId: number): Promise<Link> {
    return await this.#control.link(nodeId)
  }

  /** Asks the controller, as it is now: the one of before may be gone. */
  async callController<T> (request: WireRequest<T>): Promise<T> {
    const { controllerId } = await this.#askMetadata([])
    return this.#nodes.has(controllerId) ? await (await this.link(controllerId)).call(request) : await this.call(request)
  }

  /** Asks any broker that can be reached. @throws {LinkError} when none can. */
  async call<T> (request: WireRequest<T>): Promise<T> {
    const link = await this.#anyLink()
    const asked = this.#answering
    try {
      return await link.call(request)
    } catch (error) {
      this.#failing = asked
      throw error
    }
  }

  /**
   * Repeats an operation without effect of its own while its failure is transient: up to the request timeout, and once in any case, because
   * a broker that is frozen takes all of that time for itself.
   */
  async retry<T> (operation: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const backoff = createBackoff(FIRST_WAIT_MS, LONGEST_WAIT_MS)
    for (let tries = 1; ; tries++) {
      try {
        return await operation()
      } catch (error) {
        if (this.#isClosed) throw new StreamsError('STR_CLOSED')
        if (!isTransient(error) || (tries > 1 && backoff.elapsedMs >= this.config.requestTimeoutMs)) throw translate(error)
      }
      await backoff.wait(signal)
    }
  }

  close (): void {
    this.#isClosed = true
    for (const lane of this.#lanes) lane.close()
    this.#lanes.clear()
    this.#seedLink?.close()
  }

  async #askMetadata (topics: readonly string[] | null): Promise<ClusterMetadata> {
    const metadata = await this.call(metadataRequest(topics))
    if (metadata.nodes.length > 0) {
      this.#nodes.clear()
      for (const node of metadata.nodes) this.#nodes.set(node.nodeId, node)
    }
    for (const { name, errorCode, leaders } of metadata.topics) {
      this.#doubted.delete(name)
      if (errorCode === 0) this.#leaders.set(name, leaders)
      else this.#leaders.delete(name)
    }
    return metadata
  }

  async #anyLink (): Promise<Link> {
    let failure: unknown
    const isGood = (nodeId: number): boolean => nodeId !== this.#failing
    const inTurn = [this.#answering, ...this.#nodes.keys()].filter((nodeId) => this.#nodes.has(nodeId))
    for (const nodeId of new Set([...inTurn.filter(isGood), ...inTurn])) {
      try {
        const link = await this.link(nodeId)
        this.#answering = nodeId
        return link
      } catch (error) {
        if (!isTransient(error)) throw error
        this.#failing = nodeId
        failure = error
      }
    }
    if (this.#seedLink?.isUsable === true) return this.#seedLink
    this.#seeding ??= this.#openSeed(failure).finally(() => { this.#seeding = undefined })
    return await this.#seeding
  }

  async #openSeed (reason: unknown): Promise<Link> {
    let failure = reason
    for (const { host, port } of this.#seeds) {
      try {
        const link = await Link.open(this.config, host, port)
        this.#seedLink?.retire()
        this.#seedLink = link
        if (this.#isClosed) this.#seedLink.close()
        return link
      } catch (error) {
        if (!isTransient(error)) throw error
        failure = error
      }
    }
    throw failure
  }
}
