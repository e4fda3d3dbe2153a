import { type Kafka, type OutgoingRecord, systemClock } from '#streams'
import { type ListedProduct, listProducts } from '../../../ops/play/catalog.ts'
import { placeOrderCommand, toRecord } from '../../../ops/play/commands.ts'
import { createRunId, runUuid } from '../../../ops/play/run-id.ts'
import { createStallWatch } from '../../../ops/play/stall-watch.ts'
import { encryptPersonal, type KeyProvider } from '../../../topology/personal.ts'
import { customerKeyId } from '../../../topology/privacy/subject.ts'
import { topics } from '../../../topology/topics.ts'

export const LINES = 5
const PRODUCTS = 500
/** Pieces of every product before the first order. */
export const OPENING_STOCK = 10_000_000
const START_MS = Date.UTC(2026, 0, 5)

const runId = createRunId({ source: 'bench', seed: '1', options: {} })

/** The products, of which no order can take too many. */
export const products: readonly ListedProduct[] = Array.from({ length: PRODUCTS }, (_, index) => ({
  sku: `BENCH-${String(index).padStart(4, '0')}`, name: `product ${index}`, prices: { GBP: BigInt(100 + index) * 1000n }, weightGrams: 100 + index, volumeCm3: 0, openingStock: OPENING_STOCK
}))

/** What order number `index` asks for: always the same. */
export function linesOf (index: number): ReadonlyArray<{ readonly lineNo: number, readonly sku: string, readonly quantity: number }> {
  return Array.from({ length: LINES }, (_, line) => ({
    lineNo: line + 1, sku: products[(index * LINES + line * 7) % PRODUCTS]?.sku as string, quantity: 1 + (index + line) % 5
  }))
}

export function orderIdOf (index: number): string {
  return runUuid(runId, `order/${index}`)
}

/** Makes products and stock known to the platform. */
export async function openShop (kafka: Kafka): Promise<void> {
  const watch = createStallWatch({ clock: systemClock, signal: AbortSignal.timeout(120_000), open: () => [] })
  await listProducts({ kafka, clock: systemClock, runId, products, from: new Map(), watch, onProgress: () => {} })
}

/** Orders as records, made before the clock starts. */
export class Orders {
  readonly #keys: KeyProvider
  readonly #records: OutgoingRecord[] = []
  readonly #indices = new Map<string, number>()

  constructor (keys: KeyProvider) {
    this.#keys = keys
  }

  /** Makes the orders up to that number, each of a customer of its own: none is put on review for what others have ordered. */
  async prepare (count: number): Promise<void> {
    for (let index = this.#records.length; index < count; index++) {
      const orderId = orderIdOf(index)
      const customerId = `customer-${index}`
      const address = await encryptPersonal(this.#keys, customerKeyId(customerId), 'address', { name: customerId, line1: `${index} High Street`, city: 'London', country: 'GB' })
      const order = { index, orderId, customerId, currency: 'GBP', placedAtMs: START_MS + index, lines: linesOf(index), token: 'tok_ok', fate: 'fulfilled' as const }
      this.#records.push(toRecord(topics.orders.commands, orderId, placeOrderCommand(runId, order, address, systemClock.now())))
      this.#indices.set(orderId, index)
    }
  }

  /** @throws {Error} when it was not prepared. */
  record (index: number): OutgoingRecord {
    const record = this.#records[index]
    if (record === undefined) throw new Error(`order ${index} was not prepared`)
    return record
  }

  indexOf (orderId: string): number | undefined {
    return this.#indices.get(orderId)
  }
}
