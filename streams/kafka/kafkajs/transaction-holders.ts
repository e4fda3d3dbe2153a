import { type TopicPartition } from '../../record.ts'
import { type TransactionHolder } from '../port.ts'
import { BrokerError } from '../wire/broker-error.ts'
import { describeProducersRequest, listTransactionsRequest } from '../wire/open-transactions.ts'
import { optionalApis } from '../wire/request.ts'
import { type ClusterView } from './cluster.ts'

/**
 * Asks the leader whose transactions are open in the partition, and every broker for their transactional ids; oldest first. Undefined when
 * the leader cannot tell (Kafka before 2.8). An id that no broker tells, or may not tell us, is left out.
 *
 * @throws {StreamsError} STR_TOPIC_MISSING, STR_BROKER_UNAVAILABLE, STR_BROKER_REFUSED
 */
export async function findHolders (cluster: ClusterView, at: TopicPartition): Promise<readonly TransactionHolder[] | undefined> {
  return await cluster.retry(async () => {
    await cluster.locate([at])
    const link = await cluster.link(cluster.leader(at.topic, at.partition) ?? -1)
    if (!link.speaks(optionalApis.describeProducers)) return undefined
    const { errorCode, message, producers } = await link.call(describeProducersRequest(at))
    if (errorCode !== 0) {
      cluster.doubt(at.topic)
      throw new BrokerError(errorCode, 'DescribeProducers', message)
    }
    const open = producers.filter(({ firstOffset }) => firstOffset >= 0n).sort((a, b) => a.firstOffset < b.firstOffset ? -1 : 1)
    const ids = await transactionalIds(cluster, open.map(({ producerId }) => producerId))
    return open.map(({ producerId, firstOffset }) => ({ producerId, firstOffset, transactionalId: ids.get(producerId) }))
  })
}

async function transactionalIds (cluster: ClusterView, producerIds: readonly bigint[]): Promise<ReadonlyMap<bigint, string>> {
  const ids = new Map<bigint, string>()
  if (producerIds.length === 0) return ids
  await Promise.allSettled(cluster.nodeIds.map(async (nodeId) => {
    const link = await cluster.link(nodeId)
    if (!link.speaks(optionalApis.listTransactions)) return
    const { transactions } = await link.call(listTransactionsRequest(producerIds))
    for (const { producerId, transactionalId } of transactions) ids.set(producerId, transactionalId)
  }))
  return ids
}
