import { type OrderState, type OrderView, type PaymentState } from '#schemas'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { fillTimer } from '../../topology/inventory/carry-out.ts'
import { paymentSteps } from '../../topology/orders/facts.ts'
import { topics } from '../../topology/topics.ts'
import { eventMeta } from '../topology/orders/order-fixtures.ts'
import { type Cell } from './cell.ts'
import { type Step } from './processes.ts'
import { type Output } from './scene-context.ts'
import { type Variant, after, changeRows, forget } from './variant.ts'

/** Known-bad builds of what an order does that asks its customer, waits for stock or is paid again. */
export const waitingVariants: Readonly<Record<string, Variant>> = {
  'older-reservation-taken': {
    breaks: 'a late answer of the first reservation is taken for one of the second',
    process: 'orders',
    scenario: 'amend',
    isOfOneLine: true,
    around: takeOlder(({ attempt }) => attempt, type => type.startsWith('Lines'))
  },
  'older-payment-taken': {
    breaks: 'a late answer of the first payment is taken for one of the second',
    process: 'orders',
    scenario: 'repay',
    isOfOneLine: true,
    around: takeOlder(({ paymentAttempt }) => paymentAttempt, type => type in paymentSteps)
  },
  'amended-keeps-its-stock': {
    breaks: 'an amended order keeps what its first attempt has reserved',
    process: 'orders',
    scenario: 'amend',
    bound: 0,
    around: after((result, type) => type === 'LinesRejected' ? forget(result, 'ReleaseReservation', () => true) : undefined)
  },
  'amended-costs-as-before': {
    breaks: 'an amended order costs what it cost before',
    process: 'orders',
    scenario: 'amend',
    bound: 0,
    around: after(({ cell }, type, before) => {
      const old = Object.values(before.rows).find((row): row is OrderView => row.type === 'OrderView')
      return type === 'AmendOrder' && old !== undefined ? { cell: changeRows<OrderView>(cell, 'OrderView', () => ({ total: old.total })) } : undefined
    })
  },
  'cancelled-stays-in-its-queue': {
    breaks: 'a back-order that is cancelled stays in its queue',
    process: 'inventory',
    scenario: 'backorder',
    bound: 0,
    isOfOneLine: true,
    around: after(({ cell }, type, before) => type === 'ReleaseReservation' ? { cell: { ...cell, rows: { ...queueOf(before), ...cell.rows } } } : undefined)
  },
  'cancelled-still-waits': {
    breaks: 'a back-order that is cancelled is answered, and waits on',
    process: 'inventory',
    scenario: 'backorder',
    bound: 0,
    isOfOneLine: true,
    around: after((_result, type, before) => type === 'ReleaseReservation' && Object.keys(queueOf(before)).length > 0 ? { cell: before } : undefined)
  },
  'delivery-wakes-nobody': {
    breaks: 'a delivery does not look at who waits for it',
    process: 'inventory',
    scenario: 'backorder',
    bound: 0,
    isOfOneLine: true,
    around: after(({ cell }) => ({ cell: { ...cell, timers: Object.fromEntries(Object.entries(cell.timers).filter(([key]) => !key.startsWith(fillTimer))) } }))
  },
  'paid-again-before-the-void': {
    breaks: 'the second payment is made and captured while what the first one holds is not voided',
    process: 'payments',
    scenario: 'repay',
    isOfOneLine: true,
    around: after((result, type, before) => {
      const held = Object.values(before.rows).find((row): row is PaymentState => row.type === 'PaymentState')
      if (type !== 'VoidPayment' || held?.status !== 'failed' || held.authorised === 0n) return undefined
      const { authorised: voided, orderId, attempt, paymentId, currency } = held
      const cell = changeRows<PaymentState>({ ...result.cell, effects: {} }, 'PaymentState', () => ({ status: 'voided', voided, operation: null, waiting: [] }))
      return { cell, outputs: [...result.outputs, nothingHeld({ orderId, attempt, paymentId, currency })] }
    })
  }
}

function takeOlder (attemptOf: (saga: OrderState) => number, isTaken: (type: string) => boolean): (real: Step) => Step {
  return real => (cell, stimulus) => {
    const saga = Object.values(cell.rows).find((row): row is OrderState => row.type === 'OrderState')
    if (saga === undefined || stimulus.kind !== 'record' || !('attempt' in stimulus.value) || !isTaken(stimulus.value.type)) return real(cell, stimulus)
    const attempt = attemptOf(saga)
    const isOlder = (stimulus.value as TypedValue & { readonly attempt: number }).attempt < attempt
    return real(cell, isOlder ? { ...stimulus, value: { ...stimulus.value, attempt } as TypedValue } : stimulus)
  }
}

function queueOf ({ rows }: Cell): Cell['rows'] {
  return Object.fromEntries(Object.entries(rows).filter(([, row]) => row.type === 'BackOrderState'))
}

function nothingHeld (payment: Pick<PaymentState, 'orderId' | 'attempt' | 'paymentId' | 'currency'>): Output {
  const value = { type: 'PaymentVoided', meta: eventMeta, ...payment, amount: 0n, nothingToVoid: true } as const
  return { topic: topics.payments.events.name, key: payment.orderId, value, partition: undefined }
}
