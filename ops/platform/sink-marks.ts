import { type Kafka, changelogTopic, partitionKey, partitionsOf, type SinkDef } from '#streams'
import { decodePlan } from '../../streams/sink/plan-codec.ts'
import { readRange } from '../../streams/sink/range-reader.ts'
import { parseChangelogKey } from '../../streams/state/changelog.ts'

/** Offsets at the end of a changelog in which the newest plan is looked for first. */
const TAIL_OFFSETS = 64n

/** How far a sink has acknowledged its topics: the first offset of each partition, or of one of them, that it has not, by `partitionKey`. */
export async function readSinkMarks (kafka: Kafka, applicationId: string, sink: SinkDef, signal: AbortSignal, only?: number): Promise<Map<string, bigint>> {
  const topic = changelogTopic(applicationId, sink.name)
  const numbers = only === undefined ? Array.from({ length: partitionsOf(sink) }, (_, partition) => partition) : [only]
  const partitions = numbers.map(partition => ({ topic, partition }))
  const [starts, ends] = await Promise.all([kafka.startOffsets(partitions), kafka.endOffsets(partitions)])
  const marks = new Map<string, bigint>()
  await Promise.all(partitions.map(async ({ partition }) => {
    const key = partitionKey(topic, partition)
    const plan = await newestPlan(kafka, { topic, partition, start: starts.get(key) ?? 0n, end: ends.get(key) ?? 0n }, signal)
    if (plan === undefined) return
    for (const [name, mark] of decodePlan(plan, partition).marks) marks.set(partitionKey(name, partition), mark.next)
  }))
  return marks
}

interface ChangelogAt { readonly topic: string, readonly partition: number, readonly start: bigint, readonly end: bigint }

/** Looks at the end of the changelog, and further back until there is a plan. */
async function newestPlan (kafka: Kafka, { topic, partition, start, end }: ChangelogAt, signal: AbortSignal): Promise<Buffer | undefined> {
  let from = end
  for (let tail = TAIL_OFFSETS; from > start; tail *= 16n) {
    from = end - tail > start ? end - tail : start
    const records = await readRange(kafka, { topic, partition, from, to: end - 1n }, signal)
    const plan = records.findLast(record => parseChangelogKey(record.key).kind === 'progress')?.value
    if (plan != null) return plan
  }
  return undefined
}
