import { type FastifyRequest } from 'fastify'
import { type Erasure, type OrderView } from '#schemas'
import { customerKeyId, guestKeyId } from '../../topology/privacy/subject.ts'
import { ApiError } from '../errors.ts'
import { isUuid } from '../identity/accounts.ts'
import { identityMeta } from '../identity/carry-out.ts'
import { mayRead } from '../orders/view.ts'
import { principalOfRequest } from '../plugins/app/auth.ts'
import { type Services } from '../plugins/app/services.ts'
import { type ErasureBody } from '../schemas/privacy.ts'
import { traceparentOf } from '../trace.ts'
import { ordersOf } from './orders-of.ts'

/** Who is to be erased. */
export interface Subject {
  /** The customer, or the order of a guest. */
  readonly subject: string
  readonly keyId: string
  /** His account; null = there is none. */
  readonly accountId: string | null
}

/** Open orders that a refusal names at most. */
const maxNamed = 10

/**
 * A customer without an open order. What was accepted within the last second may be overlooked: it goes on without an address.
 *
 * @throws {ApiError} API_STATE_FORBIDS naming open orders, and for the sender himself; API_ANALYTICS_UNAVAILABLE.
 */
export async function closedCustomer (services: Services, request: FastifyRequest, customerId: string): Promise<Subject> {
  if (customerId === principalOfRequest(request).subject) throw new ApiError('API_STATE_FORBIDS', 'nobody erases the person that he sends this as')
  const open: string[] = []
  for await (const { orderId, view } of ordersOf(services, customerId)) {
    if (view !== undefined && !isClosed(view)) open.push(orderId)
    if (open.length === maxNamed) break
  }
  if (open.length > 0) throw new ApiError('API_STATE_FORBIDS', `orders are open: ${open.join(', ')}`)
  const account = isUuid(customerId) ? await services.identity.users.read(customerId) : undefined
  return { subject: customerId, keyId: customerKeyId(customerId), accountId: account === undefined || account.status === 'deleted' ? null : customerId }
}

/**
 * The guest of a closed order.
 *
 * @throws {ApiError} API_NOT_FOUND for no order and for one that the sender may not see; API_STATE_FORBIDS while it is open, and for the
 * order of a customer, whose one key goes with all of his orders.
 */
export async function closedGuest ({ orders }: Services, request: FastifyRequest, orderId: string): Promise<Subject> {
  const { view } = await orders.read(orderId)
  if (view === undefined || !mayRead(view, principalOfRequest(request))) throw new ApiError('API_NOT_FOUND')
  if (!isClosed(view)) throw new ApiError('API_STATE_FORBIDS', `the order is ${view.state}`)
  if (view.customerId !== null) throw new ApiError('API_STATE_FORBIDS', 'the order is a customer\'s: its personal data has his key, and goes when he is erased')
  return { subject: orderId, keyId: guestKeyId(orderId), accountId: null }
}

/** Writes the request into the log; it is carried out a moment later. As often as it is asked: a person is erased once. */
export async function requestErasure (services: Services, request: FastifyRequest, subject: Subject, reason: string) {
  await services.commandLog.append({ type: 'EraseSubject', meta: identityMeta(services, request), ...subject, reason }, { traceparent: traceparentOf(request.headers) })
  return { subject: subject.subject, keyId: subject.keyId, status: 'accepted' as const, location: `/v1/admin/privacy/erasures/${encodeURIComponent(subject.subject)}` }
}

export function erasureBody ({ subject, keyId, accountId, requestedBy, requestedAt, reason, destroyedAt, digest }: Erasure): ErasureBody {
  return {
    subject,
    keyId,
    status: destroyedAt === null ? 'running' : 'erased',
    accountId,
    requestedBy,
    requestedAt: new Date(requestedAt).toISOString(),
    reason,
    destroyedAt: destroyedAt === null ? null : new Date(destroyedAt).toISOString(),
    digest
  }
}

function isClosed ({ outcome }: OrderView): boolean {
  return outcome !== null
}
