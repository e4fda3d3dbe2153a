import { type FastifyReply, type FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type CommandMeta, type NotificationRequested, type SetCreditLimit } from '#schemas'
import { bodyHash, commandId, defaultTenant } from '../topology/envelope.ts'
import { type CatalogCommand, type OrderCommand } from '../topology/topics.ts'
import { type WebhookCommand } from '../topology/webhooks/webhook.ts'
import { ApiError } from './errors.ts'
import { principalOfRequest } from './plugins/app/auth.ts'
import { type Services } from './plugins/app/services.ts'
import { type ShipmentNews, type StockCommand } from './ports.ts'
import { type LogPosition, positionToken } from './position.ts'
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

/** What a resource itself knows of a command: nothing, that it was carried out, or that another one was under its id. */
export type Knowledge = 'none' | 'same' | 'other'

/** What follows from the hash of the body that was carried out under an id, undefined = none was. */
export function knowledgeOf (before: string | undefined, hash: string): Knowledge {
  if (before === undefined) return 'none'
  return before === hash ? 'same' : 'other'
}

export interface AppendOnceOptions {
  readonly commandId: string
  readonly bodyHash: string
  /** Asked when the cache has forgotten. */
  readonly known: () => Knowledge | Promise<Knowledge>
  /** Writes the command, which is new. May throw an ApiError for what the state forbids. */
  readonly append: () => Promise<LogPosition>
  /** One of many that their sender sends one after another: it waits for its turn, however long that takes. @default false */
  readonly isPaced?: boolean
}

/**
 * Appends a command unless the log has it: the cache answers most repeats, the resource itself all others.
 *
 * @throws {ApiError} API_IDEMPOTENCY_CONFLICT for the same id with another body, API_REQUEST_RUNNING while the first is not done and its command not
 * carried out, API_OVERLOADED when too many are being written.
 */
export async function appendOnce (services: Services, options: AppendOnceOptions): Promise<Acceptance> {
  if (options.isPaced === true) return await appendNew(services, options)
  const leave = services.admission.enter()
  try {
    return await appendNew(services, options)
  } finally {
    leave()
  }
}

async function appendNew ({ idempotency }: Services, { commandId, bodyHash, known, append }: AppendOnceOptions): Promise<Acceptance> {
  const cached = await idempotency.begin(commandId, bodyHash)
  if (cached.kind === 'conflict') throw new ApiError('API_IDEMPOTENCY_CONFLICT')
  if (cached.kind === 'running') {
    // Whoever holds the key may have died after it wrote the command: then it is carried out all the same.
    const written = await known()
    if (written === 'other') throw new ApiError('API_IDEMPOTENCY_CONFLICT')
    if (written === 'none') throw new ApiError('API_REQUEST_RUNNING')
    return { position: undefined, replayed: true }
  }
  if (cached.kind === 'done') return { position: cached.position, replayed: true }
  try {
    const before = await known()
    if (before === 'other') throw new ApiError('API_IDEMPOTENCY_CONFLICT')
    if (before === 'same') {
      await idempotency.abandon(commandId)
      return { position: undefined, replayed: true }
    }
    const position = await append()
    await idempotency.finish(commandId, position)
    return { position, replayed: false }
  } catch (error) {
    await idempotency.abandon(commandId)
    throw error
  }
}

/** Puts into the answer where the result will be, and whether it was asked for before. Returns that place. */
export function tellAcceptance (reply: FastifyReply, path: string, { position, replayed }: Acceptance): string {
  const location = `${path}${position === undefined ? '' : `?position=${positionToken(position)}`}`
  reply.header('location', location)
  if (replayed) reply.header('idempotent-replayed', 'true')
  return location
}

export interface AcceptOptions {
  /** Name of the route with the resource it is about: part of the identity of every command taken through it, never to be changed. */
  readonly route: string
  readonly key: string
  readonly body: unknown
  /** Hash of the body that the resource knows this command by; undefined = it was not carried out. */
  readonly known: (commandId: string) => string | undefined | Promise<string | undefined>
  /** The command, made when it is new. May throw an ApiError for what the state forbids. */
  readonly command: (meta: CommandMeta) => OrderCommand | StockCommand | SetCreditLimit | ShipmentNews | CatalogCommand | WebhookCommand | NotificationRequested
}

/** Identity of the command that a request stands for: the same sender with the same key on the same route. */
export function requestCommandId (request: FastifyRequest, { route, key }: Pick<AcceptOptions, 'route' | 'key'>): string {
  return commandId(defaultTenant, principalOfRequest(request).subject, route, key)
}

/** Writes a command for something that exists into the log, once for each key. Rejects as `appendOnce` does. */
export async function acceptCommand (services: Services, request: FastifyRequest, options: AcceptOptions): Promise<Acceptance> {
  const { subject } = principalOfRequest(request)
  const id = requestCommandId(request, options)
  const hash = bodyHash(options.body)
  return await appendOnce(services, {
    commandId: id,
    bodyHash: hash,
    known: async () => knowledgeOf(await options.known(id), hash),
    append: async () => {
      const command = options.command({
        commandId: id, bodyHash: hash, issuedAt: services.clock.now(), correlationId: request.id, principal: subject, tenant: defaultTenant
      })
      return await services.commandLog.append(command, { traceparent: traceparentOf(request.headers) })
    }
  })
}
