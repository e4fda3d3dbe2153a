import { type ChangePassword, type RequestPasswordReset, type ResetPassword, type UserState } from '#schemas'
import { failLogin, forgive, isLocked } from './locks.ts'
import { isGood, issued } from './registration.ts'
import { type IdentityRules } from './rules.ts'
import { endSessions } from './sessions.ts'
import { type UserFact } from './user.ts'

interface Attempt { readonly commandId: string, readonly nowMs: number, readonly rules: IdentityRules }

/** Another password, by who knows the old one. A wrong old one counts like a wrong login. All sessions end. */
export function changePassword (state: UserState, command: ChangePassword, { commandId, nowMs, rules }: Attempt): UserFact[] {
  const { userId, address, passwordHash, passwordMatched, credentialVersion } = command
  if (state.kind === 'service' || credentialVersion !== state.credentialVersion || isLocked(state, address, nowMs)) return []
  if (!passwordMatched) return failLogin(state, { attempt: commandId, address }, nowMs, rules)
  return [
    { type: 'PasswordSet', passwordHash }, { type: 'PasswordChanged', userId, cause: 'changed' }, ...spent(state), ...endSessions(state, state.sessions, 'passwordChanged')
  ]
}

export function requestReset ({ kind }: UserState, { token }: RequestPasswordReset): UserFact[] {
  return kind === 'service' ? [] : issued('reset', token)
}

/** Another password, by a token that came with the mail: that proves the address, too, and opens every lock. All sessions end. */
export function resetPassword (state: UserState, { tokenHash, passwordHash }: ResetPassword, nowMs: number): UserFact[] {
  if (!isGood(state.reset, tokenHash, nowMs)) return []
  const { userId, status } = state
  return [
    { type: 'PasswordSet', passwordHash },
    { type: 'PasswordChanged', userId, cause: 'reset' },
    ...spent(state),
    ...status === 'unverified' ? [{ type: 'EmailVerified' as const, userId }] : [],
    ...forgive(state),
    ...endSessions(state, state.sessions, 'passwordReset')
  ]
}

/** A token for a password that is no more, is no more. */
function spent ({ reset }: UserState): UserFact[] {
  return reset === null ? [] : [{ type: 'TokenSpent', purpose: 'reset' }]
}
