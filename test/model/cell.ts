import {
  type BackOrderState, type OrderState, type OrderView, type PaymentIndexEntry, type PaymentState, type ProcessedCommand, type ReservationState,
  type ShipmentIndexEntry, type ShipmentState, type StockState
} from '#schemas'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { backOrderMs, customerActionMs, reservationMs, sagaMs, stepMs } from '../../topology/orders/deadlines.ts'
import { returnExpectedMs } from '../../topology/returns/decide-return.ts'
import { eventMeta, commandMeta, startMs } from '../topology/orders/order-fixtures.ts'

/** The state of one process as far as one aggregate sees it: its rows, its timer rows and its open effects, by their keys. */
export interface Cell {
  readonly rows: Readonly<Record<string, TypedValue>>
  readonly timers: Readonly<Record<string, true>>
  /** Frozen requests by effect key. */
  readonly effects: Readonly<Record<string, TypedValue>>
}

export const emptyCell: Cell = { rows: {}, timers: {}, effects: {} }

/** The one moment at which every record is handled, and what deadlines become: the checker fires a timer whenever it is set. Epoch ms. */
export const nowMs = startMs
export const stepDueMs = nowMs + stepMs
export const sagaDueMs = nowMs + sagaMs
export const expiryMs = nowMs + reservationMs
export const actionDueMs = nowMs + customerActionMs
export const backOrderDueMs = nowMs + backOrderMs
export const returnDueMs = nowMs + returnExpectedMs
const retryMs = nowMs + 1_000
/** Failed tries of a compensation count 0 or 9, so that the next failure raises the alert of every tenth. */
const nearAlert = 9

const set = (value: number | null, to: number): number | null => value === null ? null : to

/** Which wait it is shows in the phase: of the customer, of goods that come back, else of stock. */
export function waitDueOf (phase: OrderState['phase']): number {
  if (phase === 'delivered') return returnDueMs
  return phase === 'amending' || phase === 'repaying' ? actionDueMs : backOrderDueMs
}

type Row =
  | BackOrderState | OrderState | OrderView | PaymentIndexEntry | PaymentState | ProcessedCommand | ReservationState | ShipmentIndexEntry | ShipmentState
  | StockState

/**
 * A row without what no decision reads (counts of repeats, versions, words for people) and with every time made one of a few. Rows
 * with one normal form behave alike, which is what keeps the number of states finite.
 */
function normalRow (row: Row): Row {
  switch (row.type) {
    case 'OrderState': return {
      ...row,
      reason: '',
      repeats: 0,
      resends: 0,
      stepDueMs: set(row.stepDueMs, stepDueMs),
      sagaDueMs: set(row.sagaDueMs, sagaDueMs),
      waitDueMs: set(row.waitDueMs, waitDueOf(row.phase)),
      waitsSince: set(row.waitsSince, nowMs),
      sagaLeftMs: set(row.sagaLeftMs, sagaMs),
      timerDueMs: set(row.timerDueMs, stepDueMs),
      stop: row.stop === null ? null : { ...row.stop, reason: '' },
      refunds: row.refunds.map(refund => ({ ...refund, reason: '' }))
    }
    case 'OrderView': return {
      ...row,
      reason: null,
      version: 0,
      updatedAt: nowMs,
      confirmedAt: set(row.confirmedAt, nowMs),
      deadline: set(row.deadline, actionDueMs),
      returns: row.returns.map(entry => ({ ...entry, requestedAt: nowMs, updatedAt: nowMs, expectedBy: set(entry.expectedBy, returnDueMs), answer: null }))
    }
    case 'PaymentState': {
      const calm = (operation: NonNullable<PaymentState['operation']>) => {
        const forward = operation.step === 'authorise' || operation.step === 'capture'
        return { ...operation, reason: '', dueAt: set(operation.dueAt, retryMs), tries: forward || operation.tries === 0 ? operation.tries : nearAlert }
      }
      return { ...row, version: 0, operation: row.operation === null ? null : calm(row.operation), waiting: row.waiting.map(calm) }
    }
    case 'ReservationState': return {
      ...row, version: 0, expiresAt: set(row.expiresAt, expiryMs), endedAt: set(row.endedAt, nowMs), waitsSince: set(row.waitsSince, nowMs)
    }
    case 'ShipmentState': return { ...row, repeats: 0 }
    case 'StockState': return { ...row, version: 0 }
    case 'ProcessedCommand': return { ...row, processedAt: nowMs }
    case 'BackOrderState':
    case 'PaymentIndexEntry':
    case 'ShipmentIndexEntry': return row
  }
}

const mapValues = <From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))

/** The cell with its rows in normal form. */
export function normalCell ({ rows, timers, effects }: Cell): Cell {
  return { rows: mapValues(rows, row => normalRow(row as Row)), timers, effects }
}

function pick ({ commandId, principal = null }: { readonly commandId?: string, readonly principal?: string | null }) {
  return { commandId, principal }
}

/**
 * A record as it travels in the model: metadata the same for all but the commands whose id is remembered, of people and of what is put back;
 * no words for people.
 */
export function normalMessage (value: TypedValue): TypedValue {
  const { meta } = value as { readonly meta?: { readonly commandId?: string, readonly principal?: string | null } }
  const isNamed = meta?.principal === 'model' || value.type === 'Restock'
  const normal = meta?.commandId === undefined ? eventMeta : isNamed ? { ...commandMeta, ...pick(meta) } : commandMeta
  const changed: Record<string, unknown> = { ...value, meta: normal }
  if ('reason' in changed) changed['reason'] = ''
  if ('message' in changed) changed['message'] = ''
  return changed as unknown as TypedValue
}

/** JSON with keys in order, so that equal values give equal text. */
export function canonical (value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (Buffer.isBuffer(value)) return `"${value.toString('hex')}"`
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  return `{${Object.entries(value).filter(([, entry]) => entry !== undefined).sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, entry]) => `${name}:${canonical(entry)}`).join(',')}}`
}

/** Gives equal values one number: what is compared and hashed afterwards are numbers. */
export class Interned<Value> {
  readonly #ids = new Map<string, number>()
  readonly values: Value[] = []

  id (value: Value): number {
    const text = canonical(value)
    const known = this.#ids.get(text)
    if (known !== undefined) return known
    this.#ids.set(text, this.values.length)
    return this.values.push(value) - 1
  }

  get (id: number): Value {
    return this.values[id] as Value
  }
}
