import { type TopicDef } from '../../streams/topic.ts'

/**
 * How long a record of that topic can come late, ms: what fences and processed ids have to outlive.
 *
 * @throws {RangeError} for a topic that keeps its records: nothing can outlive it.
 */
export function retentionMs (topic: TopicDef): number {
  if (topic.cleanup.policy !== 'delete') throw new RangeError(`${topic.name} keeps its records`)
  return topic.cleanup.retentionMs
}
