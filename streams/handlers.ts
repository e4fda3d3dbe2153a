/**
 * Try the input again: its key waits until then, other keys go on. The wait doubles from `firstMs` up to `maxMs`, shortened by up to
 * a half; with the `tries`-th failure it becomes a dead letter. Compensations are tried for ever.
 */
export interface Retry {
  readonly kind: 'retry'
  readonly firstMs: number
  readonly maxMs: number
  /** Tries in all, the first one included; Infinity = for ever. */
  readonly tries: number
}

/** True for a wait that grows from something to a limit, and one try at least. */
export function isRetry ({ firstMs, maxMs, tries }: Retry): boolean {
  return firstMs > 0 && maxMs >= firstMs && Number.isFinite(maxMs) && tries >= 1
}

/**
 * What to do with an input that failed: write it to the dead-letter topic (and park its key, where the processor parks), pass over it,
 * stop the task, or try it again.
 */
export type Verdict = 'dead-letter' | 'continue' | 'fail' | Retry

/** Where the failing thing came from. Never holds payloads. */
export interface FailureOrigin {
  readonly processor: string
  /** `record`: an input record; `timer`: a due timer; `effect`: a finish. For the last two topic is the changelog and offset −1. */
  readonly kind: 'record' | 'timer' | 'effect'
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  /** Failures of this input so far, this one included. */
  readonly attempts: number
}

/**
 * Asked, synchronously and inside the cycle, for every input that fails; the answer is decided in the same transaction as
 * everything else. Must not throw: a throw counts as 'fail', and so does a `Retry` that says nothing sensible.
 */
export interface ExceptionHandlers {
  /** The key or the value does not decode, the schema is unknown, or the record belongs elsewhere: `Retry` counts as 'dead-letter'. */
  readonly deserialization: (error: Error, origin: FailureOrigin) => Verdict
  /** The handler, timer or finish threw. */
  readonly processing: (error: Error, origin: FailureOrigin) => Verdict
  /** An output or a row of it is larger than its topic accepts, or all of them together larger than a transaction may be. */
  readonly production: (error: Error, origin: FailureOrigin) => Verdict
}

/** Everything that fails is dead-lettered. */
export const defaultHandlers: ExceptionHandlers = Object.freeze({
  deserialization: () => 'dead-letter',
  processing: () => 'dead-letter',
  production: () => 'dead-letter'
} as const)
