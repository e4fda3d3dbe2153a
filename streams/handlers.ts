/** What to do with an input that failed: write it to the dead-letter topic, pass over it, or stop the task. */
export type Verdict = 'dead-letter' | 'continue' | 'fail'

/** Where the failing thing came from. Never holds payloads. */
export interface FailureOrigin {
  readonly processor: string
  /** `record`: an input record; `timer`: a due timer; `effect`: a finish. For the last two topic is the changelog and offset −1. */
  readonly kind: 'record' | 'timer' | 'effect'
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

/**
 * Asked, synchronously and inside the cycle, for every input that fails; the answer is decided in the same transaction as
 * everything else. Must not throw: a throw counts as 'fail'.
 */
export interface ExceptionHandlers {
  /** The key or the value does not decode, the schema is unknown, or the record belongs elsewhere. */
  readonly deserialization: (error: Error, origin: FailureOrigin) => Verdict
  /** The handler, timer or finish threw. */
  readonly processing: (error: Error, origin: FailureOrigin) => Verdict
  /** An output or a row of it is larger than its topic accepts. */
  readonly production: (error: Error, origin: FailureOrigin) => Verdict
}

/** Everything that fails is dead-lettered. */
export const defaultHandlers: ExceptionHandlers = Object.freeze({
  deserialization: () => 'dead-letter',
  processing: () => 'dead-letter',
  production: () => 'dead-letter'
} as const)
