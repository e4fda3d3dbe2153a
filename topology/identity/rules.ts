const minuteMs = 60_000
const dayMs = 86_400_000

/** What the platform asks of those who log in. */
export interface IdentityRules {
  /** Wrong passwords from one network address within `windowMs` that shut that address out of the account. */
  readonly addressFailures: number
  /** Wrong passwords from anywhere within `windowMs` that shut everybody out of the account. */
  readonly accountFailures: number
  /** Unit: ms. */
  readonly windowMs: number
  /** How long a lock lasts, ms. */
  readonly lockMs: number
  /** Life of a refresh token, ms. */
  readonly refreshMs: number
  /** Life of a session, however often its token is exchanged, ms. */
  readonly sessionMs: number
  /** Sessions of one user at most; the oldest one makes room. */
  readonly maxSessions: number
  /** How long an account waits for the proof of its e-mail address before it is deleted, ms. */
  readonly unverifiedMs: number
}

/** @source The domain: 5 failures in 15 minutes, refresh tokens of 7 days. */
export const defaultIdentityRules: IdentityRules = Object.freeze({
  addressFailures: 5,
  accountFailures: 50,
  windowMs: 15 * minuteMs,
  lockMs: 15 * minuteMs,
  refreshMs: 7 * dayMs,
  sessionMs: 30 * dayMs,
  maxSessions: 20,
  unverifiedMs: 7 * dayMs
})
