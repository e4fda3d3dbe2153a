import { defineProcessor, defineStore, defineTopic, defineTopology, partitionOf, type Serde, type StoreDef, type TopicDef, type Topology } from '#streams'

/** What a contender of the bare saga is given. */
export interface SagaJob {
  readonly brokers: readonly string[]
  readonly redisUrl: string
  /** Folder for state on disk: of this job alone, removed after it. */
  readonly stateDir: string
  /** Application id, and prefix of every topic. */
  readonly application: string
  /** Of every topic but those of the stock. */
  readonly partitions: number
  /** Orders come one by one, without end. */
  readonly records: 0
}

/** Partitions of the stock; an order has one line in each. */
export const PARTS = 2
export const VALUE_BYTES = 200
export const SKUS_PER_PART = 1000
/** Pieces of every SKU before the first order. */
export const OPENING_STOCK = 1_000_000_000
/** Steps of an order, as its row and its events have them: a bit for each part that is reserved, then this. */
export const CREATED = 0
export const ALL_RESERVED = 3
export const CONFIRMED = 7

/** Where a value has what; rivals/kafka-streams/Saga.java has the same. */
const AT = { phase: 0, quantity: 1, part: 2, left: 12, order: 16, sku: 32 } as const
const ORDER_BYTES = 16
const SKU_BYTES = 10

/** The SKUs of each part: their keys lie in it by murmur2. */
const skus: ReadonlyArray<readonly string[]> = Array.from({ length: PARTS }, (_, part) => {
  const found: string[] = []
  for (let number = 0; found.length < SKUS_PER_PART; number++) {
    const sku = `sku-${String(number).padStart(6, '0')}`
    if (partitionOf(sku, PARTS) === part) found.push(sku)
  }
  return found
})

/** Bytes that do not repeat, so that nothing is won by chance. */
const filler = Buffer.from(Array.from({ length: VALUE_BYTES }, (_, index) => (index * 2_654_435_761 >>> 13) & 255))

export function orderIdOf (index: number): string {
  return `order-${String(index).padStart(10, '0')}`
}

export function indexOf (orderId: string): number {
  return Number(orderId.slice('order-'.length))
}

/** What order number `index` asks for: always the same. */
export function quantityOf (index: number): number {
  return 1 + index % 5
}

export function skuOf (index: number, part: number): string {
  return skus[part]?.[(index * (part === 0 ? 7 : 13)) % SKUS_PER_PART] as string
}

/** The command that places order number `index`. */
export function placeOrder (index: number): Buffer {
  const value = Buffer.from(filler)
  value[AT.phase] = CREATED
  value[AT.quantity] = quantityOf(index)
  value.write(orderIdOf(index), AT.order, 'latin1')
  for (let part = 0; part < PARTS; part++) value.write(skuOf(index, part), AT.sku + part * SKU_BYTES, 'latin1')
  return value
}

/** Readers of what a value or a row says. */
export const read = {
  phase: (value: Buffer): number => value[AT.phase] as number,
  quantity: (value: Buffer): number => value[AT.quantity] as number,
  part: (value: Buffer): number => value[AT.part] as number,
  left: (value: Buffer): number => value.readInt32BE(AT.left),
  orderId: (value: Buffer): string => value.toString('latin1', AT.order, AT.order + ORDER_BYTES),
  sku: (value: Buffer, part: number): string => value.toString('latin1', AT.sku + part * SKU_BYTES, AT.sku + (part + 1) * SKU_BYTES)
} as const

function withByte (value: Buffer, at: number, byte: number): Buffer {
  const next = Buffer.from(value)
  next[at] = byte
  return next
}

type StepType = 'PlaceOrder' | 'ReserveStock' | 'StockReserved' | 'AuthorizePayment' | 'PaymentAuthorized' | 'OrderEvent' | 'CreateShipment'
interface Step<Type extends StepType = StepType> { readonly type: Type, readonly bytes: Buffer }

const viewSerde: Serde<Buffer> = { encode: bytes => bytes, decode: bytes => bytes }
const stepSerde = <Type extends StepType>(type: Type): Serde<Step<Type>> => ({ encode: ({ bytes }) => bytes, decode: bytes => ({ type, bytes }) })

export type SagaTopicName = keyof ReturnType<typeof sagaTopics>

/** The seven topics. */
export function sagaTopics ({ application, partitions }: Pick<SagaJob, 'application' | 'partitions'>) {
  const topic = <Type extends StepType>(name: string, keyName: string, type: Type, count = partitions): TopicDef<Step<Type>> =>
    defineTopic<Step<Type>>({ name: `${application}-${name}`, partitions: count, cleanup: { policy: 'keep' }, value: stepSerde(type), keyName })
  return {
    orderCommands: topic('orders-commands', 'orderId', 'PlaceOrder'),
    orderEvents: topic('orders-events', 'orderId', 'OrderEvent'),
    inventoryCommands: topic('inventory-commands', 'sku', 'ReserveStock', PARTS),
    inventoryReplies: topic('inventory-replies', 'orderId', 'StockReserved'),
    paymentCommands: topic('payments-commands', 'orderId', 'AuthorizePayment'),
    paymentEvents: topic('payments-events', 'orderId', 'PaymentAuthorized'),
    shippingCommands: topic('shipping-commands', 'orderId', 'CreateShipment')
  } as const
}

/**
 * The bare saga for the runtime. PlaceOrder → OrderCreated, ReserveStock to both parts → StockReserved twice → AuthorizePayment →
 * PaymentAuthorized → OrderConfirmed and CreateShipment; a row for each order, each SKU and each payment.
 */
export function sagaTopology (job: Pick<SagaJob, 'application' | 'partitions'>): Topology {
  const topics = sagaTopics(job)
  const store = (): StoreDef<Buffer> => defineStore('rows', viewSerde)
  const [orders, stock, payments] = [store(), store(), store()]
  return defineTopology({
    applicationId: job.application,
    version: '1',
    nodes: [
      defineProcessor<Step<'PlaceOrder' | 'StockReserved' | 'PaymentAuthorized'>>({
        name: 'orders',
        inputs: [topics.orderCommands, topics.inventoryReplies, topics.paymentEvents],
        outputs: [topics.orderEvents, topics.inventoryCommands, topics.paymentCommands, topics.shippingCommands],
        stores: [orders],
        reads: (_value, key) => [[orders, key]],
        handlers: {
          PlaceOrder: (context, { bytes }, { key }) => {
            const rows = context.store(orders)
            if (rows.get(key) !== undefined) return
            const order = withByte(bytes, AT.phase, CREATED)
            rows.put(key, order)
            context.emit(topics.orderEvents, { key, value: { type: 'OrderEvent', bytes: order } })
            for (let part = 0; part < PARTS; part++) {
              context.emit(topics.inventoryCommands, { key: read.sku(order, part), value: { type: 'ReserveStock', bytes: withByte(order, AT.part, part) } })
            }
          },
          StockReserved: (context, { bytes }, { key }) => {
            const rows = context.store(orders)
            const before = rows.get(key) as Buffer
            const order = withByte(before, AT.phase, read.phase(before) | 1 << read.part(bytes))
            rows.put(key, order)
            if (read.phase(order) === ALL_RESERVED) context.emit(topics.paymentCommands, { key, value: { type: 'AuthorizePayment', bytes: order } })
          },
          PaymentAuthorized: (context, _value, { key }) => {
            const rows = context.store(orders)
            const order = withByte(rows.get(key) as Buffer, AT.phase, CONFIRMED)
            rows.put(key, order)
            context.emit(topics.orderEvents, { key, value: { type: 'OrderEvent', bytes: order } })
            context.emit(topics.shippingCommands, { key, value: { type: 'CreateShipment', bytes: order } })
          }
        }
      }),
      defineProcessor<Step<'ReserveStock'>>({
        name: 'inventory',
        inputs: [topics.inventoryCommands],
        outputs: [topics.inventoryReplies],
        stores: [stock],
        reads: (_value, key) => [[stock, key]],
        handlers: {
          ReserveStock: (context, { bytes }, { key }) => {
            const rows = context.store(stock)
            const before = rows.get(key)
            const next = Buffer.from(bytes)
            next.writeInt32BE((before === undefined ? OPENING_STOCK : read.left(before)) - read.quantity(bytes), AT.left)
            rows.put(key, next)
            context.emit(topics.inventoryReplies, { key: read.orderId(next), value: { type: 'StockReserved', bytes: next } })
          }
        }
      }),
      defineProcessor<Step<'AuthorizePayment'>>({
        name: 'payments',
        inputs: [topics.paymentCommands],
        outputs: [topics.paymentEvents],
        stores: [payments],
        reads: (_value, key) => [[payments, key]],
        handlers: {
          AuthorizePayment: (context, { bytes }, { key }) => {
            const rows = context.store(payments)
            if (rows.get(key) !== undefined) return
            const payment = Buffer.from(bytes)
            rows.put(key, payment)
            context.emit(topics.paymentEvents, { key, value: { type: 'PaymentAuthorized', bytes: payment } })
          }
        }
      })
    ]
  })
}

/** Where what cannot be handled would go; nothing must. */
export function deadLettersOf ({ application }: Pick<SagaJob, 'application'>): string {
  return `${application}-dlq`
}
