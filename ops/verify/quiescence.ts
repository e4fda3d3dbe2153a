import { type Clock, type Kafka, type StateBackend, type Topology, decodeProgress, inputTopics, partitionKey, partitionsOf, taskKey } from '#streams'
import { countRecords, partitionsOfTopics } from './topic-count.ts'

/**
 * Records that the processors have not consumed yet: those beyond the committed progress of each task, and those that came while it
 * was looked. 0 is a proof: at the moment between, everything that was in the inputs had been consumed, and what it led to as well.
 *
 * `alsoOpen` counts what may still lead to a record without being one, e.g. calls under way: it is added, and asked in that same moment.
 */
export async function countUnprocessed (
  kafka: Kafka, state: StateBackend, topology: Topology, alsoOpen: () => Promise<number> = async () => 0
): Promise<number> {
  const processors = topology.nodes.filter(node => node.kind === 'processor')
  const inputs = partitionsOfTopics([...new Set(processors.flatMap(inputTopics))])
  const ends = await kafka.endOffsets(inputs)
  let unprocessed = 0
  for (const node of processors) {
    const from = new Map<string, bigint>()
    for (let partition = 0; partition < partitionsOf(node); partition++) {
      const meta = await state.open(taskKey(topology.applicationId, node.name, partition)).meta()
      const offsets = meta === null || meta.progress.length === 0 ? undefined : decodeProgress(meta.progress).offsets
      for (const topic of inputTopics(node)) from.set(partitionKey(topic.name, partition), offsets?.get(topic.name) ?? 0n)
    }
    for (const count of (await countRecords(kafka, inputTopics(node), from, ends)).values()) unprocessed += count
  }
  if (unprocessed === 0) unprocessed += await alsoOpen()
  for (const [key, end] of await kafka.endOffsets(inputs)) unprocessed += Number(end - (ends.get(key) ?? 0n))
  return unprocessed
}

export interface QuietOptions<Seen> {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly look: () => Promise<Seen>
  /** Whether what was seen is the end. */
  readonly isDone: (seen: Seen) => boolean
  readonly onLook?: (seen: Seen) => void
  /** Give up when nothing changed for this long, ms. @default 60000 */
  readonly stallMs?: number
}

/** Looks until what is seen is the end, or has not changed for long; returns what was seen last. */
export async function untilQuiet<Seen> ({ clock, signal, look, isDone, onLook, stallMs = 60_000 }: QuietOptions<Seen>): Promise<Seen> {
  let seen = await look()
  let changedAtMs = clock.now()
  while (!isDone(seen) && clock.now() - changedAtMs < stallMs) {
    onLook?.(seen)
    await clock.sleep(300, signal)
    const now = await look()
    if (JSON.stringify(now) !== JSON.stringify(seen)) changedAtMs = clock.now()
    seen = now
  }
  return seen
}
