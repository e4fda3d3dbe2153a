import { browse, routes } from './requests.ts'
import { atOverload, optionsOf, rateOf, seconds, steady } from './settings.ts'

export { handleSummary } from './settings.ts'
export { browse } from './requests.ts'

/** Visitors who search and look: what must be answered, then as many as are wished for. */
export const options = optionsOf({
  floor: steady('browse', rateOf('FLOOR', 500)),
  goal: steady('browse', rateOf('GOAL', 5000), seconds + 5)
}, [routes.searchProducts, routes.getProduct, routes.categories], {
  'http_req_failed{scenario:floor}': ['rate==0'],
  'http_req_duration{scenario:floor}': ['p(99)<500'],
  ...atOverload('goal')
})

export default browse
