import { type EventMeta, type ReservationState } from '#schemas'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { reservationTimer } from '../../topology/inventory/carry-out.ts'
import { topics } from '../../topology/topics.ts'
import { eventMeta } from '../topology/orders/order-fixtures.ts'
import { authorisationsOf } from './books.ts'
import { expiryMs } from './cell.ts'
import { type Move, badCalls, deliveries, stepped, timer, wake } from './moves.ts'
import { type Scenario, orderIds, personalMeta, placement } from './scenario.ts'
import { type Scene, type World } from './scene.ts'

/** Everything that a bound counts: faults, people, deadlines that come early, records of another attempt. */
export function disturbances (scene: Scene, scenario: Scenario): readonly Move[] {
  return [
    ...deliveries(scene, true),
    ...scene.orders.flatMap((_, order) => [
      ...wake(scene, order, 'disturbance'), ...badCalls(scene, order), ...expiries(scene, order, scenario), ...people(scene, order, scenario), ...strays(scene, order)
    ])
  ]
}

/** Attempts at the reservation, and at the payment, that a scenario may come to and that are disturbed each by itself. */
const attemptsOf = (scenario: Scenario, of: 'reservation' | 'payment'): readonly number[] => {
  const isRepeated = of === 'payment' ? scenario === 'repay' : scenario === 'amend' || scenario === 'backorder'
  return isRepeated ? [1, 2] : [1]
}

/** Nobody gives back by hand the stock or the payment of what has left. */
const canBeUndone = (scenario: Scenario, of: 'reservation' | 'payment'): readonly number[] =>
  scenario === 'shipping' || scenario === 'returns' ? [] : attemptsOf(scenario, of)

function expiries (scene: Scene, order: number, scenario: Scenario): readonly Move[] {
  return attemptsOf(scenario, 'reservation').flatMap(attempt => scene.stock.map((slot, partition) => {
    const key = `${orderIds[order]}/${attempt}/${partition}`
    return timer(scene, { id: `expire ${order}/${attempt} in ${partition}`, kind: 'disturbance' }, 'inventory', slot, reservationTimer + key, partition, cell => {
      const row = cell.rows[`reservations/${key}`] as ReservationState | undefined
      return row?.status === 'reserved' || row?.status === 'waiting' ? expiryMs : undefined
    })
  }))
}

/** The customer cancels; the client repeats itself; an operator compensates as a whole or by hand; support refunds a part. */
function people (scene: Scene, order: number, scenario: Scenario): readonly Move[] {
  const orderId = orderIds[order] as string
  const give = (id: string, topic: string, index: number, value: object, when: (world: World) => boolean = isPlaced): Move =>
    send(scene, `${id} ${order}`, topic, index, { meta: personalMeta(`${id}-${order}`), orderId, reason: '', ...value } as unknown as TypedValue, when)
  const { order: slot, books } = scene.orders[order] as Scene['orders'][number]
  const isPlaced = (world: World): boolean => `orders/${orderId}` in scene.cells.get(world[slot] as number).rows
  const isCaptured = (world: World): boolean => authorisationsOf(scene.books.get(world[books] as number)).some(({ captured }) => captured > 0n)
  const { commands, commandsTrusted } = topics.orders
  const { inventory, payment, shipment } = topics.compensations
  return [
    give('cancel', commands.name, order, { type: 'CancelOrder' }),
    give('operator compensates', topics.compensations.order.name, order, { type: 'CompensateOrder', cause: 'technical' }),
    send(scene, `place again ${order}`, (scenario === 'free' ? commandsTrusted : commands).name, order, placement(scenario, scene.size, order), isPlaced),
    ...canBeUndone(scenario, 'reservation').flatMap(attempt => scene.stock.flatMap((_, partition) => [
      give(`operator releases ${attempt}/${partition} of`, inventory.name, partition, { type: 'ReleaseReservation', attempt, partition }),
      give(`operator unconfirms ${attempt}/${partition} of`, inventory.name, partition, { type: 'UnconfirmReservation', attempt, partition })
    ])),
    ...canBeUndone(scenario, 'payment').map(attempt => give(`operator voids ${attempt} of`, payment.name, order, { type: 'VoidPayment', attempt })),
    give('operator cancels shipment of', shipment.name, order, { type: 'CancelShipment' }),
    give('support refunds a part of', payment.name, order, { type: 'RefundPayment', effectId: 'support', amount: 10_000n }, isCaptured),
    give('support refunds all of', payment.name, order, { type: 'RefundPayment', effectId: 'support-all', amount: null }, isCaptured)
  ]
}

function send (scene: Scene, id: string, topic: string, index: number, value: TypedValue, when: (world: World) => boolean): Move {
  const { slot } = scene.queueOf(topic, index)
  const message = scene.message(value)
  return {
    id,
    kind: 'disturbance',
    apply (world) {
      if (!when(world)) return undefined
      const next = [...world]
      next[slot] = scene.push(world[slot] as number, message)
      return next
    }
  }
}

/** An attempt that no order of a scenario comes to. Answers of older ones need no help: they are late by themselves. */
const otherAttempt = 99

/** An answer of an attempt that was never made reaches the order: a dead letter, and nothing changes. */
function strays (scene: Scene, order: number): readonly Move[] {
  const { order: slot } = scene.orders[order] as Scene['orders'][number]
  const queue = scene.queueOf(topics.inventory.replies.name, order)
  return answersOf(orderIds[order] as string, otherAttempt, eventMeta).map((value): Move => ({
    id: `stray ${value.type} ${order}`,
    kind: 'disturbance',
    apply (world) {
      const cellId = world[slot] as number
      if (!(`orders/${orderIds[order]}` in scene.cells.get(cellId).rows)) return undefined
      const topic = value.type.startsWith('Payment') ? topics.payments.events.name : queue.topic
      const stimulus = -1 - scene.stimulus(`stray/${order}/${value.type}`)
      const step = scene.step('orders', cellId, stimulus, () => ({ kind: 'record', topic, key: orderIds[order] as string, value, place: 0 }))
      return stepped(scene, world, 'orders', slot, step)
    }
  }))
}

/** One answer of every kind that names its attempt. */
function answersOf (orderId: string, attempt: number, meta: EventMeta): readonly TypedValue[] {
  const head = { meta, orderId, attempt }
  const money = { paymentId: 'stray', amount: 10_000n, currency: 'GBP' }
  return [
    { type: 'LinesReserved', ...head, partition: 0 },
    { type: 'LinesRejected', ...head, partition: 0, code: 'short-stock', shortages: [] },
    { type: 'LinesConfirmed', ...head, partition: 0 },
    { type: 'LinesConfirmRejected', ...head, partition: 0, code: 'expired' },
    { type: 'LinesReleased', ...head, partition: 0 },
    { type: 'LinesUnconfirmed', ...head, partition: 0 },
    { type: 'LinesExpired', ...head, partition: 0 },
    { type: 'PaymentAuthorized', ...head, ...money, providerReference: 'stray' },
    { type: 'PaymentSucceeded', ...head, ...money },
    { type: 'PaymentFailed', ...head, paymentId: 'stray', step: 'authorise', kind: 'declined', code: 'x', message: '' },
    { type: 'PaymentVoided', ...head, ...money, nothingToVoid: true }
  ] as readonly TypedValue[]
}
