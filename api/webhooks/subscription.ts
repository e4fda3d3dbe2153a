import { ApiError } from '../errors.ts'
import { type Permission, type Principal } from '../permissions.ts'
import { type WebhookServices } from './ports.ts'

/** What its owner must be allowed to read, to be told of a group of events: they are of all customers. */
const readers: Readonly<Record<string, readonly Permission[]>> = {
  orders: ['orders:read-all'],
  payments: ['orders:read-all', 'payments:read'],
  shipments: ['orders:read-all', 'shipments:read'],
  returns: ['orders:read-all']
}

/** What somebody wants of a subscription. */
export interface WebhookWish { readonly url?: string | undefined, readonly eventTypes?: readonly string[] | undefined }

/**
 * Refuses what may not be subscribed to.
 *
 * @throws {ApiError} API_REQUEST_INVALID with the field; API_FORBIDDEN for events that the sender may not read.
 */
export function checkWish ({ url, eventTypes = [] }: WebhookWish, principal: Principal, webhooks: Pick<WebhookServices, 'whyRefused'>): void {
  const refused = url === undefined ? undefined : webhooks.whyRefused(url)
  if (refused !== undefined) throw new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field: '/url', message: refused }] })
  checkReader(eventTypes, principal)
}

/** @throws {ApiError} API_FORBIDDEN naming the permission that is missing. */
export function checkReader (eventTypes: readonly string[], { permissions }: Principal): void {
  const wanted = new Set(eventTypes.flatMap(name => readers[name.slice(0, name.indexOf('.'))] ?? []))
  const missing = [...wanted].find(permission => !permissions.has(permission))
  if (missing !== undefined) throw new ApiError('API_FORBIDDEN', `these events are for those who have the permission ${missing}`)
}
