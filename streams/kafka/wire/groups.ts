import { type TopicPartition } from '../../record.ts'
import { WireReader } from './reader.ts'
import { apis, groupByTopic, type WireRequest } from './request.ts'
import { WireWriter } from './writer.ts'

/**
 * Our members speak the consumer protocol type, with our data in its user-data field and no topics: lag tools can describe the group.
 */
const PROTOCOL_TYPE = 'consumer'
const PROTOCOL_NAME = 'streams-tasks'

/** A member as the coordinator knows it. `generation` −1 and an empty `memberId` stand for nobody. */
export interface MemberIdentity {
  readonly groupId: string
  readonly generation: number
  readonly memberId: string
  readonly instanceId: string | null
}

export interface JoinAnswer {
  readonly errorCode: number
  readonly generation: number
  readonly leaderId: string
  readonly memberId: string
  /** Only the leader gets them. */
  readonly members: ReadonlyArray<{ readonly memberId: string, readonly instanceId: string | null, readonly data: Buffer }>
}

/** JoinGroup v5. */
export function joinGroupRequest (member: MemberIdentity, sessionTimeoutMs: number, rebalanceTimeoutMs: number, data: Buffer): WireRequest<JoinAnswer> {
  return {
    api: apis.joinGroup,
    sizeHint: 256 + data.length,
    write: (out) => {
      out.string(member.groupId).int32(sessionTimeoutMs).int32(rebalanceTimeoutMs).string(member.memberId).string(member.instanceId)
      out.string(PROTOCOL_TYPE).int32(1).string(PROTOCOL_NAME).nullableBytes(wrapUserData(data))
    },
    read: (input) => {
      input.int32()
      const errorCode = input.int16()
      const generation = input.int32()
      input.nullableString()
      const leaderId = input.string()
      const memberId = input.string()
      const members = input.array(() => ({ memberId: input.string(), instanceId: input.nullableString(), data: unwrapUserData(input.bytes()) }))
      return { errorCode, generation, leaderId, memberId, members }
    }
  }
}

/** SyncGroup v3; only the leader sends assignments, everyone gets its own. */
export function syncGroupRequest (member: MemberIdentity, assignments: ReadonlyMap<string, Buffer>): WireRequest<{ errorCode: number, assignment: Buffer }> {
  return {
    api: apis.syncGroup,
    sizeHint: 1024,
    write: (out) => {
      out.string(member.groupId).int32(member.generation).string(member.memberId).string(member.instanceId)
      out.array([...assignments], (_, [memberId, assignment]) => { out.string(memberId).nullableBytes(wrapUserData(assignment)) })
    },
    read: (input) => {
      input.int32()
      return { errorCode: input.int16(), assignment: unwrapUserData(input.bytes()) }
    }
  }
}

/** Heartbeat v3; answers an error code. */
export function heartbeatRequest (member: MemberIdentity): WireRequest<number> {
  return {
    api: apis.heartbeat,
    sizeHint: 256,
    write: (out) => { out.string(member.groupId).int32(member.generation).string(member.memberId).string(member.instanceId) },
    read: (input) => {
      input.int32()
      return input.int16()
    }
  }
}

/** LeaveGroup v3 of one member; answers an error code. */
export function leaveGroupRequest (member: MemberIdentity): WireRequest<number> {
  return {
    api: apis.leaveGroup,
    sizeHint: 256,
    write: (out) => { out.string(member.groupId).int32(1).string(member.memberId).string(member.instanceId) },
    read: (input) => {
      input.int32()
      return input.int16()
    }
  }
}

/** OffsetCommit v7; answers the error codes, one for each partition. */
export function offsetCommitRequest (member: MemberIdentity, offsets: ReadonlyArray<TopicPartition & { readonly offset: bigint }>): WireRequest<number[]> {
  return {
    api: apis.offsetCommit,
    sizeHint: 1024,
    write: (out) => {
      out.string(member.groupId).int32(member.generation).string(member.memberId).string(member.instanceId)
      out.array(groupByTopic(offsets), (_, [topic, list]) => {
        out.string(topic).array(list, (__, { partition, offset }) => { out.int32(partition).int64(offset).int32(-1).string(null) })
      })
    },
    read: (input) => {
      input.int32()
      return input.array(() => {
        input.string()
        return input.array(() => {
          input.int32()
          return input.int16()
        })
      }).flat()
    }
  }
}

/** Subscription and assignment of the consumer protocol have one shape: version, topics, user data. */
function wrapUserData (data: Buffer): Buffer {
  return new WireWriter(data.length + 16).int16(0).int32(0).nullableBytes(data).finish()
}

/** A member of another kind, or without an assignment, has no bytes of ours. */
function unwrapUserData (bytes: Buffer): Buffer {
  if (bytes.length === 0) return bytes
  const input = new WireReader(bytes)
  input.int16()
  input.array(() => {
    input.string()
    return input.array(() => input.int32())
  })
  return Buffer.from(input.bytes())
}
