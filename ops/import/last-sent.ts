import { type Kafka, partitionKey } from '#streams'
import { topics } from '../../topology/topics.ts'
import { readPartition } from '../verify/read-partition.ts'
import { partitionsOfTopics } from '../verify/topic-count.ts'

/**
 * How far an import has been sent, as the log says: by partition of the invoices, the sequence of the last one in it; 0 for none. A
 * partition is written in the order of the file, so everything up to there is in it.
 */
export async function lastSent (kafka: Kafka, runId: string): Promise<readonly number[]> {
  const topic = topics.imports.invoices
  const partitions = partitionsOfTopics([topic])
  const [starts, ends] = await Promise.all([kafka.startOffsets(partitions), kafka.endOffsets(partitions)])
  return await Promise.all(partitions.map(async at => {
    const key = partitionKey(at.topic, at.partition)
    const [start, end] = [starts.get(key) ?? 0n, ends.get(key) ?? 0n]
    if (start >= end) return 0
    let last: Buffer | null = null
    await readPartition(kafka, at, { from: end - 1n, end }, record => { last = record.value })
    return await sequenceOf(last, runId)
  }))
}

async function sequenceOf (bytes: Buffer | null, runId: string): Promise<number> {
  if (bytes === null) return 0
  const { value } = topics.imports.invoices
  await value.prepare?.(bytes)
  const invoice = value.decode(bytes)
  return invoice.runId === runId ? invoice.sequence : 0
}
