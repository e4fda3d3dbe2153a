/** What the embedded gateway does with an authorisation, by its token: ways in which a real provider misbehaves. */
export type TokenBehaviour = 'approve' | 'decline' | 'silent' | 'flaky' | 'slow'

const behaviours: Readonly<Record<string, TokenBehaviour>> = {
  tok_ok: 'approve',
  tok_declined: 'decline',
  /** Does the work, but never answers the first request. */
  tok_timeout: 'silent',
  /** Answers the first tries with an internal error and does nothing. */
  tok_flaky: 'flaky',
  /** Does the work and answers late. */
  tok_slow: 'slow'
}

/** Tries of a flaky token that fail before one succeeds. */
export const flakyTries = 2

/** The behaviour of a token; one that nobody issued is declined. */
export function behaviourOf (token: string): TokenBehaviour {
  return behaviours[token] ?? 'decline'
}
