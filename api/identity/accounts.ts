import { randomUUID } from 'node:crypto'
import { type FastifyRequest } from 'fastify'
import { type IssuedToken } from '#schemas'
import { uuidOfCommand } from '../../topology/envelope.ts'
import { isGood } from '../../topology/identity/registration.ts'
import { encryptPersonal } from '../../topology/personal.ts'
import { customerKeyId } from '../../topology/privacy/subject.ts'
import { ApiError, type FieldError } from '../errors.ts'
import { principalOfRequest } from '../plugins/app/auth.ts'
import { type Services } from '../plugins/app/services.ts'
import { type RegisterBody } from '../schemas/identity.ts'
import { traceparentOf } from '../trace.ts'
import { addressOf, carryOut, identityMeta, newCommandId } from './carry-out.ts'
import { normaliseEmail } from './identity-keys.ts'
import { newMailToken, parseMailToken } from './opaque-token.ts'

/** How long a token from a mail counts, ms. */
const verificationMs = 24 * 3_600_000
const resetMs = 3_600_000

/** Tokens are sealed with one key for all: they are no personal data, and worth nothing after a day. */
const sealKeyId = 'identity/tokens'

/**
 * Registers. Answers alike whether the address is free, waits for its proof or belongs to somebody: who reads its mail learns which.
 *
 * @throws {ApiError} API_REQUEST_INVALID for a password that is none.
 */
export async function register (services: Services, request: FastifyRequest, { email, password, name }: RegisterBody): Promise<void> {
  checkPassword(password, '/password', email)
  const { identity: { users, log, keys, passwords }, keys: dataKeys } = services
  const emailKey = keys.emailKey(email)
  const id = newCommandId()
  const userId = await users.owner(emailKey) ?? uuidOfCommand(id)
  const passwordHash = await passwords.hash(password)
  const personalKey = customerKeyId(userId)
  await log.append({
    type: 'RegisterUser',
    meta: identityMeta(services, request, id),
    emailKey,
    userId,
    email: await encryptPersonal(dataKeys, personalKey, 'contact', { email: email.trim() }),
    profile: name === undefined ? null : await encryptPersonal(dataKeys, personalKey, 'profile', { name }),
    passwordHash,
    roles: ['Customer'],
    isVerified: false,
    token: await issueToken(services, userId, verificationMs)
  }, { traceparent: traceparentOf(request.headers) })
}

/**
 * Proves the address of an account. Asks for the password, too: a mail that somebody else has caused proves nothing for him.
 *
 * @throws {ApiError} API_ONE_TIME_TOKEN_INVALID for a wrong token and for a wrong password.
 */
export async function verifyEmail (services: Services, request: FastifyRequest, token: string, password: string): Promise<void> {
  const { users, passwords } = services.identity
  const parsed = parseMailToken(token)
  const user = parsed === undefined ? undefined : await users.read(parsed.userId)
  const isOut = parsed !== undefined && user !== undefined && isGood(user.verification, parsed.hash, services.clock.now())
  if (!isOut || !(await passwords.verify(password, user.passwordHash)).matched) throw new ApiError('API_ONE_TIME_TOKEN_INVALID')
  const after = await carryOut(services, request, { type: 'VerifyEmail', meta: identityMeta(services, request), userId: user.userId, tokenHash: parsed.hash })
  if (after?.status !== 'active') throw new ApiError('API_ONE_TIME_TOKEN_INVALID')
}

/** Sends a token for another password to the owner of the address, if there is one. Takes the same way where there is none. */
export async function requestReset (services: Services, request: FastifyRequest, email: string): Promise<void> {
  const { users, log, keys } = services.identity
  const userId = await users.owner(keys.emailKey(email)) ?? randomUUID()
  const token = await issueToken(services, userId, resetMs)
  await log.append({ type: 'RequestPasswordReset', meta: identityMeta(services, request), userId, token }, { traceparent: traceparentOf(request.headers) })
}

/** @throws {ApiError} API_ONE_TIME_TOKEN_INVALID, API_REQUEST_INVALID */
export async function resetPassword (services: Services, request: FastifyRequest, token: string, newPassword: string): Promise<void> {
  checkPassword(newPassword, '/newPassword')
  const { users, passwords } = services.identity
  const parsed = parseMailToken(token)
  const user = parsed === undefined ? undefined : await users.read(parsed.userId)
  if (parsed === undefined || user === undefined || !isGood(user.reset, parsed.hash, services.clock.now())) throw new ApiError('API_ONE_TIME_TOKEN_INVALID')
  const passwordHash = await passwords.hash(newPassword)
  const after = await carryOut(services, request, { type: 'ResetPassword', meta: identityMeta(services, request), userId: user.userId, tokenHash: parsed.hash, passwordHash })
  if (after?.passwordHash !== passwordHash) throw new ApiError('API_ONE_TIME_TOKEN_INVALID')
}

/** Another password for who sends the request. @throws {ApiError} API_CREDENTIALS_INVALID, API_REQUEST_INVALID, API_NOT_FOUND for a token without account */
export async function changePassword (services: Services, request: FastifyRequest, currentPassword: string, newPassword: string): Promise<void> {
  checkPassword(newPassword, '/newPassword')
  const { subject } = principalOfRequest(request)
  const { users, passwords } = services.identity
  const user = isUuid(subject) ? await users.read(subject) : undefined
  if (user === undefined || user.kind === 'service' || user.status !== 'active') throw new ApiError('API_NOT_FOUND')
  const { matched } = await passwords.verify(currentPassword, user.passwordHash)
  const passwordHash = await passwords.hash(newPassword)
  const after = await carryOut(services, request, {
    type: 'ChangePassword',
    meta: identityMeta(services, request),
    userId: subject,
    passwordMatched: matched,
    credentialVersion: user.credentialVersion,
    passwordHash,
    address: addressOf(services, request)
  })
  if (after?.passwordHash !== passwordHash) throw new ApiError('API_CREDENTIALS_INVALID')
}

/** True for the id of an account; tokens of the command line name others. */
export function isUuid (subject: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(subject)
}

/** @throws {ApiError} API_REQUEST_INVALID: length is the schema's affair, here is what it cannot say. */
function checkPassword (password: string, field: string, email?: string): void {
  const errors: FieldError[] = []
  if (new Set(password).size < 5) errors.push({ field, message: 'has fewer than five different characters' })
  if (email !== undefined && normaliseEmail(password) === normaliseEmail(email)) errors.push({ field, message: 'is the e-mail address' })
  if (errors.length > 0) throw new ApiError('API_REQUEST_INVALID', undefined, { errors })
}

async function issueToken ({ keys, clock }: Services, userId: string, lifeMs: number): Promise<IssuedToken> {
  const { token, hash } = newMailToken(userId)
  return { hash, expiresAt: clock.now() + lifeMs, sealed: await encryptPersonal(keys, sealKeyId, 'secret', { token }) }
}
