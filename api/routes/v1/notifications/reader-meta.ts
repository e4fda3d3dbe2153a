import { randomUUID } from 'node:crypto'
import { type FastifyRequest } from 'fastify'
import { type CommandMeta } from '#schemas'
import { commandId, defaultTenant } from '../../../../topology/envelope.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { type Services } from '../../../plugins/app/services.ts'

/** Metadata of a command that a repeat makes no other than it was: each request is a command of its own, also where several are of one trace. */
export function readerMeta ({ clock }: Services, request: FastifyRequest): CommandMeta {
  const { subject: principal } = principalOfRequest(request)
  return { commandId: commandId('request', randomUUID()), bodyHash: null, issuedAt: clock.now(), correlationId: request.id, principal, tenant: defaultTenant }
}
