import { type TopicPartition } from '../../record.ts'
import { apis, groupByTopic, type WireRequest } from './request.ts'

/** Which end of a log `listOffsetsRequest` asks for: the protocol's special timestamps, and whether open transactions count. */
export interface LogEnd { readonly timestamp: bigint, readonly isolation: number }

/** `end` is the last stable offset; `highWatermark` lies behind the records of open transactions too. */
export const logEnds = {
  start: { timestamp: -2n, isolation: 1 },
  end: { timestamp: -1n, isolation: 1 },
  highWatermark: { timestamp: -1n, isolation: 0 }
} as const satisfies Record<string, LogEnd>

export interface NodeAddress { readonly nodeId: number, readonly host: string, readonly port: number }

/** A topic in a metadata answer; `leaders[partition]` is a node id, −1 while there is none. */
export interface TopicMetadata { readonly name: string, readonly errorCode: number, readonly internal: boolean, readonly leaders: readonly number[] }

export interface ClusterMetadata { readonly nodes: readonly NodeAddress[], readonly controllerId: number, readonly topics: readonly TopicMetadata[] }

export interface PartitionOffset extends TopicPartition { readonly errorCode: number, readonly offset: bigint }

/** Metadata v6; null asks for every topic. Creates nothing. */
export function metadataRequest (topics: readonly string[] | null): WireRequest<ClusterMetadata> {
  return {
    api: apis.metadata,
    sizeHint: 256,
    write: (out) => {
      if (topics === null) out.int32(-1)
      else out.array(topics, (_, topic) => { out.string(topic) })
      out.boolean(false)
    },
    read: (input) => {
      input.int32()
      const nodes = input.array(() => {
        const node = { nodeId: input.int32(), host: input.string(), port: input.int32() }
        input.nullableString()
        return node
      })
      input.nullableString()
      const controllerId = input.int32()
      const answered = input.array(() => {
        const errorCode = input.int16()
        const name = input.string()
        const internal = input.boolean()
        const leaders: number[] = []
        input.array(() => {
          input.int16()
          const partition = input.int32()
          leaders[partition] = input.int32()
          for (let list = 0; list < 3; list++) input.array(() => input.int32()) // replicas, in-sync, offline
        })
        return { name, errorCode, internal, leaders }
      })
      return { nodes, controllerId, topics: answered }
    }
  }
}

/** ListOffsets v3. */
export function listOffsetsRequest (partitions: readonly TopicPartition[], { timestamp, isolation }: LogEnd): WireRequest<PartitionOffset[]> {
  return {
    api: apis.listOffsets,
    sizeHint: 256,
    write: (out) => {
      out.int32(-1).int8(isolation).array(groupByTopic(partitions), (_, [topic, list]) => {
        out.string(topic).array(list, (__, { partition }) => { out.int32(partition).int64(timestamp) })
      })
    },
    read: (input) => {
      input.int32()
      return input.array(() => {
        const topic = input.string()
        return input.array(() => {
          const partition = input.int32()
          const errorCode = input.int16()
          input.int64()
          return { topic, partition, errorCode, offset: input.int64() }
        })
      }).flat()
    }
  }
}

/** ApiVersions v0: the version range of every operation the broker speaks, by its key. */
export const apiVersionsRequest: WireRequest<{ errorCode: number, ranges: ReadonlyMap<number, { readonly min: number, readonly max: number }> }> = {
  api: apis.apiVersions,
  sizeHint: 0,
  write: () => {},
  read: (input) => {
    const errorCode = input.int16()
    return { errorCode, ranges: new Map(input.array(() => [input.int16(), { min: input.int16(), max: input.int16() }] as const)) }
  }
}
