import { type Source } from '#streams'
import { derivedId } from '../../../streams/runtime/identity.ts'
import { type Evidence, type TaskFacts } from '../evidence/evidence.ts'

/** Where an output comes from: the task, and the place of its input among all of that topic; −1 for timers and effects. */
export interface Cause { readonly task: string, readonly topic: string, readonly offset: number }

/** An input asks for some ids that are no event's, e.g. those of commands: after so many unknown ones there are no more. */
const gap = 24

/**
 * Every id that the outputs of all tasks can have, worked out from the consumed part of the inputs and from the timers and effects that
 * were ever there: ids are derived from what caused them, so each output has exactly one place that it can come from.
 */
export function causesOf ({ tasks, records, partitions }: Evidence): ReadonlyMap<string, Cause> {
  const wanted = new Set(records.map(({ id }) => id))
  const ends = new Map(partitions.map(({ topic, partition, end }) => [`${topic}-${partition}`, end]))
  const causes = new Map<string, Cause>()
  for (const task of tasks) {
    for (const [topic, next] of Object.entries(task.inputs)) {
      const end = Math.min(next, ends.get(`${topic}-${task.partition}`) ?? next)
      for (let offset = 0; offset < end; offset++) claim(causes, wanted, task, { kind: 'record', topic, partition: task.partition, offset: BigInt(offset) }, { task: task.task, topic, offset })
    }
    for (const origin of task.origins) {
      const source: Source = origin.kind === 'timer' ? { ...origin, version: BigInt(origin.version) } : origin
      claim(causes, wanted, task, source, { task: task.task, topic: `#${origin.kind}`, offset: -1 })
    }
  }
  return causes
}

function claim (causes: Map<string, Cause>, wanted: ReadonlySet<string>, { processor, partition }: TaskFacts, source: Source, cause: Cause): void {
  for (let index = 0, misses = 0; misses < gap; index++) {
    const id = derivedId(processor, partition, source, index)
    if (wanted.has(id)) {
      causes.set(id, cause)
      misses = 0
    } else misses++
  }
}
