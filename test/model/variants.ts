import { type OrderState, type OrderView, type PaymentState, type ReservationState } from '#schemas'
import { type EffectOutcome } from '../../streams/processor.ts'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { topics } from '../../topology/topics.ts'
import { eventMeta } from '../topology/orders/order-fixtures.ts'
import { type StepResult } from './processes.ts'
import { type Output } from './scene-context.ts'
import { type Changed, type Variant, after, changeRows, forget } from './variant.ts'
import { reviewVariants } from './variants-review.ts'
import { waitingVariants } from './variants-waiting.ts'

/** Ends the order at once, without asking for anything back. */
function endOrder ({ cell, outputs }: StepResult, state: 'Cancelled' | 'TimedOut'): Changed {
  const closed = changeRows<OrderState>(cell, 'OrderState', () => ({ phase: 'closed', stepDueMs: null, sagaDueMs: null, timerDueMs: null }))
  const ended = changeRows<OrderView>(closed, 'OrderView', () => ({ state, outcome: state }))
  return { cell: { ...ended, timers: {} }, outputs: outputs.filter(({ topic }) => topic === topics.orders.events.name) }
}

const compensations = ['ReleaseReservation', 'UnconfirmReservation']

/** Known-bad builds, by name. Each is something that a saga of this kind has been got wrong by. */
export const variants: Readonly<Record<string, Variant>> = {
  'no-fence': {
    breaks: 'a release that comes before its reservation leaves no fence',
    process: 'inventory',
    around: after(({ cell }, type, before) => {
      const fresh = Object.keys(cell.rows).filter(key => !(key in before.rows))
      return compensations.includes(type) && fresh.length > 0 ? { cell: before } : undefined
    })
  },
  'not-unconfirmed': {
    breaks: 'confirmed partitions are not un-confirmed when another one rejects or has expired',
    process: 'orders',
    around: after((result, type) => type === 'LinesConfirmRejected' || type === 'LinesExpired' ? forget(result, 'UnconfirmReservation', () => true) : undefined)
  },
  'void-lost': {
    breaks: 'a void that comes before its authorisation is answered and forgotten',
    process: 'payments',
    around: after((result, type, before) => type === 'VoidPayment' && Object.keys(before.rows).length === 0 ? { cell: before } : undefined)
  },
  'refund-too-early': {
    breaks: 'a refund is reported when it is asked for, not when it is done',
    process: 'payments',
    around: after(({ cell, outputs }, type) => {
      const payment = Object.values(cell.rows).find((row): row is PaymentState => row.type === 'PaymentState')
      if (type !== 'RefundPayment' || payment?.operation?.step !== 'refund') return undefined
      return { outputs: [...outputs, told(payment, { type: 'PaymentRefunded', totalRefunded: payment.captured, amount: payment.captured })] }
    })
  },
  'refund-fails-and-is-done': {
    breaks: 'a refund that the provider did not carry out is taken for done',
    process: 'payments',
    bound: 2,
    scenario: 'services',
    around: real => (cell, stimulus) => {
      const payment = Object.values(cell.rows).find((row): row is PaymentState => row.type === 'PaymentState')
      if (stimulus.kind !== 'answer' || stimulus.outcome.kind === 'succeeded' || payment?.operation?.step !== 'refund') return real(cell, stimulus)
      const { authorised, captured, refunded, voided, operation, currency, reference } = payment
      const view = { reference, currency, authorised, captured, voided, refunded: refunded + (operation.amount ?? 0n) }
      return real(cell, { ...stimulus, outcome: { kind: 'succeeded', result: { kind: 'done', view } } satisfies EffectOutcome })
    }
  },
  'wrong-attempt': {
    breaks: 'a late answer of another attempt is taken for one of this',
    process: 'orders',
    around: real => (cell, stimulus) => stimulus.kind === 'record' && 'attempt' in stimulus.value
      ? real(cell, { ...stimulus, value: { ...stimulus.value, attempt: 1 } as TypedValue })
      : real(cell, stimulus)
  },
  'duplicate-reserves': {
    breaks: 'a repeated ReserveStock reserves again',
    process: 'inventory',
    around: real => (cell, stimulus) => {
      if (stimulus.kind !== 'record' || stimulus.value.type !== 'ReserveStock') return real(cell, stimulus)
      const rows = Object.entries(cell.rows).filter(([, row]) => row.type !== 'ReservationState' || (row as ReservationState).status !== 'reserved')
      return real({ ...cell, rows: Object.fromEntries(rows) }, stimulus)
    }
  },
  'duplicate-places': {
    breaks: 'a repeated PlaceOrder begins the order again',
    process: 'orders',
    around: real => (cell, stimulus) =>
      real(stimulus.kind === 'record' && stimulus.value.type === 'PlaceOrder' ? { ...cell, rows: {}, timers: {} } : cell, stimulus)
  },
  'timeout-gives-nothing-back': {
    breaks: 'a step timeout ends the order without compensating',
    process: 'orders',
    around: after((result, type, before) => {
      const wasLive = Object.values(before.rows).some(row => row.type === 'OrderState' && !['compensating', 'closed'].includes((row as OrderState).phase))
      return type === 'timer' && wasLive ? endOrder(result, 'TimedOut') : undefined
    })
  },
  'release-to-replied-only': {
    breaks: 'only partitions that have answered are released',
    process: 'orders',
    around: after((result, _type, before) => {
      const old = Object.values(before.rows).find((row): row is OrderState => row.type === 'OrderState')
      return forget(result, 'ReleaseReservation', partition => old?.parts.some(part => part.partition === partition && part.progress === 'asked') ?? false)
    })
  },
  'expiry-against-confirmation': {
    breaks: 'a reservation expires in silence, and is confirmed all the same',
    process: 'inventory',
    around: after(({ outputs }) => ({
      outputs: outputs.filter(({ value }) => value.type !== 'LinesExpired')
        .map(output => ({ ...output, value: { ...output.value, type: output.value.type.replace('ConfirmRejected', 'Confirmed') } }))
    }))
  },
  'unknown-is-declined': {
    breaks: 'a call without an answer is taken for a declined card',
    process: 'payments',
    around: real => (cell, stimulus) => stimulus.kind === 'answer' && stimulus.outcome.kind === 'unknown'
      ? real(cell, { ...stimulus, outcome: { kind: 'succeeded', result: { kind: 'declined', code: 'card-declined', message: '' } } })
      : real(cell, stimulus)
  },
  'outcome-first': {
    breaks: 'a cancelled order has its outcome before its compensations are answered',
    process: 'orders',
    around: after(({ cell, outputs }, type) => {
      const view = Object.values(cell.rows).find((row): row is OrderView => row.type === 'OrderView')
      if (type !== 'CancelOrder' || view?.state !== 'Compensating') return undefined
      const event = { type: 'OrderCancelled', meta: eventMeta, orderId: view.orderId } as TypedValue
      const ended = changeRows<OrderView>(cell, 'OrderView', () => ({ state: 'Cancelled', outcome: 'Cancelled' }))
      return { cell: ended, outputs: [...outputs, { topic: topics.orders.events.name, key: view.orderId, value: event, partition: undefined }] }
    })
  },
  'fresh-key-for-every-try': {
    breaks: 'a call is repeated under another idempotency key',
    process: 'payments',
    around: after(({ cell }, type) => type === 'timer'
      ? { cell: { ...cell, effects: Object.fromEntries(Object.entries(cell.effects).map(([key, request]) => [key, freshKey(request)])) } }
      : undefined)
  },
  'shipment-not-fenced': {
    breaks: 'a cancellation that comes before its shipment leaves no fence',
    process: 'shipping',
    around: after((_result, type, before) => type === 'CancelShipment' && Object.keys(before.rows).length === 0 ? { cell: before } : undefined)
  },
  'resend-for-ever': {
    breaks: 'an answered release is owed again, so that the order goes round without end',
    process: 'orders',
    around: after(({ cell }, type) => ['LinesReleased', 'LinesUnconfirmed'].includes(type)
      ? { cell: changeRows<OrderState>(cell, 'OrderState', ({ parts }) => ({ parts: parts.map(part => ({ ...part, progress: 'expired' })) })) }
      : undefined)
  },
  ...waitingVariants,
  ...reviewVariants
}

function told (payment: PaymentState, event: Readonly<Record<string, unknown>>): Output {
  const { orderId, paymentId, currency } = payment
  const value = { meta: eventMeta, orderId, paymentId, currency, effectId: 'early', ...event } as unknown as TypedValue
  return { topic: topics.payments.events.name, key: orderId, value, partition: undefined }
}

function freshKey (request: TypedValue): TypedValue {
  const { key } = request as TypedValue & { readonly key: string }
  return { ...request, key: `${key}+`, lookupFirst: false } as TypedValue
}
