import underPressure from '@fastify/under-pressure'
import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Admission } from '../../admission.ts'
import { ApiError } from '../../errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Takes in a command: while too many are on their way into the log, it is turned away before anything is read of it. @default false */
    isIntake?: boolean
  }
}

export interface LoadSheddingOptions {
  /** Above this delay of the event loop new requests are turned away, ms; 0 = never: answering late helps nobody. */
  readonly maxEventLoopDelayMs: number
  readonly services: { readonly admission: Pick<Admission, 'isFull'> }
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
  app.addHook('onRequest', async request => {
    if (request.routeOptions.config.isIntake === true && options.services.admission.isFull) throw new ApiError('API_OVERLOADED')
  })
}, { name: 'load-shedding' })
