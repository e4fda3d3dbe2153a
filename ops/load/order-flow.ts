import { type Kafka } from '#streams'
import { type OrderCommand, type OrderEvent, topics } from '../../topology/topics.ts'
import { readPartition } from '../verify/read-partition.ts'
import { partitionsOfTopics } from '../verify/topic-count.ts'

/** Where the log of orders ended at a moment, by `partitionKey`. */
export type LogMark = ReadonlyMap<string, bigint>

/** What became of the orders that came in between two marks, until the second one. */
export interface OrderFlow {
  /** Orders that the log took. */
  readonly taken: number
  /** Those of them that are reserved and paid. */
  readonly confirmed: number
  /** Those that ended in another way, or wait for their customer. */
  readonly otherwise: number
  /** Those that the platform has still to work on. */
  readonly waiting: number
}

const read = [topics.orders.commands, topics.orders.events]

const otherEnds: ReadonlySet<string> = new Set<OrderEvent['type']>([
  'OrderRejected', 'OrderCancelled', 'OrderFailed', 'OrderTimedOut', 'OrderActionRequired', 'OrderRiskReviewRequested'
])

/** Where the log ends now. */
export async function markLog (kafka: Pick<Kafka, 'endOffsets'>): Promise<LogMark> {
  return await kafka.endOffsets(partitionsOfTopics(read))
}

/** Reads what lies between two marks. The codec is bound. */
export async function readOrderFlow (kafka: Kafka, from: LogMark, end: LogMark): Promise<OrderFlow> {
  const flow = new OrderFlowCount()
  for (const at of partitionsOfTopics(read)) {
    const { value } = at.topic === topics.orders.commands.name ? topics.orders.commands : topics.orders.events
    const key = `${at.topic}-${at.partition}`
    const values: Buffer[] = []
    await readPartition(kafka, at, { from: from.get(key) ?? 0n, end: end.get(key) ?? 0n }, ({ value: bytes }) => { if (bytes !== null) values.push(bytes) })
    for (const bytes of values) {
      await value.prepare?.(bytes)
      flow.add(value.decode(bytes))
    }
  }
  return flow.figures
}

/** Counts each order once, in whatever order its records come. */
export class OrderFlowCount {
  readonly #taken = new Set<string>()
  readonly #confirmed = new Set<string>()
  readonly #otherwise = new Set<string>()

  add (record: OrderCommand | OrderEvent): void {
    if (record.type === 'PlaceOrder') this.#taken.add(record.orderId)
    else if (record.type === 'OrderConfirmed') this.#confirmed.add(record.orderId)
    else if (otherEnds.has(record.type)) this.#otherwise.add(record.orderId)
  }

  get figures (): OrderFlow {
    const confirmed = this.#taken.intersection(this.#confirmed).size
    const otherwise = this.#taken.intersection(this.#otherwise.difference(this.#confirmed)).size
    return { taken: this.#taken.size, confirmed, otherwise, waiting: this.#taken.size - confirmed - otherwise }
  }
}
