import { type UserState } from '#schemas'
import { type IdentityRules } from './rules.ts'
import { type UserFact } from './user.ts'

/** A wrong password, and where it came from. */
export interface Failure {
  /** Id of the command that tells of it: told again, it counts once. */
  readonly attempt: string
  /** Keyed hash of the network address. */
  readonly address: string
}

/** True while logins from that address are turned away, by a lock of its own or by one for all. */
export function isLocked ({ locks }: UserState, address: string, nowMs: number): boolean {
  return locks.some(lock => lock.until > nowMs && (lock.address === null || lock.address === address))
}

/** A password was wrong: it counts, and shuts a lock when it was one too many. Pure. */
export function failLogin (state: UserState, { attempt, address }: Failure, nowMs: number, rules: IdentityRules): UserFact[] {
  const keepSince = nowMs - rules.windowMs
  const recent = state.failures.filter(({ at }) => at > keepSince)
  if (recent.some(failure => failure.attempt === attempt)) return []
  const facts: UserFact[] = [{ type: 'LoginFailed', failure: { attempt, address, at: nowMs }, keepSince }]
  const until = nowMs + rules.lockMs
  const { userId } = state
  if (recent.length + 1 >= rules.accountFailures) {
    return [...facts, { type: 'LockShut', lock: { address: null, until } }, { type: 'UserLocked', userId, scope: 'account', until }, { type: 'FailuresForgotten', address: null }]
  }
  if (recent.filter(failure => failure.address === address).length + 1 >= rules.addressFailures) {
    return [...facts, { type: 'LockShut', lock: { address, until } }, { type: 'UserLocked', userId, scope: 'address', until }]
  }
  return facts
}

/** Opens the locks whose time is over. */
export function openLocks ({ userId, locks }: UserState, nowMs: number): UserFact[] {
  if (!locks.some(({ until }) => until <= nowMs)) return []
  return [{ type: 'LocksOpened', until: nowMs }, { type: 'UserUnlocked', userId, cause: 'time' }]
}

/** Opens every lock, for who has proved in another way who he is. */
export function forgive ({ userId, locks, failures }: UserState): UserFact[] {
  const forgotten: UserFact[] = failures.length === 0 ? [] : [{ type: 'FailuresForgotten', address: null }]
  if (locks.length === 0) return forgotten
  return [...forgotten, { type: 'LocksOpened', until: Number.MAX_SAFE_INTEGER }, { type: 'UserUnlocked', userId, cause: 'passwordReset' }]
}
