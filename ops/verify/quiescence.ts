import { type Clock, type Kafka, type StateBackend, type Topology, decodeProgress, inputTopics, partitionsOf, taskKey } from '#streams'
import { countRecords } from './topic-count.ts'
import { partitionKey } from '../../streams/record.ts'

/** Records that the processors have not consumed yet: those beyond the committed progress of each task. */
export async function countUnprocessed (kafka: Kafka, state: StateBackend, topology: Topology): Promise<number> {
  let unprocessed = 0
  for (const node of topology.nodes) {
    if (node.kind !== 'processor') continue
    const from = new Map<string, bigint>()
    for (let partition = 0; partition < partitionsOf(node); partition++) {
      const meta = await state.open(taskKey(topology.applicationId, node.name, partition)).meta()
      const offsets = meta === null || meta.progress.length === 0 ? undefined : decodeProgress(meta.progress).offsets
      for (const topic of inputTopics(node)) from.set(partitionKey(topic.name, partition), offsets?.get(topic.name) ?? 0n)
    }
    for (const count of (await countRecords(kafka, inputTopics(node), from)).values()) unprocessed += count
  }
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
