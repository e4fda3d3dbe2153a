import { test } from 'tap'
import { type UserState } from '#schemas'
import { decideExpiry, decideUser, fold, userSteps } from '../../../topology/identity/decide-user.ts'
import { noticeFor } from '../../../topology/identity/notices.ts'
import { defaultIdentityRules } from '../../../topology/identity/rules.ts'
import { type UserFact, isPublic } from '../../../topology/identity/user.ts'
import {
  Account, idOf, login, metaOf, opening, passwordChange, refresh, reset, sealed, startMs, tokenOf, userId
} from './identity-fixtures.ts'

const deletion = { type: 'DeleteUser', meta: metaOf(idOf(50)), userId } as const
const verification = (tokenHash: string) => ({ type: 'VerifyEmail', meta: metaOf(idOf(51)), userId, tokenHash }) as const
const resetRequest = (hash: string) => ({ type: 'RequestPasswordReset', meta: metaOf(idOf(52)), userId, token: tokenOf(hash) }) as const
const roles = (...names: string[]) => ({ type: 'SetRoles', meta: metaOf(idOf(53), 'boss'), userId, roles: names }) as const
const logout = (session: number, everywhere = false) => ({ type: 'LogOut', meta: metaOf(idOf(54)), userId, sessionId: `session ${session}`, everywhere }) as const
const profile = (text: string | null) => ({ type: 'UpdateProfile', meta: metaOf(idOf(55)), userId, profile: text === null ? null : sealed(text) }) as const
const service = { type: 'CreateServiceAccount', meta: metaOf(idOf(56)), userId, name: 'erp', secretHash: 's', grants: ['orders:write'] } as const

const one = {
  OpenUser: opening(8),
  CreateServiceAccount: service,
  VerifyEmail: verification('verify 1'),
  LogIn: login(3),
  RefreshSession: refresh(3, 0, 1),
  LogOut: logout(3),
  ChangePassword: passwordChange(4),
  RequestPasswordReset: resetRequest('r'),
  ResetPassword: reset('r'),
  UpdateProfile: profile('x'),
  SetRoles: roles('Analyst'),
  DeleteUser: deletion
} as const satisfies { readonly [T in keyof typeof userSteps]: { readonly type: T } }

test('a command changes nothing when the state of the user is not one of its row in the table', t => {
  const active = Account.active()
  active.take(login(3))
  active.take(resetRequest('r'))
  const unverified = new Account()
  unverified.take(opening(1))
  unverified.take(resetRequest('r'))
  const deleted = Account.active()
  deleted.take(deletion)
  const places: Readonly<Record<string, UserState | undefined>> = { none: undefined, unverified: unverified.user, active: active.user, deleted: deleted.user }
  for (const [type, allowed] of Object.entries(userSteps)) {
    for (const [place, state] of Object.entries(places)) {
      if ((allowed as readonly string[]).includes(place)) continue
      t.same(decideUser(state, one[type as keyof typeof one], { commandId: idOf(1), nowMs: startMs, rules: defaultIdentityRules }), [], `${type} of ${place}`)
    }
  }
  t.end()
})

test('every command is decided on in a state of its row in the table', t => {
  for (const [type, [place]] of Object.entries(userSteps)) {
    const account = place === 'none' ? new Account() : place === 'unverified' ? new Account() : Account.active()
    if (place === 'unverified') account.take(opening(1))
    if (type === 'RefreshSession' || type === 'LogOut') account.take(login(3))
    if (type === 'ResetPassword') account.take(resetRequest('r'))
    if (type === 'LogIn') account.take(verification('verify 1'))
    t.ok(account.take(one[type as keyof typeof one]).length > 0, type)
  }
  t.end()
})

test('an account is made once, with its password, and waits for the proof of its address', t => {
  const account = new Account()
  t.same(account.types(opening(1)), ['UserRegistered', 'AccountOpened', 'PasswordSet', 'TokenIssued'])
  t.match(account.user, { status: 'unverified', roles: ['Customer'], passwordHash: 'hash 1', credentialVersion: 1, verification: { hash: 'verify 1' }, version: 1 })
  t.same(account.types(opening(1)), [], 'a repeat')
  t.end()
})

test('nobody logs in before the address is proved, however right the password', t => {
  const account = new Account()
  account.take(opening(1))
  t.same(account.types(login(3)), [])
  t.same(account.types(verification('verify 1')), ['EmailVerified'])
  t.same(account.types(login(3)), ['UserLoggedIn', 'SessionStarted'])
  t.end()
})

test('an address is proved by the token that was sent last, once, in time', t => {
  const account = new Account()
  account.take(opening(1))
  t.same(account.types(verification('verify 9')), [], 'another one')
  account.nowMs += 3_600_000
  t.same(account.types(verification('verify 1')), [], 'too late')
  account.take(opening(2, { token: tokenOf('verify 2', account.nowMs + 1) }))
  t.same(account.types(verification('verify 1')), [], 'the one before')
  t.same(account.types(verification('verify 2')), ['EmailVerified'])
  t.same(account.types(verification('verify 2')), [], 'again')
  t.end()
})

test('who registers last has the password while the address is not proved', t => {
  const account = new Account()
  account.take(opening(1))
  t.same(account.types(opening(2)), ['ContactReplaced', 'PasswordSet', 'TokenIssued'])
  t.match(account.user, { passwordHash: 'hash 2', credentialVersion: 2, verification: { hash: 'verify 2' } })
  t.end()
})

test('a registration with a proved address changes nothing and tells the owner', t => {
  const account = Account.active()
  const before = account.user
  const facts = account.take(opening(2))
  t.same(facts, [{ type: 'RegistrationRepeated' }])
  t.same(account.user, before)
  t.match(facts.map(fact => noticeFor(fact, account.user)), [{ template: 'account-exists', sealed: null, recipient: before.email }])
  t.end()
})

test('an account of an operator needs no proof, and its first password is set by a token', t => {
  const account = new Account()
  const first = { isVerified: true, roles: ['Admin'], passwordHash: '', token: { ...tokenOf('first'), sealed: null } }
  t.match(account.take(opening(1, first)).map(fact => noticeFor(fact, account.user)), [undefined, undefined, undefined], 'nobody is written to')
  t.match(account.user, { status: 'active', roles: ['Admin'], passwordHash: '', reset: { hash: 'first' } })
  t.same(account.types(opening(2, { ...first, token: tokenOf('second') })), ['TokenIssued'], 'another token while there is no password')
  t.same(account.types(reset('first')), [])
  t.same(account.types(reset('second')), ['PasswordSet', 'PasswordChanged', 'TokenSpent'])
  t.same(account.types(opening(3, { ...first, token: tokenOf('third') })), [], 'no token once there is one')
  t.end()
})

test('a session begins with a login that matched the password there is, and not for another version of it', t => {
  const account = Account.active()
  t.same(account.types(login(3, { credentialVersion: 0 })), [], 'held against a password that is gone')
  t.same(account.types(login(3)), ['UserLoggedIn', 'SessionStarted'])
  t.same(account.types(login(3)), [], 'a repeat')
  t.match(account.user.sessions, [{ sessionId: 'session 3', refreshHash: 'refresh 3.0', rotations: 0 }])
  t.end()
})

test('a login brings a newer hash of the same password along', t => {
  const account = Account.active()
  account.take(login(3, { rehash: 'newer hash' }))
  t.match(account.user, { passwordHash: 'newer hash', credentialVersion: 1 })
  t.end()
})

test('the oldest session makes room when there are too many', t => {
  const account = Account.active({ maxSessions: 2 })
  for (const number of [3, 4, 5]) account.take(login(number))
  t.same(account.user.sessions.map(({ sessionId }) => sessionId), ['session 4', 'session 5'])
  t.same(account.types(refresh(3, 0, 1)), [])
  t.end()
})

test('a refresh token is exchanged once; the second time its session ends, and the owner is told', t => {
  const account = Account.active()
  account.take(login(3))
  t.same(account.types(refresh(3, 0, 1)), ['SessionRotated'])
  t.same(account.types(refresh(3, 0, 1)), [], 'the same command again is no reuse')
  const facts = account.take(refresh(3, 0, 2))
  t.match(facts, [{ type: 'SessionsEnded' }, { type: 'SessionsRevoked', reason: 'reuse', sessions: 1 }])
  t.match(facts.map(fact => noticeFor(fact, account.user)?.template), [undefined, 'session-reused'])
  t.same(account.types(refresh(3, 1, 2)), [], 'the newest one is worth nothing any more')
  t.end()
})

test('a refresh token of one session leaves the others alone when it is reused', t => {
  const account = Account.active()
  account.take(login(3))
  account.take(login(4))
  account.take(refresh(3, 0, 1))
  account.take(refresh(3, 0, 2))
  t.same(account.types(refresh(4, 0, 1)), ['SessionRotated'])
  t.end()
})

test('a refresh token lives for a week and its session for a month', t => {
  const account = Account.active()
  account.take(login(3))
  const { refreshMs, sessionMs } = defaultIdentityRules
  for (let rotation = 0; account.nowMs + refreshMs - 1 < startMs + sessionMs; rotation++) {
    account.nowMs += refreshMs - 1
    t.same(account.types(refresh(3, rotation, rotation + 1)), ['SessionRotated'])
  }
  t.equal(account.user.sessions[0]?.expiresAt, startMs + sessionMs)
  account.nowMs = startMs + sessionMs
  t.same(account.types(refresh(3, account.user.sessions[0]?.rotations ?? 0, 99)), [])
  const other = Account.active()
  other.take(login(3))
  other.nowMs += refreshMs
  t.same(other.types(refresh(3, 0, 1)), [])
  t.end()
})

test('a logout ends the session that is named, or all of them, and none for who knows none', t => {
  const account = Account.active()
  for (const number of [3, 4, 5]) account.take(login(number))
  t.same(account.types(logout(9, true)), [])
  account.take(logout(3))
  t.equal(account.user.sessions.length, 2)
  account.take(logout(4, true))
  t.equal(account.user.sessions.length, 0)
  t.end()
})

test('a password is changed by who knows the old one, and every session and token ends with it', t => {
  const account = Account.active()
  account.take(login(3))
  account.take(resetRequest('r'))
  t.same(account.types(passwordChange(4)), ['PasswordSet', 'PasswordChanged', 'TokenSpent', 'SessionsEnded', 'SessionsRevoked'])
  t.match(account.user, { passwordHash: 'hash 4', credentialVersion: 2, sessions: [], reset: null })
  t.same(account.types(passwordChange(5)), [], 'held against the password before')
  t.same(account.types(reset('r')), [])
  t.end()
})

test('a password is reset by the token that was sent last, once and in time; that opens every lock and proves the address', t => {
  const account = new Account({ addressFailures: 1 })
  account.take(opening(1))
  account.take(login(3, { passwordMatched: false }))
  account.take(resetRequest('one'))
  account.take(resetRequest('two'))
  t.same(account.types(reset('one')), [])
  t.same(account.types(reset('two')), ['PasswordSet', 'PasswordChanged', 'TokenSpent', 'EmailVerified', 'FailuresForgotten', 'LocksOpened', 'UserUnlocked'])
  t.same(account.types(reset('two', 'another')), [])
  t.match(account.user, { status: 'active', locks: [], failures: [], passwordHash: 'hash by reset' })
  account.take(resetRequest('three'))
  account.nowMs += 3_600_000
  t.same(account.types(reset('three')), [], 'too late')
  t.end()
})

test('roles are told one by one, with who gave or took them', t => {
  const account = Account.active()
  t.match(account.take(roles('Support', 'Analyst', 'Support')), [
    { type: 'RoleGranted', role: 'Support', by: 'boss' }, { type: 'RoleGranted', role: 'Analyst' }, { type: 'RoleRevoked', role: 'Customer' }
  ])
  t.same(account.user.roles, ['Support', 'Analyst'])
  t.same(account.types(roles('Analyst', 'Support')), [], 'the same again')
  t.end()
})

test('a profile that is the same tells nothing', t => {
  const account = Account.active()
  t.same(account.types(profile(null)), [])
  t.same(account.types(profile('Ada')), ['ProfileUpdated'])
  t.same(account.types(profile('Ada')), [])
  t.same(account.types(profile(null)), ['ProfileUpdated'])
  t.end()
})

test('a service account has its grants, and neither password, mail nor sessions', t => {
  const account = new Account()
  account.take(service)
  t.match(account.user, { kind: 'service', status: 'active', roles: ['ServiceAccount'], grants: ['orders:write'], email: null, label: 'erp', passwordHash: 's' })
  for (const command of [login(3), passwordChange(4), resetRequest('r'), roles('Admin')]) t.same(account.types(command), [], command.type)
  t.same(account.types(deletion), ['UserDeleted'])
  t.end()
})

test('a deleted user keeps nothing of a person and comes back by no command', t => {
  const account = Account.active()
  account.take(login(3))
  t.same(account.types(deletion), ['SessionsEnded', 'SessionsRevoked', 'UserDeleted'])
  t.match(account.user, { status: 'deleted', email: null, profile: null, passwordHash: '', roles: [], sessions: [], failures: [] })
  for (const command of Object.values(one)) t.same(account.types(command), [], command.type)
  t.end()
})

test('an account is deleted when nobody has proved its address in time, and not afterwards', t => {
  const account = new Account()
  account.take(opening(1))
  const { unverifiedMs } = defaultIdentityRules
  t.same(decideExpiry(account.user, startMs + unverifiedMs - 1, defaultIdentityRules), [])
  t.match(decideExpiry(account.user, startMs + unverifiedMs, defaultIdentityRules), [{ type: 'UserDeleted' }])
  t.same(decideExpiry(Account.active().user, startMs + unverifiedMs, defaultIdentityRules), [])
  t.end()
})

test('the version of a user counts what is published', t => {
  const account = new Account()
  let published = 0
  for (const command of [opening(1), verification('verify 1'), login(3), refresh(3, 0, 1), passwordChange(4)]) {
    published += account.take(command).filter(fact => isPublic(fact)).length
    t.equal(account.user.version, published, command.type)
  }
  t.end()
})

test('no fact that is published carries a hash, a token or a session', t => {
  const account = new Account()
  const facts: UserFact[] = []
  for (const command of [opening(1), verification('verify 1'), login(3), refresh(3, 0, 1), refresh(3, 0, 2), resetRequest('r'), reset('r'), deletion]) facts.push(...account.take(command))
  const published = JSON.stringify(facts.filter(fact => isPublic(fact)))
  t.equal(facts.filter(fact => isPublic(fact)).length, 6)
  t.notMatch(published, /hash|session \d|refresh|verify \d|e{64}|a1/)
  t.same(fold(undefined, userId, []).status, 'deleted', 'an account of which nothing is known can do nothing')
  t.end()
})
