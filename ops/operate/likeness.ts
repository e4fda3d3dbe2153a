import { isDeepStrictEqual } from 'node:util'

/** Epoch ms from September 2001 on: no count, amount or version of a record is as large. */
const firstInstant = 1_000_000_000_000

/** How far two instants of the same decision may be apart, ms: as long as inputs may wait for a task. */
const waitMs = 3_600_000

/** How two values agree: in all, in all but instants that are at most an hour apart, or not. */
export function likeness (one: unknown, other: unknown): 'same' | 'shifted' | 'other' {
  if (isDeepStrictEqual(one, other)) return 'same'
  return isAlike(one, other) ? 'shifted' : 'other'
}

function isAlike (one: unknown, other: unknown): boolean {
  if (typeof one === 'number' && typeof other === 'number') {
    return one === other || (Math.min(one, other) >= firstInstant && Math.abs(one - other) <= waitMs)
  }
  if (!isRecord(one) || !isRecord(other)) return isDeepStrictEqual(one, other)
  if (Array.isArray(one) !== Array.isArray(other) || Object.keys(one).length !== Object.keys(other).length) return false
  return Object.keys(one).every(name => name in other && isAlike(one[name], other[name]))
}

function isRecord (value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Buffer.isBuffer(value)
}
