import { type FastifyRequest } from 'fastify'
import { type UserState } from '#schemas'
import { uuidOfCommand } from '../../topology/envelope.ts'
import { ApiError } from '../errors.ts'
import { type Permission, type Principal, type Role, roles as rolePermissions } from '../permissions.ts'
import { principalOfRequest } from '../plugins/app/auth.ts'
import { type Services } from '../plugins/app/services.ts'
import { carryOut, identityMeta, newCommandId } from './carry-out.ts'
import { newClientSecret } from './opaque-token.ts'

/** A user who is there. @throws {ApiError} API_NOT_FOUND for none, and for one that is deleted */
export async function existingUser ({ identity }: Services, userId: string): Promise<UserState> {
  return present(await identity.users.read(userId))
}

/**
 * Gives a user exactly these roles.
 *
 * @throws {ApiError} API_FORBIDDEN for a role that allows more than the sender may; API_STATE_FORBIDS for service accounts, for an address that is
 * not proved, and for administrators who would take that role from themselves.
 */
export async function setRoles (services: Services, request: FastifyRequest, userId: string, roles: readonly Role[]): Promise<UserState> {
  const principal = principalOfRequest(request)
  const user = await existingUser(services, userId)
  for (const role of roles.filter(name => !user.roles.includes(name))) checkReach(principal, rolePermissions[role], `the role ${role}`)
  if (user.kind === 'service') throw new ApiError('API_STATE_FORBIDS', 'a service account has grants, and no roles')
  if (user.status !== 'active') throw new ApiError('API_STATE_FORBIDS', 'the e-mail address of the user is not proved yet')
  if (userId === principal.subject && user.roles.includes('Admin') && !roles.includes('Admin')) throw new ApiError('API_STATE_FORBIDS', 'an administrator stays one until another one says otherwise')
  return present(await carryOut(services, request, { type: 'SetRoles', meta: identityMeta(services, request), userId, roles }))
}

/** @throws {ApiError} API_NOT_FOUND, API_STATE_FORBIDS for the sender himself */
export async function deleteUser (services: Services, request: FastifyRequest, userId: string): Promise<void> {
  await existingUser(services, userId)
  if (userId === principalOfRequest(request).subject) throw new ApiError('API_STATE_FORBIDS', 'nobody deletes the account that he sends this with')
  await carryOut(services, request, { type: 'DeleteUser', meta: identityMeta(services, request), userId })
}

/** Makes a service account; its secret is known to the caller alone. @throws {ApiError} API_FORBIDDEN for a grant that the sender has not */
export async function createServiceAccount (
  services: Services, request: FastifyRequest, name: string, grants: readonly Permission[]
): Promise<{ readonly clientId: string, readonly clientSecret: string }> {
  checkReach(principalOfRequest(request), grants, 'the account')
  const id = newCommandId()
  const userId = uuidOfCommand(id)
  const { secret, hash } = newClientSecret()
  const user = await carryOut(services, request, { type: 'CreateServiceAccount', meta: identityMeta(services, request, id), userId, name, secretHash: hash, grants })
  if (user === undefined) throw new ApiError('API_OUTCOME_UNKNOWN')
  return { clientId: userId, clientSecret: secret }
}

/** Nobody gives what he has not: else whoever may write users could make himself an administrator. */
function checkReach (principal: Principal, wanted: readonly Permission[], what: string): void {
  const beyond = wanted.find(permission => !principal.permissions.has(permission))
  if (beyond !== undefined) throw new ApiError('API_FORBIDDEN', `${what} would have the permission ${beyond}, and the sender has not`)
}

function present (user: UserState | undefined): UserState {
  if (user === undefined || user.status === 'deleted') throw new ApiError('API_NOT_FOUND')
  return user
}
