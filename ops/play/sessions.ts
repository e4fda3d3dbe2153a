import { type BehaviourCommand } from '../../topology/topics.ts'
import { defaultTenant } from '../../topology/envelope.ts'
import { visitCommandId } from '../../topology/behaviour/behaviour.ts'
import { type GeneratedOrder, type GeneratedProduct } from './generator.ts'
import { createRandom } from './random.ts'
import { runUuid } from './run-id.ts'

export interface SessionOptions {
  readonly runId: string
  readonly seed: string
  readonly products: readonly GeneratedProduct[]
}

/**
 * One order in ten is told with the visit that led to it, beside so many visits that led to nothing: enough to look at, and so few that the run of
 * the orders does not notice.
 */
const ONE_IN = 10
const IDLE_SESSIONS = 4
/** Products looked at in a visit, and put into the cart where it ends with an order. */
const VIEWS = { min: 1, max: 5 }
const CARTED = 2
/** What happens in a visit is so far apart, ms. */
const STEP_MS = 20_000

type Visit = Exclude<BehaviourCommand, { type: 'RecordExposure' }>
type What = { readonly view: string } | { readonly cart: string, readonly quantity: number } | { readonly checkout: string }

/** What visitors did around an order, on the time of the order: decided by seed and order alone, and the same commands at each call. */
export function visitsAround ({ runId, seed, products }: SessionOptions, order: GeneratedOrder): readonly Visit[] {
  if (order.index % ONE_IN !== 0) return []
  const random = createRandom(`${seed}/sessions/${order.index}`)
  // Squaring the number makes the first products the hottest ones, as in the orders.
  const view = (): What => ({ view: products[Math.floor(random.unit() ** 2 * products.length)]!.sku })
  const views = (): What[] => Array.from({ length: random.integer(VIEWS.min, VIEWS.max) }, view)
  const buyer: readonly What[] = [
    ...views(),
    ...order.lines.slice(0, CARTED).flatMap(({ sku, quantity }): What[] => [{ view: sku }, { cart: sku, quantity }]),
    { checkout: order.orderId }
  ]
  const idle = Array.from({ length: IDLE_SESSIONS }, views)
  return [buyer, ...idle].flatMap((session, number) => tellSession(runId, runUuid(runId, `session/${order.index}/${number}`), session, order.placedAtMs))
}

function tellSession (runId: string, sessionId: string, session: readonly What[], endMs: number): Visit[] {
  return session.map((what, index) => {
    const eventId = `event-${String(index).padStart(3, '0')}`
    const at = endMs - (session.length - index) * STEP_MS
    const meta = {
      commandId: visitCommandId(sessionId, eventId), bodyHash: null, issuedAt: at, correlationId: sessionId, principal: `player of ${runId}`, tenant: defaultTenant
    }
    const about = { meta, sessionId, eventId, at }
    if ('view' in what) return { type: 'RecordProductViewed', ...about, sku: what.view }
    if ('cart' in what) return { type: 'RecordProductAddedToCart', ...about, sku: what.cart, quantity: what.quantity }
    return { type: 'RecordCheckoutStarted', ...about, orderId: what.checkout }
  })
}
