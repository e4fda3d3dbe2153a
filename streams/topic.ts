import { type Serde, type TypedValue } from './serde/serde.ts'

/** How a topic loses records: by age (`retentionMs`), never (`keep`), or to the last record of a key (`compact`). */
export type Cleanup = { readonly policy: 'delete', readonly retentionMs: number } | { readonly policy: 'keep' } | { readonly policy: 'compact' }

/**
 * A topic as the topology knows it. Keys are plain UTF-8; the partition of a key is Java's murmur2 (see kafka/murmur2.ts);
 * every topic uses LogAppendTime. `partitions` is fixed for the topic's life.
 */
export interface TopicDef<V extends TypedValue = TypedValue> {
  readonly name: string
  readonly partitions: number
  readonly cleanup: Cleanup
  readonly value: Serde<V>
  /** What a key is, for documentation: `orderId`, `sku`, … */
  readonly keyName: string
}

/** A topic of the runtime's own records, which no node declares. */
export type RuntimeTopic = Pick<TopicDef, 'name' | 'partitions'>

/** Declares a topic. Pure: nothing is created before provisioning. */
export function defineTopic<V extends TypedValue> (def: TopicDef<V>): TopicDef<V> {
  return Object.freeze({ ...def })
}
