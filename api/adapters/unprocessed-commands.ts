import { isStreamsError } from '../../streams/errors.ts'
import { type Kafka } from '../../streams/kafka/port.ts'
import { type FetchedRecord, partitionKey } from '../../streams/record.ts'
import { Wakeup } from '../../streams/runtime/wakeup.ts'
import { decodeProgress, taskKey } from '../../streams/state/changelog.ts'
import { type StateBackend } from '../../streams/state/port.ts'
import { type TopicDef } from '../../streams/topic.ts'
import { ordersName } from '../../topology/orders/process-orders.ts'
import { type OrderCommand, topics } from '../../topology/topics.ts'
import { type IdempotencyStore } from '../ports.ts'

export interface UnprocessedOptions {
  readonly kafka: Kafka
  readonly state: StateBackend
  readonly applicationId: string
  readonly idempotency: IdempotencyStore
}

/** Commands read back at most per partition where the progress of the task is not known. */
const blindReach = 10_000n

/**
 * Remembers the key of every PlaceOrder that is in the log and not processed yet: a processed order tells its body hash itself, and
 * a cache that was lost with the process before is so made whole again. Returns how many it found.
 */
export async function rememberUnprocessed (options: UnprocessedOptions): Promise<number> {
  const both: readonly CommandTopic[] = [topics.orders.commands, topics.orders.commandsTrusted]
  const parts = both.flatMap(definition => Array.from({ length: definition.partitions }, (_, partition) => ({ definition, topic: definition.name, partition })))
  const [starts, ends] = await Promise.all([options.kafka.startOffsets(parts), options.kafka.endOffsets(parts)])
  const found = await Promise.all(parts.map(async part => {
    const key = partitionKey(part.topic, part.partition)
    const start = starts.get(key) ?? 0n
    const end = ends.get(key) ?? 0n
    const next = await nextOffset(options, part.topic, part.partition) ?? end - blindReach
    return await rememberRange(options, { topic: part, from: next > start ? next : start, end })
  }))
  return found.reduce((sum, count) => sum + count, 0)
}

/** What the orders task reads next; undefined when its state does not say. */
async function nextOffset ({ state, applicationId }: UnprocessedOptions, topic: string, partition: number): Promise<bigint | undefined> {
  const meta = await state.open(taskKey(applicationId, ordersName, partition)).meta()
  return meta === null || meta.progress.length === 0 ? undefined : decodeProgress(meta.progress).offsets.get(topic)
}

type CommandTopic = TopicDef<OrderCommand>

interface Range { readonly topic: { readonly definition: CommandTopic, readonly partition: number }, readonly from: bigint, readonly end: bigint }

async function rememberRange ({ kafka, idempotency }: UnprocessedOptions, { topic, from, end }: Range): Promise<number> {
  const { partition, definition } = topic
  if (from >= end) return 0
  const wakeup = new Wakeup()
  const reader = kafka.openReader({ topic: definition.name, partition, offset: from, onReadable: wakeup.wake })
  let count = 0
  try {
    while (reader.position < end) {
      const records = reader.take(1000)
      for (const record of records) if (await remember(idempotency, definition, record)) count++
      if (records.length === 0 && reader.position < end) await wakeup.wait()
    }
    return count
  } finally {
    reader.close()
  }
}

async function remember (idempotency: IdempotencyStore, definition: CommandTopic, { topic, partition, offset, value }: FetchedRecord): Promise<boolean> {
  const command = await commandOf(definition, value)
  if (command?.type !== 'PlaceOrder' || command.meta.commandId === '' || command.meta.bodyHash === null) return false
  const { kind } = await idempotency.begin(command.meta.commandId, command.meta.bodyHash)
  if (kind === 'new') await idempotency.finish(command.meta.commandId, { topic, partition, offset })
  return kind === 'new'
}

/** The command, or undefined for bytes that are none: the processor dead-letters them. */
async function commandOf ({ value: serde }: CommandTopic, bytes: Buffer | null): Promise<OrderCommand | undefined> {
  if (bytes === null) return undefined
  try {
    await serde.prepare?.(bytes)
    return serde.decode(bytes)
  } catch (error) {
    if (isStreamsError(error) && error.disposition === 'dead-letter') return undefined
    throw error
  }
}
