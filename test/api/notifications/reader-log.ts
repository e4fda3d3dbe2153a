import { type EventHistory } from '../../../api/ports.ts'
import { type MemoryBroker } from '../../../streams/kafka/memory/index.ts'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { topics } from '../../../topology/topics.ts'

const { name: topic, partitions, value: serde } = topics.notifications.events

/** The history of readers as analytics have it: everything in the log of a broker. */
export function historyIn (broker: MemoryBroker): EventHistory {
  const entriesOf = (userId: string) => broker.entries(topic, partitionOf(userId, partitions)).filter(({ value }) => value !== null)
  return {
    reached: async userId => entriesOf(userId).at(-1)?.offset ?? -1n,
    list: async (userId, after, limit) => {
      const own = entriesOf(userId).filter(({ key, offset }) => key?.toString() === userId && offset > after)
      return own.slice(0, limit).map(({ offset, value }) => {
        const event = serde.decode(value as Buffer)
        const { eventId, occurredAt } = event.meta
        return { partition: partitionOf(userId, partitions), offset, type: event.type, eventId, occurredAtMs: occurredAt, payload: { ...event } }
      })
    }
  }
}
