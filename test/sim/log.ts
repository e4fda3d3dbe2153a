import { type MemoryBroker } from '../../streams/testing/index.ts'
import { type LogEntry } from '../../streams/kafka/memory/index.ts'
import { type TopicDef, type TypedValue } from '../../streams/index.ts'

/** Committed records of one partition, in order. */
export function committed (broker: MemoryBroker, topic: string, partition: number): LogEntry[] {
  return broker.entries(topic, partition).filter(({ kind, outcome }) => kind === 'data' && outcome === 'committed')
}

export interface Decoded<V> { readonly offset: bigint, readonly timestampMs: number, readonly partition: number, readonly key: string, readonly value: V }

/** Committed records of a topic, decoded, partition by partition. */
export function decoded<V extends TypedValue> (broker: MemoryBroker, topic: TopicDef<V>): Array<Decoded<V>> {
  return Array.from({ length: topic.partitions }, (_, partition) => partition).flatMap(partition =>
    committed(broker, topic.name, partition).map(({ offset, timestampMs, key, value }) =>
      ({ offset, timestampMs, partition, key: key?.toString() ?? '', value: topic.value.decode(value as Buffer) })))
}
