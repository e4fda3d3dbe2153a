import { type FlagChanged } from '#schemas'
import { type Kafka } from '../../streams/kafka/port.ts'
import { partitionKey } from '../../streams/record.ts'
import { Wakeup } from '../../streams/runtime/wakeup.ts'
import { topics } from '../../topology/topics.ts'
import { type FlagQueries } from '../ports.ts'

/** Reads the flags from their topic, whole at each call: it is compacted, and holds a row a flag and what was changed lately. */
export function createKafkaFlags (kafka: Kafka): FlagQueries {
  const { name, partitions, value: serde } = topics.flags.state
  return {
    list: async () => {
      const parts = Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition }))
      const [starts, ends] = await Promise.all([kafka.startOffsets(parts), kafka.endOffsets(parts)])
      const flags = new Map<string, FlagChanged>()
      for (const part of parts) {
        const key = partitionKey(part.topic, part.partition)
        const [offset, end] = [starts.get(key) ?? 0n, ends.get(key) ?? 0n]
        if (offset >= end) continue
        const wakeup = new Wakeup()
        const reader = kafka.openReader({ ...part, offset, onReadable: wakeup.wake })
        try {
          while (reader.position < end) {
            const records = reader.take(1000)
            for (const { key: flag, value } of records) {
              if (value === null || flag === null) continue
              await serde.prepare?.(value)
              flags.set(flag.toString(), serde.decode(value))
            }
            if (records.length === 0 && reader.position < end) await wakeup.wait()
          }
        } finally {
          reader.close()
        }
      }
      return flags
    }
  }
}
