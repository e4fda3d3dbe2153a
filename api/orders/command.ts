import { type PlaceOrder } from '#schemas'
import { bodyHash, commandId, defaultTenant, uuidOfCommand } from '../../topology/envelope.ts'
import { isCurrency, isMoney, parseMoney } from '../../topology/money.ts'
import { type KeyProvider, encryptPersonal } from '../../topology/personal.ts'
import { subjectKeyId } from '../../topology/privacy/subject.ts'
import { ApiError, type FieldError } from '../errors.ts'
import { type Principal } from '../permissions.ts'
import { type PlaceOrderBody } from '../schemas/order.ts'

/** Route names in command ids; part of the identity of every order placed through them: never to be changed. */
const route = 'POST /v1/orders'
const bulkRoute = 'POST /v1/orders/bulk'

/** Identity of a request: the same sender with the same key means the same order, for ever. */
export interface OrderIdentity { readonly commandId: string, readonly orderId: string, readonly bodyHash: string }

export function orderIdentity (principal: Principal, idempotencyKey: string, body: PlaceOrderBody): OrderIdentity {
  const id = commandId(defaultTenant, principal.subject, route, idempotencyKey)
  return { commandId: id, orderId: uuidOfCommand(id), bodyHash: bodyHash(body) }
}

/**
 * Identity of one line of a bulk request: the key of the request with the line's own reference, or with its number where it has none. A key
 * has no spaces, so no two lines are taken for each other.
 */
export function bulkIdentity (principal: Principal, idempotencyKey: string, lineNumber: number, body: PlaceOrderBody): OrderIdentity {
  const line = body.clientReference === undefined ? `line ${lineNumber}` : `reference ${body.clientReference}`
  const id = commandId(defaultTenant, principal.subject, bulkRoute, `${idempotencyKey} ${line}`)
  return { commandId: id, orderId: uuidOfCommand(id), bodyHash: bodyHash(body) }
}

/**
 * Checks what a schema cannot say, and who may ask for what.
 *
 * @throws {ApiError} API_REQUEST_INVALID naming each field; API_FORBIDDEN when the token does not allow the channel or customer.
 */
export function checkOrder (body: PlaceOrderBody, principal: Principal): void {
  const errors: FieldError[] = []
  if (!isCurrency(body.currency)) errors.push({ field: '/currency', message: 'is not an active ISO 4217 code' })
  for (const [index, line] of body.lines.entries()) {
    if (line.quotedUnitPrice === undefined) continue
    const price = parseMoney(line.quotedUnitPrice)
    if (price === undefined || !isMoney(price * BigInt(line.quantity))) errors.push({ field: `/lines/${index}/quotedUnitPrice`, message: 'is too large' })
  }
  errors.push(...checkOwner(body, principal))
  if (errors.length > 0) throw new ApiError('API_REQUEST_INVALID', undefined, { errors: errors.slice(0, 20) })
  const channel = body.channel ?? 'api'
  if ((channel === 'import' || channel === 'backoffice') && !principal.permissions.has('orders:price-override')) {
    throw new ApiError('API_FORBIDDEN', `the channel ${channel} needs the permission orders:price-override`)
  }
}

/** A customer orders for itself; everybody else says for whom: a customer or a guest. */
function checkOwner (body: PlaceOrderBody, principal: Principal): readonly FieldError[] {
  if (principal.roles.includes('Customer')) {
    if (body.customerId !== undefined && body.customerId !== principal.subject) throw new ApiError('API_FORBIDDEN', 'a customer orders for itself')
    return body.guestEmail === undefined ? [] : [{ field: '/guestEmail', message: 'is for orders without a customer' }]
  }
  if ((body.customerId === undefined) === (body.guestEmail === undefined)) return [{ field: '/customerId', message: 'give either customerId or guestEmail' }]
  return []
}

export interface CommandContext {
  readonly principal: Principal
  readonly identity: OrderIdentity
  /** Names the request in logs and traces. */
  readonly correlationId: string
  /** Epoch ms. */
  readonly nowMs: number
  readonly keys: KeyProvider
}

/** The command that a checked body stands for. Personal data is encrypted here: nothing behind this sees it in the clear. */
export async function placeOrderCommand (body: PlaceOrderBody, context: CommandContext): Promise<PlaceOrder> {
  const { principal, identity, correlationId, nowMs, keys } = context
  const { orderId } = identity
  const customerId = principal.roles.includes('Customer') ? principal.subject : body.customerId ?? null
  const keyId = subjectKeyId({ customerId, orderId })
  return {
    type: 'PlaceOrder',
    meta: { commandId: identity.commandId, bodyHash: identity.bodyHash, issuedAt: nowMs, correlationId, principal: principal.subject, tenant: defaultTenant },
    orderId,
    placedAt: nowMs,
    channel: body.channel ?? 'api',
    customerId,
    guestEmail: body.guestEmail === undefined ? null : await encryptPersonal(keys, keyId, 'contact', { email: body.guestEmail }),
    currency: body.currency,
    lines: body.lines.map((line, index) => ({
      lineNo: index + 1,
      sku: line.sku.toUpperCase(),
      quantity: line.quantity,
      quotedUnitPrice: line.quotedUnitPrice === undefined ? null : parseMoney(line.quotedUnitPrice) ?? null
    })),
    shippingAddress: await encryptPersonal(keys, keyId, 'address', body.shippingAddress),
    deliverySpeed: body.deliverySpeed ?? 'standard',
    payment: body.payment,
    onShortage: body.onShortage ?? null,
    onDecline: body.onDecline ?? null,
    clientReference: body.clientReference ?? null,
    country: body.shippingAddress.country
  }
}

/** True when the order's quoted prices shall count: they are written where only trusted senders can write. */
export function isTrusted (body: PlaceOrderBody, principal: Principal): boolean {
  return principal.permissions.has('orders:price-override') && body.lines.some(line => line.quotedUnitPrice !== undefined)
}
