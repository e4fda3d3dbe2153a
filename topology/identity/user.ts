import {
  type EmailVerified, type LoginFailure, type LoginLock, type PasswordChanged, type Personal, type PendingToken, type ProfileUpdated, type RefreshFamily,
  type RoleGranted, type RoleRevoked, type SessionsRevoked, type UserDeleted, type UserLocked, type UserLoggedIn, type UserRegistered, type UserState,
  type UserUnlocked
} from '#schemas'
import { type Body } from '../commands/body.ts'

/** What everybody may know of a user: an event without its metadata. */
export type UserEventBody = Body<
  | UserRegistered | EmailVerified | UserLoggedIn | PasswordChanged | ProfileUpdated | RoleGranted | RoleRevoked | UserLocked | UserUnlocked
  | SessionsRevoked | UserDeleted
>

/** Which token: the one that proves the address, or the one that sets a password. */
export type TokenPurpose = 'verification' | 'reset'

/** What stays in the state: hashes, and what only the account itself needs. */
export type UserSecret =
  | { readonly type: 'AccountOpened', readonly emailKey: string, readonly label: string, readonly isVerified: boolean, readonly at: number, readonly correlationId: string }
  | { readonly type: 'ContactReplaced', readonly email: Personal, readonly profile: Personal | null }
  | { readonly type: 'PasswordSet', readonly passwordHash: string }
  /** The same password, hashed with newer parameters. */
  | { readonly type: 'PasswordRehashed', readonly passwordHash: string }
  | { readonly type: 'TokenIssued', readonly purpose: TokenPurpose, readonly token: PendingToken, readonly sealed: Personal | null }
  | { readonly type: 'TokenSpent', readonly purpose: TokenPurpose }
  | { readonly type: 'RegistrationRepeated' }
  | { readonly type: 'SessionStarted', readonly family: RefreshFamily }
  | { readonly type: 'SessionRotated', readonly family: RefreshFamily }
  | { readonly type: 'SessionsEnded', readonly sessionIds: readonly string[] }
  | { readonly type: 'LoginFailed', readonly failure: LoginFailure, readonly keepSince: number }
  | { readonly type: 'FailuresForgotten', readonly address: string | null }
  | { readonly type: 'LockShut', readonly lock: LoginLock }
  | { readonly type: 'LocksOpened', readonly until: number }

/** Everything that can happen to a user; the state is their fold. */
export type UserFact = UserEventBody | UserSecret

const secretTypes: ReadonlySet<string> = new Set<UserSecret['type']>([
  'AccountOpened', 'ContactReplaced', 'PasswordSet', 'PasswordRehashed', 'TokenIssued', 'TokenSpent', 'RegistrationRepeated', 'SessionStarted', 'SessionRotated',
  'SessionsEnded', 'LoginFailed', 'FailuresForgotten', 'LockShut', 'LocksOpened'
])

/** True for what is published. */
export function isPublic (fact: UserFact): fact is UserEventBody {
  return !secretTypes.has(fact.type)
}

/** An account of which nothing is known yet. */
export function noUser (userId: string): UserState {
  return {
    type: 'UserState',
    userId,
    kind: 'person',
    status: 'deleted',
    emailKey: '',
    email: null,
    profile: null,
    label: '',
    roles: [],
    grants: [],
    passwordHash: '',
    credentialVersion: 0,
    verification: null,
    reset: null,
    sessions: [],
    failures: [],
    locks: [],
    registeredAt: 0,
    correlationId: '',
    version: 0
  }
}

/** The user after a fact. Pure and total. */
export function evolveUser (state: UserState, fact: UserFact): UserState {
  return isPublic(fact) ? { ...evolvePublic(state, fact), version: state.version + 1 } : evolveSecret(state, fact)
}

function evolvePublic (state: UserState, fact: UserEventBody): UserState {
  switch (fact.type) {
    case 'UserRegistered': return { ...state, status: 'unverified', kind: fact.kind, email: fact.email, profile: fact.profile, roles: fact.roles, grants: fact.grants }
    case 'EmailVerified': return { ...state, status: 'active', verification: null }
    case 'ProfileUpdated': return { ...state, profile: fact.profile }
    case 'RoleGranted': return { ...state, roles: [...state.roles, fact.role] }
    case 'RoleRevoked': return { ...state, roles: state.roles.filter(role => role !== fact.role) }
    // Nothing of the person is kept; the id and the address key are, until no late command can come.
    case 'UserDeleted': return { ...noUser(state.userId), kind: state.kind, emailKey: state.emailKey, registeredAt: state.registeredAt, correlationId: state.correlationId, version: state.version }
    default: return state
  }
}

function evolveSecret (state: UserState, fact: UserSecret): UserState {
  switch (fact.type) {
    case 'AccountOpened': {
      const { emailKey, label, isVerified, at: registeredAt, correlationId } = fact
      return { ...state, emailKey, label, registeredAt, correlationId, status: isVerified ? 'active' : 'unverified' }
    }
    case 'ContactReplaced': return { ...state, email: fact.email, profile: fact.profile }
    case 'PasswordSet': return { ...state, passwordHash: fact.passwordHash, credentialVersion: state.credentialVersion + 1 }
    case 'PasswordRehashed': return { ...state, passwordHash: fact.passwordHash }
    case 'TokenIssued': return { ...state, [fact.purpose]: fact.token }
    case 'TokenSpent': return { ...state, [fact.purpose]: null }
    case 'SessionStarted': return { ...state, sessions: [...state.sessions.filter(({ expiresAt }) => expiresAt > fact.family.startedAt), fact.family] }
    case 'SessionRotated': return { ...state, sessions: state.sessions.map(family => family.sessionId === fact.family.sessionId ? fact.family : family) }
    case 'SessionsEnded': return { ...state, sessions: state.sessions.filter(({ sessionId }) => !fact.sessionIds.includes(sessionId)) }
    case 'LoginFailed': return { ...state, failures: [...state.failures.filter(({ at }) => at > fact.keepSince), fact.failure] }
    case 'FailuresForgotten': return { ...state, failures: fact.address === null ? [] : state.failures.filter(({ address }) => address !== fact.address) }
    case 'LockShut': return { ...state, locks: [...state.locks, fact.lock] }
    case 'LocksOpened': return { ...state, locks: state.locks.filter(({ until }) => until > fact.until) }
    case 'RegistrationRepeated': return state
  }
}
