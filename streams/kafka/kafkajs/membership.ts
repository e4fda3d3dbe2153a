import { ensureError, isStreamsError, StreamsError } from '../../errors.ts'
import { systemClock } from '../../time/system-clock.ts'
import { type GroupMembership, type GroupOptions } from '../port.ts'
import { BrokerError, brokerErrors, isBrokerError } from '../wire/broker-error.ts'
import { heartbeatRequest, type JoinAnswer, joinGroupRequest, leaveGroupRequest, type MemberIdentity, syncGroupRequest } from '../wire/groups.ts'
import { type WireRequest } from '../wire/request.ts'
import { type ClusterView } from './cluster.ts'
import { type Lane } from './lane.ts'
import { reactionTo } from './membership-reactions.ts'

const DEFAULT_SESSION_MS = 30_000
const DEFAULT_HEARTBEAT_MS = 1_000
/** How long a round waits for members that do not come back, at least, ms; ten missed heartbeats otherwise. */
const SHORTEST_REBALANCE_MS = 5_000
/** How long saying goodbye may take, ms. */
const LEAVE_MS = 2_000
const NOBODY = ''

interface Waiter { resolve (): void, reject (error: Error): void }

/**
 * A member of a group: join, sync, heartbeat, in one loop on a lane of its own (a join is held by the broker until everyone came).
 * A rebalance changes nothing but the assignment: the caller goes on with the old one until `onAssignment` brings the new one.
 */
export class KafkaMembership implements GroupMembership {
  readonly #cluster: ClusterView
  readonly #options: GroupOptions
  readonly #lane: Lane
  readonly #heartbeatMs: number
  readonly #onEnd: (membership: KafkaMembership) => void
  readonly #loop: Promise<void>
  #memberId = NOBODY
  #generation = -1
  #coordinator: number | undefined
  #isStable = false
  #isRoundAsked = false
  #ended: StreamsError | undefined
  #waiters: Waiter[] = []
  #wake: () => void = () => {}

  constructor (cluster: ClusterView, options: GroupOptions, onEnd: (membership: KafkaMembership) => void) {
    this.#cluster = cluster
    this.#options = options
    this.#lane = cluster.createLane()
    this.#heartbeatMs = options.heartbeatMs ?? DEFAULT_HEARTBEAT_MS
    this.#onEnd = onEnd
    this.#loop = this.#run()
  }

  get generation (): number {
    return this.#generation
  }

  get groupId (): string {
    return this.#options.groupId
  }

  /** Who commits offsets for this member; undefined between two generations. */
  get identity (): MemberIdentity | undefined {
    return this.#isStable ? this.#identity() : undefined
  }

  async confirm (signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (this.#ended !== undefined) throw this.#ended
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const onAbort = (): void => { reject(signal?.reason) }
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#waiters.push({ resolve, reject })
    this.#wake()
    try {
      await promise
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  rejoin (): void {
    this.#isRoundAsked = true
    this.#isStable = false
    this.#wake()
  }

  async leave (): Promise<void> {
    const identity = this.#identity()
    if (!this.#end(new StreamsError('STR_CLOSED', { groupId: this.groupId }))) return
    if (this.#options.instanceId === undefined && identity.memberId !== NOBODY && this.#coordinator !== undefined) {
      try {
        const link = await this.#cluster.link(this.#coordinator)
        await link.call(leaveGroupRequest(identity), LEAVE_MS)
      } catch {
        // The session timeout removes a member that could not say goodbye.
      }
    }
    this.#cluster.dropLane(this.#lane)
    await this.#loop
  }

  async #run (): Promise<void> {
    let failures = 0
    while (this.#ended === undefined) {
      try {
        if (this.#isStable) await this.#heartbeat()
        else await this.#join()
        failures = 0
        if (this.#isStable && this.#waiters.length === 0) await this.#pause(this.#heartbeatMs)
      } catch (error) {
        this.#react(error)
        if (!isBrokerError(error, 'REBALANCE_IN_PROGRESS', 'UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION') || failures > 0) {
          await this.#pause(Math.min(20 * 2 ** failures, 1_000))
        }
        failures++
      }
    }
  }

  async #join (): Promise<void> {
    const sessionMs = this.#sessionMs()
    const rebalanceMs = Math.max(SHORTEST_REBALANCE_MS, 10 * this.#heartbeatMs)
    this.#isRoundAsked = false
    const answer = await this.#ask(joinGroupRequest(this.#identity(), sessionMs, rebalanceMs, this.#options.memberData()), rebalanceMs + sessionMs)
    if (answer.errorCode === brokerErrors.MEMBER_ID_REQUIRED) {
      this.#memberId = answer.memberId
      return
    }
    check(answer.errorCode, 'JoinGroup')
    this.#memberId = answer.memberId
    this.#generation = answer.generation
    const synced = await this.#ask(syncGroupRequest(this.#identity(), this.#assign(answer)), rebalanceMs + sessionMs)
    check(synced.errorCode, 'SyncGroup')
    if (this.#ended !== undefined) return
    this.#isStable = !this.#isRoundAsked
    this.#callOut(() => { this.#options.onAssignment(synced.assignment, answer.generation) })
  }

  #assign (answer: JoinAnswer): ReadonlyMap<string, Buffer> {
    if (answer.leaderId !== answer.memberId) return new Map()
    const members = answer.members.map(({ memberId, instanceId, data }) => ({ memberId, instanceId: instanceId ?? undefined, data }))
    return this.#callOut(() => this.#options.assign(members))
  }

  async #heartbeat (): Promise<void> {
    const waiters = this.#waiters
    const generation = this.#generation
    this.#waiters = []
    try {
      check(await this.#ask(heartbeatRequest(this.#identity())), 'Heartbeat')
    } catch (error) {
      this.#waiters = [...waiters, ...this.#waiters]
      throw error
    }
    if (this.#isStable && this.#generation === generation) for (const { resolve } of waiters) resolve()
    else this.#waiters = [...waiters, ...this.#waiters]
  }

  async #ask<T> (request: WireRequest<T>, timeoutMs?: number): Promise<T> {
    this.#coordinator ??= await this.#cluster.findCoordinator('group', this.groupId)
    const link = await this.#lane.link(this.#coordinator)
    return await link.call(request, timeoutMs)
  }

  #react (error: unknown): void {
    if (this.#ended !== undefined) return
    if (isStreamsError(error, 'STR_BROKER_UNAVAILABLE')) return
    const reaction = reactionTo(error)
    if (reaction === 'join' || reaction === 'join-as-new') this.#isStable = false
    if (reaction === 'join-as-new') this.#memberId = NOBODY
    if (reaction === 'find-coordinator') this.#coordinator = undefined
    if (reaction !== 'give-up') return
    const lost = isStreamsError(error) ? error : new StreamsError('STR_MEMBERSHIP_LOST', { groupId: this.groupId }, error)
    if (!this.#end(lost)) return
    this.#cluster.dropLane(this.#lane)
    this.#options.onFailure(lost)
  }

  #end (reason: StreamsError): boolean {
    if (this.#ended !== undefined) return false
    this.#ended = reason
    this.#isStable = false
    const waiters = this.#waiters
    this.#waiters = []
    for (const { reject } of waiters) reject(reason)
    this.#onEnd(this)
    this.#wake()
    return true
  }

  /** Calls code of the caller: what it throws is not a failure of the broker, and ends the membership. */
  #callOut<T> (call: () => T): T {
    try {
      return call()
    } catch (error) {
      throw new StreamsError('STR_MEMBERSHIP_LOST', { groupId: this.groupId, reason: 'a callback threw' }, ensureError(error))
    }
  }

  async #pause (ms: number): Promise<void> {
    if (this.#ended !== undefined) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    const cancel = systemClock.schedule(ms, resolve)
    await promise
    cancel()
    this.#wake = () => {}
  }

  #sessionMs (): number {
    return this.#options.sessionTimeoutMs ?? DEFAULT_SESSION_MS
  }

  #identity (): MemberIdentity {
    return { groupId: this.groupId, generation: this.#generation, memberId: this.#memberId, instanceId: this.#options.instanceId ?? null }
  }
}

function check (errorCode: number, operation: string): void {
  if (errorCode !== 0) throw new BrokerError(errorCode, operation)
}
