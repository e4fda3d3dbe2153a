import { ensureError, StreamsError } from '../../errors.ts'
import { type GroupMembership, type GroupOptions } from '../port.ts'
import { BrokerError } from './broker-error.ts'
import { type GroupCoordinator } from './group-coordinator.ts'
import { type MemoryLink } from './link.ts'

const DEFAULT_SESSION_TIMEOUT_MS = 30_000
const DEFAULT_HEARTBEAT_MS = 1_000

/** Membership in a group of the memory broker: join, sync, heartbeat, over and over, until left or lost. */
export class MemoryMembership implements GroupMembership {
  readonly #link: MemoryLink
  readonly #options: GroupOptions
  readonly #group: GroupCoordinator
  readonly #heartbeatMs: number
  #memberId = ''
  #generation = -1
  #isStable = false
  #ended: Error | undefined
  #force = false
  #wake = Promise.withResolvers<void>()
  #settled = Promise.withResolvers<void>()
  #cancelHeartbeat: (() => void) | undefined
  readonly #loop: Promise<void>

  constructor (link: MemoryLink, options: GroupOptions) {
    this.#link = link
    this.#options = options
    this.#group = link.broker.group(options.groupId)
    this.#heartbeatMs = options.heartbeatMs ?? DEFAULT_HEARTBEAT_MS
    this.#loop = this.#run()
  }

  get generation (): number { return this.#generation }

  async confirm (signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted()
      if (this.#ended !== undefined) throw this.#ended
      if (!this.#isStable) {
        await abortable(this.#settled.promise, signal)
        continue
      }
      const generation = this.#generation
      try {
        await this.#heartbeat()
        if (generation === this.#generation && this.#isStable) return
      } catch (error) {
        this.#heartbeatFailed(error)
        if (this.#isStable) await this.#link.broker.clock.sleep(this.#heartbeatMs, signal)
      }
    }
  }

  rejoin (): void {
    this.#force = true
    this.#rebalance()
  }

  async leave (): Promise<void> {
    if (this.#ended !== undefined) return
    this.close()
    const memberId = this.#memberId
    if (this.#options.instanceId !== undefined || memberId === '') return
    try {
      await this.#link.call({ api: 'leaveGroup', groupId: this.#options.groupId }, () => { this.#group.leave(memberId) })
    } catch {
      // The session timeout removes a member that could not say goodbye.
    }
    await this.#loop
  }

  close (): void {
    this.#end(new StreamsError('STR_CLOSED', { groupId: this.#options.groupId }))
  }

  async #run (): Promise<void> {
    while (this.#ended === undefined) {
      try {
        await this.#join()
        await this.#wake.promise
      } catch (error) {
        if (!await this.#recovered(error)) return
      }
    }
  }

  async #join (): Promise<void> {
    this.#isStable = false
    this.#wake = Promise.withResolvers()
    const { groupId, instanceId } = this.#options
    const force = this.#force
    this.#force = false
    const joined = await this.#link.call({ api: 'joinGroup', groupId }, async () => await this.#group.join({
      memberId: this.#memberId,
      instanceId,
      data: this.#options.memberData(),
      sessionTimeoutMs: this.#options.sessionTimeoutMs ?? DEFAULT_SESSION_TIMEOUT_MS,
      force,
      onRebalance: () => { if (this.#link.isUp) this.#rebalance() }
    }))
    this.#memberId = joined.memberId
    const assignments = joined.members === null ? null : this.#options.assign(joined.members)
    const assignment = await this.#link.call({ api: 'joinGroup', groupId },
      async () => await this.#group.sync(joined.memberId, instanceId, joined.generation, assignments))
    if (this.#ended !== undefined) return
    this.#generation = joined.generation
    this.#isStable = true
    this.#settled.resolve()
    this.#settled = Promise.withResolvers()
    this.#scheduleHeartbeat()
    this.#options.onAssignment(assignment, joined.generation)
    if (this.#force) this.#rebalance()
  }

  /** Decides what an error of a join or sync means; false = membership is over. */
  async #recovered (error: unknown): Promise<boolean> {
    if (this.#ended !== undefined) return false
    const code = error instanceof BrokerError ? error.code : undefined
    if (code === 'REBALANCE_IN_PROGRESS' || code === 'ILLEGAL_GENERATION') return true
    if (code === 'UNKNOWN_MEMBER_ID') {
      this.#memberId = ''
      return true
    }
    if (code === 'NETWORK') {
      await this.#link.broker.clock.sleep(this.#heartbeatMs)
      return true
    }
    this.#fail(error)
    return false
  }

  #scheduleHeartbeat (): void {
    this.#cancelHeartbeat?.()
    this.#cancelHeartbeat = this.#link.broker.clock.schedule(this.#heartbeatMs, () => {
      this.#heartbeat().catch(error => { this.#heartbeatFailed(error) }).finally(() => {
        if (this.#isStable && this.#ended === undefined) this.#scheduleHeartbeat()
      })
    })
  }

  async #heartbeat (): Promise<void> {
    const { groupId, instanceId } = this.#options
    await this.#link.call({ api: 'heartbeat', groupId }, () => { this.#group.heartbeat(this.#memberId, instanceId, this.#generation) })
  }

  #heartbeatFailed (error: unknown): void {
    if (this.#ended !== undefined) return
    const code = error instanceof BrokerError ? error.code : undefined
    if (code === 'NETWORK') return
    if (code === 'FENCED_INSTANCE_ID') return this.#fail(error)
    if (code === 'UNKNOWN_MEMBER_ID') this.#memberId = ''
    this.#rebalance()
  }

  #rebalance (): void {
    this.#isStable = false
    this.#cancelHeartbeat?.()
    this.#wake.resolve()
  }

  #fail (error: unknown): void {
    if (this.#ended !== undefined) return
    const failure = new StreamsError('STR_MEMBERSHIP_LOST', { groupId: this.#options.groupId }, ensureError(error))
    this.#end(failure)
    this.#options.onFailure(failure)
  }

  #end (reason: Error): void {
    this.#ended ??= reason
    this.#isStable = false
    this.#cancelHeartbeat?.()
    this.#wake.resolve()
    this.#settled.resolve()
  }
}

async function abortable (promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return await promise
  const aborted = Promise.withResolvers<void>()
  const abort = (): void => { aborted.reject(signal.reason) }
  signal.addEventListener('abort', abort, { once: true })
  try {
    await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
