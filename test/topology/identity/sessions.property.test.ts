import fc from 'fast-check'
import { test } from 'tap'
import { defaultIdentityRules } from '../../../topology/identity/rules.ts'
import { Account, login, refresh } from './identity-fixtures.ts'

interface Family { newest: number, tokens: number, alive: boolean, readonly startedMs: number, expiresMs: number }

const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('login' as const) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('refresh' as const), session: fc.nat(5), back: fc.constantFrom(0, 0, 0, 0, 1, 2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('logout' as const), session: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(1000, defaultIdentityRules.refreshMs - 1, defaultIdentityRules.refreshMs) }) }
)

test('of every session only the newest refresh token is worth something, and any older one ends it, whatever comes in between', t => {
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), steps => {
    const account = Account.active()
    const families: Family[] = []
    for (const { kind, ...rest } of steps) {
      const { session = 0, back = 0, ms = 0 } = rest as { session?: number, back?: number, ms?: number }
      const family = families[session]
      if (kind === 'time') account.nowMs += ms
      if (kind === 'login' && families.length < 6) {
        account.take(login(families.length))
        families.push({ newest: 0, tokens: 1, alive: true, startedMs: account.nowMs, expiresMs: account.nowMs + defaultIdentityRules.refreshMs })
      }
      if (kind === 'logout' && family !== undefined) {
        account.take({ type: 'LogOut', meta: login(0).meta, userId: login(0).userId, sessionId: `session ${session}`, everywhere: false })
        family.alive = false
      }
      if (kind === 'refresh' && family !== undefined) {
        const from = Math.max(0, family.newest - back)
        const facts = account.take(refresh(session, from, family.tokens)).map(({ type }) => type)
        const isAlive = family.alive && family.expiresMs > account.nowMs
        const expected = !isAlive ? [] : from === family.newest ? ['SessionRotated'] : ['SessionsEnded', 'SessionsRevoked']
        if (facts.join() !== expected.join()) throw new Error(`${facts.join()} instead of ${expected.join()}`)
        if (isAlive && from === family.newest) {
          family.newest = family.tokens
          family.expiresMs = Math.min(account.nowMs + defaultIdentityRules.refreshMs, family.startedMs + defaultIdentityRules.sessionMs)
        } else if (isAlive) family.alive = false
        family.tokens++
      }
      const told = account.user.sessions.filter(({ expiresAt }) => expiresAt > account.nowMs).length
      const modelled = families.filter(({ alive, expiresMs }) => alive && expiresMs > account.nowMs).length
      if (told !== Math.min(modelled, defaultIdentityRules.maxSessions)) throw new Error(`${told} sessions instead of ${modelled}`)
    }
  }), { numRuns: 300 })
  t.end()
})
