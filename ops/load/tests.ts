import { join } from 'node:path'

interface LoadTest {
  readonly what: string
  readonly script: string
  /** Orders that wait for another payment, before it begins. */
  readonly declined: number
}

const script = (name: string): string => join(import.meta.dirname, 'scripts', `${name}.ts`)

/** Every load test by name. */
export const loadTests = {
  orders: { what: 'POST /v1/orders at 50 a second, then at 1,000', script: script('orders'), declined: 0 },
  catalog: { what: 'searches and products at 500 a second, then at 5,000', script: script('catalog'), declined: 0 },
  payments: { what: 'POST /v1/orders/{id}/payments at 25 a second, then at 250', script: script('payments'), declined: 400 },
  day: { what: 'visitors, customers and payers from night to evening', script: script('day'), declined: 100 },
  spike: { what: 'twenty times as many orders within two seconds', script: script('spike'), declined: 0 },
  soak: { what: 'the same moderate load for 60 parts', script: script('soak'), declined: 0 }
} as const satisfies Readonly<Record<string, LoadTest>>

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
