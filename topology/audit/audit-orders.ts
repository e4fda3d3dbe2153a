import { type EventMeta, type OrderAudit } from '#schemas'
import { type ProcessorContext, type RecordInfo, type TimerInfo, defineProcessor, defineStore } from '../../streams/processor.ts'
import { isCommerceSerde, stateSerde } from '../codec.ts'
import { type Cause, causeOf } from '../envelope.ts'
import { type OrderEvent, topics } from '../topics.ts'
import { judgeSides, planJudgement } from './compare-sides.ts'
import { followOrder } from './follow-order.ts'
import { type MoneyMove, followPayment, moneyMoves } from './follow-payment.ts'
import { type Followed } from './followed.ts'
import { unseen } from './order-audit.ts'
import { type ShownBy, auditLingerMs, reportBreak } from './report-break.ts'

/** Name of the sub-topology: in task ids, the changelog and the hash slots of the state. */
export const auditOrdersName = 'audit-orders'

/** Every order as the two sides tell it, by order id: a row of about thirty bytes, kept as long as the order. */
export const orderAuditStore = defineStore('orders', stateSerde(auditOrdersName, 'OrderAudit'))

/** What the timer of an order remembers: the record that made its sides differ. */
interface Doubt { readonly topic: string, readonly offset: string, readonly cause: Cause }

/** Every event of an order is watched, whichever there are: they are numbered, and none may be missing. */
const orderEvents = isCommerceSerde(topics.orders.events.value) ? topics.orders.events.value.records : []

/** Watches the money and the outcome of every order while the platform runs. See README.md. */
export const auditOrdersProcessor = defineProcessor<OrderEvent | MoneyMove>({
  name: auditOrdersName,
  inputs: [topics.orders.events, topics.payments.events],
  outputs: [topics.audit.invariants],
  stores: [orderAuditStore],
  reads: (_event, orderId) => [[orderAuditStore, orderId]],
  handlers: {
    ...Object.fromEntries(orderEvents.map(type => [type, watchOrder])),
    ...Object.fromEntries(moneyMoves.map(type => [type, watchPayment]))
  },
  timerReads: timer => [[orderAuditStore, timer.key]],
  onTimer: judge,
  lingerMs: auditLingerMs
})

function watchOrder (context: ProcessorContext, event: OrderEvent, record: RecordInfo): void {
  watch(context, event.meta, record, row => followOrder(row, event))
}

function watchPayment (context: ProcessorContext, event: MoneyMove, record: RecordInfo): void {
  watch(context, event.meta, record, row => followPayment(row, event))
}

function watch (context: ProcessorContext, meta: EventMeta, record: RecordInfo, follow: (row: OrderAudit) => Followed<OrderAudit>): void {
  const { key, topic, offset } = record
  const orders = context.store(orderAuditStore)
  const before = orders.get(key) ?? unseen
  const followed = follow(before)
  if (followed.row === before) return
  const cause = causeOf(meta)
  const { row, judgement } = planJudgement(before, followed.row)
  orders.put(key, row)
  if (judgement.kind === 'cancel') context.timers.cancel(key)
  if (judgement.kind === 'set') {
    const doubt: Doubt = { topic, offset: String(offset), cause }
    context.timers.set(key, context.wallMs + judgement.afterMs, JSON.stringify(doubt))
  }
  for (const found of followed.breaks) reportBreak(context, key, found, record, cause)
}

function judge (context: ProcessorContext, timer: TimerInfo): void {
  const orders = context.store(orderAuditStore)
  const row = orders.get(timer.key)
  if (row === undefined) return
  const judged = judgeSides(row)
  orders.put(timer.key, judged.row)
  const { topic, offset, cause } = JSON.parse(timer.payload) as Doubt
  const shownBy: ShownBy = { topic, partition: context.task.partition, offset: BigInt(offset) }
  for (const found of judged.breaks) reportBreak(context, timer.key, found, shownBy, cause)
}
