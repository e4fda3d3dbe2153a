import { moneyScale } from '../../money.ts'

/** @source Stripe: "Supported currencies", zero-decimal and three-decimal ones; all others have two. */
const zeroDecimal = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF'.split(' '))
const threeDecimal = new Set('BHD JOD KWD OMR TND'.split(' '))

/** Size of the smallest unit that Stripe counts in, in 1/10,000 of the currency's unit. Three-decimal ones end in 0 there. */
function unitOf (currency: string): { readonly size: bigint, readonly step: bigint } {
  if (zeroDecimal.has(currency)) return { size: moneyScale, step: moneyScale }
  return threeDecimal.has(currency) ? { size: 10n, step: 100n } : { size: 100n, step: 100n }
}

/** An amount as Stripe counts it; undefined when it cannot be told exactly, or is more than Stripe takes. Never rounded. */
export function toMinor (amount: bigint, currency: string): number | undefined {
  const { size, step } = unitOf(currency)
  if (amount < 0n || amount % step !== 0n || amount / size > 99_999_999_999n) return undefined
  return Number(amount / size)
}

/** An amount of Stripe's in 1/10,000 of the currency's unit. */
export function fromMinor (minor: number, currency: string): bigint {
  return BigInt(minor) * unitOf(currency).size
}
