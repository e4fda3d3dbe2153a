import { type Clock, type Kafka } from '#streams'
import { initialFlags, topics } from '../../topology/index.ts'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { type TopicDef } from '../../streams/topic.ts'
import { initialRoutes } from '../../topology/webhooks/routes.ts'
import { toRecord } from '../play/commands.ts'

/**
 * Writes every flag, switched off, and that nobody subscribed to anything, into topics that hold nothing yet: a reader that finds no row has to make
 * sure that there is none, at each cycle. Needs the codec. Returns how many rows it wrote.
 */
export async function writeInitialRows (kafka: Kafka, clock: Pick<Clock, 'now'>): Promise<number> {
  const flags = await writeIfEmpty(kafka, topics.flags.state, initialFlags(clock.now()).map(flag => [flag.name, flag]))
  return flags + await writeIfEmpty(kafka, topics.webhooks.routes, initialRoutes.map(row => [String(row.partition), row]))
}

async function writeIfEmpty<V extends TypedValue> (kafka: Kafka, topic: TopicDef<V>, rows: ReadonlyArray<readonly [key: string, value: V]>): Promise<number> {
  const { name, partitions } = topic
  const ends = await kafka.endOffsets(Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition })))
  if ([...ends.values()].some(end => end > 0n)) return 0
  await kafka.producer().send(rows.map(([key, value]) => toRecord(topic, key, value)))
  return rows.length
}
