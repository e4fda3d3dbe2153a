import { test } from 'tap'
import { isLocked, openLocks } from '../../../topology/identity/locks.ts'
import { noticeFor } from '../../../topology/identity/notices.ts'
import { defaultIdentityRules } from '../../../topology/identity/rules.ts'
import { Account, elsewhere, home, login, passwordChange, startMs } from './identity-fixtures.ts'

const { addressFailures, accountFailures, windowMs, lockMs } = defaultIdentityRules
const wrong = (number: number, address = home) => login(number, { passwordMatched: false, address })

/** An account with that many wrong passwords from one address. */
function guessed (times: number): Account {
  const account = Account.active()
  for (let i = 0; i < times; i++) account.take(wrong(100 + i))
  return account
}

test('an address is shut out by the fifth wrong password, and no right one helps while it is', t => {
  const account = guessed(addressFailures - 1)
  t.equal(isLocked(account.user, home, startMs), false)
  const facts = account.take(wrong(200))
  t.match(facts, [{ type: 'LoginFailed' }, { type: 'LockShut', lock: { address: home, until: startMs + lockMs } }, { type: 'UserLocked', scope: 'address' }])
  t.same(account.types(login(300)), [])
  t.same(account.types(passwordChange(301)), [])
  t.match(facts.map(fact => noticeFor(fact, account.user)).at(-1), { template: 'account-locked', variables: { scope: 'address' } })
  t.end()
})

test('an address that is shut out leaves the others alone', t => {
  t.same(guessed(addressFailures).types(login(300, { address: elsewhere })), ['UserLoggedIn', 'SessionStarted', 'FailuresForgotten'])
  t.end()
})

test('a lock does not last longer when more passwords are guessed at it', t => {
  const account = guessed(addressFailures)
  account.nowMs += lockMs - 1
  t.same(account.types(wrong(300)), [])
  account.nowMs += 1
  t.same(account.apply(openLocks(account.user, account.nowMs)).map(({ type }) => type), ['LocksOpened', 'UserUnlocked'])
  t.match(account.take(login(301)), [{ type: 'UserLoggedIn' }])
  t.end()
})

test('wrong passwords of long ago do not count', t => {
  const account = guessed(addressFailures - 1)
  account.nowMs += windowMs
  t.same(account.types(wrong(300)), ['LoginFailed'])
  t.equal(account.user.failures.length, 1)
  t.end()
})

test('wrong passwords are forgotten when a right one comes from their address, and only those', t => {
  const account = guessed(addressFailures - 1)
  account.take(wrong(300, elsewhere))
  account.take(login(301))
  t.same(account.user.failures.map(({ address }) => address), [elsewhere])
  t.end()
})

test('the account is shut for everybody when the wrong passwords come from everywhere', t => {
  const account = Account.active()
  for (let i = 0; i < accountFailures - 1; i++) account.take(wrong(100 + i, `address ${i}`))
  t.equal(account.user.locks.length, 0)
  t.match(account.take(wrong(900, 'one more')).find(({ type }) => type === 'UserLocked'), { scope: 'account', until: startMs + lockMs })
  t.same(account.types(login(901, { address: 'never seen' })), [])
  t.equal(account.user.failures.length, 0)
  t.end()
})

test('a wrong password counts once when its command comes twice', t => {
  const account = Account.active()
  for (let i = 0; i < 2 * addressFailures; i++) account.take(wrong(100))
  t.equal(account.user.failures.length, 1)
  t.equal(account.user.locks.length, 0)
  t.end()
})

test('a wrong old password counts like a wrong login when the password is changed', t => {
  const account = Account.active()
  for (let i = 0; i < addressFailures; i++) account.take(passwordChange(100 + i, { passwordMatched: false }))
  t.equal(isLocked(account.user, home, startMs), true)
  t.end()
})

test('a right password that was guessed in parallel starts no session when five wrong ones come before it in the log', t => {
  for (let place = 0; place <= 2 * addressFailures; place++) {
    const account = guessed(place)
    t.equal(account.take(login(300)).length > 0, place < addressFailures, `after ${place}`)
  }
  t.end()
})

test('the window and the limit are those of the rules', t => {
  const account = Account.active({ addressFailures: 2, lockMs: 10 })
  account.take(wrong(100))
  t.match(account.take(wrong(101)).at(-1), { type: 'UserLocked', until: startMs + 10 })
  t.end()
})
