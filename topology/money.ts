/**
 * Money is a whole number of 1/10,000 of a currency unit, as `bigint`, beside an ISO 4217 code: never a float, never rounded here.
 * On the wire it is Avro decimal(18, 4); as text it always shows four decimals.
 */

/** 1/10,000 units in one unit of a currency. */
export const moneyScale = 10_000n

/** Largest amount that decimal(18, 4) can hold, in 1/10,000 of the unit. */
export const maxMoney = 999_999_999_999_999_999n

/**
 * Reads a decimal text, e.g. `12`, `-0.5`, `3.1415`, into 1/10,000 of the unit. Exact: more than four decimals, exponents, signs
 * other than a leading minus, and amounts beyond `maxMoney` give undefined.
 */
export function parseMoney (text: string): bigint | undefined {
  const match = /^(-?)(\d{1,14})(?:\.(\d{1,4}))?$/.exec(text)
  if (match === null) return undefined
  const [, sign, whole, fraction = ''] = match
  const amount = BigInt(whole as string) * moneyScale + BigInt(fraction.padEnd(4, '0'))
  return sign === '-' ? -amount : amount
}

/** Writes 1/10,000 of the unit as decimal text with four decimals: `"12.5000"`, `"-0.0001"`. */
export function formatMoney (amount: bigint): string {
  const absolute = amount < 0n ? -amount : amount
  const fraction = (absolute % moneyScale).toString().padStart(4, '0')
  return `${amount < 0n ? '-' : ''}${absolute / moneyScale}.${fraction}`
}

/** Price of `quantity` pieces at `unitPrice`. @throws {RangeError} when the quantity is not a whole number. */
export function multiplyMoney (unitPrice: bigint, quantity: number): bigint {
  return unitPrice * BigInt(quantity)
}

/** Sum of amounts of one currency; 0 for none. */
export function sumMoney (amounts: Iterable<bigint>): bigint {
  let sum = 0n
  for (const amount of amounts) sum += amount
  return sum
}

/** True when decimal(18, 4) can hold the amount. */
export function isMoney (amount: bigint): boolean {
  return amount >= -maxMoney && amount <= maxMoney
}

/** @source ISO 4217 list one, active codes; funds codes, metals and test codes left out. */
const currencies = new Set((
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP ' +
  'CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD ' +
  'JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN ' +
  'NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL ' +
  'THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG'
).split(' '))

/** True for an active ISO 4217 code in capital letters. */
export function isCurrency (code: string): boolean {
  return currencies.has(code)
}
