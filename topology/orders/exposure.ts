import { type OrderDraft } from './draft.ts'

/** Tells risk, once, that the customer owes nothing for the order any more: it is paid, or it has its outcome. */
export function releaseExposure (draft: OrderDraft): void {
  const { orderId, exposed } = draft.saga
  const { customerId } = draft.view
  if (!exposed || customerId === null) return
  draft.remember({ exposed: false })
  draft.send({ type: 'ReleaseExposure', orderId, customerId })
}
