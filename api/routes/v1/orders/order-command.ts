import { IdempotencyHeaders } from '../../../commands.ts'
import { AcceptedOrder } from '../../../schemas/order.ts'
import { commandProblems } from '../../../schemas/problem.ts'
import { OrderParams } from './get-order.ts'

/** What the schemas of all commands about an order that exists share. */
export const orderCommand = { tags: ['orders'], params: OrderParams, headers: IdempotencyHeaders, response: { 202: AcceptedOrder, ...commandProblems } }
