import { BrokerError } from './broker-error.ts'

export type BrokerApi =
  | 'metadata' | 'listOffsets' | 'fetch' | 'produce' | 'initProducerId' | 'addPartitions' | 'endTxn'
  | 'joinGroup' | 'heartbeat' | 'leaveGroup' | 'offsetCommit' | 'admin'

/** One request of a client, as faults see it. */
export interface BrokerCall {
  readonly api: BrokerApi
  readonly clientId: string
  readonly transactionalId?: string
  readonly groupId?: string
  readonly topic?: string
  readonly partition?: number
}

/** request = before the broker acts on it; answer = after it took effect, before the client hears of it. */
export type FaultPhase = 'request' | 'answer'

export interface FaultOptions {
  readonly phase: FaultPhase
  /** How many matching calls are hit. @default 1 */
  readonly times?: number
  /** How many matching calls pass first. @default 0 */
  readonly skip?: number
}

/** A call that was stopped on its way. */
export interface HeldCall {
  /** Resolves when a call has arrived at the barrier. */
  readonly arrived: Promise<BrokerCall>
  /** Lets it go on; or, with an error, loses it. */
  release (error?: Error): void
}

/** Sees every call in both phases: may wait (delay) or throw (the connection breaks there). For simulators. */
export type Interceptor = (call: BrokerCall, phase: FaultPhase) => void | Promise<void>

interface Rule {
  readonly match: Partial<BrokerCall>
  readonly phase: FaultPhase
  left: number
  skip: number
  readonly act: (call: BrokerCall) => void | Promise<void>
}

/**
 * Faults of the memory broker, by matching calls. `fail({ api: 'endTxn', transactionalId }, { phase: 'answer' })` is a commit
 * that took effect and whose answer is lost; with phase 'request' it never arrived.
 */
export class BrokerFaults {
  #rules: Rule[] = []
  #interceptor: Interceptor | undefined

  /** True when no rule and no interceptor can hit a call: the fast path. */
  get idle (): boolean {
    return this.#rules.length === 0 && this.#interceptor === undefined
  }

  /** Breaks the connection under matching calls, or answers them with `error`. */
  fail (match: Partial<BrokerCall>, options: FaultOptions & { readonly error?: BrokerError }): void {
    const error = options.error ?? new BrokerError('NETWORK', 'injected')
    this.#rules.push({ match, phase: options.phase, left: options.times ?? 1, skip: options.skip ?? 0, act: () => { throw error } })
  }

  /** Stops the next matching call until it is released. */
  hold (match: Partial<BrokerCall>, options: FaultOptions): HeldCall {
    const arrival = Promise.withResolvers<BrokerCall>()
    const gate = Promise.withResolvers<void>()
    gate.promise.catch(() => {})
    this.#rules.push({
      match,
      phase: options.phase,
      left: options.times ?? 1,
      skip: options.skip ?? 0,
      act: async call => {
        arrival.resolve(call)
        await gate.promise
      }
    })
    return {
      arrived: arrival.promise,
      release: error => { error === undefined ? gate.resolve() : gate.reject(error) }
    }
  }

  /** Hands every call to `interceptor`, before the rules; undefined ends that. */
  intercept (interceptor: Interceptor | undefined): void {
    this.#interceptor = interceptor
  }

  /** Forgets all rules and the interceptor; calls already held stay held. */
  clear (): void {
    this.#rules = []
    this.#interceptor = undefined
  }

  /** Called by clients at both ends of each call; rejects to break it. */
  async pass (call: BrokerCall, phase: FaultPhase): Promise<void> {
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
}

function matches (match: Partial<BrokerCall>, call: BrokerCall): boolean {
  return Object.entries(match).every(([name, value]) => value === undefined || call[name as keyof BrokerCall] === value)
}
