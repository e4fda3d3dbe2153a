import { type CancelOrder, type CompensateOrder, type OutcomeCause } from '#schemas'
import { type Body } from '../commands/body.ts'
import { debtsOf, payNewDebts, resendDebts, startCompensation } from './compensate.ts'
import { wake } from './deadlines.ts'
import { type Decision, OrderDraft, rejected } from './draft.ts'
import { type Fact, isRefund, noteProgress, showFact } from './facts.ts'
import { isExact, passAuthorised, passCaptured, passConfirmed, passReserved, startStep } from './forward.ts'
import { type Order } from './order.ts'
import { type Reaction, UnexpectedRecord, orderPhases } from './phases.ts'
import { reject } from './price-order.ts'

/** A command for an order that exists already. */
export type LaterCommand = Body<CancelOrder | CompensateOrder>

export interface CommandEnvironment {
  /** Context time, epoch ms. */
  readonly nowMs: number
  /** Now, epoch ms; later than the context time when the command waited. @default nowMs */
  readonly wallMs?: number
  readonly commandId: string
}

/**
 * Decides a command for an order. `commandId` is remembered once it is carried out: the same command again changes nothing.
 * A command for an order that does not exist, or whose state forbids it, is rejected and changes nothing.
 */
export function decideCommand (order: Order | undefined, command: LaterCommand, env: CommandEnvironment): Decision {
  if (order === undefined) return rejected(reject('unknown-order', '/orderId'))
  const draft = new OrderDraft(order, env.nowMs, env.wallMs)
  const reaction = order.saga.commandIds.includes(env.commandId) ? 'repeat' : orderPhases[order.saga.phase][command.type]
  if (reaction === 'forbid') return rejected(reject('state-forbids', null, `it is ${order.view.state}`))
  if (reaction === 'undo') {
    draft.remember({ commandIds: [...order.saga.commandIds, env.commandId] })
    startCompensation(draft, command.type === 'CancelOrder' ? 'customer' : command.cause, command.reason)
  } else draft.countRepeat()
  return draft.finish()
}

/**
 * Decides what follows from an answer of inventory, payments or shipping.
 *
 * @throws {UnexpectedRecord} when nobody asked for it: the record is kept as a dead letter and changes nothing.
 */
export function decideFact (order: Order | undefined, fact: Fact, nowMs: number, wallMs = nowMs): Decision {
  if (order === undefined) throw new UnexpectedRecord(`${fact.type} is about an order that does not exist`)
  const draft = new OrderDraft(order, nowMs, wallMs)
  factReactions[orderPhases[order.saga.phase][fact.type]](draft, fact)
  return draft.finish()
}

/** Decides what follows from the timer of the order that was due at `dueMs` and fired at `nowMs`, in a task that runs since `runningSinceMs`; epoch ms. */
export function decideTimer (order: Order | undefined, dueMs: number, nowMs: number, runningSinceMs = -Infinity): Decision {
  if (order === undefined) throw new UnexpectedRecord('the timer is about an order that does not exist')
  const draft = new OrderDraft(order, nowMs)
  draft.remember({ timerDueMs: null })
  const meaning = wake(order.saga, dueMs, nowMs, runningSinceMs)
  if (meaning.kind === 'later') draft.remember({ stepDueMs: meaning.stepDueMs, sagaDueMs: meaning.sagaDueMs })
  else if (meaning.kind === 'ResendDue') resendDebts(draft)
  else if (meaning.kind === 'SagaTimeout') startCompensation(draft, 'sagaTimeout', 'the order took longer than 30 minutes')
  else startCompensation(draft, 'stepTimeout', `no answer within 30 seconds while ${order.saga.phase}`)
  return draft.finish()
}

type FactReaction = (draft: OrderDraft, fact: Fact) => void

const unexpected: FactReaction = (draft, fact) => {
  throw new UnexpectedRecord(`${fact.type} does not belong to an order that is ${draft.saga.phase}`)
}

const factReactions: Readonly<Record<Reaction, FactReaction>> = {
  take (draft, fact) {
    if (noteProgress(draft, fact)) goOn(draft, fact)
    else draft.countRepeat()
  },
  undo (draft, fact) {
    checkStep(draft, fact)
    if (!noteProgress(draft, fact) && fact.type !== 'PaymentFailed') unexpected(draft, fact)
    showFact(draft, fact)
    if (fact.type === 'PaymentFailed') draft.announce(fact)
    startCompensation(draft, causeOf(fact), reasonOf(fact))
  },
  note (draft, fact) {
    const before = debtsOf(draft.saga)
    const isNew = noteProgress(draft, fact)
    const isShown = (isNew || isRefund(fact)) && showFact(draft, fact)
    if (!isNew && !isShown) return draft.countRepeat()
    if (draft.saga.phase !== 'fulfilling') payNewDebts(draft, before)
  },
  defer (draft) {
    startStep(draft)
  },
  repeat (draft) {
    draft.countRepeat()
  },
  forbid: unexpected,
  unexpected
}

/** The next step of an order that meets no trouble. */
function goOn (draft: OrderDraft, fact: Fact): void {
  switch (fact.type) {
    case 'LinesReserved': return passReserved(draft)
    case 'PaymentAuthorized':
      if (isExact(draft, fact)) return passAuthorised(draft, fact.paymentId)
      showFact(draft, fact)
      return startCompensation(draft, 'technical', 'the provider holds another amount than the order costs')
    case 'LinesConfirmed': return passConfirmed(draft)
    case 'PaymentSucceeded': return passCaptured(draft)
    case 'ShipmentCreated': showFact(draft, fact); return
    default: return unexpected(draft, fact)
  }
}

/** A failed payment must be about the step that is waited for. */
function checkStep (draft: OrderDraft, fact: Fact): void {
  if (fact.type === 'PaymentFailed' && fact.step !== stepOf[draft.saga.phase as keyof typeof stepOf]) unexpected(draft, fact)
}

const stepOf = { authorising: 'authorise', capturing: 'capture' } as const

function causeOf (fact: Fact): OutcomeCause {
  if (fact.type === 'LinesRejected' && fact.shortages.length > 0) return 'shortStock'
  if (fact.type === 'PaymentFailed' && fact.kind === 'declined') return 'paymentDeclined'
  return 'technical'
}

function reasonOf (fact: Fact): string {
  switch (fact.type) {
    case 'LinesRejected':
      return fact.shortages.length === 0
        ? `the stock could not be reserved: ${fact.code}`
        : `not enough stock of ${fact.shortages.slice(0, 10).map(shortage => shortage.sku).join(', ')}`
    case 'LinesConfirmRejected': return `the reservation could not be confirmed: ${fact.code}`
    case 'LinesExpired': return 'the reservation expired'
    case 'LinesReleased':
    case 'LinesUnconfirmed': return 'the reservation was given back before the order was done'
    case 'PaymentFailed': return fact.message
    case 'PaymentVoided': return 'the payment was voided before the order was done'
    case 'ShipmentCancelled': return `the shipment was cancelled: ${fact.reason}`
    default: return fact.type
  }
}
