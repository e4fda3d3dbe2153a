import { type EventPage, type EventFeed, type EventHistory, type EventEntry } from '../../../api/ports.ts'
import { type MemoryBroker } from '../../../streams/kafka/memory/index.ts'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { NO_HEADERS } from '../../../streams/record.ts'
import { RowBytes } from '../../../sinks/clickhouse/row-bytes.ts'
import { type OrderEvent, topics } from '../../../topology/topics.ts'

const { name: topic, partitions, value: serde } = topics.orders.events

/** The n-th event of an order, small ones first; with `isLast` one that nothing can follow. */
export function orderEvent (orderId: string, version: number, isLast = false): OrderEvent {
  const eventId = `00000000-0000-4000-8000-${String(version).padStart(12, '0')}`
  const meta = { eventId, occurredAt: 1_700_000_000_000 + version, correlationId: 'c', causationId: 'c', aggregateVersion: version, tenant: 'default' }
  if (!isLast) return { type: 'OrderInventoryReserved', meta, orderId, attempt: version }
  return { type: 'OrderRejected', meta, orderId, code: 'ORDER_SKU_UNKNOWN', message: 'there is no "SKU"' } as OrderEvent
}

/** Writes events into the log. */
export async function append (broker: MemoryBroker, ...events: readonly OrderEvent[]): Promise<void> {
  const kafka = broker.client()
  await kafka.start()
  for (const event of events) {
    const { orderId } = event
    const record = { topic, partition: partitionOf(orderId, partitions), key: Buffer.from(orderId), value: serde.encode(event), headers: NO_HEADERS }
    await kafka.producer().send([record])
  }
  await kafka.close()
}

/** The history as analytics has it: everything in the log below an offset, as JSON that came through a row. */
export function historyOf (
  broker: MemoryBroker, below: () => bigint = () => 1_000_000n, lost: ReadonlySet<bigint> = new Set()
): EventHistory & { readonly asked: () => number } {
  let asked = 0
  const entries = (orderId: string): EventEntry[] => {
    const partition = partitionOf(orderId, partitions)
    const own = broker.entries(topic, partition).filter(({ key, offset }) => key?.toString() === orderId && offset < below() && !lost.has(offset))
    return own.map(({ offset, value }) => {
      const event = serde.decode(value as Buffer)
      const payload = JSON.parse(new RowBytes().json(event).take().toString().replaceAll('\\\\', '\\')) as Record<string, unknown>
      return { partition, offset, type: event.type, eventId: event.meta.eventId, occurredAtMs: event.meta.occurredAt, payload }
    })
  }
  return {
    asked: () => asked,
    reached: async orderId => broker.entries(topic, partitionOf(orderId, partitions)).filter(({ offset }) => offset < below()).at(-1)?.offset ?? -1n,
    list: async (orderId, after, limit) => {
      asked++
      return entries(orderId).filter(({ offset }) => offset > after).slice(0, limit)
    }
  }
}

/** A feed that never knows anything. */
export const deafFeed: EventFeed = {
  follow: () => ({ read: async (): Promise<EventPage | undefined> => undefined, close: () => {} }),
  hasReached: async () => true,
  close: () => {}
}

/** One server-sent event; a comment has only `comment`. */
export interface Frame { readonly id?: string, readonly event?: string, readonly data?: unknown, readonly comment?: string, readonly retry?: string }

/** Reads the frames of a text of whole frames. */
export function framesOf (text: string): Frame[] {
  return text.split('\n\n').filter(frame => frame !== '').map(frame => Object.fromEntries(frame.split('\n').map(line => {
    const at = line.indexOf(': ')
    const [name, value] = [line.slice(0, at), line.slice(at + 2)]
    return [name === '' ? 'comment' : name, name === 'data' ? JSON.parse(value) as unknown : value]
  })))
}
