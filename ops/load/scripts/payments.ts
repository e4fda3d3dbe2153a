import { retryPayment, routes } from './requests.ts'
import { atOverload, optionsOf, rateOf, seconds, steady } from './settings.ts'

export { handleSummary } from './settings.ts'
export { retryPayment } from './requests.ts'

/** Payments of orders that were declined. 409 is an order whose last payment is not declined yet: its turn came too early, because the platform is behind. */
export const options = optionsOf({
  floor: steady('retryPayment', rateOf('FLOOR', 25)),
  goal: steady('retryPayment', rateOf('GOAL', 250), seconds + 5)
}, [routes.retryPayment], {
  'http_req_failed{scenario:floor}': ['rate==0'],
  'http_req_duration{scenario:floor}': ['p(99)<500'],
  ...atOverload('goal')
})

export default retryPayment
