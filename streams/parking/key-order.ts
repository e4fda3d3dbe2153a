import { publish } from '../diagnostics.ts'
import { type FailureOrigin } from '../handlers.ts'
import { type Moment } from '../runtime/moment.ts'
import { type Entry } from './entry.ts'
import { type EventOrigin, type ParkingEvent } from './event.ts'
import { type FailedHead, type HeadFailure, type LaneRef } from './lane.ts'
import { type ParkedKeys, type Waited } from './parked-keys.ts'

export interface KeyOrderOptions {
  readonly task: { readonly processor: string, readonly partition: number }
  readonly parked: ParkedKeys
  readonly moment: Moment
  /** Writes an event for operators into the running transaction. */
  readonly tell: (event: ParkingEvent) => void
}

/** An input that failed, as its key order is told. */
export interface Failed {
  readonly entry: Entry
  /** Its place in the queue, when it had waited. */
  readonly waited: Waited | undefined
  readonly origin: FailureOrigin
  /** Error code, and what the error says. */
  readonly reason: string
  readonly message: string
}

/**
 * Keeps the order of keys whose inputs failed (R6): who must wait waits, who waited takes its turn, and operators hear of it. All of
 * it happens in the running cycle, under the savepoint of the item it is about.
 */
export class KeyOrder {
  readonly #options: KeyOrderOptions

  constructor (options: KeyOrderOptions) {
    this.#options = options
  }

  /** True when no key is parked: nobody has to wait. */
  get isEmpty (): boolean { return this.#options.parked.isEmpty }

  /** True when the turn of an input has not come: then it was put behind what waits. `entry` is asked only then. @throws {StreamsError} STR_PARKED_TOO_MANY */
  holds (ref: LaneRef, entry: () => Entry): boolean {
    const { parked, task } = this.#options
    if (!parked.mustWait(ref)) return false
    parked.append(ref, entry())
    publish('streams:record:diverted', () => ({ ...task, how: 'wait', reason: 'parked' }))
    return true
  }

  /** True when an input that was taken out of its queue may run now. */
  isTurn (waited: Waited): boolean {
    return this.#options.parked.isNext(waited, this.#options.moment.nowMs)
  }

  /** How an input that waits, and whose turn it is, has failed so far. */
  failureOf (waited: Waited | undefined): FailedHead | undefined {
    return waited === undefined ? undefined : this.#options.parked.lane(waited)?.head
  }

  /** An input that waited was handled. */
  handled (waited: Waited): void {
    const head = this.failureOf(waited)
    const { lane, key } = waited
    if (head?.isLettered === true) this.#options.tell({ type: 'DeadLetterRedriven', lane, key, origin: originOf(head), reason: head.reason, attempts: head.attempts })
    this.leave(waited)
  }

  /** An input that waited is dropped. */
  discarded (waited: Waited, origin: FailureOrigin, reason: string): void {
    const { lane, key } = waited
    this.#options.tell({ type: 'DeadLetterDiscarded', lane, key, origin: originOf(origin), reason: this.failureOf(waited)?.reason ?? reason, attempts: origin.attempts })
    this.leave(waited)
  }

  /** An input that waited is done with. */
  leave (waited: Waited): void {
    const { parked, tell } = this.#options
    const { lane, key } = waited
    const { isTold, isGone } = parked.leave(waited)
    if (isGone && isTold) tell({ type: 'KeyReleased', lane, key })
  }

  /** An input failed and its key waits: until it is due again, or for an operator. @throws {StreamsError} STR_PARKED_TOO_MANY */
  park (ref: LaneRef, failure: Omit<HeadFailure, 'head'>, { entry, waited, origin, reason, message }: Failed): void {
    const { parked, tell, moment } = this.#options
    const isDead = failure.dueMs === undefined
    const before = this.failureOf(waited)
    const { kind, topic, partition, offset, attempts } = origin
    const sinceMs = before?.sinceMs ?? moment.contextTimeMs
    const head = { kind, topic, partition, offset, reason, attempts, sinceMs, isLettered: isDead || before?.isLettered === true }
    if (waited !== undefined) parked.fail(ref, { ...failure, head })
    else if (parked.lane(ref) === undefined) parked.open(ref, entry, { ...failure, head })
    // The outcome of an effect has no place in the order before it is there: it is repeated behind what waits already.
    else parked.append(ref, entry, failure.isTold)
    if (failure.isTold) tell({ type: isDead ? 'DeadLetterParked' : 'KeyStuck', ...ref, origin: originOf(head), reason, message, attempts })
  }
}

export function originOf ({ kind, topic, partition, offset }: Pick<FailureOrigin, 'kind' | 'topic' | 'partition' | 'offset'>): EventOrigin {
  return { kind, topic, partition, offset: String(offset) }
}
