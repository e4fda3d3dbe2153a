import { createHash } from 'node:crypto'
import { signCallback } from '../../../topology/callbacks/signature.ts'
import { type GatewayEntry, type GatewayResult, type Submission } from './ledger.ts'

/** The secret of callbacks as both sides write it: the bytes of the key file. */
export function callbackSecret (bytes: Buffer): string {
  return `whsec_${bytes.toString('base64')}`
}

/** Of which steps the gateway tells by itself: of none, of those whose answer comes late or never, of all. */
export const callbackModes = ['none', 'late', 'all'] as const
export type CallbackMode = typeof callbackModes[number]

export interface CallbackOptions {
  readonly url: string
  readonly secret: string
  readonly mode: CallbackMode
  /** Epoch ms. */
  readonly now: () => number
  /** Pauses between tries, ms; after the last one the callback is given up. @default 100 ms doubling to 12.8 s */
  readonly pausesMs?: readonly number[]
}

/** Callbacks on their way at most: more are given up, as a provider's queue is not ours to trust. */
const maxUnderWay = 1_000
const doubling = Array.from({ length: 8 }, (_, index) => 100 * 2 ** index)

/**
 * Tells the platform by itself what was carried out, signed, until it is taken or the tries are over. Every callback is sent twice,
 * and of a late answer before it: a provider may do both. What is not delivered when the process ends is not delivered.
 */
export class CallbackSender {
  readonly #options: CallbackOptions
  readonly #closing = new AbortController()
  readonly #underWay = new Set<Promise<void>>()

  constructor (options: CallbackOptions) {
    this.#options = options
  }

  /** Tells of a step that was just written down. */
  tell ({ result, entry, delivery }: Submission): void {
    const { mode } = this.#options
    if (entry === undefined || mode === 'none' || (mode === 'late' && delivery === 'now')) return
    if (result.kind !== 'done' && result.kind !== 'declined') return
    if (this.#underWay.size >= maxUnderWay) return
    const sending = this.#send(callbackBody(entry, result)).finally(() => { this.#underWay.delete(sending) })
    this.#underWay.add(sending)
  }

  /** Gives up what is not delivered. */
  async close (): Promise<void> {
    this.#closing.abort()
    await Promise.all(this.#underWay)
  }

  async #send (body: string): Promise<void> {
    for (const pauseMs of this.#options.pausesMs ?? doubling) {
      if (await this.#post(body)) {
        await this.#post(body)
        return
      }
      await this.#pause(pauseMs)
      if (this.#closing.signal.aborted) return
    }
  }

  /** True when the platform has it. */
  async #post (body: string): Promise<boolean> {
    const { url, secret, now } = this.#options
    const headers = { 'content-type': 'application/json', 'payment-signature': signCallback(secret, body, Math.floor(now() / 1000)) }
    try {
      const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(5_000)])
      const response = await fetch(url, { method: 'POST', headers, body, signal })
      await response.arrayBuffer()
      return response.ok
    } catch {
      return false
    }
  }

  async #pause (ms: number): Promise<void> {
    const { signal } = this.#closing
    if (signal.aborted) return
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms)
      signal.addEventListener('abort', () => { clearTimeout(timer); resolve() }, { once: true })
    })
  }
}

/** The body of a callback; its id follows from the step, so that the same step is told under the same id for ever. */
export function callbackBody ({ key, step, code, at }: GatewayEntry, result: Extract<GatewayResult, { kind: 'done' | 'declined' | 'refused' | 'failed' }>): string {
  const { reference, currency, authorised, captured, voided, refunded } = result.kind === 'done' ? result.view : nothing
  const authorisation = { reference, currency, authorised: String(authorised), captured: String(captured), voided: String(voided), refunded: String(refunded) }
  const id = `evt_${createHash('sha1').update(`${key} ${result.kind}`).digest('hex').slice(0, 24)}`
  return JSON.stringify({ id, type: `operation.${result.kind}`, created: Math.floor(at / 1000), data: { step, key, code, authorisation } })
}

const nothing = { reference: '', currency: '', authorised: 0n, captured: 0n, voided: 0n, refunded: 0n }
