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
export interface OrderIdentity {
  readonly commandId: string
  readonly orderId: string
  readonly bodyHash: string
  /** What the body says of a person, encrypted. */
  readonly sealed: Pick<PlaceOrder, 'guestEmail' | 'shippingAddress'>
}

/** What an order is identified with. */
export interface IdentityContext { readonly principal: Principal, readonly idempotencyKey: string, readonly keys: KeyProvider }

/** @throws {PersonErased} for somebody about whom nothing can be kept any more. */
export async function orderIdentity ({ principal, idempotencyKey, keys }: IdentityContext, body: PlaceOrderBody): Promise<OrderIdentity> {
  return await identityOf(commandId(defaultTenant, principal.subject, route, idempotencyKey), principal, keys, body)
}

/**
 * Identity of one line of a bulk request: the key of the request with the line's own reference, or with its number where it has none. A key
 * has no spaces, so no two lines are taken for each other.
 */
export async function bulkIdentity ({ principal, idempotencyKey, keys }: IdentityContext, lineNumber: number, body: PlaceOrderBody): Promise<OrderIdentity> {
  const line = body.clientReference === undefined ? `line ${lineNumber}` : `reference ${body.clientReference}`
  return await identityOf(commandId(defaultTenant, principal.subject, bulkRoute, `${idempotencyKey} ${line}`), principal, keys, body)
}

/**
 * The hash of the body is over ciphertext where the body is personal: equal data of one person encrypts alike, and once his key is destroyed the hash tells
 * nobody any more whether it was that of a name and an address he guesses.
 */
async function identityOf (id: string, principal: Principal, keys: KeyProvider, body: PlaceOrderBody): Promise<OrderIdentity> {
  const orderId = uuidOfCommand(id)
  const keyId = subjectKeyId({ customerId: customerOf(principal, body), orderId })
  const shippingAddress = await encryptPersonal(keys, keyId, 'address', body.shippingAddress)
  const guestEmail = body.guestEmail === undefined ? null : await encryptPersonal(keys, keyId, 'contact', { email: body.guestEmail })
  const sealed = { shippingAddress, guestEmail }
  return { commandId: id, orderId, bodyHash: bodyHash({ ...body, ...sealed }), sealed }
}

/** A customer orders for himself; others say for whom. */
function customerOf (principal: Principal, body: PlaceOrderBody): string | null {
  return principal.roles.includes('Customer') ? principal.subject : body.customerId ?? null
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
}

/** The command that a checked body stands for. Its personal data is encrypted: nothing behind this sees it in the clear. */
export function placeOrderCommand (body: PlaceOrderBody, context: CommandContext): PlaceOrder {
  const { principal, identity, correlationId, nowMs } = context
  const { orderId } = identity
  return {
    type: 'PlaceOrder',
    meta: { commandId: identity.commandId, bodyHash: identity.bodyHash, issuedAt: nowMs, correlationId, principal: principal.subject, tenant: defaultTenant },
    orderId,
    placedAt: nowMs,
    channel: body.channel ?? 'api',
    customerId: customerOf(principal, body),
    guestEmail: identity.sealed.guestEmail,
    currency: body.currency,
    lines: body.lines.map((line, index) => ({
      lineNo: index + 1,
      sku: line.sku.toUpperCase(),
      quantity: line.quantity,
      quotedUnitPrice: line.quotedUnitPrice === undefined ? null : parseMoney(line.quotedUnitPrice) ?? null
    })),
    shippingAddress: identity.sealed.shippingAddress,
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
