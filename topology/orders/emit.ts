import { type CommandMeta, type CompensateOrder, type EventMeta } from '#schemas'
import { type ProcessorContext } from '../../streams/processor.ts'
import { type Cause, commandMeta, eventMeta } from '../envelope.ts'
import { settlementsOf } from '../imports/settled-order.ts'
import { notificationsFor } from '../notifications/request-notifications.ts'
import { type OrderCommand, topics } from '../topics.ts'
import { type Decision, type Refusal, type SagaCommand } from './draft.ts'
import { type Order } from './order.ts'
import { type Rejection } from './price-order.ts'

type Emitted = Pick<ProcessorContext, 'emit' | 'nextId' | 'nowMs'>

/** Emits what was decided, with metadata: the events of the order first, then what the saga asks of others, notifications, what the import waits for. */
export function emitDecision (context: Emitted, cause: Cause, order: Order, decision: Decision): void {
  const { events, commands, announcements, returns, refusals } = decision
  const key = order.saga.orderId
  const versionBefore = order.view.version - events.length
  for (const [index, event] of events.entries()) {
    context.emit(topics.orders.events, { key, value: { ...event, meta: eventMeta(context, cause, versionBefore + index + 1) } })
  }
  for (const event of returns) context.emit(topics.returns.events, { key, value: { ...event, meta: eventMeta(context, cause) } })
  for (const command of commands) send[command.type](context, key, command as never, commandMeta(context, cause))
  for (const occasion of [...events, ...announcements, ...returns]) {
    for (const notification of notificationsFor(occasion, order)) {
      const meta: EventMeta = eventMeta(context, cause)
      context.emit(topics.notifications.requests, { key: notification.userId, value: { ...notification, meta } })
    }
  }
  for (const refusal of refusals) emitRefusal(context, cause, key, refusal)
  for (const settlement of settlementsOf(events, order.view)) {
    context.emit(topics.imports.orderOutcomes, { key: settlement.customerId, value: { ...settlement, meta: eventMeta(context, cause) } })
  }
}

/** Tells the sender why a command was not carried out. */
export function emitRejection (context: Emitted, cause: Cause, { orderId, type: command }: OrderCommand | CompensateOrder, rejection: Rejection): void {
  emitRefusal(context, cause, orderId, { command, commandId: cause.causationId, rejection })
}

function emitRefusal (context: Emitted, cause: Cause, orderId: string, { command, commandId, rejection }: Refusal): void {
  const { code, field, message } = rejection
  const value = { type: 'CommandRejected', meta: eventMeta(context, cause), orderId, command, commandId, code, field, message } as const
  context.emit(topics.orders.rejections, { key: orderId, value })
}

type Sender<Type extends SagaCommand['type']> = (context: Emitted, key: string, command: Extract<SagaCommand, { type: Type }>, meta: CommandMeta) => void

/** Command → topic. Reservations are addressed by partition, what is put back by its SKU, everything else by the order id. */
const send: { readonly [Type in SagaCommand['type']]: Sender<Type> } = {
  ReserveStock: (context, key, command, meta) => {
    context.emit(topics.inventory.commands, { key, value: { ...command, meta }, partition: command.partition })
  },
  ConfirmReservation: (context, key, command, meta) => {
    context.emit(topics.inventory.commands, { key, value: { ...command, meta }, partition: command.partition })
  },
  ExtendReservation: (context, key, command, meta) => {
    context.emit(topics.inventory.commands, { key, value: { ...command, meta }, partition: command.partition })
  },
  Restock: (context, _key, { commandId, ...command }, meta) => {
    context.emit(topics.inventory.commands, { key: command.sku, value: { ...command, meta: { ...meta, commandId } } })
  },
  ReleaseReservation: (context, key, command, meta) => {
    context.emit(topics.compensations.inventory, { key, value: { ...command, meta }, partition: command.partition })
  },
  UnconfirmReservation: (context, key, command, meta) => {
    context.emit(topics.compensations.inventory, { key, value: { ...command, meta }, partition: command.partition })
  },
  AuthorizePayment: (context, key, command, meta) => { context.emit(topics.payments.commands, { key, value: { ...command, meta } }) },
  CapturePayment: (context, key, command, meta) => { context.emit(topics.payments.commands, { key, value: { ...command, meta } }) },
  VoidPayment: (context, key, command, meta) => { context.emit(topics.compensations.payment, { key, value: { ...command, meta } }) },
  RefundPayment: (context, key, command, meta) => { context.emit(topics.compensations.payment, { key, value: { ...command, meta } }) },
  CreateShipment: (context, key, command, meta) => { context.emit(topics.shipping.commands, { key, value: { ...command, meta } }) },
  CancelShipment: (context, key, command, meta) => { context.emit(topics.compensations.shipment, { key, value: { ...command, meta } }) }
}
