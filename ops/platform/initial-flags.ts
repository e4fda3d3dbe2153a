import { type Clock, type Kafka } from '#streams'
import { initialFlags, topics } from '../../topology/index.ts'
import { toRecord } from '../play/commands.ts'

/**
 * Writes every flag, switched off, into a topic that holds none yet: a reader that finds no row has to make sure that there is none, at each
 * cycle. Needs the codec. Returns how many it wrote.
 */
export async function writeInitialFlags (kafka: Kafka, clock: Pick<Clock, 'now'>): Promise<number> {
  const { name, partitions } = topics.flags.state
  const ends = await kafka.endOffsets(Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition })))
  if ([...ends.values()].some(end => end > 0n)) return 0
  const flags = initialFlags(clock.now())
  await kafka.producer().send(flags.map(flag => toRecord(topics.flags.state, flag.name, flag)))
  return flags.length
}
