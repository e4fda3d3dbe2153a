import { type ApproveReturn, type LineQuantity, type OrderReturn, type OrderView, type ReceiveReturn, type RequestReturn, type ReturnLine } from '#schemas'
import { type Body } from '../commands/body.ts'
import { commandId, uuidOfCommand } from '../envelope.ts'
import { multiplyMoney, sumMoney } from '../money.ts'
import { checkPieces } from '../orders/check-pieces.ts'
import { type Rejection, reject } from '../orders/price-order.ts'
import { kept, without } from '../orders/progress.ts'
import { type ReturnEvent } from './evolve-return.ts'
import { openReturns, returnAfter } from './return-states.ts'

const dayMs = 86_400_000
/** How long after its delivery an order can be returned. Imported orders can be at any time: their history is years old. */
export const returnWindowMs = 30 * dayMs
/** How long the goods of an approved return are waited for. */
export const returnExpectedMs = 30 * dayMs
/** Returns of one order at most. */
export const maxReturns = 100

/** What a decision about a return has to know of its order: delivered pieces, prices, and the returns so far. */
export type DeliveredOrder = Pick<OrderView, 'orderId' | 'customerId' | 'channel' | 'currency' | 'lines' | 'progress' | 'deliveredAt' | 'returns'>

type Happened<Type extends ReturnEvent['type']> = Extract<ReturnEvent, { type: Type }>

/** The id of the return that a command asks for: derived from it, so that a repeat asks for the same one. */
export function returnIdOf (orderId: string, requestId: string): string {
  return uuidOfCommand(commandId('return', orderId, requestId))
}

/** Decides whether delivered pieces may be asked to come back: within the window, and no more than are there. Pure. `nowMs`: context time. */
export function requestReturn (
  order: DeliveredOrder, { lines, reason }: Body<RequestReturn>, requestId: string, nowMs: number
): Happened<'ReturnRequested'> | Rejection {
  const { orderId, customerId, currency, channel, deliveredAt, returns } = order
  if (lines.length === 0) return reject('lines-missing', '/lines')
  if (channel !== 'import' && deliveredAt !== null && nowMs > deliveredAt + returnWindowMs) return reject('return-window-over', null)
  if (returns.length >= maxReturns) return reject('returns-too-many', null)
  const broken = checkPieces(lines, returnable(order))
  if (broken !== undefined) return broken
  const priced = priceLines(order, lines)
  const returnId = returnIdOf(orderId, requestId)
  return { type: 'ReturnRequested', orderId, returnId, customerId, lines: priced, amount: amountOf(priced), currency, reason }
}

/** Approves or declines a return that was asked for. Pure. `wallMs`: now; the goods are waited for from then on. */
export function answerReturn (
  order: DeliveredOrder, { returnId, approved, reason }: Body<ApproveReturn>, wallMs: number
): Happened<'ReturnApproved' | 'ReturnDeclined'> | Rejection {
  const { orderId } = order
  const found = findReturn(order, returnId, approved ? 'ReturnApproved' : 'ReturnDeclined')
  if ('code' in found) return found
  return approved
    ? { type: 'ReturnApproved', orderId, returnId, reason, expectedBy: wallMs + returnExpectedMs }
    : { type: 'ReturnDeclined', orderId, returnId, reason }
}

/** Takes what arrived of an approved return: all of it, or less; never more than was asked for. Pure. */
export function receiveReturn (order: DeliveredOrder, { returnId, lines }: Body<ReceiveReturn>): Happened<'ReturnReceived'> | Rejection {
  const { orderId, customerId, currency } = order
  const found = findReturn(order, returnId, 'ReturnReceived')
  if ('code' in found) return found
  const broken = checkPieces(lines, found.lines)
  if (broken !== undefined) return broken
  const arrived = lines.length === 0 ? found.lines : priceLines(order, lines)
  return { type: 'ReturnReceived', orderId, returnId, customerId, lines: arrived, amount: amountOf(arrived), currency }
}

/** The approved returns whose goods are overdue. Pure. */
export function expiredReturns ({ orderId, returns }: DeliveredOrder, wallMs: number): ReadonlyArray<Happened<'ReturnExpired'>> {
  return returns.filter(({ status, expectedBy }) => status === 'approved' && expectedBy !== null && expectedBy <= wallMs)
    .map(({ returnId }) => ({ type: 'ReturnExpired', orderId, returnId }))
}

/** Says that the money of a received return was given back; 0 where nothing was left to give back. Pure. */
export function refundIssued ({ orderId, customerId, currency }: DeliveredOrder, returnId: string, amount: bigint): Happened<'RefundIssued'> {
  return { type: 'RefundIssued', orderId, returnId, customerId, effectId: returnEffectId(returnId), amount, currency }
}

/** Id of the refund, and of what is put back, of a return. */
export function returnEffectId (returnId: string): string {
  return `return/${returnId}`
}

/** Delivered pieces that were not given back and that no open return asks for. */
function returnable ({ progress, returns }: DeliveredOrder): readonly LineQuantity[] {
  return without(kept(progress), returns.filter(({ status }) => openReturns.has(status)).flatMap(({ lines }) => lines))
}

function findReturn ({ returns }: DeliveredOrder, returnId: string, event: ReturnEvent['type']): OrderReturn | Rejection {
  const found = returns.find(candidate => candidate.returnId === returnId)
  if (found === undefined) return reject('return-unknown', '/returnId')
  return returnAfter(found.status, event) === undefined ? reject('return-state-forbids', null, `it is ${found.status}`) : found
}

function priceLines ({ lines }: DeliveredOrder, pieces: readonly LineQuantity[]): readonly ReturnLine[] {
  const known = new Map(lines.map(line => [line.lineNo, line]))
  return pieces.flatMap(({ lineNo, quantity }) => {
    const line = known.get(lineNo)
    return line === undefined ? [] : [{ lineNo, sku: line.sku, quantity, amount: multiplyMoney(line.unitPrice, quantity) }]
  })
}

function amountOf (lines: readonly ReturnLine[]): bigint {
  return sumMoney(lines.map(line => line.amount))
}
