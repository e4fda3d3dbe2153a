import { type LogIn, type LogOut, type RefreshSession, type SessionEnd, type UserState } from '#schemas'
import { type IdentityRules } from './rules.ts'
import { type UserFact } from './user.ts'

/**
 * A session begins. Facts of a user who has logged in, in the order of the log.
 *
 * A session is a family of refresh tokens that follow one another. Its id is known to nobody but the holders of its tokens: it is in the
 * tokens and in the state, and nowhere else.
 */
export function startSession (state: UserState, { sessionId, refreshHash }: LogIn, nowMs: number, rules: IdentityRules): UserFact[] {
  const alive = state.sessions.filter(({ expiresAt }) => expiresAt > nowMs)
  const crowd = alive.slice(0, Math.max(0, alive.length - rules.maxSessions + 1))
  const family = { sessionId, refreshHash, startedAt: nowMs, expiresAt: nowMs + rules.refreshMs, rotations: 0 }
  return [...endSessions(state, crowd, 'tooMany'), { type: 'SessionStarted', family }]
}

/**
 * Exchanges the newest token of a session for the next one. Any other token of that session has been exchanged before: somebody has a
 * copy, and nobody can tell who is who, so the session ends for both.
 */
export function refreshSession (state: UserState, { sessionId, refreshHash, nextHash }: RefreshSession, nowMs: number, rules: IdentityRules): UserFact[] {
  const family = state.sessions.find(session => session.sessionId === sessionId)
  if (family === undefined || family.expiresAt <= nowMs || family.refreshHash === nextHash) return []
  if (family.refreshHash !== refreshHash) return endSessions(state, [family], 'reuse')
  const expiresAt = Math.min(nowMs + rules.refreshMs, family.startedAt + rules.sessionMs)
  return [{ type: 'SessionRotated', family: { ...family, refreshHash: nextHash, expiresAt, rotations: family.rotations + 1 } }]
}

/** Whoever holds any token of a session may end it. */
export function logOut (state: UserState, { sessionId, everywhere }: LogOut): UserFact[] {
  const named = state.sessions.filter(session => session.sessionId === sessionId)
  return endSessions(state, everywhere && named.length > 0 ? state.sessions : named, 'logout')
}

/** Those sessions end; no facts when there are none. */
export function endSessions ({ userId }: UserState, sessions: UserState['sessions'], reason: SessionEnd): UserFact[] {
  if (sessions.length === 0) return []
  return [{ type: 'SessionsEnded', sessionIds: sessions.map(({ sessionId }) => sessionId) }, { type: 'SessionsRevoked', userId, reason, sessions: sessions.length }]
}
