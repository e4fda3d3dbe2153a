import { type EffectDef } from '../processor.ts'

/** How to go on with an open effect. */
export type EffectStep = 'call' | 'lookup' | 'unknown'

/**
 * What may be done with an open effect (A8).
 *
 * `wasCalled`: it was called before, or may have been (another owner had the row). A repeat is safe while the provider still
 * knows the idempotency key; then it can only be asked; and when it cannot be asked, the declared policy decides whether to
 * risk a second call or to leave it to a person.
 */
export function effectStep (effect: Pick<EffectDef, 'keyLifeMs' | 'policy' | 'lookup'>, wasCalled: boolean, ageMs: number): EffectStep {
  if (!wasCalled || ageMs < effect.keyLifeMs) return 'call'
  if (effect.lookup !== undefined) return 'lookup'
  return effect.policy === 'at-least-once' ? 'call' : 'unknown'
}

const FIRST_MS = 100
const LARGEST_MS = 30_000

/** Wait before the next try, ms: doubles from 100 ms to 30 s. Deterministic: no jitter, rows are spread by when they failed. */
export function effectBackoffMs (attempt: number): number {
  return Math.min(LARGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 16))
}
