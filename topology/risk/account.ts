import { type CurrencySum, type RiskAccount } from '#schemas'

/** The account of a customer about whom nothing is known. */
export function blankAccount (accountId: string): RiskAccount {
  return { type: 'RiskAccount', accountId, activity: [], importedActivity: [], exposures: [], limits: [] }
}

/** The amount in that currency; undefined = there is no entry. */
export function amountIn (sums: readonly CurrencySum[], currency: string): bigint | undefined {
  return sums.find(sum => sum.currency === currency)?.amount
}

/** The sums with that one set, in the order of their currencies; null takes it away. */
export function withAmount (sums: readonly CurrencySum[], currency: string, amount: bigint | null): readonly CurrencySum[] {
  const others = sums.filter(sum => sum.currency !== currency)
  return amount === null ? others : [...others, { currency, amount }].sort((a, b) => a.currency < b.currency ? -1 : 1)
}

/** The account with that much more (or less, below 0) owed. What comes to nothing has no entry. */
export function withExposure (account: RiskAccount, currency: string, change: bigint): RiskAccount {
  const owed = (amountIn(account.exposures, currency) ?? 0n) + change
  return { ...account, exposures: withAmount(account.exposures, currency, owed === 0n ? null : owed) }
}
