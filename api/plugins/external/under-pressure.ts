import underPressure from '@fastify/under-pressure'
import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ApiError } from '../../errors.ts'

export interface LoadSheddingOptions {
  /** Above this delay of the event loop new requests are turned away, ms; 0 = never: answering late helps nobody. */
  readonly maxEventLoopDelayMs: number
}

/**
 * Sheds load with 503 and Retry-After before the process stops answering at all. Health is told all the same: nobody shall end a process
 * because it is busy.
 */
export const loadSheddingPlugin = fp(async function loadShedding (app: FastifyInstance, options: LoadSheddingOptions) {
  await app.register(underPressure, {
    maxEventLoopDelay: options.maxEventLoopDelayMs,
    pressureHandler: request => { if (!request.url.startsWith('/health/')) throw new ApiError('API_OVERLOADED') }
  })
}, { name: 'load-shedding' })
