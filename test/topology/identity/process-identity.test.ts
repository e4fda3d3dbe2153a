import { type Test, test } from 'tap'
import { createTestDriver } from '../../../streams/testing/index.ts'
import {
  claimStore, createIdentityProcessor, identityKeyOf, tombstoneMs, userStore
} from '../../../topology/identity/process-identity.ts'
import { defaultIdentityRules } from '../../../topology/identity/rules.ts'
import { type IdentityCommand, topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { emailKey, idOf, login, metaOf, refresh, registration, reset, startMs, tokenOf, userId, userIdOf } from './identity-fixtures.ts'

await bindMemoryCodec()
const processor = createIdentityProcessor()
const { commands, events } = topics.identity

async function house (t: Test) {
  const driver = await createTestDriver({ nodes: [processor], startMs })
  t.teardown(() => driver.close())
  const send = async (...list: readonly IdentityCommand[]) => {
    for (const command of list) {
      await driver.pipe(commands, identityKeyOf(command), command)
      await driver.run()
    }
  }
  return {
    driver,
    send,
    user: async (id = userId) => await driver.store(processor, userStore).get(id),
    claim: async () => await driver.store(processor, claimStore).get(emailKey),
    told: async () => (await driver.read(events)).map(({ value }) => value.type),
    mails: async () => (await driver.read(topics.notifications.requests)).map(({ value }) => value.template),
    /** A user who can log in. */
    settle: async () => await send(registration(1), { type: 'VerifyEmail', meta: metaOf(idOf(2)), userId, tokenHash: 'verify 1' })
  }
}

const deletion = { type: 'DeleteUser', meta: metaOf(idOf(50)), userId } as const

test('two registrations at once with one address give one account', async t => {
  const h = await house(t)
  for (const number of [1, 2]) await h.driver.pipe(commands, emailKey, registration(number))
  await h.driver.run()
  t.match(await h.claim(), { userId })
  t.match(await h.user(), { status: 'unverified', passwordHash: 'hash 1' })
  t.equal(await h.user(userIdOf(2)), undefined)
  t.same(await h.told(), ['UserRegistered'])
  t.same(await h.mails(), ['verify-email'])
})

test('a registration that knew the account takes the place of the one before while the address is not proved', async t => {
  const h = await house(t)
  await h.send(registration(1), registration(2, { userId }))
  t.match(await h.user(), { passwordHash: 'hash 2', verification: { hash: 'verify 2' } })
  t.same(await h.told(), ['UserRegistered'])
  t.same(await h.mails(), ['verify-email', 'verify-email'])
})

test('a notification carries its token sealed, and no event carries a hash', async t => {
  const h = await house(t)
  await h.settle()
  await h.send(login(3), refresh(3, 0, 1), { type: 'RequestPasswordReset', meta: metaOf(idOf(4)), userId, token: tokenOf('r') }, reset('r'))
  const mails = (await h.driver.read(topics.notifications.requests)).map(({ value }) => value)
  t.match(mails, [{ template: 'verify-email', sealed: { keyId: 'key' } }, { template: 'password-reset', sealed: { keyId: 'key' } }, { template: 'password-changed', sealed: null }])
  t.equal(new Set(mails.map(({ notificationId }) => notificationId)).size, 3)
  for (const mail of mails) t.same(mail.recipient, mails[0]?.recipient)
  const bytes = (await h.driver.readRaw(events.name)).map(({ value }) => value?.toString('latin1') ?? '').join()
  for (const secret of ['hash 1', 'hash by reset', 'verify 1', 'refresh 3', 'session 3', 'token of', emailKey]) t.notOk(bytes.includes(secret), secret)
})

test('a deleted user gives the address free, and the next account under it is another one', async t => {
  const h = await house(t)
  await h.settle()
  await h.send(deletion)
  t.equal(await h.claim(), undefined)
  t.match(await h.user(), { status: 'deleted', email: null, passwordHash: '' })
  await h.send(registration(1))
  t.match([await h.user(), await h.claim()], [{ status: 'deleted' }, undefined], 'the command of the account that is gone')
  await h.send(registration(7))
  t.match(await h.claim(), { userId: userIdOf(7) })
  t.match(await h.user(userIdOf(7)), { status: 'unverified' })
})

test('a deleted user is forgotten when no late command can come any more', async t => {
  const h = await house(t)
  await h.settle()
  await h.send(deletion)
  await h.driver.advance(tombstoneMs)
  t.equal(await h.user(), undefined)
})

test('an account whose address nobody proves is deleted in time, and one that is proved stays', async t => {
  const h = await house(t)
  await h.send(registration(1))
  await h.driver.advance(defaultIdentityRules.unverifiedMs)
  t.same(await h.told(), ['UserRegistered', 'UserDeleted'])
  t.equal(await h.claim(), undefined)
  const other = await house(t)
  await other.settle()
  await other.driver.advance(defaultIdentityRules.unverifiedMs)
  t.same(await other.told(), ['UserRegistered', 'EmailVerified'])
})

test('a lock opens by itself when its time is over, also after a restart without goodbye', async t => {
  const h = await house(t)
  await h.settle()
  for (let i = 0; i < defaultIdentityRules.addressFailures; i++) await h.send(login(100 + i, { passwordMatched: false }))
  await h.send(login(200))
  t.same(await h.told(), ['UserRegistered', 'EmailVerified', 'UserLocked'])
  await h.driver.restart()
  await h.driver.advance(defaultIdentityRules.lockMs)
  await h.send(login(201))
  t.same(await h.told(), ['UserUnlocked', 'UserLoggedIn'])
  t.same(await h.mails(), ['verify-email', 'account-locked'])
})

test('a reset cancels the timer of the lock that it opens', async t => {
  const h = await house(t)
  await h.settle()
  for (let i = 0; i < defaultIdentityRules.addressFailures; i++) await h.send(login(100 + i, { passwordMatched: false }))
  await h.send({ type: 'RequestPasswordReset', meta: metaOf(idOf(4)), userId, token: tokenOf('r', 2 * startMs) }, reset('r'))
  await h.driver.advance(defaultIdentityRules.lockMs)
  t.same((await h.told()).filter(type => type === 'UserUnlocked'), ['UserUnlocked'])
})

test('two uses of one refresh token in parallel end the session, and exactly one was exchanged', async t => {
  const h = await house(t)
  await h.settle()
  await h.send(login(3))
  await h.told()
  await h.driver.pipe(commands, userId, refresh(3, 0, 1))
  await h.driver.pipe(commands, userId, refresh(3, 0, 2))
  await h.driver.run()
  t.same(await h.told(), ['SessionsRevoked'])
  t.match(await h.user(), { sessions: [] })
  await h.send(refresh(3, 1, 3), refresh(3, 2, 3))
  t.same(await h.told(), [])
})

test('a session is what it was after a restart without goodbye', async t => {
  const h = await house(t)
  await h.settle()
  await h.send(login(3), refresh(3, 0, 1))
  const before = await h.user()
  await h.driver.restart()
  t.same(await h.user(), before)
  await h.send(refresh(3, 0, 2))
  t.match(await h.user(), { sessions: [] })
})

test('a command under another key is refused and parks nobody', async t => {
  const h = await house(t)
  await h.settle()
  await h.driver.pipe(commands, userIdOf(9), login(3))
  await h.driver.run()
  t.match(await h.driver.deadLetters(), [{ topic: commands.name }])
  await h.send(login(4))
  t.equal((await h.user())?.sessions.length, 1)
})

test('a command for a user that does not exist changes nothing', async t => {
  const h = await house(t)
  await h.send(login(3), refresh(3, 0, 1), deletion, reset('r'))
  t.equal(await h.user(), undefined)
  t.same(await h.told(), [])
  t.same(await h.driver.deadLetters(), [])
})

test('every event of a user has the version that it makes, and the cause that its command names', async t => {
  const h = await house(t)
  await h.settle()
  await h.send(login(3), deletion)
  const told = await h.driver.read(events)
  t.same(told.map(({ value }) => value.meta.aggregateVersion), [1, 2, 3, 4, 5])
  t.ok(told.every(({ key, value }) => key === userId && value.userId === userId))
  t.match(told[2]?.value.meta, { correlationId: `request ${idOf(3)}`, causationId: idOf(3) })
})
