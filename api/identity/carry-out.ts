import { randomUUID } from 'node:crypto'
import { type FastifyRequest } from 'fastify'
import { type CommandMeta, type UserState } from '#schemas'
import { commandId, defaultTenant } from '../../topology/envelope.ts'
import { type UserCommand } from '../../topology/identity/decide-user.ts'
import { type Services } from '../plugins/app/services.ts'
import { traceparentOf } from '../trace.ts'

/** How long a request waits for its command, ms: many times what a healthy processor needs. */
const waitMs = 5000

/** Metadata of an identity command. Each request is a command of its own: what makes a repeat harmless is in its content. */
export function identityMeta (services: Services, request: FastifyRequest, id: string = newCommandId()): CommandMeta {
  const principal = request.principal?.subject ?? null
  return { commandId: id, bodyHash: null, issuedAt: services.clock.now(), correlationId: request.id, principal, tenant: defaultTenant }
}

/** An id for a command that no other one has. */
export function newCommandId (): string {
  return commandId(defaultTenant, 'identity', randomUUID())
}

/**
 * Writes a command for one user and reads the user once it was decided on: what became of it is seen in the row. Undefined = there is no
 * such user.
 *
 * @throws {ApiError} API_OUTCOME_UNKNOWN when it is in the log and was not decided on in time.
 */
export async function carryOut (services: Services, request: FastifyRequest, command: UserCommand): Promise<UserState | undefined> {
  const { identity: { log, users }, clock } = services
  const position = await log.append(command, { traceparent: traceparentOf(request.headers) })
  return await users.read(command.userId, { position, clock, timeoutMs: waitMs })
}

/** Keyed hash of the network address that a request comes from. */
export function addressOf ({ identity }: Services, request: FastifyRequest): string {
  return identity.keys.addressKey(request.ip)
}
