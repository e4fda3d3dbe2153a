import {
  type AmendOrder, type ApproveReturn, type CancelOrder, type CompensateOrder, type OrderStop, type OutcomeCause, type ProductView,
  type ReceiveReturn, type RequestReturn, type RetryPayment, type ShipOrder
} from '#schemas'
import { type Body } from '../commands/body.ts'
import { amendOrder } from './amend-order.ts'
import { answerOlder, isOlder } from './attempts.ts'
import { debtsOf, payNewDebts, resendDebts, startCompensation } from './compensate.ts'
import { type Wake, wake } from './deadlines.ts'
import { type Decision, OrderDraft, type PartitionOfSku, rejected } from './draft.ts'
import { type Fact, isRefund, isShippingEvent, noteProgress, showFact } from './facts.ts'
import { isExact, passAuthorised, passCaptured, passConfirmed, startStep } from './forward.ts'
import { followShipment, noteShipment } from './fulfil.ts'
import { goOnWhenSettled } from './next-attempt.ts'
import { type Order } from './order.ts'
import { declined, mayPayAgain, retryPayment } from './pay-again.ts'
import { type Reaction, UnexpectedRecord, orderPhases } from './phases.ts'
import { type Rejection, reject } from './price-order.ts'
import { causeOf, reasonOf } from './reasons.ts'
import { passAnswered, passQueued } from './reserve.ts'
import { shipOrder } from './ship-order.ts'
import { startStop } from './stop.ts'
import { askReturn, decideReturn, expireReturns, payOwed, takeBack } from './take-back.ts'

/** A command for an order that exists already. */
export type LaterCommand = Body<
  CancelOrder | CompensateOrder | AmendOrder | RetryPayment | ShipOrder | RequestReturn | ApproveReturn | ReceiveReturn
>

export interface CommandEnvironment {
  /** Context time, epoch ms. */
  readonly nowMs: number
  /** Now, epoch ms; later than the context time when the command waited. @default nowMs */
  readonly wallMs?: number
  readonly commandId: string
  /** Fingerprint of the content: tells a repeat from another command under the same id. @default unknown, and every one is a repeat */
  readonly hash?: string
  /** The product as the catalog has it now. @default unknown */
  readonly product?: (sku: string) => ProductView | undefined
  readonly partitionOf?: PartitionOfSku
}

/**
 * Decides a command for an order. `commandId` is remembered once it is carried out: the same command again changes nothing, another one
 * under its id is rejected. A command for an order that does not exist, whose state forbids it, or that breaks a rule is rejected and
 * changes nothing.
 */
export function decideCommand (order: Order | undefined, command: LaterCommand, env: CommandEnvironment): Decision {
  if (order === undefined) return rejected(reject('unknown-order', '/orderId'))
  const { commandId, hash = '' } = env
  const { commandIds, commandHashes, phase } = order.saga
  const draft = new OrderDraft(order, env.nowMs, env.wallMs, env.partitionOf)
  if (commandIds.includes(commandId)) {
    if ((commandHashes[commandId] ?? hash) !== hash) return rejected(reject('command-id-reused', '/meta/commandId'))
    draft.countRepeat()
    return draft.finish()
  }
  const reaction = orderPhases[phase][command.type]
  if (reaction === 'forbid') return rejected(reject('state-forbids', null, `it is ${order.view.state}`))
  if (reaction === 'repeat') draft.countRepeat()
  else {
    draft.remember({ commandIds: [...commandIds, commandId], commandHashes: hash === '' ? commandHashes : { ...commandHashes, [commandId]: hash } })
    const rejection = carryOut(draft, command, reaction, env)
    if (rejection !== undefined) return rejected(rejection)
  }
  return draft.finish()
}

function carryOut (
  draft: OrderDraft, command: LaterCommand, reaction: Reaction, { commandId, product = () => undefined }: CommandEnvironment
): Rejection | undefined {
  switch (command.type) {
    case 'CancelOrder': return undo(draft, { command: command.type, commandId, cause: 'customer', reason: command.reason }, reaction)
    case 'CompensateOrder': return undo(draft, { command: command.type, commandId, cause: command.cause, reason: command.reason }, reaction)
    case 'AmendOrder': return amendOrder(draft, command, product)
    case 'RetryPayment': retryPayment(draft, command); return undefined
    case 'ShipOrder': return shipOrder(draft, command, commandId, product)
    case 'RequestReturn': return askReturn(draft, command, commandId)
    case 'ApproveReturn': return decideReturn(draft, command)
    case 'ReceiveReturn': return takeBack(draft, command)
  }
}

function undo (draft: OrderDraft, stop: OrderStop, reaction: Reaction): Rejection | undefined {
  if (reaction === 'stop') return startStop(draft, stop)
  startCompensation(draft, stop.cause, stop.reason)
  return undefined
}

/**
 * Decides what follows from an answer of inventory, payments or shipping.
 *
 * @throws {UnexpectedRecord} when nobody asked for it: the record is kept as a dead letter and changes nothing.
 */
export function decideFact (order: Order | undefined, fact: Fact, nowMs: number, wallMs = nowMs, partitionOf?: PartitionOfSku): Decision {
  if (order === undefined) throw new UnexpectedRecord(`${fact.type} is about an order that does not exist`)
  const draft = new OrderDraft(order, nowMs, wallMs, partitionOf)
  if (isOlder(order.saga, fact)) answerOlder(draft, fact)
  else factReactions[orderPhases[order.saga.phase][fact.type]](draft, fact)
  return draft.finish()
}

/** Decides what follows from the timer of the order that was due at `dueMs` and fired at `nowMs`, in a task that runs since `runningSinceMs`; epoch ms. */
export function decideTimer (order: Order | undefined, dueMs: number, nowMs: number, runningSinceMs = -Infinity, partitionOf?: PartitionOfSku): Decision {
  if (order === undefined) throw new UnexpectedRecord('the timer is about an order that does not exist')
  const draft = new OrderDraft(order, nowMs, nowMs, partitionOf)
  draft.remember({ timerDueMs: null })
  const meaning = wake(order.saga, dueMs, nowMs, runningSinceMs)
  if (meaning.kind === 'later') draft.remember({ stepDueMs: meaning.stepDueMs, sagaDueMs: meaning.sagaDueMs })
  else if (meaning.kind === 'ResendDue') resendDebts(draft)
  else if (meaning.kind === 'ReturnTimeout') expireReturns(draft)
  else startCompensation(draft, ...timeouts[meaning.kind](order))
  return draft.finish()
}

type Timeout = Exclude<Wake['kind'], 'later' | 'ResendDue' | 'ReturnTimeout'>

const timeouts: Readonly<Record<Timeout, (order: Order) => readonly [cause: OutcomeCause, reason: string]>> = {
  StepTimeout: ({ saga }) => ['stepTimeout', `no answer within 30 seconds while ${saga.phase}`],
  SagaTimeout: () => ['sagaTimeout', 'the order took longer than 30 minutes'],
  CustomerActionTimeout: () => ['actionTimeout', 'the customer did not decide within 24 hours'],
  BackOrderTimeout: () => ['backOrderTimeout', 'the stock did not come within 30 days']
}

type FactReaction = (draft: OrderDraft, fact: Fact) => void

const unexpected: FactReaction = (draft, fact) => {
  throw new UnexpectedRecord(`${fact.type} does not belong to an order that is ${draft.saga.phase}`)
}

const factReactions: Readonly<Record<Reaction, FactReaction>> = {
  take (draft, fact) {
    if (isShippingEvent(fact)) followShipment(draft, fact)
    else if (noteProgress(draft, fact)) goOn(draft, fact)
    else draft.countRepeat()
  },
  undo (draft, fact) {
    if (!noteProgress(draft, fact)) unexpected(draft, fact)
    showFact(draft, fact)
    startCompensation(draft, causeOf(fact), reasonOf(fact))
  },
  stop (draft, fact) {
    const stop = { command: '', commandId: '', cause: causeOf(fact), reason: reasonOf(fact) }
    if (!noteProgress(draft, fact) || startStop(draft, stop) !== undefined) unexpected(draft, fact)
  },
  policy (draft, fact) {
    if (fact.type === 'PaymentFailed') failPayment(draft, fact)
    else if (fact.type === 'LinesRejected') failReservation(draft, fact)
    else unexpected(draft, fact)
  },
  note (draft, fact) {
    const before = debtsOf(draft.saga)
    if (!noteDown(draft, fact)) return draft.countRepeat()
    payNewDebts(draft, before)
    goOnWhenSettled(draft)
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

/** Writes down what others told; false when it is nothing new. */
function noteDown (draft: OrderDraft, fact: Fact): boolean {
  if (isShippingEvent(fact)) return noteShipment(draft, fact)
  const isNew = noteProgress(draft, fact)
  const isShown = (isNew || isRefund(fact)) && showFact(draft, fact)
  const isPaid = isRefund(fact) && payOwed(draft, fact)
  return isNew || isShown || isPaid
}

/** The next step of an order that meets no trouble. */
function goOn (draft: OrderDraft, fact: Fact): void {
  switch (fact.type) {
    case 'LinesReserved': return draft.saga.phase === 'queued' ? passQueued(draft) : passAnswered(draft)
    case 'LinesBackOrdered': return draft.remember({ stepDueMs: null })
    case 'PaymentAuthorized':
      if (isExact(draft, fact)) return passAuthorised(draft, fact.paymentId)
      showFact(draft, fact)
      return startCompensation(draft, 'technical', 'the provider holds another amount than the order costs')
    case 'LinesConfirmed': return passConfirmed(draft)
    case 'PaymentSucceeded': return passCaptured(draft)
    default: return unexpected(draft, fact)
  }
}

/** Short stock: cancelled at once, or once every partition has answered as the order says. Any other refusal is technical. */
function failReservation (draft: OrderDraft, fact: Named<'LinesRejected'>): void {
  if (!noteProgress(draft, fact)) return unexpected(draft, fact)
  if (fact.shortages.length === 0 || draft.saga.onShortage === 'reject') return startCompensation(draft, causeOf(fact), reasonOf(fact))
  draft.remember({ shortages: [...draft.saga.shortages, ...fact.shortages] })
  passAnswered(draft)
}

/** A failed payment must be about the step that is waited for. */
function failPayment (draft: OrderDraft, fact: Named<'PaymentFailed'>): void {
  if (fact.step !== stepOf[draft.saga.phase as keyof typeof stepOf]) unexpected(draft, fact)
  noteProgress(draft, fact)
  draft.announce(fact)
  if (fact.kind === 'declined' && mayPayAgain(draft)) declined(draft, fact.step)
  else startCompensation(draft, causeOf(fact), reasonOf(fact))
}

type Named<Type extends Fact['type']> = Extract<Fact, { type: Type }>

const stepOf = { authorising: 'authorise', capturing: 'capture' } as const
