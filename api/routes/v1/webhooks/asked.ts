import { randomUUID } from 'node:crypto'
import { type FastifyRequest } from 'fastify'
import { type CommandMeta, type WebhookState } from '#schemas'
import { type PositionWait } from '../../../../streams/state/query.ts'
import { type WebhookCommand } from '../../../../topology/webhooks/webhook.ts'
import { type Acceptance, acceptCommand } from '../../../commands.ts'
import { ApiError } from '../../../errors.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { type Services } from '../../../plugins/app/services.ts'

/** How long an answer waits for what it asked for, ms. */
const waitMs = 5000

/** Subscriptions belong to the account that made them: all that is asked of one is asked by its owner. */
export function ownerOf (request: FastifyRequest): string {
  return principalOfRequest(request).subject
}

/**
 * The sender's own subscription.
 *
 * @throws {ApiError} API_NOT_FOUND where there is none of that id, or it is somebody else's.
 */
export async function ownWebhook ({ webhooks }: Services, request: FastifyRequest, webhookId: string): Promise<WebhookState> {
  const webhook = await webhooks.queries.read(ownerOf(request), webhookId)
  if (webhook === undefined) throw new ApiError('API_NOT_FOUND')
  return webhook
}

export interface Asked {
  readonly webhookId: string
  /** Name of the route with the subscription: part of the identity of the command, never to be changed. */
  readonly route: string
  /** @default one that no other request has, whatever trace it is of: a repeat is another command, which changes nothing more */
  readonly key?: string
  readonly body: unknown
  readonly command: (meta: CommandMeta, ownerId: string) => WebhookCommand
}

/** Writes a command of the owner into the log, once for each key. Rejects as `acceptCommand` does. */
export async function ask (services: Services, request: FastifyRequest, { webhookId, route, key = randomUUID(), body, command }: Asked): Promise<Acceptance> {
  const ownerId = ownerOf(request)
  return await acceptCommand(services, request, {
    route,
    key,
    body,
    known: async commandId => {
      const webhook = await services.webhooks.queries.read(ownerId, webhookId)
      return webhook?.commands.find(entry => entry.commandId === commandId)?.bodyHash
    },
    command: meta => command(meta, ownerId)
  })
}

/**
 * The subscription once what was accepted is carried out.
 *
 * @throws {ApiError} API_OUTCOME_UNKNOWN when that takes too long: the same request again, under the same key, tells.
 */
export async function afterwards (services: Services, request: FastifyRequest, webhookId: string, { position }: Acceptance): Promise<WebhookState | undefined> {
  const wait: PositionWait | undefined = position === undefined ? undefined : { position, clock: services.clock, timeoutMs: waitMs }
  return await services.webhooks.queries.read(ownerOf(request), webhookId, wait)
}
