import { StreamsError } from '../../errors.ts'
import { partitionKey, type TopicPartition } from '../../record.ts'
import { BrokerError } from '../wire/broker-error.ts'
import { type MemberIdentity, offsetCommitRequest } from '../wire/groups.ts'
import { listOffsetsRequest, type LogEnd } from '../wire/metadata.ts'
import { type ClusterView } from './cluster.ts'

/**
 * Asks the leaders for one end of each partition (`logEnds`).
 *
 * @throws {StreamsError} STR_TOPIC_MISSING, STR_BROKER_UNAVAILABLE
 */
export async function listOffsets (cluster: ClusterView, partitions: readonly TopicPartition[], which: LogEnd): Promise<Map<string, bigint>> {
  return await cluster.retry(async () => {
    await cluster.locate(partitions)
    const byLeader = Map.groupBy(partitions, ({ topic, partition }) => cluster.leader(topic, partition) ?? -1)
    const offsets = new Map<string, bigint>()
    try {
      await Promise.all([...byLeader].map(async ([leader, list]) => {
        const link = await cluster.link(leader)
        for (const { topic, partition, errorCode, offset } of await link.call(listOffsetsRequest(list, which))) {
          if (errorCode !== 0) throw new BrokerError(errorCode, 'ListOffsets', `${topic}-${partition}`)
          offsets.set(partitionKey(topic, partition), offset)
        }
      }))
    } catch (error) {
      for (const { topic } of partitions) cluster.doubt(topic)
      throw error
    }
    return offsets
  })
}

/**
 * A plain OffsetCommit, as the member that `identity` gives at each try, or as nobody when there is none of ours in the group.
 *
 * @throws {StreamsError} STR_BROKER_UNAVAILABLE, or STR_BROKER_REFUSED when the group belongs to members of another client.
 */
export async function commitGroupOffsets (
  cluster: ClusterView, groupId: string, offsets: ReadonlyArray<TopicPartition & { readonly offset: bigint }>, identity: () => MemberIdentity | undefined
): Promise<void> {
  if (offsets.length === 0) return
  await cluster.retry(async () => {
    const coordinator = await cluster.findCoordinator('group', groupId)
    const link = await cluster.link(coordinator)
    const member = identity() ?? { groupId, generation: -1, memberId: '', instanceId: null }
    const failed = (await link.call(offsetCommitRequest(member, offsets))).find((errorCode) => errorCode !== 0)
    if (failed !== undefined) throw new BrokerError(failed, 'OffsetCommit', groupId)
  })
}

/** Host and port of `host:port`; an IPv6 address is in brackets. @throws {StreamsError} STR_BROKER_REFUSED when it is neither. */
export function parseAddress (address: string): { host: string, port: number } {
  const parts = /^\[?(?<host>[^\]]+?)\]?:(?<port>\d+)$/.exec(address)?.groups
  if (parts?.['host'] === undefined) throw new StreamsError('STR_BROKER_REFUSED', { address, reason: 'not host:port' })
  return { host: parts['host'], port: Number(parts['port']) }
}
