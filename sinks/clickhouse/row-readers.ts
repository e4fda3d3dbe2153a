import { type JsonRow } from './named-query.ts'

/** A member of a row as text; empty where there is none. */
export const text = (json: JsonRow, name: string): string => String(json[name] ?? '')

/** A member of a row as a number; 0 where there is none. */
export const count = (json: JsonRow, name: string): number => Number(json[name] ?? 0)

/** An amount that was asked for through `E4`, in 1/10,000 of the currency unit. */
export const money = (json: JsonRow, name: string): bigint => BigInt(text(json, name))

/** SQL of a decimal sum in 1/10,000 of the unit: multiplied where it is exact, and sent as text. */
export const E4 = (sum: string): string => `toString(toInt128((${sum}) * 10000))`
