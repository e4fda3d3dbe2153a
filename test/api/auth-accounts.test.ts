import { test } from 'tap'
import { createArgon2Hasher } from '../../api/identity/passwords.ts'
import { topics } from '../../topology/topics.ts'
import { buildIdentity, email, password } from '../support/build-identity.ts'

const newPassword = 'another horse battery'

test('a registration is answered alike for an address that is free, waits for its proof or belongs to somebody', async t => {
  const { post, mails, settle } = await buildIdentity(t)
  const answers = [await post('auth/register', { email, password })]
  answers.push(await post('auth/register', { email: ' ADA@example.com', password }))
  await settle()
  answers.push(await post('auth/register', { email, password }))
  for (const { status, body, headers } of answers) t.match([status, body, headers['cache-control']], [202, { status: 'accepted' }, 'no-store'])
  t.equal(new Set((await mails('verify-email')).map(({ userId }) => userId)).size, 1, 'one account')
  t.match(await mails('account-exists'), [{ to: email, token: '' }])
})

test('two registrations in parallel with one address give one account', async t => {
  const { post, mails, driver } = await buildIdentity(t)
  await Promise.all([post('auth/register', { email, password }), post('auth/register', { email, password: newPassword })])
  t.equal((await driver.read(topics.identity.events)).filter(({ value }) => value.type === 'UserRegistered').length, 1)
  t.equal(new Set((await mails('verify-email')).map(({ userId }) => userId)).size, 1)
})

test('a registration is refused for what is no address and no password, by field', async t => {
  const { post, commands } = await buildIdentity(t)
  for (const [body, field] of [
    [{ email: 'ada', password }, '/email'],
    [{ email, password: 'short' }, '/password'],
    [{ email, password: 'aaaaaaaaaaaaaaaa' }, '/password'],
    [{ email, password: email.toUpperCase() }, '/password'],
    [{ email, password, roles: ['Admin'] }, '/roles']
  ] as const) {
    const answer = await post('auth/register', body)
    t.match(answer, { status: 422, body: { errors: [{ field }] } })
    t.notMatch(JSON.stringify(answer.body), /aaaaaaaa|short|ADA@/, 'nothing of the password is said back')
  }
  t.same(commands, [])
})

test('what is written carries neither password nor address nor token in the clear', async t => {
  const { post, mails, settle, logIn, driver } = await buildIdentity(t)
  await settle()
  const { refreshToken } = await logIn()
  await post('auth/refresh', { refreshToken })
  await post('auth/password-reset', { email })
  const [{ token = '' } = {}] = await mails('password-reset')
  const all = [topics.identity.commands, topics.identity.events, topics.notifications.requests]
  const written = await Promise.all(all.map(async ({ name }) => await driver.readRaw(name)))
  const bytes = written.flat().map(({ key, value }) => `${key?.toString('latin1') ?? ''}${value?.toString('latin1') ?? ''}`).join()
  t.ok(bytes.includes('argon2id'), 'hashes are in the commands')
  const parts = [token.split('.')[1] ?? '', refreshToken.split('.')[2] ?? '']
  for (const secret of [password, email, email.toLowerCase(), 'Ada', token, refreshToken, ...parts]) t.notOk(bytes.includes(secret))
  t.notOk((await driver.readRaw(topics.identity.events.name)).some(({ value }) => value?.includes('argon2id')), 'and in no event')
})

test('an address is proved by who has the mail and the password, once', async t => {
  const { post, mails, get, logIn } = await buildIdentity(t)
  await post('auth/register', { email, password })
  const [{ token = '' } = {}] = await mails('verify-email')
  for (const wrong of [{ token, password: newPassword }, { token: 'cm_x', password }, { token: `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, password }]) {
    t.match(await post('auth/verify-email', wrong), { status: 400, body: { code: 'one-time-token-invalid' } })
  }
  t.equal((await post('auth/verify-email', { token, password })).status, 204)
  t.equal((await post('auth/verify-email', { token, password })).status, 400, 'a second time')
  t.match(await get('users/me', (await logIn()).accessToken), { status: 200, body: { status: 'active', email } })
})

test('nobody leaves a password behind on an address of somebody else', async t => {
  const { post, mails, logIn } = await buildIdentity(t)
  await post('auth/register', { email, password: 'the password of a thief' })
  await post('auth/register', { email, password })
  const [first, second] = await mails('verify-email')
  t.equal((await post('auth/verify-email', { token: first?.token, password })).status, 400, 'the mail that the thief has caused')
  t.equal((await post('auth/verify-email', { token: second?.token, password })).status, 204)
  t.equal((await post('auth/login', { email, password: 'the password of a thief' })).status, 401)
  await logIn()
})

test('a reset is answered alike for every address, and only an owner is written to', async t => {
  const { post, mails, settle, commands } = await buildIdentity(t)
  await settle()
  const known = await post('auth/password-reset', { email })
  const unknown = await post('auth/password-reset', { email: 'nobody@example.com' })
  t.same([known.status, known.body], [unknown.status, unknown.body])
  t.equal((await mails('password-reset')).length, 1)
  const [one, two] = commands.filter(({ type }) => type === 'RequestPasswordReset')
  t.same(Object.keys(one ?? {}), Object.keys(two ?? {}), 'the same is written for both')
})

test('a password is set by the token from the mail once, and every session ends', async t => {
  const { post, mails, settle, logIn } = await buildIdentity(t)
  await settle()
  const { refreshToken } = await logIn()
  await post('auth/password-reset', { email })
  const [{ token = '' } = {}] = await mails('password-reset')
  t.match(await post('auth/password-reset/confirm', { token, newPassword: 'short' }), { status: 422 })
  t.equal((await post('auth/password-reset/confirm', { token, newPassword })).status, 204)
  t.match(await post('auth/password-reset/confirm', { token, newPassword }), { status: 400, body: { code: 'one-time-token-invalid' } })
  t.equal((await post('auth/refresh', { refreshToken })).status, 401)
  t.equal((await post('auth/login', { email, password })).status, 401)
  t.equal((await post('auth/login', { email, password: newPassword })).status, 200)
})

test('of two resets in parallel with one token one sets the password', async t => {
  const { post, mails, settle } = await buildIdentity(t)
  await settle()
  await post('auth/password-reset', { email })
  const [{ token = '' } = {}] = await mails('password-reset')
  const passwords = [newPassword, 'one more horse battery']
  const answers = await Promise.all(passwords.map(async wanted => await post('auth/password-reset/confirm', { token, newPassword: wanted })))
  t.same(answers.map(({ status }) => status).sort(), [204, 400])
  const winner = passwords[answers.findIndex(({ status }) => status === 204)]
  t.equal((await post('auth/login', { email, password: winner })).status, 200)
})

test('a token from a mail of one purpose does not serve another one', async t => {
  const { post, mails, settle } = await buildIdentity(t)
  await post('auth/register', { email: 'other@example.com', password })
  const [{ token: verification = '' } = {}] = await mails('verify-email')
  t.equal((await post('auth/password-reset/confirm', { token: verification, newPassword })).status, 400)
  await settle()
  await post('auth/password-reset', { email })
  const [{ token: reset = '' } = {}] = await mails('password-reset')
  t.equal((await post('auth/verify-email', { token: reset, password })).status, 400)
})

test('a password is changed by who knows the old one, and the session of the request ends, too', async t => {
  const { post, settle, logIn, token } = await buildIdentity(t)
  await settle()
  const { accessToken, refreshToken } = await logIn()
  t.match(await post('auth/password', { currentPassword: newPassword, newPassword }, { token: accessToken }), { status: 401, body: { code: 'credentials-invalid' } })
  t.equal((await post('auth/password', { currentPassword: password, newPassword }, { token: accessToken })).status, 204)
  t.equal((await post('auth/refresh', { refreshToken })).status, 401)
  t.equal((await post('auth/login', { email, password: newPassword })).status, 200)
  t.equal((await post('auth/password', { currentPassword: password, newPassword }, { token: await token('Customer') })).status, 404, 'a token without account')
  t.equal((await post('auth/password', { currentPassword: password, newPassword })).status, 401, 'no token')
})

test('a hash carries its parameters, salts itself, and is held against in constant steps', async t => {
  const weak = createArgon2Hasher({ memoryKiB: 8, passes: 1 })
  const hash = await weak.hash(password)
  t.match(hash, /^\$argon2id\$v=19\$m=8,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  t.not(await weak.hash(password), hash)
  t.same(await weak.verify(password, hash), { matched: true, isOld: false })
  t.same(await weak.verify(newPassword, hash), { matched: false, isOld: false })
  const strong = createArgon2Hasher({ memoryKiB: 16, passes: 1 })
  t.same(await strong.verify(password, hash), { matched: true, isOld: true })
  for (const none of [undefined, '', 'f'.repeat(64), '$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA']) t.same(await strong.verify(password, none), { matched: false, isOld: false })
})

test('a hash of the domain\'s strength is one that argon2id of the standard makes', async t => {
  const hasher = createArgon2Hasher()
  const hash = await hasher.hash(password)
  t.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  t.same(await hasher.verify(password, hash), { matched: true, isOld: false })
})

test('hashes beyond the line are turned away', async t => {
  const hasher = createArgon2Hasher({ memoryKiB: 8, passes: 1, concurrency: 1, maxWaiting: 1 })
  const results = await Promise.allSettled([1, 2, 3].map(async () => await hasher.hash(password)))
  t.match(results, [{ status: 'fulfilled' }, { status: 'fulfilled' }, { status: 'rejected', reason: { code: 'API_OVERLOADED' } }])
  t.match(await hasher.hash(password), /argon2id/, 'and later ones are taken again')
})

test('a login brings the hash of its password up to date', async t => {
  const { post, settle, user, services } = await buildIdentity(t)
  const userId = await settle()
  const stronger = createArgon2Hasher({ memoryKiB: 16, passes: 1 })
  Object.assign(services, { passwords: stronger })
  t.equal((await post('auth/login', { email, password })).status, 200)
  t.match((await user(userId))?.passwordHash, /m=16,/)
  t.equal((await post('auth/login', { email, password })).status, 200)
})
