import { type TopicPartition } from '#streams'
import { parseAddress } from '../../streams/kafka/kafkajs/log-offsets.ts'
import { ClusterView } from '../../streams/kafka/kafkajs/cluster.ts'
import { type WireRequest } from '../../streams/kafka/wire/request.ts'
import { listOffsetsRequest, logEnds, type PartitionOffset } from '../../streams/kafka/wire/metadata.ts'

/** Looks for open transactions from the outside, as an operator would. */
export interface TransactionWatch {
  /** Partitions whose log goes on behind the last stable offset: in each of them a transaction is open. */
  count (): Promise<number>
  close (): void
}

/** Watches these partitions: those of the changelogs are written by every transaction of a task. */
export function watchTransactions (broker: string, partitions: readonly TopicPartition[]): TransactionWatch {
  const cluster = new ClusterView({ clientId: 'disturbed-run', ssl: undefined, sasl: undefined, requestTimeoutMs: 10_000 }, [parseAddress(broker)])
  const ask = async (request: (list: readonly TopicPartition[]) => WireRequest<PartitionOffset[]>): Promise<Map<string, bigint>> => {
    const byLeader = Map.groupBy(partitions, ({ topic, partition }) => cluster.leader(topic, partition) ?? -1)
    const answers = await Promise.all([...byLeader].map(async ([leader, list]) => await (await cluster.link(leader)).call(request(list))))
    return new Map(answers.flat().map(({ topic, partition, offset }) => [`${topic}-${partition}`, offset]))
  }
  return {
    async count () {
      await cluster.locate(partitions)
      const stable = await ask(list => listOffsetsRequest(list, logEnds.end))
      const ends = await ask(list => listOffsetsRequest(list, logEnds.highWatermark))
      return [...ends].filter(([key, end]) => end > (stable.get(key) ?? end)).length
    },
    close: () => cluster.close()
  }
}
