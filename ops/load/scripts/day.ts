import { routes } from './requests.ts'
import { optionsOf, ramp, seconds } from './settings.ts'

export { handleSummary } from './settings.ts'
export { browse, lookAtOrders, placeOrder, retryPayment } from './requests.ts'

/** A day of a shop in five parts (night, morning, noon, evening rush, night), each as long as `LOAD_SECONDS`: reads by far the most. */
const day = (most: number): ReadonlyArray<readonly [number, number]> =>
  [0.1, 0.5, 0.7, 1, 0.1].map(share => [Math.max(1, Math.round(most * share)), seconds] as const)

export const options = optionsOf({
  visitors: ramp('browse', 20, day(200)),
  customers: ramp('placeOrder', 2, day(20)),
  returning: ramp('lookAtOrders', 1, day(20)),
  payers: ramp('retryPayment', 1, day(5))
}, [routes.searchProducts, routes.getProduct, routes.categories, routes.placeOrder, routes.listOrders, routes.retryPayment], {
  http_req_failed: ['rate<0.001'],
  http_req_duration: ['p(99)<1000']
})
