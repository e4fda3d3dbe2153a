/** An amount of money: a whole number of 1/10,000 of the currency unit. */
export type Amount = bigint

/**
 * Reads decimal text with up to four decimals, e.g. `2.55` as 25500n.
 *
 * @throws {Error} for anything else: nothing is rounded.
 */
export function parseAmount (text: string): Amount {
  const [, sign, whole = '', decimals = ''] = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(text) ?? []
  if (sign === undefined) throw new Error(`'${text}' is not an amount with up to four decimals`)
  const amount = BigInt(whole) * 10_000n + BigInt(decimals.padEnd(4, '0'))
  return sign === '-' ? -amount : amount
}

/** Decimal text with four decimals, e.g. `2.5500`. */
export function formatAmount (amount: Amount): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(5, '0')
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`
}
