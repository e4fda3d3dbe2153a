import { type FastifyReply, type FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type CommandMeta } from '#schemas'
import { type Rejection } from '../../topology/commands/processed-command.ts'
import { type CatalogCommand } from '../../topology/topics.ts'
import { type Acceptance, IdempotencyHeaders, acceptCommand, requestCommandId, tellAcceptance } from '../commands.ts'
import { ApiError } from '../errors.ts'
import { maxWaitS, preferredWaitS } from '../orders/wait.ts'
import { type Services } from '../plugins/app/services.ts'
import { type CatalogKey } from './ports.ts'
import { versionOfEtag } from './view.ts'
import { nameOf } from './visibility.ts'

const prefer = Type.Optional(Type.String({ description: `wait=N: answer when the change is decided and visible, at the latest after N ≤ ${maxWaitS} seconds.` }))

/** Headers of a change of something new. */
export const CreationHeaders = Type.Object({ ...IdempotencyHeaders.properties, prefer })
/** Headers of a change of something that is there. */
export const ChangeHeaders = Type.Object({
  ...CreationHeaders.properties,
  'if-match': Type.Optional(Type.String({ pattern: '^"\\d{1,15}(-\\w{1,20})?"$', description: 'ETag that the change is about: another version is refused with 412. Stock does not count.' }))
})

export interface ChangeOptions {
  readonly about: CatalogKey
  /** Name of the route with what it is about: part of the identity of every command taken through it, never to be changed. */
  readonly route: string
  /** Path that shows the result. */
  readonly path: string
  readonly body: unknown
  /** The command, made when it is new. May throw an ApiError for what the catalog forbids. */
  readonly command: (meta: CommandMeta, expectedVersion: number | null) => CatalogCommand
  /** Version now, for If-Match; undefined = there is none to compare with. */
  readonly version?: () => number | undefined
}

/** What became of an accepted change. `isVisible`: it is decided, and this instance shows it. */
export interface Change { readonly commandId: string, readonly location: string, readonly isVisible: boolean }

/**
 * Takes a change of the catalog: in the log when the answer comes, decided a moment later, or with `Prefer: wait` before.
 *
 * @throws {ApiError} what `acceptCommand` does; API_VERSION_MISMATCH; and of a change that was waited for API_CHANGE_REJECTED with the code of the
 * catalog and the field.
 */
export async function changeCatalog (services: Services, request: FastifyRequest, reply: FastifyReply, options: ChangeOptions): Promise<Change> {
  const { about, route, path, version = () => undefined } = options
  const { catalog, catalogOutcomes } = services
  await catalog.settle(nameOf(about))
  const key = String(request.headers['idempotency-key'])
  const match = request.headers['if-match']
  const expected = match === undefined ? null : versionOfEtag(match) ?? null
  const acceptance = await acceptCommand(services, request, {
    route,
    key,
    body: { body: options.body ?? null, match },
    known: async id => await catalogOutcomes.commandHash(about, id),
    command: meta => {
      const command = options.command(meta, expected)
      const now = version()
      if (expected !== null && now !== undefined && now !== expected) throw new ApiError('API_VERSION_MISMATCH', `it is at version ${now}`)
      return command
    }
  })
  if (acceptance.position !== undefined) catalog.wrote(nameOf(about), acceptance.position)
  const location = tellAcceptance(reply, path, acceptance)
  const commandId = requestCommandId(request, { route, key })
  const waitS = preferredWaitS(request.headers['prefer'] as string | undefined)
  if (waitS === undefined) return { commandId, location, isVisible: false }
  reply.header('preference-applied', `wait=${waitS}`)
  return { commandId, location, isVisible: await decided(services, reply, options, commandId, acceptance, waitS * 1000) }
}

/** Waits for the decision. @throws {ApiError} for a rejection. */
async function decided (
  { catalog, catalogOutcomes, clock }: Services, reply: FastifyReply, { about }: ChangeOptions, commandId: string, { position }: Acceptance, timeoutMs: number
): Promise<boolean> {
  const gone = new AbortController()
  reply.raw.once('close', () => { gone.abort() })
  const deadlineMs = clock.now() + timeoutMs
  const outcome = await catalogOutcomes.outcome(about, commandId, position, { timeoutMs, signal: gone.signal })
  if (outcome.kind === 'pending') return false
  if (outcome.rejection !== undefined) throw rejected(outcome.rejection)
  return position === undefined || await catalog.reach(position, { timeoutMs: Math.max(0, deadlineMs - clock.now()), signal: gone.signal })
}

/** What a client is told of a rejection: `rule` is the code of the catalog. */
function rejected ({ code, field, message }: Rejection): ApiError {
  if (code === 'version-mismatch') return new ApiError('API_VERSION_MISMATCH', message)
  const errors = field === null ? {} : { errors: [{ field: `/${field}`, message }] }
  return new ApiError('API_CHANGE_REJECTED', message, { rule: code, ...errors })
}
