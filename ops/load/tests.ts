import { join } from 'node:path'
import { maxPaymentAttempts } from '../../topology/orders/pay-again.ts'

/** What the command line says of the rates, requests a second. */
export interface Rates { readonly floor: number | undefined, readonly goal: number | undefined }

interface LoadTest {
  readonly what: string
  readonly script: string
  /** Orders that wait for another payment before it begins, for parts of that many seconds. @default none */
  readonly declined?: (seconds: number, rates: Rates) => number
}

const script = (name: string): string => join(import.meta.dirname, 'scripts', `${name}.ts`)

/** So often an order whose payment was declined may be paid again: the one after is its end. */
const paymentsAgain = maxPaymentAttempts - 1

/** Payments of the day, for parts of a second: its five ramps come to 14, and some to spare. */
const dayPayments = 16

/** Both parts go through all orders from the first one on: as many as the first part asks for take one payment each, and leave the others to the second. */
function declinedFor (seconds: number, { floor = 25, goal = 250 }: Rates): number {
  return Math.max(floor * seconds, Math.ceil(goal * seconds / (paymentsAgain - 1)))
}

/** Every load test by name. */
export const loadTests: Readonly<Record<'orders' | 'catalog' | 'payments' | 'day' | 'spike' | 'soak', LoadTest>> = {
  orders: { what: 'POST /v1/orders at 50 a second, then at 1,000', script: script('orders') },
  catalog: { what: 'searches and products at 500 a second, then at 5,000', script: script('catalog') },
  payments: { what: 'POST /v1/orders/{id}/payments at 25 a second, then at 250', script: script('payments'), declined: declinedFor },
  day: { what: 'visitors, customers and payers from night to evening', script: script('day'), declined: seconds => Math.ceil(dayPayments * seconds / paymentsAgain) },
  spike: { what: 'twenty times as many orders within two seconds', script: script('spike') },
  soak: { what: 'the same moderate load for 60 parts', script: script('soak') }
}

/** How long a scenario sends, in parts and further seconds. */
const lengths: Readonly<Record<keyof typeof loadTests, (seconds: number) => number>> = {
  orders: seconds => seconds,
  catalog: seconds => seconds,
  payments: seconds => seconds,
  day: seconds => seconds * 5,
  spike: seconds => seconds * 2 + Math.ceil(seconds / 2) + 4,
  soak: seconds => seconds * 60
}

/** Seconds that a scenario of that test sends, with parts of that many seconds. */
export function scenarioSeconds (name: keyof typeof loadTests, seconds: number): number {
  return lengths[name](seconds)
}
