import { type OrderState } from '#schemas'
import { heldUpMs } from '../held-up.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs

/** How long a step waits for its answer. */
export const stepMs = 30 * secondMs
/** How long the saga may take from PlaceOrder to OrderConfirmed. */
export const sagaMs = 30 * minuteMs
/** How long a reservation is held: longer than the saga, a safety net that no healthy order meets. */
export const reservationMs = 45 * minuteMs
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
  const { stepDueMs, sagaDueMs } = saga
  if (stepDueMs === null || sagaDueMs === null) return stepDueMs ?? sagaDueMs
  return Math.min(stepDueMs, sagaDueMs)
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

/** The deadline that a fired timer stands for, or what to do instead. */
export type Wake =
  | { readonly kind: 'StepTimeout' | 'SagaTimeout' | 'ResendDue' }
  /** Nothing is due yet, or the task was held up: the deadlines are these now. */
  | { readonly kind: 'later', readonly stepDueMs: number | null, readonly sagaDueMs: number | null }

/**
 * What the timer that was due at `dueMs` and fired at `nowMs` means for the saga.
 *
 * Time in which the task was down or behind is not held against the order, because its answers may have been held up as well: a step
 * has its whole time again after a takeover (`runningSinceMs`), and when its timer comes late.
 */
export function wake (saga: OrderState, dueMs: number, nowMs: number, runningSinceMs = -Infinity): Wake {
  const { stepDueMs, sagaDueMs } = saga
  const wanted = nextDueMs(saga)
  if (wanted === null || nowMs < wanted) return { kind: 'later', stepDueMs, sagaDueMs }
  if (saga.phase === 'compensating' || saga.phase === 'closed') return { kind: 'ResendDue' }
  const heldUp = nowMs - dueMs > heldUpMs ? nowMs - dueMs : 0
  const graceUntilMs = heldUp > 0 ? nowMs + stepMs : runningSinceMs + stepMs
  if (nowMs < graceUntilMs) {
    return { kind: 'later', stepDueMs: graceUntilMs, sagaDueMs: sagaDueMs === null ? null : Math.max(sagaDueMs + heldUp, graceUntilMs) }
  }
  return { kind: sagaDueMs !== null && sagaDueMs <= nowMs ? 'SagaTimeout' : 'StepTimeout' }
}
