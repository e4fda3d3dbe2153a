import { type FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type CommandMeta } from '#schemas'
import { bodyHash, commandId, defaultTenant } from '../topology/envelope.ts'
import { type OrderCommand } from '../topology/topics.ts'
import { ApiError } from './errors.ts'
import { principalOfRequest } from './plugins/app/auth.ts'
import { type Services } from './plugins/app/services.ts'
import { type StockCommand } from './ports.ts'
import { type LogPosition } from './position.ts'
import { traceparentOf } from './trace.ts'

/** The header that names a request: the same key means the same command, for ever. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.String({ pattern: '^[!-~]{1,255}$', description: 'Key of your own, unique for each command: repeat it when you repeat the request.' })
})

/** A command that was taken, now or before. */
export interface Acceptance {
  /** Where it lies in the log; undefined when it was carried out so long ago that nobody remembers. */
  readonly position: LogPosition | undefined
  /** True when the request had been accepted before. */
  readonly replayed: boolean
}

export interface AcceptOptions {
  /** Name of the route with the resource it is about: part of the identity of every command taken through it, never to be changed. */
  readonly route: string
  readonly key: string
  readonly body: unknown
  /** Hash of the body that the resource knows this command by, asked when the cache has forgotten; undefined = it was not carried out. */
  readonly known: (commandId: string) => string | undefined | Promise<string | undefined>
  /** The command, made when it is new. May throw an ApiError for what the state forbids. */
  readonly command: (meta: CommandMeta) => OrderCommand | StockCommand
}

/**
 * Writes a command for something that exists into the log, once for each key: the cache answers most repeats, the resource itself all others.
 *
 * @throws {ApiError} API_IDEMPOTENCY_CONFLICT for the same key with another body, API_REQUEST_RUNNING while the first is not done.
 */
export async function acceptCommand (services: Services, request: FastifyRequest, options: AcceptOptions): Promise<Acceptance> {
  const { subject } = principalOfRequest(request)
  const id = commandId(defaultTenant, subject, options.route, options.key)
  const hash = bodyHash(options.body)
  const cached = await services.idempotency.begin(id, hash)
  if (cached.kind === 'conflict') throw new ApiError('API_IDEMPOTENCY_CONFLICT')
  if (cached.kind === 'running') throw new ApiError('API_REQUEST_RUNNING')
  if (cached.kind === 'done') return { position: cached.position, replayed: true }
  try {
    const before = await options.known(id)
    if (before !== undefined && before !== hash) throw new ApiError('API_IDEMPOTENCY_CONFLICT')
    if (before !== undefined) {
      await services.idempotency.abandon(id)
      return { position: undefined, replayed: true }
    }
    const command = options.command({
      commandId: id, bodyHash: hash, issuedAt: services.clock.now(), correlationId: request.id, principal: subject, tenant: defaultTenant
    })
    const position = await services.commandLog.append(command, { traceparent: traceparentOf(request.headers) })
    await services.idempotency.finish(id, position)
    return { position, replayed: false }
  } catch (error) {
    await services.idempotency.abandon(id)
    throw error
  }
}
