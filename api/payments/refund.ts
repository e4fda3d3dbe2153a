import { type PaymentState, type RefundPayment } from '#schemas'
import { bodyHash, commandId, defaultTenant, uuidOfCommand } from '../../topology/envelope.ts'
import { formatMoney, parseMoney } from '../../topology/money.ts'
import { netAmount } from '../../topology/payments/payment.ts'
import { type Knowledge } from '../commands.ts'
import { ApiError } from '../errors.ts'
import { type Principal, refundCeiling } from '../permissions.ts'
import { type RefundBody } from '../schemas/payment.ts'

/** Identity of a request: the same sender with the same key means the same refund of that payment, for ever. */
export interface RefundIdentity { readonly commandId: string, readonly refundId: string, readonly bodyHash: string }

/** The route in command ids is part of the identity of every refund: never to be changed. */
export function refundIdentity (principal: Principal, paymentId: string, idempotencyKey: string, body: RefundBody): RefundIdentity {
  const id = commandId(defaultTenant, principal.subject, `POST /v1/payments/${paymentId}/refund`, idempotencyKey)
  return { commandId: id, refundId: uuidOfCommand(id), bodyHash: bodyHash(body) }
}

/** What the log knows of the refund: nothing, the same, or another one under the same id. */
export function knownRefund ({ refunds, waiting }: PaymentState, refundId: string, body: RefundBody): Knowledge {
  const done = refunds.find(({ effectId }) => effectId === refundId)
  const waits = waiting.find(({ effectId }) => effectId === refundId)
  const before = done === undefined ? waits && { requested: waits.amount, reason: waits.reason } : done
  if (before === undefined) return 'none'
  return before.requested === amountOf(body) && before.reason === body.reason ? 'same' : 'other'
}

/**
 * Refuses what the processor would refuse as things stand now, so that the client is told at once. The processor decides: it knows
 * what else is under way.
 *
 * @throws {ApiError} API_REQUEST_INVALID, API_REFUND_REJECTED, and API_FORBIDDEN beyond what the sender may give back.
 */
export function checkRefund (state: PaymentState, paymentId: string, body: RefundBody, principal: Principal): void {
  const net = state.paymentId === paymentId ? netAmount(state) : 0n
  const amount = amountOf(body) ?? net
  if (body.amount !== undefined && amount <= 0n) throw new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field: '/amount', message: 'is not more than 0' }] })
  if (net === 0n) throw new ApiError('API_REFUND_REJECTED', 'nothing is left to give back')
  if (amount > net) throw new ApiError('API_REFUND_REJECTED', `only ${formatMoney(net)} ${state.currency} are left to give back`)
  const ceiling = refundCeiling(principal)
  if (ceiling !== null && state.refunded + amount > ceiling) {
    throw new ApiError('API_FORBIDDEN', `this role may give back ${formatMoney(ceiling)} of one payment in all; ${formatMoney(state.refunded)} were given back before`)
  }
}

/** The command that a checked body stands for. */
export function refundCommand (
  orderId: string, body: RefundBody, { principal, identity, correlationId, nowMs }: {
    readonly principal: Principal, readonly identity: RefundIdentity, readonly correlationId: string, readonly nowMs: number
  }
): RefundPayment {
  return {
    type: 'RefundPayment',
    meta: { commandId: identity.commandId, bodyHash: identity.bodyHash, issuedAt: nowMs, correlationId, principal: principal.subject, tenant: defaultTenant },
    orderId,
    effectId: identity.refundId,
    amount: amountOf(body),
    reason: body.reason,
    ceiling: refundCeiling(principal),
    capped: false
  }
}

function amountOf ({ amount }: RefundBody): bigint | null {
  return amount === undefined ? null : parseMoney(amount) ?? null
}
