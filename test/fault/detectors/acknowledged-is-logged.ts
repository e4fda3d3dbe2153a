import { type Detector, Inquiry } from './verdict.ts'

/**
 * I10: what the API has acknowledged is in the log; the same key means the same order for ever; a key with another content is refused
 * once the first content was acknowledged.
 */
export const acknowledgedIsLogged: Detector = ({ operations, records }) => {
  const inquiry = new Inquiry()
  const ordered = new Set(records.filter(({ type }) => type === 'PlaceOrder').map(({ key }) => key))
  for (const [key, list] of Map.groupBy(operations, operation => operation.key)) {
    const taken = list.filter(({ status }) => status >= 200 && status < 300)
    inquiry.look()
    for (const { orderId } of taken) if (!ordered.has(orderId)) inquiry.find(key, `the order ${orderId} was acknowledged and is not in the log`)
    if (new Set(taken.map(({ orderId }) => orderId)).size > 1) inquiry.find(key, `means several orders: ${taken.map(({ orderId }) => orderId).join()}`)
    const bodies = new Set(taken.map(({ body }) => body))
    if (bodies.size > 1) inquiry.find(key, `${bodies.size} different contents were acknowledged under it`)
    for (const { status } of list) if (status === 500) inquiry.find(key, 'was answered with 500')
  }
  return inquiry.verdict()
}
