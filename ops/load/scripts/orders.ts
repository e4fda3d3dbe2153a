import { placeOrder, routes } from './requests.ts'
import { atOverload, optionsOf, rateOf, seconds, steady } from './settings.ts'

export { handleSummary } from './settings.ts'
export { placeOrder } from './requests.ts'

/** Intake of orders: what must be taken without a refusal, then as many as are wished for. */
export const options = optionsOf({
  floor: steady('placeOrder', rateOf('FLOOR', 50)),
  goal: steady('placeOrder', rateOf('GOAL', 1000), seconds + 5)
}, [routes.placeOrder], {
  'http_req_failed{scenario:floor}': ['rate==0'],
  'http_req_duration{scenario:floor}': ['p(99)<500'],
  ...atOverload('goal')
})

export default placeOrder
