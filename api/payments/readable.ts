import { type PaymentState } from '#schemas'
import { type PositionWait } from '../../streams/state/query.ts'
import { ApiError } from '../errors.ts'
import { mayRead } from '../orders/view.ts'
import { type Principal } from '../permissions.ts'
import { type Services } from '../plugins/app/services.ts'

/**
 * The payments of the order of a payment, when it exists and the reader may see the order.
 *
 * @throws {ApiError} API_NOT_FOUND for no payment and for another's alike.
 */
export async function readablePayment (
  services: Services, paymentId: string, principal: Principal, waitFor?: (orderId: string) => PositionWait | undefined
): Promise<PaymentState> {
  const orderId = await services.payments.orderOf(paymentId)
  if (orderId === undefined) throw new ApiError('API_NOT_FOUND')
  const { view } = await services.orders.read(orderId)
  if (view === undefined || !mayRead(view, principal)) throw new ApiError('API_NOT_FOUND')
  const state = await services.payments.read(orderId, waitFor?.(orderId))
  if (state === undefined) throw new ApiError('API_NOT_FOUND')
  return state
}
