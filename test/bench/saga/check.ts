import { type FetchedRecord, type Kafka, partitionKey } from '#streams'
import { readUntil } from '../hop/scene.ts'
import { CONFIRMED, CREATED, indexOf, OPENING_STOCK, PARTS, quantityOf, read, type SagaJob, sagaTopics, skuOf } from './job.ts'

/**
 * Reads what a contender wrote, read-committed. Of orders 0 to `orders` − 1 each must have exactly one shipment, one authorised payment, and
 * the events Created and Confirmed in that order; and every SKU's stock must have gone down order by order, by what each asked for: what
 * was left after each is what was left before it less its quantity, and the least that was left is the opening stock less all of them.
 *
 * @throws {Error} naming what is wrong.
 */
export async function checkSaga (kafka: Kafka, job: SagaJob, orders: number): Promise<void> {
  const topics = sagaTopics(job)
  for (const topic of [topics.shippingCommands, topics.paymentEvents]) {
    await checkPhases(kafka, topic, orders, [undefined])
  }
  await checkPhases(kafka, topics.orderEvents, orders, [CREATED, CONFIRMED])
  await checkStock(kafka, topics.inventoryReplies, orders)
}

interface TopicName { readonly name: string, readonly partitions: number }

/** Every order has these records in the topic, in this order; undefined = one of any phase. */
async function checkPhases (kafka: Kafka, topic: TopicName, orders: number, phases: ReadonlyArray<number | undefined>): Promise<void> {
  const seen = new Uint8Array(orders)
  await readAll(kafka, topic, ({ key, value }) => {
    const index = indexOf(String(key))
    const nth = seen[index]
    if (value === null || nth === undefined) throw new Error(`${topic.name}: ${String(key)} was never placed`)
    const phase = phases[nth]
    if (nth >= phases.length || (phase !== undefined && read.phase(value) !== phase)) throw new Error(`${topic.name}: record ${nth + 1} of ${String(key)} has phase ${read.phase(value)}`)
    seen[index] = nth + 1
  })
  const lacking = seen.findIndex(count => count !== phases.length)
  if (lacking >= 0) throw new Error(`${topic.name}: order ${lacking} has ${seen[lacking]} of ${phases.length} records`)
}

async function checkStock (kafka: Kafka, topic: TopicName, orders: number): Promise<void> {
  const steps = new Map<string, Array<{ readonly left: number, readonly quantity: number }>>()
  await readAll(kafka, topic, ({ value }) => {
    if (value === null) throw new Error(`${topic.name}: a reply without a value`)
    const sku = read.sku(value, read.part(value))
    const found = steps.get(sku)
    const step = { left: read.left(value), quantity: read.quantity(value) }
    if (found === undefined) steps.set(sku, [step])
    else found.push(step)
  })
  for (const [sku, taken] of steps) {
    let left = OPENING_STOCK
    for (const step of taken.sort((a, b) => b.left - a.left)) {
      left -= step.quantity
      if (step.left !== left) throw new Error(`${topic.name}: ${step.left} of ${sku} are left where ${left} must be`)
    }
  }
  for (const [sku, asked] of askedOf(orders)) {
    const taken = (steps.get(sku) ?? []).reduce((sum, { quantity }) => sum + quantity, 0)
    if (taken !== asked) throw new Error(`${topic.name}: orders asked for ${asked} of ${sku}, ${taken} were taken`)
  }
}

/** Pieces of each SKU that the orders ask for. */
function askedOf (orders: number): ReadonlyMap<string, number> {
  const asked = new Map<string, number>()
  for (let index = 0; index < orders; index++) {
    for (let part = 0; part < PARTS; part++) {
      const sku = skuOf(index, part)
      asked.set(sku, (asked.get(sku) ?? 0) + quantityOf(index))
    }
  }
  return asked
}

async function readAll (kafka: Kafka, { name: topic, partitions }: TopicName, each: (record: FetchedRecord) => void): Promise<void> {
  const parts = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
  const ends = await kafka.endOffsets(parts)
  await Promise.all(parts.map(async ({ partition }) => { await readUntil(kafka, topic, partition, ends.get(partitionKey(topic, partition)) ?? 0n, each) }))
}
