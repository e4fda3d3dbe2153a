import { type WireReader } from './reader.ts'
import { type WireWriter } from './writer.ts'

/** One operation of the protocol in the one version that we speak. */
export interface Api {
  readonly name: string
  readonly key: number
  readonly version: number
  /** The version is a flexible one: its headers end with tagged fields. @default false */
  readonly flexible?: boolean
}

/** A request and how to read its answer. Broker error codes are part of `T`: nothing is thrown for them. */
export interface WireRequest<T> {
  readonly api: Api
  /** Expected size of the encoded request, bytes; more is fine, but costs a copy. */
  readonly sizeHint: number
  /** Writes the body, without the header. */
  write (out: WireWriter): void
  /** Reads the body of the answer. */
  read (input: WireReader): T
}

/**
 * Every operation that we use, with its version: the newest non-flexible one that Kafka 2.4 to 4.x and Redpanda all speak.
 *
 * @source Kafka protocol guide; KIP-345 (instance ids), KIP-98 (transactions), KIP-339 (incremental configuration)
 */
export const apis = {
  produce: { name: 'Produce', key: 0, version: 7 },
  fetch: { name: 'Fetch', key: 1, version: 11 },
  listOffsets: { name: 'ListOffsets', key: 2, version: 3 },
  metadata: { name: 'Metadata', key: 3, version: 6 },
  offsetCommit: { name: 'OffsetCommit', key: 8, version: 7 },
  findCoordinator: { name: 'FindCoordinator', key: 10, version: 2 },
  joinGroup: { name: 'JoinGroup', key: 11, version: 5 },
  heartbeat: { name: 'Heartbeat', key: 12, version: 3 },
  leaveGroup: { name: 'LeaveGroup', key: 13, version: 3 },
  syncGroup: { name: 'SyncGroup', key: 14, version: 3 },
  apiVersions: { name: 'ApiVersions', key: 18, version: 0 },
  createTopics: { name: 'CreateTopics', key: 19, version: 3 },
  deleteTopics: { name: 'DeleteTopics', key: 20, version: 3 },
  initProducerId: { name: 'InitProducerId', key: 22, version: 1 },
  addPartitionsToTxn: { name: 'AddPartitionsToTxn', key: 24, version: 1 },
  endTxn: { name: 'EndTxn', key: 26, version: 1 },
  describeConfigs: { name: 'DescribeConfigs', key: 32, version: 1 },
  incrementalAlterConfigs: { name: 'IncrementalAlterConfigs', key: 44, version: 0 }
} as const satisfies Record<string, Api>

/**
 * Operations that only serve to find out why something waits: a broker may lack them, so ask `Link.speaks` before. They have no
 * version that is not flexible.
 *
 * @source Kafka protocol guide; KIP-664 (DescribeProducers with Kafka 2.8, ListTransactions with Kafka 3.0)
 */
export const optionalApis = {
  describeProducers: { name: 'DescribeProducers', key: 61, version: 0, flexible: true },
  listTransactions: { name: 'ListTransactions', key: 66, version: 0, flexible: true }
} as const satisfies Record<string, Api>

/** Groups items by topic, in order of appearance, for the topic → partitions shape of most requests. */
export function groupByTopic<T extends { readonly topic: string }> (items: Iterable<T>): Array<[topic: string, items: T[]]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(item.topic)
    if (group === undefined) groups.set(item.topic, [item])
    else group.push(item)
  }
  return [...groups]
}
