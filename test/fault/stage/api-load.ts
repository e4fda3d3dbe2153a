import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Random } from '../../../ops/play/random.ts'
import { type Operation, type Probe } from '../evidence/evidence.ts'
import { orderBody } from '../../support/http.ts'
import { type Stage } from './stage.ts'

/** Between two tries of one order, ms: far enough apart for a customer not to be told that he asks too often. */
const againMs = 1_000

/** A request is given up after this long, ms: its sender does not know then what became of it, and repeats it. */
const patienceMs = 8_000

/** A client of the API that never gives up: it repeats each order under its key until it is acknowledged, and writes down every answer. */
export class ApiLoad {
  readonly operations: Operation[] = []
  readonly probes: Probe[] = []
  readonly #stage: Stage
  readonly #skus: readonly string[]
  readonly #random: Random
  readonly #pauseMs: number
  readonly #stop = new AbortController()
  readonly #work: Array<Promise<void>> = []

  /** `pauseMs`: between two orders. */
  constructor (stage: Stage, skus: readonly string[], random: Random, pauseMs = 250) {
    this.#stage = stage
    this.#skus = skus
    this.#random = random
    this.#pauseMs = pauseMs
  }

  start (): void {
    this.#work.push(this.#order(), this.#probe())
    // Their failure is told by `end`, whenever that is asked.
    for (const work of this.#work) work.catch(() => {})
  }

  /** Ends when what was begun is acknowledged and the API is ready, or is not for long. Rejects when an order is not taken within two minutes. */
  async end (): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#work)
    for (const deadline = Date.now() + 20_000; this.probes.at(-1)?.status !== 200 && Date.now() < deadline; await sleep(200)) await this.#look()
  }

  /** One request; what came of it is written down. */
  async place (key: string, quantity: number): Promise<Operation> {
    const fromMs = Date.now()
    const body = orderBody(this.#skus[quantity % this.#skus.length] ?? '', { lines: [{ sku: this.#skus[quantity % this.#skus.length], quantity }] })
    const answer = await this.#send(key, body).catch(() => ({ status: 0, orderId: '' }))
    const operation = { key, body: String(quantity), fromMs, toMs: Date.now(), ...answer }
    this.operations.push(operation)
    return operation
  }

  /** Repeats a request until it is acknowledged. */
  async insist (key: string, quantity: number, withinMs = 120_000): Promise<Operation> {
    for (const deadline = Date.now() + withinMs; ;) {
      const operation = await this.place(key, quantity)
      if (operation.status >= 200 && operation.status < 300) return operation
      if (operation.status === 400) throw new Error(`the order ${key} is not taken as it is: the test is wrong`)
      if (Date.now() > deadline) throw new Error(`the order ${key} was not acknowledged within ${withinMs} ms: ${operation.status} came last`)
      await sleep(againMs)
    }
  }

  async #order (): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const [key, quantity] = [randomUUID(), this.#random.integer(1, 3)]
      await this.insist(key, quantity)
      const dice = this.#random.unit()
      if (dice < 0.2) await this.place(key, quantity)
      else if (dice < 0.3) await this.place(key, quantity + 1)
      await sleep(this.#pauseMs, undefined, { signal: this.#stop.signal }).catch(() => {})
    }
  }

  async #probe (): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#look()
      await sleep(400, undefined, { signal: this.#stop.signal }).catch(() => {})
    }
  }

  /** The time is that of the answer: it is then that it has to be true. */
  async #look (): Promise<void> {
    const status = await fetch(`${this.#stage.apiUrl}/health/ready`, { signal: AbortSignal.timeout(patienceMs) }).then(answer => answer.status, () => 0)
    this.probes.push({ atMs: Date.now(), status })
  }

  /** Each key has a customer of its own: nobody runs into the limit of one. */
  async #send (key: string, body: object): Promise<{ status: number, orderId: string }> {
    const token = await this.#stage.token('Customer', `customer-${key.slice(0, 8)}`)
    const response = await fetch(`${this.#stage.apiUrl}/v1/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'idempotency-key': key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMs)
    })
    const answer = await response.json() as { readonly orderId?: string }
    return { status: response.status, orderId: response.ok ? answer.orderId ?? '' : '' }
  }
}
