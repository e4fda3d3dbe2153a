/** request = before the other side acts on a call; answer = after it took effect, before the caller hears of it. */
export type FaultPhase = 'request' | 'answer'

export interface FaultOptions {
  readonly phase: FaultPhase
  /** How many matching calls are hit. @default 1 */
  readonly times?: number
  /** How many matching calls pass first. @default 0 */
  readonly skip?: number
}

/** A call that was stopped on its way. */
export interface HeldCall<Call> {
  /** Resolves when a call has arrived at the barrier. */
  readonly arrived: Promise<Call>
  /** Lets it go on; or, with an error, loses it. */
  release (error?: Error): void
}

/** Sees every call in both phases: may wait (delay) or throw (the connection breaks there). For simulators. */
export type Interceptor<Call> = (call: Call, phase: FaultPhase) => void | Promise<void>

interface Rule<Call> {
  readonly match: Partial<Call>
  readonly phase: FaultPhase
  left: number
  skip: number
  readonly act: (call: Call) => void | Promise<void>
}

/**
 * Faults of an in-process broker or state backend, by matching calls: a plan is empty until a test fills it.
 *
 * `fail({ api: 'endTxn' }, { phase: 'answer' })` is a commit that took effect and whose answer is lost; with phase 'request' it
 * never arrived.
 */
export class FaultPlan<Call extends object> {
  readonly #lost: () => Error
  #rules: Array<Rule<Call>> = []
  #interceptor: Interceptor<Call> | undefined

  /** `lost` makes the error of a broken connection. */
  constructor (lost: () => Error) {
    this.#lost = lost
  }

  /** True when no rule and no interceptor can hit a call: the fast path. */
  get idle (): boolean {
    return this.#rules.length === 0 && this.#interceptor === undefined
  }

  /** Breaks the connection under matching calls, or answers them with `error`. */
  fail (match: Partial<Call>, options: FaultOptions & { readonly error?: Error }): void {
    this.#add(match, options, () => { throw options.error ?? this.#lost() })
  }

  /** Stops the next matching call until it is released. */
  hold (match: Partial<Call>, options: FaultOptions): HeldCall<Call> {
    const arrival = Promise.withResolvers<Call>()
    const gate = Promise.withResolvers<void>()
    gate.promise.catch(() => {})
    this.#add(match, options, async call => {
      arrival.resolve(call)
      await gate.promise
    })
    return {
      arrived: arrival.promise,
      release: error => { error === undefined ? gate.resolve() : gate.reject(error) }
    }
  }

  /** Hands every call to `interceptor`, before the rules; undefined ends that. */
  intercept (interceptor: Interceptor<Call> | undefined): void {
    this.#interceptor = interceptor
  }

  /** Forgets all rules and the interceptor; calls already held stay held. */
  clear (): void {
    this.#rules = []
    this.#interceptor = undefined
  }

  /** Called at both ends of each call; rejects to break it. */
  async pass (call: Call, phase: FaultPhase): Promise<void> {
    await this.#interceptor?.(call, phase)
    const rule = this.#rules.find(rule => rule.phase === phase && matches(rule.match, call))
    if (rule === undefined) return
    if (rule.skip > 0) {
      rule.skip -= 1
      return
    }
    rule.left -= 1
    if (rule.left === 0) this.#rules = this.#rules.filter(other => other !== rule)
    await rule.act(call)
  }

  #add (match: Partial<Call>, { phase, times = 1, skip = 0 }: FaultOptions, act: Rule<Call>['act']): void {
    this.#rules.push({ match, phase, left: times, skip, act })
  }
}

function matches<Call extends object> (match: Partial<Call>, call: Call): boolean {
  return Object.entries(match).every(([name, value]) => value === undefined || call[name as keyof Call] === value)
}
