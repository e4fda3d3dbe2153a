import { routes } from './requests.ts'
import { optionsOf, rateOf, seconds, steady } from './settings.ts'

export { handleSummary } from './settings.ts'
export { browse, lookAtOrders, placeOrder } from './requests.ts'

/** The same moderate load for long, 60 times `LOAD_SECONDS`: what leaks or grows shows in the end. */
export const options = optionsOf({
  customers: steady('placeOrder', rateOf('FLOOR', 10), 0, seconds * 60),
  visitors: steady('browse', 50, 0, seconds * 60),
  returning: steady('lookAtOrders', 5, 0, seconds * 60)
}, [routes.placeOrder, routes.searchProducts, routes.getProduct, routes.categories, routes.listOrders], {
  http_req_failed: ['rate<0.0001'],
  http_req_duration: ['p(99)<500']
})
