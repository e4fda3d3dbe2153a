import { type GroupMember, type Kafka } from '../../streams/kafka/port.ts'
import { assignTasks } from '../../streams/runtime/assignment.ts'
import { encodeAssignment, encodeMemberData } from '../../streams/runtime/member-data.ts'

/**
 * True while anybody is in the group of the platform: asked by joining it for a moment, as a member that can run nothing. Who was killed counts until
 * its session has ended.
 */
export async function somebodyRuns (kafka: Kafka, groupId: string): Promise<boolean> {
  const asked = Promise.withResolvers<boolean>()
  let members: readonly GroupMember[] = []
  const membership = kafka.joinGroup({
    groupId,
    memberData: () => encodeMemberData({ version: 'repartition', instance: 'repartition', nodes: {}, owned: [] }),
    assign: all => {
      members = all
      return new Map([...assignTasks(all, {})].map(([member, assignment]) => [member, encodeAssignment(assignment)]))
    },
    // Only the leader sees the members, and who is alone leads.
    onAssignment: () => { asked.resolve(members.length !== 1) },
    onFailure: asked.reject
  })
  try {
    return await asked.promise
  } finally {
    await membership.leave()
  }
}
