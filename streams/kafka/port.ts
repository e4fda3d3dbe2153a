import { type FetchedRecord, type OutgoingRecord, type TopicPartition } from '../record.ts'

/**
 * The few calls that the runtime needs of a Kafka-API client. Two implementations pass one conformance suite
 * (test/conformance/kafka-port.ts): `kafka/kafkajs/` for real brokers and `kafka/memory/` in the process.
 *
 * Errors of an implementation are translated to StreamsError (disposition tells what to do) and kept as `cause`.
 */
export interface Kafka {
  /** Connects; rejects with STR_BROKER_UNAVAILABLE. */
  start (): Promise<void>
  /** Closes every reader, unit, membership and connection. */
  close (): Promise<void>
  /** Metadata of existing topics; topics that do not exist are absent from the answer. */
  describeTopics (topics: readonly string[]): Promise<ReadonlyMap<string, TopicDescription>>
  /** The read-committed end (last stable offset) of each partition, asked from the broker now. Keyed by `partitionKey`. */
  endOffsets (partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>>
  /** The first offset still in the log, keyed by `partitionKey`. */
  startOffsets (partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>>
  /** The end of each partition with what open transactions wrote, asked now: beyond `endOffsets` while one is open. Keyed by `partitionKey`. */
  highWatermarks (partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>>
  /** Whose open transactions hold back the readers of a partition, oldest first; undefined when the broker cannot tell. */
  transactionHolders (at: TopicPartition): Promise<readonly TransactionHolder[] | undefined>
  /** Reads one partition, read-committed, from `offset` on, into a bounded queue. Needs no group. */
  openReader (options: ReaderOptions): PartitionReader
  /** The transaction unit of one transactional id. One per task, never shared, never random. */
  openTransactions (options: TransactionOptions): TransactionUnit
  /** The plain idempotent producer (acks=all), for ingest. One per client. */
  producer (): PlainProducer
  /** Joins a group; see GroupOptions. */
  joinGroup (options: GroupOptions): GroupMembership
  /** A plain OffsetCommit, for lag tools only: nothing ever resumes from it. Left out while this client's member of the group has no generation. */
  commitOffsets (groupId: string, offsets: ReadonlyMap<string, { readonly topic: string, readonly partition: number, readonly offset: bigint }>): Promise<void>
  readonly admin: TopicAdmin
}

export interface TopicDescription {
  readonly name: string
  readonly partitions: number
  /** Largest record batch the topic accepts, bytes. */
  readonly maxMessageBytes: number
}

/** A producer with an open transaction in a partition. */
export interface TransactionHolder {
  readonly producerId: bigint
  /** First offset of the transaction in that partition: read-committed readers get no further. */
  readonly firstOffset: bigint
  /** Undefined when no coordinator tells. */
  readonly transactionalId: string | undefined
}

export interface ReaderOptions extends TopicPartition {
  /** First offset wanted. */
  readonly offset: bigint
  /** Stop fetching while this many bytes are queued. @default 4 MiB */
  readonly maxQueuedBytes?: number
  /** Called (never re-entrantly from `take`) when the queue or `position` moved, or `failure` was set. */
  readonly onReadable?: () => void
}

/** A queue of committed records of one partition. Control and aborted batches are never seen, but move the position. */
export interface PartitionReader extends TopicPartition {
  /**
   * Where to resume after everything that `take` has returned so far: moved by batch headers, so it passes control, aborted
   * and empty batches once the queue is drained.
   */
  readonly position: bigint
  /** The last stable offset in the newest answer; −1 before the first answer. `position ≥ lastStableOffset` = caught up as of then. */
  readonly lastStableOffset: bigint
  readonly queuedRecords: number
  readonly queuedBytes: number
  /** Set when the reader cannot go on: STR_OFFSET_OUT_OF_RANGE, STR_TOPIC_MISSING, STR_BATCH_CORRUPT. */
  readonly failure: Error | undefined
  /** Removes and returns up to `maxRecords` from the queue, in offset order; possibly none. Throws `failure` once the queue is empty. */
  take (maxRecords: number): FetchedRecord[]
  close (): void
}

export interface TransactionOptions {
  readonly transactionalId: string
  /** Broker-side transaction timeout, ms. @default 15000 */
  readonly timeoutMs?: number
}

/**
 * One transaction at a time on one transactional id. States: new → ready → committing → ready | ended; ended → (init) → ready.
 *
 * Guarantee R4: any error on Produce or EndTxn ends the epoch; no abort is sent, nothing is repeated; only `init` is legal
 * afterwards, and it is the abort.
 */
export interface TransactionUnit {
  readonly transactionalId: string
  /**
   * InitProducerId: fences any other owner and ends its open transaction; when it resolves the markers are in the log. Retries
   * without limit while the coordinator is busy, moving or away; the signal ends the wait.
   */
  init (signal?: AbortSignal): Promise<void>
  /**
   * Writes all records and commits, as one transaction: AddPartitions, Produce (split by bytes), EndTxn. Records of one
   * topic-partition keep their order. Must not be empty.
   *
   * @throws {StreamsError} STR_TXN_FENCED (close or re-Acquire after a heartbeat) or STR_TXN_UNKNOWN (re-Acquire). Nothing may be
   * assumed about the records then.
   */
  commit (records: readonly OutgoingRecord[]): Promise<CommitResult>
  close (): void
}

export interface CommitResult {
  /** First and last offset given to this transaction's records, by `partitionKey`. */
  readonly offsets: ReadonlyMap<string, { readonly first: bigint, readonly last: bigint }>
  /** Largest append time in the answers, epoch ms: the broker's clock. */
  readonly brokerTimeMs: number
}

export interface PlainProducer {
  /** Resolves when every record is acknowledged by all in-sync replicas, with offsets in the order of `records`. */
  send (records: readonly OutgoingRecord[]): Promise<ReadonlyArray<TopicPartition & { readonly offset: bigint }>>
}

export interface GroupMember {
  readonly memberId: string
  readonly instanceId: string | undefined
  /** What the member put into its metadata. */
  readonly data: Buffer
}

export interface GroupOptions {
  readonly groupId: string
  /** Static membership: a restart under the same id keeps its assignment without a rebalance. */
  readonly instanceId?: string
  /** @default 30000 */
  readonly sessionTimeoutMs?: number
  /** @default 1000 */
  readonly heartbeatMs?: number
  /** Sent to the leader at every join; called again before each join. */
  readonly memberData: () => Buffer
  /** Run by the leader only. Pure: every member's assignment by memberId. */
  readonly assign: (members: readonly GroupMember[]) => ReadonlyMap<string, Buffer>
  /** A new assignment; replaces the one before. A rebalance is a hint: tasks go on until this says otherwise. */
  readonly onAssignment: (assignment: Buffer, generation: number) => void
  /** Membership was lost for good (fenced instance id, or a fatal answer). */
  readonly onFailure: (error: Error) => void
}

export interface GroupMembership {
  readonly generation: number
  /** Resolves after one successful heartbeat in the current, stable generation (used before every re-Acquire, B1). */
  confirm (signal?: AbortSignal): Promise<void>
  /** Asks for a new round, e.g. after the member's data changed. */
  rejoin (): void
  /** LeaveGroup (dynamic members only) and stop. */
  leave (): Promise<void>
}

export interface TopicSpec {
  readonly name: string
  readonly partitions: number
  readonly replicas: number
  readonly config: Readonly<Record<string, string>>
}

export interface TopicAdmin {
  /** Creates topics that do not exist; returns the names it created. */
  createTopics (specs: readonly TopicSpec[]): Promise<readonly string[]>
  topicConfigs (topics: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>
  alterTopicConfig (topic: string, config: Readonly<Record<string, string>>): Promise<void>
  deleteTopics (topics: readonly string[]): Promise<void>
  listTopics (): Promise<readonly string[]>
  brokerCount (): Promise<number>
}
