import { type StimulusName, orderPhases } from '../../topology/orders/phases.ts'
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
  extend: 'no process sends ExtendReservation',
  command: 'commands of one order to one partition keep their order, and the step before was done first',
  timer: 'the timer of a reservation ends only what is reserved; other rows it leaves or removes',
  confirmed: 'the order confirms only what every partition has reserved',
  attempt: 'an order of today has one attempt, and fences it once',
  waits: 'one step at a time: a second void waits for the first and is the same',
  policy: 'the orders of the model are cancelled when stock is short or a payment declined; the other policies are played by saga.property.test.ts'
} as const
type Reason = keyof typeof reasons

const cells = (reason: Reason, ...names: readonly string[]): ReadonlyArray<readonly [string, Reason]> => names.map(name => [name, reason])

const listed: Readonly<Record<TableName, ReadonlyMap<string, Reason>>> = {
  'order states': new Map(),
  'order phases': new Map([
    ...cells('deadlines', ...['reserving', 'authorising', 'confirming', 'capturing', 'fulfilling'].map(phase => `${phase} × ResendDue`)),
    ...cells('deadlines', ...['fulfilling', 'compensating', 'closed'].flatMap(phase => [`${phase} × StepTimeout`, `${phase} × SagaTimeout`])),
    ...cells('deadlines', 'closed × ResendDue'),
    ...cells('asked', 'reserving × PaymentDeferred'),
    ...cells('sameTopic', 'confirming × PaymentDeferred', 'fulfilling × PaymentDeferred', 'fulfilling × PaymentAuthorized'),
    ...cells('sameTopic', 'capturing × LinesReserved', 'fulfilling × LinesReserved'),
    ...cells('told', 'confirming × LinesConfirmRejected'),
    ...cells('closedLast', ...['LinesReserved', 'LinesConfirmed', 'LinesExpired', 'PaymentAuthorized', 'PaymentSucceeded', 'PaymentDeferred', 'ShipmentCreated', 'RefundFailed']
      .map(name => `closed × ${name}`)),
    ...cells('nothingLeft', 'closed × PaymentPartiallyRefunded')
  ]),
  parts: new Map([
    ...cells('closedLast', 'LinesReserved × returned', 'LinesConfirmed × returned'),
    ...cells('told', 'LinesConfirmRejected × confirming', 'LinesReleased × refused', 'LinesUnconfirmed × refused'),
    ...cells('sameTopic', 'LinesExpired × asked')
  ]),
  'payment of the order': new Map([
    ...cells('nobody', 'PaymentAuthorized × untouched', 'PaymentSucceeded × untouched'),
    ...cells('closedLast', ...['declined', 'voided'].flatMap(progress => [`PaymentAuthorized × ${progress}`, `PaymentSucceeded × ${progress}`])),
    ...cells('capture', 'PaymentSucceeded × asked', 'PaymentSucceeded × authorised')
  ]),
  'shipment of the order': new Map([...cells('nobody', 'ShipmentCreated × none'), ...cells('closedLast', 'ShipmentCreated × cancelled')]),
  reservations: new Map([
    ...cells('extend', ...['none', 'reserved', 'confirmed', 'released', 'unconfirmed', 'expired', 'rejected', 'fence'].map(place => `${place} × extend`)),
    ...cells('timer', ...['none', 'confirmed', 'released', 'unconfirmed', 'expired', 'rejected', 'fence'].map(place => `${place} × expire`)),
    ...cells('command', 'none × confirm', 'confirmed × reserve', 'unconfirmed × reserve'),
    ...cells('confirmed', 'rejected × confirm', 'fence × confirm')
  ]),
  payments: new Map([
    ...cells('attempt', 'voided × PaymentCreated', 'failed × PaymentCreated', 'fenced × PaymentCreated', 'voided × AttemptFenced', 'fenced × AttemptFenced'),
    ...cells('waits', 'voiding × AttemptFenced')
  ]),
  shipments: new Map()
}

const policyTables: ReadonlySet<TableName> = new Set<TableName>(['order states', 'order phases', 'parts', 'reservations'])
/** Rows and columns that only an order comes to that asks its customer, waits for stock or is paid again. */
const policyParts: ReadonlySet<string> = new Set([
  'ActionRequired', 'BackOrdered', 'OrderActionRequired', 'OrderAmended', 'OrderBackOrdered', 'amending', 'clearing', 'queued', 'voiding', 'repaying',
  'AmendOrder', 'RetryPayment', 'CustomerActionTimeout', 'BackOrderTimeout', 'LinesBackOrdered', 'waiting', 'fill'
])

/** Why that cell is not come through; undefined for a cell that should be, given enough disturbances. */
export function whyUnreached (table: TableName, cell: string): string | undefined {
  const reason = listed[table].get(cell)
  if (reason !== undefined) return reasons[reason]
  if (policyTables.has(table) && cell.split(' × ').some(part => policyParts.has(part))) return reasons.policy
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
