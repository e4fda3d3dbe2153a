import { randomUUID, timingSafeEqual } from 'node:crypto'
import { type FastifyRequest } from 'fastify'
import { type UserState } from '#schemas'
import { isLocked } from '../../topology/identity/locks.ts'
import { ApiError } from '../errors.ts'
import { type Permission, isPermission, isRole } from '../permissions.ts'
import { type Services } from '../plugins/app/services.ts'
import { type SessionBody } from '../schemas/identity.ts'
import { signToken } from '../token.ts'
import { addressOf, carryOut, identityMeta } from './carry-out.ts'
import { type OpaqueToken, hashToken, newRefreshToken, parseRefreshToken } from './opaque-token.ts'

/**
 * Logs in. Every attempt takes the same way, whether the account exists, is locked, or the password is wrong: two readings, one hash, one
 * command, one wait, and one answer.
 *
 * @throws {ApiError} API_CREDENTIALS_INVALID; API_EMAIL_UNVERIFIED for who knows the password of an account whose address is not proved.
 */
export async function logIn (
  services: Services, request: FastifyRequest, { email, password }: { readonly email: string, readonly password: string }
): Promise<SessionBody> {
  const { users, passwords, keys } = services.identity
  const userId = await users.owner(keys.emailKey(email)) ?? randomUUID()
  const user = await users.read(userId)
  const { matched, isOld } = await passwords.verify(password, user?.passwordHash)
  const refresh = newRefreshToken(userId)
  const address = addressOf(services, request)
  const after = await carryOut(services, request, {
    type: 'LogIn',
    meta: identityMeta(services, request),
    userId,
    passwordMatched: matched,
    credentialVersion: user?.credentialVersion ?? 0,
    address,
    sessionId: refresh.sessionId,
    refreshHash: refresh.hash,
    rehash: isOld ? await passwords.hash(password) : null
  })
  const session = await sessionOf(services, after, refresh)
  if (session !== undefined) return session
  if (matched && after?.status === 'unverified' && !isLocked(after, address, services.clock.now())) throw new ApiError('API_EMAIL_UNVERIFIED')
  throw new ApiError('API_CREDENTIALS_INVALID')
}

/**
 * Exchanges a refresh token. Of two uses of one token the processor takes the first; the second ends the session.
 *
 * @throws {ApiError} API_REFRESH_INVALID
 */
export async function refreshSession (services: Services, request: FastifyRequest, token: string): Promise<SessionBody> {
  const shown = await heldSession(services, token)
  if (shown === undefined) throw new ApiError('API_REFRESH_INVALID')
  const { userId, sessionId, hash: refreshHash } = shown
  const next = newRefreshToken(userId, sessionId)
  const after = await carryOut(services, request, { type: 'RefreshSession', meta: identityMeta(services, request), userId, sessionId, refreshHash, nextHash: next.hash })
  const session = await sessionOf(services, after, next)
  if (session === undefined) throw new ApiError('API_REFRESH_INVALID')
  return session
}

/** Ends the session of a refresh token, or all sessions of its user. A token of no session ends nothing, and says so to nobody. */
export async function logOut (services: Services, request: FastifyRequest, token: string, everywhere: boolean): Promise<void> {
  const shown = await heldSession(services, token)
  if (shown === undefined) return
  const { userId, sessionId } = shown
  await carryOut(services, request, { type: 'LogOut', meta: identityMeta(services, request), userId, sessionId, everywhere })
}

/** The token, when its session exists: what is made up costs a reading and no record. */
async function heldSession ({ identity }: Services, token: string) {
  const parsed = parseRefreshToken(token)
  const user = parsed === undefined ? undefined : await identity.users.read(parsed.userId)
  return user?.sessions.some(({ sessionId }) => sessionId === parsed?.sessionId) === true ? parsed : undefined
}

/** Both tokens, when that refresh token is the newest of a session; roles and grants are those of this moment. */
async function sessionOf (services: Services, user: UserState | undefined, { token, hash }: OpaqueToken): Promise<SessionBody | undefined> {
  const family = user?.sessions.find(({ refreshHash }) => refreshHash === hash)
  if (user === undefined || family === undefined) return undefined
  return {
    accessToken: await accessToken(services, user),
    tokenType: 'Bearer',
    expiresInS: services.identity.tokens.ttlS,
    refreshToken: token,
    refreshExpiresAt: new Date(family.expiresAt).toISOString()
  }
}

/** An access token of a user with the roles that he has now, and of his grants those that are asked for. */
async function accessToken ({ identity }: Services, user: UserState, grants = user.grants.filter(isPermission)): Promise<string> {
  const { keys, rules, ttlS } = identity.tokens
  await keys.refresh()
  const roles = user.roles.filter(isRole)
  return await signToken(keys.signing(), rules, { subject: user.userId, roles, ttlS, ...(user.kind === 'service' ? { grants } : {}) })
}

/** What a service account shows. */
export interface ClientCredentials {
  readonly clientId: string
  readonly clientSecret: string
  /** Grants wanted; undefined = all. */
  readonly scope: readonly string[] | undefined
}

/**
 * An access token for a service account. Nothing is written: the secret has 256 random bits, nobody guesses it.
 *
 * @throws {ApiError} API_CREDENTIALS_INVALID, API_FORBIDDEN for a scope beyond the grants.
 */
export async function grantClient (
  services: Services, { clientId, clientSecret, scope }: ClientCredentials
): Promise<{ readonly token: string, readonly grants: readonly Permission[] }> {
  const user = await services.identity.users.read(clientId)
  const isRight = user?.kind === 'service' && user.status === 'active' && isSame(hashToken(clientSecret), user.passwordHash)
  if (!isRight) throw new ApiError('API_CREDENTIALS_INVALID', undefined, { error: 'invalid_client' })
  const granted = user.grants.filter(isPermission)
  const wanted = scope ?? granted
  const beyond = wanted.find(name => !(granted as readonly string[]).includes(name))
  if (beyond !== undefined) throw new ApiError('API_FORBIDDEN', `the account has not the permission ${beyond}`, { error: 'invalid_scope' })
  const grants = granted.filter(name => wanted.includes(name))
  return { token: await accessToken(services, user, grants), grants }
}

function isSame (a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
