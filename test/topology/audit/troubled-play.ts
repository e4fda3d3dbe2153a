import { topics } from '../../../topology/topics.ts'
import { commandMeta, line } from '../orders/order-fixtures.ts'
import { type Fault } from '../payments/scripted-gateway.ts'
import { type Platform, orderIdOf, pieces, skus } from '../platform.ts'

const faults: readonly Fault[] = ['none', 'none', 'none', 'none', 'lost-request', 'lost-answer', 'down', 'held-back']
const tokens = ['tok_ok', 'tok_ok', 'tok_ok', 'tok_declined', 'tok_flaky']

/** A stream of numbers below `limit` that depends on the seed alone. */
export function dice (seed: number): (limit: number) => number {
  let state = seed
  return limit => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >>> 8) % limit
  }
}

/**
 * Plays orders while the gateway misbehaves, customers cancel, stock runs short, money is given back in parts, deliveries come in
 * and every task is killed now and then; then lets all come to rest.
 */
export async function playTrouble (platform: Platform, seed: number, orders: number): Promise<void> {
  const roll = dice(seed)
  platform.gateway.plan(...Array.from({ length: 80 }, () => faults[roll(faults.length)] as Fault))
  for (let index = 0; index < orders; index++) {
    const token = tokens[roll(tokens.length)] as string
    const short = roll(8) === 0 ? { lines: [line(skus[0] as string, { quantity: pieces + 1 }), line(skus[1] as string, { lineNo: 2 })] } : {}
    await platform.place(orderIdOf(index), { payment: { method: 'card', token }, ...short }, 1 + roll(6))
    if (roll(3) === 0) await platform.driver.run()
    if (roll(4) === 0) await platform.cancel(orderIdOf(roll(index + 1)))
    if (roll(4) === 0) await refund(platform, roll(index + 1), index)
    if (roll(5) === 0) await restock(platform, roll(skus.length), index)
    if (roll(6) === 0) await platform.driver.restart()
    if (roll(5) === 0) await platform.driver.advance(roll(20_000))
  }
  await platform.driver.advance(2 * 3_600_000)
}

/** One unit of money back, if so much was captured by then. */
async function refund (platform: Platform, order: number, number: number): Promise<void> {
  const orderId = orderIdOf(order)
  const meta = { ...commandMeta, commandId: `refund-${number}` }
  await platform.driver.pipe(topics.compensations.payment, orderId, { type: 'RefundPayment', meta, orderId, effectId: `goodwill-${number}`, amount: 10_000n, reason: 'late', ceiling: null, capped: false })
}

/** Three pieces in, or one written off. */
async function restock (platform: Platform, index: number, number: number): Promise<void> {
  const sku = skus[index] as string
  const meta = { ...commandMeta, commandId: `stock-${number}` }
  if (number % 2 === 0) await platform.driver.pipe(topics.inventory.commands, sku, { type: 'Restock', meta, sku, quantity: 3 })
  else await platform.driver.pipe(topics.inventory.commands, sku, { type: 'AdjustStock', meta, sku, delta: -1, reason: 'broken', expectedVersion: null })
}
