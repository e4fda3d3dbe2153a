import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Ends without dropping a request: what came before the end, or comes on a connection that is open, is answered, and every answer from
 * then on asks the client to close its connection. New connections are not taken.
 */
export const drainingPlugin = fp(async function draining (app: FastifyInstance) {
  let isDraining = false
  app.addHook('preClose', async () => { isDraining = true })
  app.addHook('onSend', async (_request, reply) => { if (isDraining) reply.header('connection', 'close') })
}, { name: 'draining' })
