import { type OrderState } from '#schemas'
import { heldUpMs } from '../held-up.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** How long a step waits for its answer. */
export const stepMs = 30 * secondMs
/** How long the saga may take from PlaceOrder to OrderConfirmed. */
export const sagaMs = 30 * minuteMs
/** How long a reservation is held: longer than the saga, a safety net that no healthy order meets. */
export const reservationMs = 45 * minuteMs
/** How long a customer has to decide, and how long an order waits for stock. The clock of the saga stands meanwhile. */
export const customerActionMs = 24 * hourMs
export const backOrderMs = 30 * 24 * hourMs
/** First and longest wait before an unanswered compensation is sent again. */
export const firstResendMs = 10 * secondMs
export const longestResendMs = 5 * minuteMs

/** What the one timer row of an order is to do. `keep`: the row that is set fires early enough. */
export type TimerChange = { readonly kind: 'set', readonly dueMs: number } | { readonly kind: 'cancel' } | { readonly kind: 'keep' }

/** The wait before resend number `resends` (from 0), ms: doubled each time, capped, never given up. */
export function resendDelayMs (resends: number): number {
  return Math.min(longestResendMs, firstResendMs * 2 ** Math.min(resends, 10))
}

/** When the saga wants to be woken next, epoch ms; null = nothing is waited for. */
export function nextDueMs (saga: OrderState): number | null {
  const { stepDueMs, sagaDueMs, waitDueMs } = saga
  const dues = [stepDueMs, sagaDueMs, waitDueMs].filter(due => due !== null)
  return dues.length === 0 ? null : Math.min(...dues)
}

/** The clock of the saga stands from now on: what is left of its time is kept. */
export function stopClock ({ sagaDueMs, sagaLeftMs }: OrderState, wallMs: number): Pick<OrderState, 'sagaDueMs' | 'sagaLeftMs'> {
  return { sagaDueMs: null, sagaLeftMs: sagaDueMs === null ? sagaLeftMs : Math.max(0, sagaDueMs - wallMs) }
}

/** The clock of the saga runs on, with the time that was left, and a step at least. */
export function startClock ({ sagaDueMs, sagaLeftMs }: OrderState, wallMs: number): Pick<OrderState, 'sagaDueMs' | 'sagaLeftMs'> {
  return { sagaDueMs: sagaDueMs ?? wallMs + Math.max(stepMs, sagaLeftMs ?? sagaMs), sagaLeftMs: null }
}

/**
 * The change of the timer row that brings it in line with the saga. A row that fires too early is left alone: it is moved when
 * it fires, so that a healthy order sets its timer once and cancels it once.
 */
export function timerChange (saga: OrderState): TimerChange {
  const wanted = nextDueMs(saga)
  if (wanted === null) return saga.timerDueMs === null ? { kind: 'keep' } : { kind: 'cancel' }
  if (saga.timerDueMs !== null && saga.timerDueMs <= wanted) return { kind: 'keep' }
  return { kind: 'set', dueMs: wanted }
}

/** Phases in which the step waits for what is given back: it is asked for again, never given up. */
const givesBack: ReadonlySet<OrderState['phase']> = new Set([
  'amending', 'clearing', 'voiding', 'fulfilling', 'stopping', 'delivered', 'compensating', 'closed'
])

/** What is over when the wait of a phase is; where nothing is said it was for stock. */
const waits: Readonly<Partial<Record<OrderState['phase'], 'CustomerActionTimeout' | 'ReturnTimeout'>>> = {
  amending: 'CustomerActionTimeout', repaying: 'CustomerActionTimeout', delivered: 'ReturnTimeout'
}

/** The deadline that a fired timer stands for, or what to do instead. */
export type Wake =
  | { readonly kind: 'StepTimeout' | 'SagaTimeout' | 'CustomerActionTimeout' | 'BackOrderTimeout' | 'ReturnTimeout' | 'ResendDue' }
  /** Nothing is due yet, or the task was held up: the deadlines are these now. */
  | { readonly kind: 'later', readonly stepDueMs: number | null, readonly sagaDueMs: number | null }

/**
 * What the timer that was due at `dueMs` and fired at `nowMs` means for the saga.
 *
 * Time in which the task was down or behind is not held against the order, because its answers may have been held up as well: a step
 * has its whole time again after a takeover (`runningSinceMs`), and when its timer comes late. A customer's commands lie in the log
 * meanwhile and are read before any timer fires: his time is not made longer.
 */
export function wake (saga: OrderState, dueMs: number, nowMs: number, runningSinceMs = -Infinity): Wake {
  const { phase, stepDueMs, sagaDueMs, waitDueMs } = saga
  const wanted = nextDueMs(saga)
  if (wanted === null || nowMs < wanted) return { kind: 'later', stepDueMs, sagaDueMs }
  if (waitDueMs !== null && waitDueMs <= nowMs) return { kind: waits[phase] ?? 'BackOrderTimeout' }
  if (givesBack.has(phase) && (sagaDueMs === null || nowMs < sagaDueMs)) return { kind: 'ResendDue' }
  const heldUp = nowMs - dueMs > heldUpMs ? nowMs - dueMs : 0
  const graceUntilMs = heldUp > 0 ? nowMs + stepMs : runningSinceMs + stepMs
  if (nowMs < graceUntilMs) {
    return { kind: 'later', stepDueMs: graceUntilMs, sagaDueMs: sagaDueMs === null ? null : Math.max(sagaDueMs + heldUp, graceUntilMs) }
  }
  return { kind: sagaDueMs !== null && sagaDueMs <= nowMs ? 'SagaTimeout' : 'StepTimeout' }
}
