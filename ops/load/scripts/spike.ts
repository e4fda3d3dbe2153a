import { routes } from './requests.ts'
import { atOverload, optionsOf, ramp, rateOf, seconds } from './settings.ts'

export { handleSummary } from './settings.ts'
export { placeOrder } from './requests.ts'

const usual = rateOf('FLOOR', 20)
const peak = rateOf('GOAL', 400)

/** Twenty times as many orders as usual, within two seconds, for a while: load may be shed (429, 503), nothing may break, and it goes on as before. */
export const options = optionsOf({
  spike: ramp('placeOrder', usual, [[usual, seconds], [peak, 2], [peak, Math.ceil(seconds / 2)], [usual, 2], [usual, seconds]])
}, [routes.placeOrder], atOverload('spike'))
