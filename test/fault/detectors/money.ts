import { type Evidence, type LogRecord, type ProviderEntry } from '../evidence/evidence.ts'
import { type Detector, Inquiry } from './verdict.ts'

interface Sums { authorised: bigint, captured: bigint, voided: bigint, refunded: bigint }

const names = ['authorised', 'captured', 'voided', 'refunded'] as const
const booked: Readonly<Record<string, keyof Sums>> = {
  PaymentAuthorized: 'authorised', PaymentSucceeded: 'captured', PaymentVoided: 'voided', PaymentRefunded: 'refunded', PaymentPartiallyRefunded: 'refunded'
}
const ends: ReadonlySet<string> = new Set(['OrderCancelled', 'OrderFailed', 'OrderTimedOut'])

/**
 * I2: money, per order and currency, in whole 1/10,000 units: authorised = captured + voided, nothing is left open; what was refunded
 * was captured; our events and the provider's journal say the same; a confirmed order has paid its price, an ended one has it back.
 */
export const money: Detector = evidence => {
  const inquiry = new Inquiry()
  const ours = sumsOfEvents(evidence.records)
  const theirs = sumsOfProvider(evidence.payments)
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const [mine, other] = [ours.get(key) ?? nothing(), theirs.get(key) ?? nothing()]
    for (const name of names) inquiry.equal(key, `${name} by our events = by the provider`, other[name], mine[name])
    inquiry.equal(key, 'authorised = captured + voided', mine.authorised, mine.captured + mine.voided)
    if (mine.refunded > mine.captured) inquiry.find(key, `${mine.refunded} refunded of ${mine.captured} captured`)
    for (const name of names) if (mine[name] < 0n) inquiry.find(key, `${name} is below zero`)
  }
  judgeOrders(inquiry, evidence, ours)
  return inquiry.verdict()
}

/** What an order owes follows from its own events alone. */
function judgeOrders (inquiry: Inquiry, { records }: Evidence, ours: ReadonlyMap<string, Sums>): void {
  const orders = Map.groupBy(records.filter(({ topic, type }) => topic === 'commerce.orders.events' && type !== ''), ({ key }) => key)
  for (const [orderId, history] of orders) {
    const created = history.find(({ type }) => type === 'OrderCreated')
    if (created === undefined) continue
    const sums = ours.get(`${orderId} ${created.facts['currency']}`) ?? nothing()
    const isEnded = history.some(({ type }) => ends.has(type))
    if (isEnded) inquiry.equal(orderId, 'an ended order keeps no money', 0n, sums.captured - sums.refunded)
    else if (history.some(({ type }) => type === 'OrderConfirmed')) inquiry.equal(orderId, 'a confirmed order has paid its price', BigInt(String(created.facts['total'] ?? '0')), sums.captured - sums.refunded)
  }
}

function sumsOfEvents (records: readonly LogRecord[]): Map<string, Sums> {
  const sums = new Map<string, Sums>()
  for (const { topic, type, key, facts } of records) {
    const name = topic === 'commerce.payments.events' ? booked[type] : undefined
    if (name !== undefined) sumOf(sums, `${key} ${facts['currency']}`)[name] += BigInt(String(facts['amount'] ?? '0'))
  }
  return sums
}

function sumsOfProvider (entries: readonly ProviderEntry[]): Map<string, Sums> {
  const sums = new Map<string, Sums>()
  const open = new Map<string, { currency: string, amount: bigint }>()
  for (const { step, authorisation, orderId, currency, amount, outcome } of entries) {
    if (outcome !== 'done') continue
    const value = BigInt(amount)
    if (step === 'authorise') {
      open.set(authorisation, { currency, amount: value })
      sumOf(sums, `${orderId} ${currency}`).authorised += value
      continue
    }
    const held = open.get(authorisation)
    // A void that finds nothing leaves a fence: no money moves.
    if (held === undefined) continue
    const sum = sumOf(sums, `${orderId} ${held.currency}`)
    if (step === 'refund') sum.refunded += value
    if (step === 'capture') sum.captured += value
    if (step === 'capture') sum.voided += held.amount - value
    if (step === 'void') sum.voided += held.amount
    if (step !== 'refund') held.amount = 0n
  }
  return sums
}

function nothing (): Sums { return { authorised: 0n, captured: 0n, voided: 0n, refunded: 0n } }

function sumOf (sums: Map<string, Sums>, key: string): Sums {
  const found = sums.get(key)
  if (found !== undefined) return found
  const begun = nothing()
  sums.set(key, begun)
  return begun
}
