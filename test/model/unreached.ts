import { type StimulusName, listReactions, orderPhases } from '../../topology/orders/phases.ts'
import { type TableName } from './coverage.ts'

/**
 * Why a cell of a table is not come through by an order of today. They are defences: what stands in them is right all the same, and each
 * is tested by itself or by forged records.
 */
const reasons = {
  nobody: 'no process sends it in this phase: a forged record is refused',
  deadlines: 'the deadlines of a phase are of another kind, or it has none',
  asked: 'the payment is asked for only after this phase',
  sameTopic: 'its sender wrote the answer that ended this phase after it, in the same topic-partition',
  capture: 'money is captured only after the order has asked for it',
  told: 'the partition told before, in the same topic-partition, that the reservation had ended, and the order has begun to compensate',
  closedLast: 'the answer that closed the order is the last one of its sender; what comes later meets the fence',
  nothingLeft: 'nothing is left to refund in part once the order is closed',
  extend: 'an order extends what it has reserved, and before it confirms it',
  queue: 'a queue names only those who wait',
  queued: 'only an order that waits for stock is answered so, and it does not ask its customer',
  uncaptured: 'nothing of that attempt was captured',
  declinedIs: 'a provider says that it declined only of what it has not done, nor will do',
  either: 'an order of the model has trouble with its stock or with its payment: the other command is rejected by the same rule elsewhere',
  command: 'commands of one order to one partition keep their order, and the step before was done first',
  timer: 'the timer of a reservation ends only what is reserved; other rows it leaves or removes',
  confirmed: 'the order confirms only what every partition has reserved',
  attempt: 'an order whose first attempt at the payment is fenced ends: it makes no second one',
  pieces: 'an order of the model has two pieces of a line: a third parcel or return is like the second',
  elsewhere: 'the command belongs to another part of the life of an order: it is rejected by the same rule there',
  carrier: 'the carrier of the model tells of parcels that leave, are there or come back; other news changes the view alone',
  waits: 'one step at a time: a second void waits for the first and is the same'
} as const
type Reason = keyof typeof reasons

const cells = (reason: Reason, ...names: readonly string[]): ReadonlyArray<readonly [string, Reason]> => names.map(name => [name, reason])

/** Deadlines that a phase does not have. */
const otherDeadlines = listReactions().filter(({ stimulus, reaction }) => reaction === 'repeat' && (stimulus.endsWith('Timeout') || stimulus === 'ResendDue'))
  .map(({ phase, stimulus }) => `${phase} × ${stimulus}`)

const beforeLeaving = ['reserving', 'authorising', 'confirming', 'capturing', 'amending', 'clearing', 'queued', 'voiding', 'repaying'] as const
const ofReturns = ['RequestReturn', 'ApproveReturn', 'ReceiveReturn'] as const
const newsOnly = ['ShipmentInTransit', 'ShipmentOutForDelivery', 'ShipmentDeliveryFailed', 'ShipmentTrackingUpdated', 'ShipmentDelayed'] as const

const listed: Readonly<Record<TableName, ReadonlyMap<string, Reason>>> = {
  'order states': new Map(cells('pieces', 'PartiallyShipped × OrderPartiallyShipped', 'PartiallyReturned × OrderPartiallyReturned')),
  'order phases': new Map([
    ...cells('deadlines', ...otherDeadlines, 'closed × ResendDue'),
    ...cells('asked', ...['reserving', 'amending', 'clearing', 'queued'].map(phase => `${phase} × PaymentDeferred`)),
    ...cells('queued', 'amending × LinesBackOrdered'),
    ...cells('either', ...['reserving', 'amending', 'clearing', 'queued'].map(phase => `${phase} × RetryPayment`), 'voiding × AmendOrder', 'repaying × AmendOrder'),
    ...cells('sameTopic', 'voiding × LinesReserved', 'voiding × PaymentAuthorized', 'voiding × PaymentDeferred'),
    ...cells('sameTopic', 'repaying × PaymentAuthorized', 'repaying × PaymentDeferred', 'repaying × RefundFailed'),
    ...cells('declinedIs', 'voiding × PaymentSucceeded', 'repaying × PaymentSucceeded'),
    ...cells('uncaptured', ...['voiding', 'repaying'].flatMap(phase => [`${phase} × PaymentPartiallyRefunded`, `${phase} × PaymentRefunded`])),
    ...cells('sameTopic', 'confirming × PaymentDeferred', 'fulfilling × PaymentDeferred', 'fulfilling × PaymentAuthorized'),
    ...cells('sameTopic', 'capturing × LinesReserved', 'fulfilling × LinesReserved'),
    ...cells('told', 'confirming × LinesConfirmRejected'),
    ...cells('closedLast', ...['LinesReserved', 'LinesBackOrdered', 'LinesConfirmed', 'PaymentAuthorized', 'PaymentSucceeded', 'PaymentDeferred', 'ShipmentCreated', 'RefundFailed']
      .map(name => `closed × ${name}`)),
    ...cells('nothingLeft', 'closed × PaymentPartiallyRefunded'),
    ...cells('elsewhere', ...beforeLeaving.flatMap(phase => ['ShipOrder', ...ofReturns].map(command => `${phase} × ${command}`))),
    ...cells('elsewhere', ...['fulfilling', 'stopping', 'compensating', 'closed'].flatMap(phase => ofReturns.map(command => `${phase} × ${command}`))),
    ...cells('elsewhere', 'delivered × AmendOrder', 'delivered × RetryPayment'),
    ...cells('carrier', ...['fulfilling', 'stopping'].flatMap(phase => newsOnly.map(news => `${phase} × ${news}`))),
    ...cells('carrier', ...['delivered', 'compensating', 'closed'].flatMap(phase => [`${phase} × ShipmentTrackingUpdated`, `${phase} × ShipmentDelayed`])),
    ...cells('sameTopic', 'compensating × ShipmentCreated', 'delivered × ShipmentCreated'),
    ...cells('sameTopic', ...['stopping', 'delivered'].flatMap(phase => ['LinesReserved', 'PaymentAuthorized', 'PaymentDeferred'].map(name => `${phase} × ${name}`))),
    ...cells('sameTopic', 'delivered × LinesConfirmed')
  ]),
  parts: new Map([
    ...cells('closedLast', 'LinesReserved × returned', 'LinesBackOrdered × returned', 'LinesConfirmed × returned'),
    ...cells('told', 'LinesConfirmRejected × confirming', 'LinesReleased × refused', 'LinesUnconfirmed × refused'),
    ...cells('sameTopic', 'LinesExpired × asked')
  ]),
  'payment of the order': new Map([
    ...cells('nobody', 'PaymentAuthorized × untouched', 'PaymentSucceeded × untouched'),
    ...cells('closedLast', ...['declined', 'voided'].flatMap(progress => [`PaymentAuthorized × ${progress}`, `PaymentSucceeded × ${progress}`])),
    ...cells('capture', 'PaymentSucceeded × asked', 'PaymentSucceeded × authorised')
  ]),
  'shipment of the order': new Map([
    ...cells('nobody', 'ShipmentPickedUp × none'), ...cells('sameTopic', 'ShipmentPickedUp × asked'), ...cells('nobody', 'ShipmentCreated × none'), ...cells('closedLast', 'ShipmentCreated × cancelled')
  ]),
  reservations: new Map([
    ...cells('extend', ...['none', 'waiting', 'confirmed', 'unconfirmed', 'rejected', 'fence'].map(place => `${place} × extend`)),
    ...cells('timer', ...['none', 'confirmed', 'released', 'unconfirmed', 'expired', 'rejected', 'fence'].map(place => `${place} × expire`)),
    ...cells('queue', ...['none', 'reserved', 'confirmed', 'released', 'unconfirmed', 'expired', 'rejected', 'fence'].map(place => `${place} × fill`)),
    ...cells('command', 'none × confirm', 'confirmed × reserve', 'unconfirmed × reserve'),
    ...cells('confirmed', 'waiting × confirm', 'rejected × confirm', 'fence × confirm')
  ]),
  payments: new Map([
    ...cells('attempt', 'fenced × PaymentCreated'),
    ...cells('waits', 'voiding × AttemptFenced')
  ]),
  shipments: new Map()
}

/** Why that cell is not come through; undefined for a cell that should be, given enough disturbances. */
export function whyUnreached (table: TableName, cell: string): string | undefined {
  const reason = listed[table].get(cell)
  if (reason !== undefined) return reasons[reason]
  return table === 'order phases' && isUnexpected(cell) ? reasons.nobody : undefined
}

/** Cells of the phases at which a record is refused, some of which an operator's compensation by hand comes to. */
function isUnexpected (cell: string): boolean {
  const [phase, stimulus] = cell.split(' × ') as [keyof typeof orderPhases, StimulusName]
  return orderPhases[phase][stimulus] === 'unexpected'
}

/** Every cell that is listed by name, so that a list that has gone stale is found. */
export function listedCells (table: TableName): Iterable<string> {
  return listed[table].keys()
}
