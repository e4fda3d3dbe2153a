import { type PlaceOrder, type PlaceOrderLine, type ProductView } from '#schemas'
import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { stockPartitions } from '../../topology/topics.ts'
import { commandMeta, line, placeOrder, product } from '../topology/orders/order-fixtures.ts'

/** How large a world is. */
export interface Size {
  /** Lines of each order, 1 to 5. */
  readonly lines: number
  /** Partitions of the stock that the lines are spread over, 1 or 2. */
  readonly partitions: number
  /** Orders that compete for the stock, 1 or 2. */
  readonly orders: number
}

/** What the orders are like, and how much stock there is. */
export const scenarios = {
  plenty: 'there is enough of everything',
  short: 'the last partition has too little of one SKU',
  contest: 'there is enough for one order',
  free: 'the order costs nothing',
  services: 'no line is stocked',
  refused: 'the order names a SKU that the catalog does not have',
  amend: 'as short, and the customer is asked',
  backorder: 'the last SKU has nothing, the order waits, and two deliveries may come of half of what it needs',
  repay: 'the first card is declined, and the customer is asked',
  shipping: 'the order leaves, in one parcel or two, arrives or comes back, and may be cancelled at any time',
  returns: 'the order arrives, and pieces of it come back or do not'
} as const
export type Scenario = keyof typeof scenarios

export const quantity = 2
/** Pieces of each delivery that may come for who waits. */
export const delivery = quantity / 2

/** What an order of the scenario does about trouble; the rest is cancelled. */
const policies: Readonly<Partial<Record<Scenario, Partial<PlaceOrder>>>> = {
  amend: { onShortage: 'amend' },
  backorder: { onShortage: 'backorder' },
  repay: { onDecline: 'retry', payment: { method: 'card', token: 'tok_declined' } }
}

/** Pieces of the last SKU where it is short. */
const shortPieces: Readonly<Partial<Record<Scenario, number>>> = { short: quantity - 1, amend: quantity - 1, backorder: 0 }

/** SKUs of each partition, by the partitioner of the platform. */
const skusByPartition: ReadonlyArray<readonly string[]> = Array.from({ length: stockPartitions }, (_, partition) =>
  Array.from({ length: 40 }, (_, index) => `MUG-${index + 1}`).filter(sku => partitionOf(sku, stockPartitions) === partition))

/** The SKU of line `index` (from 0): lines go round the partitions. */
export function skuOf (index: number, { partitions }: Size): string {
  return skusByPartition[index % partitions]?.[Math.floor(index / partitions)] as string
}

/** The catalog of every scenario. */
export const products: ReadonlyMap<string, ProductView> = new Map([
  ...skusByPartition.flat().map(sku => product(sku)),
  product('POST', { stocked: false })
].map(entry => [entry.sku, entry]))

/** The SKUs of the orders with their opening stock, by partition. */
export function openingStock (scenario: Scenario, size: Size, partition: number): ReadonlyArray<readonly [sku: string, pieces: number]> {
  const indices = Array.from({ length: size.lines }, (_, index) => index).filter(index => index % size.partitions === partition)
  const isLast = partition === Math.min(size.partitions, size.lines) - 1
  return indices.map((index, place) => {
    const short = isLast && place === indices.length - 1 ? shortPieces[scenario] : undefined
    if (short !== undefined) return [skuOf(index, size), short]
    return [skuOf(index, size), scenario === 'contest' ? quantity : quantity * size.orders + 1]
  })
}

export const orderIds = ['0b8e3c1a-5d0e-4c0e-9c54-0a6f0f7f8a01', '0b8e3c1a-5d0e-4c0e-9c54-0a6f0f7f8a02'] as const

/** Metadata of a command that somebody gave: its id is kept by the model. */
export function personalMeta (commandId: string): PlaceOrder['meta'] {
  return { ...commandMeta, commandId, principal: 'model' }
}

/** The command that places an order of the scenario. */
export function placement (scenario: Scenario, size: Size, order: number): PlaceOrder {
  const lines = linesOf(scenario, size)
  const orderId = orderIds[order] as string
  const shippingAddress = { keyId: 'k', ciphertext: Buffer.from('x') }
  return placeOrder({ orderId, lines, meta: personalMeta(`place-${order}`), shippingAddress, ...policies[scenario] })
}

function linesOf (scenario: Scenario, size: Size): readonly PlaceOrderLine[] {
  if (scenario === 'services') return [line('POST')]
  if (scenario === 'refused') return [line('NONE')]
  const quotedUnitPrice = scenario === 'free' ? 0n : null
  return Array.from({ length: size.lines }, (_, index) => line(skuOf(index, size), { lineNo: index + 1, quantity, quotedUnitPrice }))
}
