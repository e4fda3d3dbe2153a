import { topics } from '../../topology/topics.ts'
import { reply } from '../topology/orders/order-fixtures.ts'
import { type Move } from './moves.ts'
import { orderIds } from './scenario.ts'
import { type Scene } from './scene.ts'

/** What risk may say of an order. What it knows of customers is no part of the model, so every answer is possible; it answers once. */
const answers = { approves: reply.riskApproved, reviews: reply.riskReview, rejects: reply.riskRejected } as const

/** Risk answers the question at the head of its queue. */
export function riskMoves (scene: Scene): readonly Move[] {
  return scene.orders.flatMap((_, order) => Object.entries(answers).map(([name, make]): Move => {
    const [asked, told] = [scene.queueOf(topics.risk.commands.name, order), scene.queueOf(topics.risk.decisions.name, order)]
    const answer = scene.message({ ...make(), orderId: orderIds[order] as string, customerId: null } as never)
    return {
      id: `risk ${name} ${order}`,
      kind: 'system',
      apply (world) {
        if (world[asked.slot] === 0) return undefined
        const next = [...world]
        next[asked.slot] = scene.shift(world[asked.slot] as number)
        next[told.slot] = scene.push(world[told.slot] as number, answer)
        return next
      }
    }
  }))
}
