import { type Random } from './random.ts'
import { type SimClock } from './clock.ts'

/** request = on its way there, nothing has happened yet. answer = it has happened, and the caller does not know. */
export type Phase = 'request' | 'answer'

/** One call of a process to something outside of it. */
export interface Call {
  /** `p1.2`: the second life of process 1. */
  readonly process: string
  readonly port: 'broker' | 'state' | 'target'
  readonly api: string
  /** What it is about: a transactional id, a task key, a topic-partition; '' = nothing in particular. */
  readonly about: string
  /** What the other side does when the request arrives. */
  readonly act: (() => unknown) | undefined
  /** The error of a connection that broke. */
  readonly lost: () => Error
}

/** Whether a process can be reached now. */
export interface Reachable {
  readonly isGone: (process: string) => boolean
  /** Paused: what it has sent goes on, nothing reaches it. */
  readonly isPaused: (process: string) => boolean
  /** Cut off from that port. */
  readonly isCut: (process: string, port: Call['port']) => boolean
}

/** Looks at a call before it waits for its turn; may end it by a throw, or have it wait until a moment. */
export type Tamper = (call: Call, phase: Phase) => { readonly untilMs: number } | void

interface Step {
  readonly call: Call
  readonly phase: Phase
  /** Eligible from then on, epoch ms. */
  readonly fromMs: number
  /** Its process was paused already: it was not sent yet. */
  readonly isUnsent: boolean
  readonly go: () => void
  readonly lose: (error: Error) => void
}

/**
 * Everything that is under way between processes, broker, state and target. Each call waits here twice, before it arrives and before it
 * is answered; the seed says whose turn it is. What process hears of what, and in which order, is decided here and nowhere else.
 */
export class Network {
  readonly #random: Random
  readonly #clock: SimClock
  readonly #reachable: Reachable
  readonly #steps: Step[] = []
  #eligible: number[] = []
  #taken = 0
  /** Set by the one who makes faults. */
  tamper: Tamper = () => {}
  /** Told of every step that was taken. */
  onStep: ((line: () => string) => void) | undefined

  constructor (random: Random, clock: SimClock, reachable: Reachable) {
    this.#random = random
    this.#clock = clock
    this.#reachable = reachable
  }

  /** Steps taken so far. */
  get taken (): number { return this.#taken }

  /** Calls that wait for their turn. */
  get waiting (): number { return this.#steps.length }

  /** When the next step may be taken, epoch ms; Infinity = only when something else happens. */
  get nextMs (): number {
    let next = Infinity
    for (const step of this.#steps) if (step.fromMs < next && this.#mayGo(step)) next = step.fromMs
    return next
  }

  /** Called at both ends of each call: resolves when it is its turn, rejects when it is lost. Never settles once its process is gone. */
  async pass (call: Call, phase: Phase): Promise<void> {
    if (this.#reachable.isGone(call.process)) return await new Promise<never>(() => {})
    const fromMs = this.tamper(call, phase)?.untilMs ?? 0
    if (this.#reachable.isGone(call.process)) return await new Promise<never>(() => {})
    const isUnsent = this.#reachable.isPaused(call.process)
    await new Promise<void>((resolve, reject) => { this.#steps.push({ call, phase, fromMs, isUnsent, go: resolve, lose: reject }) })
  }

  /** Delivers a request `afterMs` from now, whoever waits for its answer: nobody hears of it. */
  deliver (call: Call, afterMs: number): void {
    const { act } = call
    if (act === undefined) return
    const fromMs = this.#clock.now() + afterMs
    this.#steps.push({ call: { ...call, process: '' }, phase: 'request', fromMs, isUnsent: false, lose: () => {}, go: () => { swallow(act) } })
  }

  /** Takes one of the steps that may be taken now; false = there is none. */
  step (): boolean {
    const nowMs = this.#clock.now()
    const eligible = this.#eligible
    eligible.length = 0
    for (let index = 0; index < this.#steps.length; index++) {
      const step = this.#steps[index] as Step
      if (step.fromMs <= nowMs && this.#mayGo(step)) eligible.push(index)
    }
    if (eligible.length === 0) return false
    const index = this.#random.pick(eligible)
    const step = this.#steps[index] as Step
    this.#remove(index)
    this.#taken++
    this.#take(step)
    return true
  }

  /** A process is gone: its answers are not for anybody, but a request that was sent may still arrive. */
  drop (process: string): void {
    for (let index = this.#steps.length - 1; index >= 0; index--) {
      const { call, phase } = this.#steps[index] as Step
      if (call.process !== process) continue
      this.#remove(index)
      if (phase === 'request' && call.api !== 'fetch' && this.#random.chance(0.5)) this.deliver(call, this.#random.between(0, 300))
    }
  }

  #take ({ call, phase, go, lose }: Step): void {
    const isCut = call.process !== '' && this.#reachable.isCut(call.process, call.port)
    this.onStep?.(() => `${call.process === '' ? 'the network' : call.process} ${call.port} ${call.api} ${call.about} ${phase}${isCut ? ': cut' : ''}`)
    if (isCut) lose(call.lost())
    else go()
  }

  /** A paused process has sent what it has sent, and hears nothing. */
  #mayGo ({ call, phase, isUnsent }: Step): boolean {
    return (phase === 'request' && !isUnsent) || !this.#reachable.isPaused(call.process)
  }

  #remove (index: number): void {
    const last = this.#steps.pop() as Step
    if (index < this.#steps.length) this.#steps[index] = last
  }
}

/** What arrives late may be refused, by a throw or a rejection: there is nobody to be told. */
function swallow (act: () => unknown): void {
  Promise.resolve().then(act).catch(() => {})
}
