import { type Clock } from '../../time/clock.ts'
import { type GroupMember } from '../port.ts'
import { BrokerError } from './broker-error.ts'

/** A JoinGroup request. `memberId` is empty on the first join. */
export interface JoinRequest {
  readonly memberId: string
  readonly instanceId: string | undefined
  readonly data: Buffer
  readonly sessionTimeoutMs: number
  /** Asks for a new round even when nothing changed. */
  readonly force: boolean
  /** Called when the member must join again: what a heartbeat would answer, without waiting for it. */
  readonly onRebalance: () => void
}

export interface JoinAnswer {
  readonly memberId: string
  readonly generation: number
  /** Every member for the leader, who must sync with assignments; null for the others. */
  readonly members: readonly GroupMember[] | null
}

interface Member {
  readonly memberId: string
  readonly instanceId: string | undefined
  data: Buffer
  sessionTimeoutMs: number
  lastSeenMs: number
  onRebalance: () => void
  assignment: Buffer
  join: PromiseWithResolvers<JoinAnswer> | undefined
  sync: PromiseWithResolvers<Buffer> | undefined
}

type GroupState = 'empty' | 'joining' | 'syncing' | 'stable'

const NO_ASSIGNMENT = Buffer.alloc(0)

/**
 * The coordinator of one group. A round: every member joins (a member that does not is dropped when its session ends), the first
 * one leads and hands in all assignments, then each gets its own. A restarted static member takes its place over without a round.
 */
export class GroupCoordinator {
  readonly #clock: Clock
  readonly #members = new Map<string, Member>()
  #state: GroupState = 'empty'
  #generation = 0
  #nextMember = 0
  #cancelExpiry: (() => void) | undefined
  readonly #name: string

  constructor (name: string, clock: Clock) {
    this.#name = name
    this.#clock = clock
  }

  get generation (): number { return this.#generation }
  get state (): GroupState { return this.#state }
  get memberIds (): readonly string[] { return [...this.#members.keys()] }

  async join (request: JoinRequest): Promise<JoinAnswer> {
    const replaced = request.memberId === '' ? this.#byInstance(request.instanceId) : undefined
    if (replaced !== undefined) return await this.#replaceStatic(replaced, request)
    const member = request.memberId === '' ? this.#add(request) : this.#known(request.memberId, request.instanceId)
    const changed = !member.data.equals(request.data)
    Object.assign(member, { data: request.data, onRebalance: request.onRebalance, lastSeenMs: this.#clock.now() })
    if (this.#state === 'stable' && !request.force && !changed && request.memberId !== '') {
      return { memberId: member.memberId, generation: this.#generation, members: null }
    }
    return await this.#joinRound(member)
  }

  /** The member's assignment; the leader hands in everyone's. */
  async sync (memberId: string, instanceId: string | undefined, generation: number, assignments: ReadonlyMap<string, Buffer> | null): Promise<Buffer> {
    const member = this.#known(memberId, instanceId)
    if (generation !== this.#generation) throw new BrokerError('ILLEGAL_GENERATION')
    if (this.#state === 'joining') throw new BrokerError('REBALANCE_IN_PROGRESS')
    if (this.#state === 'stable') return member.assignment
    if (assignments === null) return await (member.sync = Promise.withResolvers()).promise
    this.#state = 'stable'
    for (const other of this.#members.values()) {
      other.assignment = assignments.get(other.memberId) ?? NO_ASSIGNMENT
      other.lastSeenMs = this.#clock.now()
      other.sync?.resolve(other.assignment)
      other.sync = undefined
    }
    this.#watchSessions()
    return member.assignment
  }

  heartbeat (memberId: string, instanceId: string | undefined, generation: number): void {
    const member = this.#known(memberId, instanceId)
    member.lastSeenMs = this.#clock.now()
    if (this.#state !== 'stable') throw new BrokerError('REBALANCE_IN_PROGRESS')
    if (generation !== this.#generation) throw new BrokerError('ILLEGAL_GENERATION')
  }

  leave (memberId: string): void {
    const member = this.#members.get(memberId)
    if (member !== undefined) this.#remove(member)
  }

  close (): void {
    this.#cancelExpiry?.()
  }

  #byInstance (instanceId: string | undefined): Member | undefined {
    if (instanceId === undefined) return undefined
    for (const member of this.#members.values()) if (member.instanceId === instanceId) return member
    return undefined
  }

  #known (memberId: string, instanceId: string | undefined): Member {
    const member = this.#members.get(memberId)
    if (member !== undefined) return member
    throw new BrokerError(this.#byInstance(instanceId) === undefined ? 'UNKNOWN_MEMBER_ID' : 'FENCED_INSTANCE_ID')
  }

  #add (request: JoinRequest): Member {
    const member: Member = {
      memberId: `${request.instanceId ?? this.#name}-member-${++this.#nextMember}`,
      instanceId: request.instanceId,
      data: request.data,
      sessionTimeoutMs: request.sessionTimeoutMs,
      lastSeenMs: this.#clock.now(),
      onRebalance: request.onRebalance,
      assignment: NO_ASSIGNMENT,
      join: undefined,
      sync: undefined
    }
    this.#members.set(member.memberId, member)
    return member
  }

  async #replaceStatic (old: Member, request: JoinRequest): Promise<JoinAnswer> {
    this.#members.delete(old.memberId)
    old.join?.reject(new BrokerError('FENCED_INSTANCE_ID'))
    old.sync?.reject(new BrokerError('FENCED_INSTANCE_ID'))
    const member = this.#add(request)
    member.assignment = old.assignment
    if (this.#state === 'stable') return { memberId: member.memberId, generation: this.#generation, members: null }
    return await this.#joinRound(member)
  }

  async #joinRound (member: Member): Promise<JoinAnswer> {
    if (this.#state !== 'joining') this.#startRound(member)
    member.join ??= Promise.withResolvers()
    const { promise } = member.join
    this.#completeJoin()
    return await promise
  }

  #startRound (starter: Member | undefined): void {
    this.#state = 'joining'
    for (const member of this.#members.values()) {
      member.sync?.reject(new BrokerError('REBALANCE_IN_PROGRESS'))
      member.sync = undefined
      if (member !== starter) member.onRebalance()
    }
    this.#watchSessions()
  }

  #completeJoin (): void {
    const members = [...this.#members.values()]
    if (members.some(member => member.join === undefined)) return
    this.#generation += 1
    this.#state = 'syncing'
    const described = members.map(({ memberId, instanceId, data }) => ({ memberId, instanceId, data }))
    for (const [index, member] of members.entries()) {
      member.lastSeenMs = this.#clock.now()
      member.join?.resolve({ memberId: member.memberId, generation: this.#generation, members: index === 0 ? described : null })
      member.join = undefined
    }
    this.#watchSessions()
  }

  #remove (member: Member): void {
    this.#members.delete(member.memberId)
    member.join?.reject(new BrokerError('UNKNOWN_MEMBER_ID'))
    member.sync?.reject(new BrokerError('UNKNOWN_MEMBER_ID'))
    if (this.#members.size === 0) this.#state = 'empty'
    else if (this.#state === 'joining') this.#completeJoin()
    else this.#startRound(undefined)
    this.#watchSessions()
  }

  /** One callback at the earliest end of a session; members that wait in a join are alive. */
  #watchSessions (): void {
    this.#cancelExpiry?.()
    this.#cancelExpiry = undefined
    let earliest = Infinity
    for (const member of this.#members.values()) {
      if (member.join === undefined) earliest = Math.min(earliest, member.lastSeenMs + member.sessionTimeoutMs)
    }
    if (earliest === Infinity) return
    this.#cancelExpiry = this.#clock.schedule(Math.max(1, earliest - this.#clock.now()), () => {
      for (const member of [...this.#members.values()]) {
        if (member.join === undefined && this.#clock.now() - member.lastSeenMs >= member.sessionTimeoutMs) this.#remove(member)
      }
      this.#watchSessions()
    })
  }
}
