import { StreamsError } from '../../errors.ts'
import { BrokerError } from './broker-error.ts'
import { type MemoryBroker } from './broker.ts'
import { type BrokerCall } from './faults.ts'

type LinkState = 'up' | 'isolated' | 'crashed' | 'closed'

/** The connection of one client: the one place through which its requests pass, and where faults meet them. */
export class MemoryLink {
  readonly broker: MemoryBroker
  readonly clientId: string
  #state: LinkState = 'up'
  readonly #wakers = new Set<() => void>()

  constructor (broker: MemoryBroker, clientId: string) {
    this.broker = broker
    this.clientId = clientId
  }

  get isUp (): boolean { return this.#state === 'up' }
  get isClosed (): boolean { return this.#state === 'closed' || this.#state === 'crashed' }

  set (state: LinkState): void {
    if (this.isClosed) return
    this.#state = state
    for (const waker of this.#wakers) waker()
  }

  /** Calls back when the link goes up or down. */
  onChange (waker: () => void): () => void {
    this.#wakers.add(waker)
    return () => { this.#wakers.delete(waker) }
  }

  /**
   * One request: a fault may lose it on the way (nothing happened) or lose its answer (it happened).
   *
   * @throws {BrokerError} NETWORK when no answer came; else what `handle` throws.
   * @throws {StreamsError} STR_CLOSED after close. After a crash it never settles: the process is gone.
   */
  async call<T> (call: Omit<BrokerCall, 'clientId' | 'act'>, handle: () => T | Promise<T>): Promise<T> {
    return await this.broker.track(async () => {
      const full = { ...call, clientId: this.clientId, act: handle }
      await this.#pass(full, 'request')
      const answer = await handle()
      await this.#pass(full, 'answer')
      return answer
    })
  }

  async #pass (call: BrokerCall, phase: 'request' | 'answer'): Promise<void> {
    await this.#check()
    if (this.broker.faults.idle) return
    await this.broker.faults.pass(call, phase)
    await this.#check()
  }

  async #check (): Promise<void> {
    if (this.#state === 'isolated') throw new BrokerError('NETWORK', 'isolated')
    if (this.#state === 'closed') throw new StreamsError('STR_CLOSED')
    if (this.#state === 'crashed') await new Promise<never>(() => {})
  }
}
