import { type LogRecord } from '../evidence/evidence.ts'
import { type Detector, Inquiry } from './verdict.ts'

const ends: ReadonlySet<string> = new Set(['OrderCancelled', 'OrderFailed', 'OrderTimedOut', 'OrderRejected'])

/**
 * I1: each accepted order comes to exactly one end. It is confirmed and lives on, or one event ends it and nothing follows; and every
 * order that was asked for was accepted or refused.
 */
export const oneOutcome: Detector = ({ records, letters }) => {
  const inquiry = new Inquiry()
  const events = Map.groupBy(records.filter(({ topic }) => topic === 'commerce.orders.events'), ({ key }) => key)
  for (const [orderId, history] of events) {
    inquiry.look()
    judge(inquiry, orderId, history.filter(({ type }) => type !== ''))
  }
  const refused = new Set(records.filter(({ topic }) => topic === 'commerce.orders.rejections').map(({ key }) => key))
  const dead = new Set(letters.map(({ topic, partition, offset }) => `${topic}-${partition}/${offset}`))
  for (const { topic, partition, offset, key, type } of records) {
    if (type !== 'PlaceOrder') continue
    inquiry.look()
    if (!events.has(key) && !refused.has(key) && !dead.has(`${topic}-${partition}/${offset}`)) inquiry.find(key, 'was ordered, and neither accepted nor refused')
  }
  return inquiry.verdict()
}

function judge (inquiry: Inquiry, orderId: string, history: readonly LogRecord[]): void {
  const count = (wanted: (type: string) => boolean): number => history.filter(({ type }) => wanted(type)).length
  const endings = count(type => ends.has(type))
  if (endings > 1) inquiry.find(orderId, `ended ${endings} times`)
  if (endings === 1 && !ends.has(history.at(-1)?.type ?? '')) inquiry.find(orderId, `${history.at(-1)?.type} follows its end`)
  if (endings === 0 && count(type => type === 'OrderConfirmed') === 0) inquiry.find(orderId, `is open: ${history.at(-1)?.type ?? 'nothing'} came last`)
  if (endings === 0 && history.at(-1)?.type === 'OrderCompensationStarted') inquiry.find(orderId, 'is being undone, without end')
  if (count(type => type === 'OrderConfirmed') > 1) inquiry.find(orderId, 'was confirmed twice')
  if (count(type => type === 'OrderCreated' || type === 'OrderRejected') !== 1) inquiry.find(orderId, 'did not begin exactly once')
}
