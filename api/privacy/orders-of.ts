import { type OrderView } from '#schemas'
import { ApiError } from '../errors.ts'
import { type Services } from '../plugins/app/services.ts'
import { type ListedOrder } from '../ports.ts'

const pageSize = 100

/** An order of a customer, as it stands now; undefined = its state has forgotten it. */
export interface OrderOf { readonly orderId: string, readonly view: OrderView | undefined }

/** Every order of a customer, the newest first, page by page. @throws {ApiError} API_ANALYTICS_UNAVAILABLE */
export async function * ordersOf ({ orderLists, orders }: Services, customerId: string): AsyncGenerator<OrderOf, void, undefined> {
  for (let after: ListedOrder | undefined; ;) {
    const page = await orderLists.list({ customerId, limit: pageSize, ...(after === undefined ? {} : { after }) })
      .catch((error: unknown) => { throw new ApiError('API_ANALYTICS_UNAVAILABLE', undefined, {}, error) })
    yield * await Promise.all(page.map(async ({ orderId }) => ({ orderId, view: (await orders.read(orderId)).view })))
    after = page.at(-1)
    if (after === undefined || page.length < pageSize) return
  }
}
