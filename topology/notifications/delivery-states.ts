import { type DeliveryStatus } from '#schemas'

/** What can happen to a delivery. */
export type DeliveryEvent = 'call' | 'hold' | 'putOff' | 'take' | 'arrive' | 'bounce' | 'fail' | 'cancel'

/**
 * Status × event → status. What is not listed changes nothing: receipts come late, twice, and out of order. A delivery that failed in doubt
 * may have arrived all the same, and a receipt says so; one that bounced or was cancelled stays that.
 */
export const deliverySteps: Readonly<Record<DeliveryStatus, Readonly<Partial<Record<DeliveryEvent, DeliveryStatus>>>>> = {
  scheduled: { call: 'calling', arrive: 'delivered', hold: 'held', putOff: 'scheduled', fail: 'failed', cancel: 'cancelled' },
  held: { call: 'calling', take: 'sent', fail: 'failed', cancel: 'cancelled' },
  calling: { take: 'sent', arrive: 'delivered', bounce: 'bounced', putOff: 'scheduled', fail: 'failed', cancel: 'cancelled' },
  sent: { arrive: 'delivered', bounce: 'bounced' },
  delivered: { bounce: 'bounced' },
  failed: { arrive: 'delivered' },
  bounced: {},
  cancelled: {}
}
