import { type GatewayCommand } from './ledger.ts'

/** What the embedded gateway does with a step, by the token of its authorisation: ways in which a real provider misbehaves. */
export type TokenBehaviour = 'approve' | 'decline' | 'silent' | 'flaky' | 'slow'

type Behaviours = Readonly<Partial<Record<GatewayCommand['step'], TokenBehaviour>>>

const behaviours: Readonly<Record<string, Behaviours>> = {
  tok_ok: {},
  tok_declined: { authorise: 'decline' },
  /** Does the work, but never answers the first request. */
  tok_timeout: { authorise: 'silent' },
  tok_capture_timeout: { capture: 'silent' },
  tok_refund_timeout: { refund: 'silent' },
  /** Answers the first tries with an internal error and does nothing. */
  tok_flaky: { authorise: 'flaky' },
  /** Does the work and answers late. */
  tok_slow: { authorise: 'slow' }
}

/** Tries of a flaky token that fail before one succeeds. */
export const flakyTries = 2

/** The behaviour of a step on an authorisation with that token; a token that nobody issued is declined. */
export function behaviourOf (step: GatewayCommand['step'], token: string): TokenBehaviour {
  const known = Object.hasOwn(behaviours, token) ? behaviours[token] : undefined
  return known === undefined ? step === 'authorise' ? 'decline' : 'approve' : known[step] ?? 'approve'
}
