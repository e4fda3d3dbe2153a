import { publish } from '../diagnostics.ts'
import { ensureError, StreamsError } from '../errors.ts'
import { type ApplyRequest, type ReadAnswer, type ReadRequest, type StateMeta, type TaskState } from '../state/port.ts'

/** What an acquisition owns in the state backend. */
export interface Claim {
  readonly token: bigint
  readonly incarnation: string
}

export type ApplyInput = Omit<ApplyRequest, 'token' | 'incarnation' | 'expectedPosition'>

/**
 * The fenced door to the state of one task, for one acquisition.
 *
 * Reads and applies travel on one connection in the order they are made, so a read must find the newest position that was sent
 * before it: anything else means that the state is not what this task wrote, and nothing may be decided on it (A1). Applies are
 * sent without waiting; `unappliedBytes` is what was sent and not answered.
 */
export class Applier {
  readonly #state: TaskState
  readonly #claim: Claim
  readonly #task: { readonly processor: string, readonly partition: number }
  readonly #pending = new Set<Promise<void>>()
  #position: bigint
  /** The newest position that was answered for. */
  #applied: bigint
  #unappliedBytes = 0
  #failure: Error | undefined
  /** Called when `failure` is set: a task without input would not look otherwise. */
  onFailure: (() => void) | undefined

  constructor (options: {
    readonly state: TaskState, readonly claim: Claim, readonly position: bigint, readonly processor: string, readonly partition: number
  }) {
    this.#state = options.state
    this.#claim = options.claim
    this.#position = options.position
    this.#applied = options.position
    this.#task = { processor: options.processor, partition: options.partition }
    this.#tellBehind()
  }

  /** The newest position sent. */
  get position (): bigint { return this.#position }

  get unappliedBytes (): number { return this.#unappliedBytes }

  /** Why the state can no longer be trusted. */
  get failure (): Error | undefined { return this.#failure }

  /**
   * Reads rows and timers, with the fence.
   *
   * @throws {StreamsError} STR_STATE_LOST when the answer does not come from the state this task wrote. STR_STATE_UNAVAILABLE.
   */
  async read (request: ReadRequest): Promise<ReadAnswer> {
    const started = performance.now()
    const expected = this.#position
    const answer = await this.#state.read(request)
    this.check(answer.meta, expected)
    publish('streams:state:read', () => ({ ...this.#task, keys: request.keys.length, tookMs: performance.now() - started }))
    return answer
  }

  /** Every row of one store, with the same fence. */
  async rows (store: string): Promise<ReadonlyArray<readonly [key: string, value: Buffer]>> {
    const expected = this.#position
    const { rows, meta } = await this.#state.rows(store)
    this.check(meta, expected)
    return rows
  }

  /** @throws {StreamsError} STR_STATE_LOST unless `meta` is mine and at `expected`. */
  check (meta: StateMeta | null, expected: bigint): void {
    if (meta !== null && meta.token === this.#claim.token && meta.incarnation === this.#claim.incarnation && meta.position === expected) return
    throw new StreamsError('STR_STATE_LOST', { ...this.#task, expected, position: meta?.position ?? 'none', token: meta?.token ?? 'none', mine: this.#claim.token })
  }

  /** Sends the writes of a committed cycle. The answer is checked when it comes; see `failure`. */
  send (input: ApplyInput, sizeBytes: number): void {
    const started = performance.now()
    const expectedPosition = this.#position
    this.#position = input.position
    this.#unappliedBytes += sizeBytes
    this.#tellBehind()
    const pending = this.#state.apply({ ...input, ...this.#claim, expectedPosition }).then(answer => {
      publish('streams:state:applied', () => ({ ...this.#task, writes: input.writes.length, tookMs: performance.now() - started, answer }))
      if (answer === 'applied' || answer === 'already') return this.#answered(input.position)
      this.#fail(new StreamsError('STR_STATE_LOST', { ...this.#task, answer, expected: expectedPosition }))
    }, (error: unknown) => {
      this.#fail(ensureError(error))
    }).finally(() => {
      this.#unappliedBytes -= sizeBytes
      this.#pending.delete(pending)
    })
    this.#pending.add(pending)
  }

  #answered (position: bigint): void {
    if (position > this.#applied) this.#applied = position
    this.#tellBehind()
  }

  #tellBehind (): void {
    publish('streams:state:behind', () => ({ ...this.#task, offsets: this.#position - this.#applied }))
  }

  #fail (error: Error): void {
    this.#failure ??= error
    this.onFailure?.()
  }

  /** Waits until everything sent is answered. @throws what `failure` holds */
  async settle (): Promise<void> {
    await Promise.all(this.#pending)
    if (this.#failure !== undefined) throw this.#failure
  }
}
