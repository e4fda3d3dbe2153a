import {
  type ChangePassword, type CreateServiceAccount, type DeleteUser, type LogIn, type LogOut, type OpenUser, type RefreshSession, type RequestPasswordReset,
  type ResetPassword, type SetRoles, type UpdateProfile, type UserState, type UserStatus, type VerifyEmail
} from '#schemas'
import { failLogin, isLocked } from './locks.ts'
import { changePassword, requestReset, resetPassword } from './passwords.ts'
import { createServiceAccount, openUser, verifyEmail } from './registration.ts'
import { type IdentityRules } from './rules.ts'
import { endSessions, logOut, refreshSession, startSession } from './sessions.ts'
import { type UserFact, evolveUser, noUser } from './user.ts'

/** A command for one user. */
export type UserCommand =
  | OpenUser | CreateServiceAccount | VerifyEmail | LogIn | RefreshSession | LogOut | ChangePassword | RequestPasswordReset | ResetPassword | UpdateProfile
  | SetRoles | DeleteUser

type Place = UserStatus | 'none'

/** In which states a command is decided on. In every other one it changes nothing: who sent it sees that in the state. */
export const userSteps: Readonly<Record<UserCommand['type'], readonly Place[]>> = {
  OpenUser: ['none', 'unverified', 'active'],
  CreateServiceAccount: ['none'],
  VerifyEmail: ['unverified'],
  LogIn: ['unverified', 'active'],
  RefreshSession: ['active'],
  LogOut: ['active'],
  ChangePassword: ['active'],
  RequestPasswordReset: ['unverified', 'active'],
  ResetPassword: ['unverified', 'active'],
  UpdateProfile: ['active'],
  SetRoles: ['active'],
  DeleteUser: ['unverified', 'active']
}

/** What is decided besides the command: the moment, and the rules. */
export interface Moment {
  /** Id of the command. */
  readonly commandId: string
  readonly nowMs: number
  readonly rules: IdentityRules
}

/** Decides what a command does to a user; nothing = it is a repeat, or it is refused. Pure; undefined = there is no such user. */
export function decideUser (state: UserState | undefined, command: UserCommand, moment: Moment): UserFact[] {
  if (!userSteps[command.type].includes(state?.status ?? 'none')) return []
  return decide(state ?? noUser(command.userId), command, moment)
}

function decide (state: UserState, command: UserCommand, moment: Moment): UserFact[] {
  const { nowMs, rules } = moment
  switch (command.type) {
    case 'OpenUser': return openUser(state, command, nowMs)
    case 'CreateServiceAccount': return createServiceAccount(command, nowMs)
    case 'VerifyEmail': return verifyEmail(state, command, nowMs)
    case 'LogIn': return logIn(state, command, moment)
    case 'RefreshSession': return refreshSession(state, command, nowMs, rules)
    case 'LogOut': return logOut(state, command)
    case 'ChangePassword': return changePassword(state, command, moment)
    case 'RequestPasswordReset': return requestReset(state, command)
    case 'ResetPassword': return resetPassword(state, command, nowMs)
    case 'UpdateProfile': return updateProfile(state, command)
    case 'SetRoles': return setRoles(state, command)
    case 'DeleteUser': return deleteUser(state)
  }
}

/** The password was checked by who took it in, perhaps by several at once: what counts is the order of the log. */
function logIn (state: UserState, command: LogIn, { commandId, nowMs, rules }: Moment): UserFact[] {
  const { userId, address, credentialVersion, passwordMatched, sessionId, rehash } = command
  const isRepeat = state.sessions.some(session => session.sessionId === sessionId)
  // Held against a password that is none any more: neither right nor wrong.
  const isStale = credentialVersion !== state.credentialVersion
  if (isRepeat || isStale || state.kind === 'service' || isLocked(state, address, nowMs)) return []
  if (!passwordMatched) return failLogin(state, { attempt: commandId, address }, nowMs, rules)
  if (state.status === 'unverified') return []
  const forgotten: UserFact[] = state.failures.length === 0 ? [] : [{ type: 'FailuresForgotten', address }]
  const rehashed: UserFact[] = rehash === null ? [] : [{ type: 'PasswordRehashed', passwordHash: rehash }]
  return [{ type: 'UserLoggedIn', userId }, ...startSession(state, command, nowMs, rules), ...forgotten, ...rehashed]
}

function updateProfile ({ userId, profile: before }: UserState, { profile }: UpdateProfile): UserFact[] {
  const isSame = before === profile || (before !== null && profile !== null && before.keyId === profile.keyId && before.ciphertext.equals(profile.ciphertext))
  return isSame ? [] : [{ type: 'ProfileUpdated', userId, profile }]
}

function setRoles ({ userId, roles, kind }: UserState, { roles: wanted, meta: { principal: by } }: SetRoles): UserFact[] {
  if (kind === 'service') return []
  const granted = [...new Set(wanted)].filter(role => !roles.includes(role))
  const revoked = roles.filter(role => !wanted.includes(role))
  return [
    ...granted.map(role => ({ type: 'RoleGranted' as const, userId, role, by })),
    ...revoked.map(role => ({ type: 'RoleRevoked' as const, userId, role, by }))
  ]
}

function deleteUser (state: UserState): UserFact[] {
  return [...endSessions(state, state.sessions, 'deleted'), { type: 'UserDeleted', userId: state.userId }]
}

/** An account whose address nobody has proved in time is deleted: the address is free again. */
export function decideExpiry (state: UserState, nowMs: number, rules: IdentityRules): UserFact[] {
  return state.status === 'unverified' && state.registeredAt + rules.unverifiedMs <= nowMs ? deleteUser(state) : []
}

/** The user after those facts. */
export function fold (state: UserState | undefined, userId: string, facts: readonly UserFact[]): UserState {
  return facts.reduce(evolveUser, state ?? noUser(userId))
}
