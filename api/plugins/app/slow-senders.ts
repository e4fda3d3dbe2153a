import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How long a client may take to send the body, ms; 0 = as long as something moves, which the route sees to. @default 20000 */
    bodyTimeoutMs?: number
  }
}

/** A slow sender does not hold a connection for ever. */
const defaultTimeoutMs = 20_000

/** Closes the connection of whoever takes too long to send a body. Headers have a limit of the server's own. */
export const slowSendersPlugin = fp(async function slowSenders (app: FastifyInstance) {
  app.addHook('onRequest', async (request, reply) => {
    const { headers, raw } = request
    const timeoutMs = request.routeOptions.config.bodyTimeoutMs ?? defaultTimeoutMs
    if (timeoutMs === 0 || (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)) return
    const timer = setTimeout(() => { if (!raw.complete) raw.socket.end('HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r\n').destroySoon() }, timeoutMs)
    const clear = (): void => { clearTimeout(timer) }
    raw.once('end', clear)
    reply.raw.once('close', clear)
  })
}, { name: 'slow-senders' })
