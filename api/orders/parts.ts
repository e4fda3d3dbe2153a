import { type Clock } from '../../streams/time/clock.ts'
import { paymentBodies } from '../payments/view.ts'
import { type Services } from '../plugins/app/services.ts'
import { type PaymentBody } from '../schemas/payment.ts'
import { type OrderPart } from '../schemas/order-list.ts'
import { type ShipmentBody } from '../schemas/shipment.ts'
import { shipmentBodies } from '../shipments/view.ts'

/** What was read along with an order; `missing` names what was not, in time. */
export interface OrderParts {
  readonly payments?: PaymentBody[]
  readonly shipments?: ShipmentBody[]
  readonly missing: OrderPart[]
}

/** How long one part may take, ms. They are read side by side. */
const partMs = 500

const readers: Readonly<Record<OrderPart, (services: Services, orderId: string) => Promise<Omit<OrderParts, 'missing'>>>> = {
  payments: async ({ payments }, orderId) => {
    const state = await payments.read(orderId)
    return { payments: state === undefined ? [] : [...paymentBodies(state)] }
  },
  shipments: async ({ shipments }, orderId) => {
    const state = await shipments.read(orderId)
    return { shipments: state === undefined ? [] : [...shipmentBodies(state)] }
  }
}

/** Reads parts side by side. One that fails or is late is missing, and takes nothing else along; `onMissing` is told why. */
export async function readParts (
  services: Services, orderId: string, wanted: readonly OrderPart[], onMissing: (part: OrderPart, error: unknown) => void
): Promise<OrderParts> {
  const read = await Promise.all(wanted.map(async (part): Promise<OrderParts> => {
    try {
      return { ...await within(readers[part](services, orderId), partMs, services.clock), missing: [] }
    } catch (error) {
      onMissing(part, error)
      return { missing: [part] }
    }
  }))
  return Object.assign({}, ...read, { missing: read.flatMap(({ missing }) => missing) }) as OrderParts
}

async function within<T> (answer: Promise<T>, timeoutMs: number, clock: Clock): Promise<T> {
  const late = Promise.withResolvers<never>()
  const cancel = clock.schedule(timeoutMs, () => { late.reject(new Error(`not read within ${timeoutMs} ms`)) })
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    cancel()
  }
}
