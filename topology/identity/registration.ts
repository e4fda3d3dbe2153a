import { type CreateServiceAccount, type IssuedToken, type OpenUser, type PendingToken, type UserState, type VerifyEmail } from '#schemas'
import { type TokenPurpose, type UserFact } from './user.ts'

/** Makes the account, or decides what it means that somebody registers with its address again. */
export function openUser (state: UserState, command: OpenUser, nowMs: number): UserFact[] {
  return state.version === 0 ? makeUser(command, nowMs) : registerAgain(state, command)
}

function makeUser (command: OpenUser, nowMs: number): UserFact[] {
  const { userId, email, profile, roles, emailKey, isVerified, passwordHash, token, meta: { correlationId } } = command
  return [
    { type: 'UserRegistered', userId, kind: 'person', email, profile, roles, grants: [] },
    { type: 'AccountOpened', emailKey, label: '', isVerified, at: nowMs, correlationId },
    ...passwordSet(passwordHash),
    ...issued(isVerified ? 'reset' : 'verification', token)
  ]
}

/**
 * Until the address is proved, who registered last counts: its password comes with its token, and proving the address asks for both, so
 * nobody can leave a password behind on an address of somebody else. Afterwards nothing changes, and the owner is told.
 */
function registerAgain (state: UserState, command: OpenUser): UserFact[] {
  const { email, profile, passwordHash, token, isVerified } = command
  if (isVerified) return state.passwordHash === '' ? [...passwordSet(passwordHash), ...issued('reset', token)] : []
  if (state.status === 'active') return [{ type: 'RegistrationRepeated' }]
  if (token?.hash === state.verification?.hash) return []
  return [{ type: 'ContactReplaced', email, profile }, ...passwordSet(passwordHash), ...issued('verification', token)]
}

export function createServiceAccount ({ userId, name, secretHash, grants, meta: { correlationId } }: CreateServiceAccount, nowMs: number): UserFact[] {
  return [
    { type: 'UserRegistered', userId, kind: 'service', email: null, profile: null, roles: ['ServiceAccount'], grants },
    { type: 'AccountOpened', emailKey: '', label: name, isVerified: true, at: nowMs, correlationId },
    { type: 'PasswordSet', passwordHash: secretHash }
  ]
}

export function verifyEmail ({ userId, verification }: UserState, { tokenHash }: VerifyEmail, nowMs: number): UserFact[] {
  return isGood(verification, tokenHash, nowMs) ? [{ type: 'EmailVerified', userId }] : []
}

/** True for the token that is out, while its time lasts. */
export function isGood (pending: PendingToken | null, tokenHash: string, nowMs: number): boolean {
  return pending !== null && pending.hash === tokenHash && pending.expiresAt > nowMs
}

/** A token goes out; it takes the place of the one before. */
export function issued (purpose: TokenPurpose, token: IssuedToken | null): UserFact[] {
  if (token === null) return []
  const { hash, expiresAt, sealed } = token
  return [{ type: 'TokenIssued', purpose, token: { hash, expiresAt }, sealed }]
}

function passwordSet (passwordHash: string): UserFact[] {
  return passwordHash === '' ? [] : [{ type: 'PasswordSet', passwordHash }]
}
