import underPressure from '@fastify/under-pressure'
import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ApiError } from '../../errors.ts'

/** Above this delay of the event loop new requests are turned away: answering late helps nobody. */
const maxEventLoopDelayMs = 1000

/** Sheds load with 503 and Retry-After before the process stops answering at all. */
export const loadSheddingPlugin = fp(async function loadShedding (app: FastifyInstance) {
  await app.register(underPressure, {
    maxEventLoopDelay: maxEventLoopDelayMs,
    pressureHandler: () => { throw new ApiError('API_OVERLOADED') }
  })
}, { name: 'load-shedding' })
