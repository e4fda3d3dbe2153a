import { type OrderView, type ReservationState, type ShipmentState } from '#schemas'

/**
 * What two runs of the same input may tell differently without being different. Everything else is part of the digest: amounts,
 * states, quantities, lines, prices, who and when in the sender's own words.
 */

const place = 'it derives from the place of a record in the log, and that depends on what came in between'
const clock = 'it is a time of this run'
const race = 'which of the orders of a customer is the one too many depends on which came first'
const changes = 'it counts changes or tries, repeats after a crash and late answers included'
const telling = 'when a reader is told, in what order and how often it is tried, depends on the clock and on what came in between'
const travels = 'how far a shipment has come is a matter of the clock of its carrier'

/** Fields that are left out, in whatever record and at whatever depth, and why. */
export const leftOut: Readonly<Record<string, string>> = {
  correlationId: place,
  commandHashes: `a reviewed order has one more, and ${race}`,
  commandIds: 'a command that came without an id gets one from its place in the log',
  paymentId: place,
  shipmentId: 'it is made of the order and the number of the shipment',
  trackingNumber: 'it is made of the order and the number of the shipment',
  stage: travels,
  attempts: travels,
  history: travels,
  delayed: travels,
  stageAt: clock,
  createdAt: clock,
  promisedBy: clock,
  heldUntil: clock,
  firstOffset: place,
  reference: 'the provider gives it',
  verdict: race,
  reasons: race,
  figures: race,
  activity: clock,
  updatedAt: clock,
  confirmedAt: clock,
  processedAt: clock,
  expiresAt: clock,
  endedAt: clock,
  dueAt: clock,
  deliveredAt: clock,
  requestedAt: clock,
  expectedBy: clock,
  isLate: 'it depends on how long the deliveries of this run took',
  stepDueMs: clock,
  sagaDueMs: clock,
  timerDueMs: clock,
  version: changes,
  paymentVersion: changes,
  repeats: changes,
  resends: changes,
  tries: changes,
  isTimed: 'it tells whether a timer waits, and timers are left out',
  ciphertext: 'it is encrypted with the key of the installation',
  bodyHash: 'it covers the ciphertext',
  reason: 'the words name whoever answered first, e.g. one of two partitions that are short'
}

/** Stores that are left out, as `processor/store`, and why. */
export const leftOutStores: Readonly<Record<string, string>> = {
  'identity/users': 'who may log in belongs to the installation, not to what it was given',
  'identity/email-claims': 'its keys come from a secret of the installation',
  'identity/decided': 'it is a trace of the newest command',
  'behaviour/inbox': 'it tells where in the log a visit was told first, and forgets it after two days',
  'webhooks/webhooks': 'who is told of events belongs to the installation',
  'webhooks/deliveries': 'it tells when endpoints answered, and what, and forgets it after seven days',
  'webhooks/turns': 'it is what waits, and waits belong to endpoints',
  'webhooks/routes': 'who is told of events belongs to the installation',
  'notifications/notifications': telling,
  'notifications/histories': telling,
  'notifications/profiles': 'how a reader is reached belongs to the installation, not to what it was given',
  'notifications/inbox': 'it tells where in the log a receipt was told first, and forgets it after a week',
  'shipping/shipment-index': 'it follows from the shipments, and an order that was cancelled may have had one or not'
}

type Row = Readonly<Record<string, unknown>>

/** How a record is told when it no longer matters how it came about: by `type`; others are told as they are. */
export const normalForms: Readonly<Record<string, (row: never) => Row>> = {
  /** Given back, refused, or fenced before it came: which of them is a race between the commands, and none of them holds anything. */
  ReservationState: ({ type, orderId, attempt, partition, status, ...rest }: ReservationState): Row =>
    status === 'reserved' || status === 'confirmed'
      ? { type, orderId, attempt, partition, status, ...rest }
      : { type, orderId, attempt, partition, status: 'holds nothing' },
  /** What was cancelled was created before, or fenced and never: the order may be cancelled on either side of its creation. */
  ShipmentState: (row: ShipmentState): Row => {
    const shipments = row.shipments.filter(({ stage }) => stage !== 'cancelled')
    return shipments.length === 0 ? { type: row.type, orderId: row.orderId, status: 'does not exist' } : { ...row, shipments }
  },
  /** An order that was undone may have had parcels or not. */
  OrderView: (row: OrderView): Row => row.outcome === null || row.outcome === 'Fulfilled' ? { ...row } : { ...row, carrier: null, parcels: [], progress: [] }
}
