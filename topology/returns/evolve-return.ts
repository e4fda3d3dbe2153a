import { type OrderReturn } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type ReturnsEvent } from '../topics.ts'
import { type ReturnEventType, returnAfter } from './return-states.ts'

/** An event of a return, without its metadata. */
export type ReturnEvent = Extract<Body<ReturnsEvent>, { readonly type: ReturnEventType }>

/** An event that the table of states does not allow: a defect, so the record that led to it becomes a dead letter. */
export class IllegalReturn extends Error {
  override readonly name = 'IllegalReturn'
}

/**
 * The returns of an order after one more event of one of them. Pure: `returns.events` alone rebuilds them. `occurredAt`: epoch ms.
 *
 * @throws {IllegalReturn} when the table does not list the event.
 */
export function evolveReturns (returns: readonly OrderReturn[], event: ReturnEvent, occurredAt: number): readonly OrderReturn[] {
  const before = returns.find(({ returnId }) => returnId === event.returnId)
  const status = returnAfter(before?.status ?? 'unasked', event.type)
  if (status === undefined) throw new IllegalReturn(`${event.type} cannot follow: the return is ${before?.status ?? 'not asked for'}`)
  if (event.type === 'ReturnRequested') return [...returns, asked(event, occurredAt)]
  return returns.map(other => other === before ? { ...other, ...changeOf(event), status, updatedAt: occurredAt } : other)
}

function asked ({ returnId, lines, amount, reason }: Extract<ReturnEvent, { type: 'ReturnRequested' }>, requestedAt: number): OrderReturn {
  return { returnId, status: 'requested', lines, amount, refunded: 0n, reason, answer: null, requestedAt, expectedBy: null, updatedAt: requestedAt }
}

function changeOf (event: Exclude<ReturnEvent, { type: 'ReturnRequested' }>): Partial<OrderReturn> {
  switch (event.type) {
    case 'ReturnApproved': return { answer: event.reason, expectedBy: event.expectedBy }
    case 'ReturnDeclined': return { answer: event.reason }
    case 'ReturnReceived': return { lines: event.lines, amount: event.amount, expectedBy: null }
    case 'ReturnExpired': return { expectedBy: null }
    case 'RefundIssued': return { refunded: event.amount }
  }
}
