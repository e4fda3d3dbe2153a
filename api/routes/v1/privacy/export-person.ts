import { Readable } from 'node:stream'
import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { ApiError } from '../../../errors.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { type Services } from '../../../plugins/app/services.ts'
import { type ExportOf, exportPerson } from '../../../privacy/export.ts'
import { ExportQuery, ExportSchema } from '../../../schemas/privacy.ts'
import { problems } from '../../../schemas/problem.ts'

const exported = {
  description: 'The document, as it is written.', content: { 'application/json': { schema: Type.Unsafe<Readable>(ExportSchema) } }
}
const description = 'Account, orders with their payments, shipments, returns and addresses, notifications, and visits where it is known whose they were. ' +
  'Streamed; read from state and from analytics, which is about a second behind. A document that breaks off is not whole: ask again.'

/** GET /v1/users/me/export: everything that is kept about whoever asks. */
export const exportMeRoute: FastifyPluginAsyncTypebox = async app => {
  app.get('/me/export', {
    config: { permission: 'self' },
    schema: { tags: ['privacy'], operationId: 'exportMe', summary: 'Everything that is kept about me', description, response: { 200: exported, ...problems(401, 429, 503) } }
  }, async (request, reply) => await send(reply, app.services, { customerId: principalOfRequest(request).subject }))
}

/** GET /v1/admin/privacy/export: the same about somebody else. */
export const exportPersonRoute: FastifyPluginAsyncTypebox = async app => {
  app.get('/export', {
    config: { permission: 'admin' },
    schema: {
      tags: ['privacy'],
      operationId: 'exportPerson',
      summary: 'Everything that is kept about a person',
      description,
      querystring: ExportQuery,
      response: { 200: exported, ...problems(400, 401, 403, 404, 409, 429, 503) }
    }
  }, async (request, reply) => {
    const { customerId, orderId } = request.query
    if ((customerId === undefined) === (orderId === undefined)) throw new ApiError('API_REQUEST_MALFORMED', 'give either customerId or orderId')
    return await send(reply, app.services, customerId === undefined ? await guestOf(app.services, orderId ?? '') : { customerId })
  })
}

/** @throws {ApiError} API_NOT_FOUND; API_STATE_FORBIDS for the order of a customer */
async function guestOf ({ orders }: Services, orderId: string): Promise<ExportOf> {
  const { view } = await orders.read(orderId)
  if (view === undefined) throw new ApiError('API_NOT_FOUND')
  if (view.customerId !== null) throw new ApiError('API_STATE_FORBIDS', 'the order is a customer\'s: ask for the customer')
  return { order: { orderId, view } }
}

/** The first piece decides about the status: what fails later breaks the document off. */
async function send (reply: FastifyReply, services: Services, of: ExportOf): Promise<FastifyReply> {
  return await reply.type('application/json').header('cache-control', 'no-store').header('content-disposition', 'attachment; filename="export.json"')
    .send(Readable.from(exportPerson(services, of), { objectMode: false }))
}
