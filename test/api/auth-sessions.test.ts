import { test } from 'tap'
import { type IdentityCommand, topics } from '../../topology/topics.ts'
import { buildIdentity, email, password } from '../support/build-identity.ts'

const wrong = { email, password: 'a wrong horse battery' }

test('a login gives an access token of the user and a refresh token', async t => {
  const { settle, logIn, get } = await buildIdentity(t)
  const userId = await settle()
  const { accessToken, refreshToken } = await logIn()
  t.match(await get('users/me', accessToken), { status: 200, body: { userId, email, name: 'Ada', roles: ['Customer'], sessions: 1 } })
  t.match(refreshToken, new RegExp(`^cr_${userId}\\.`))
})

test('a login is refused alike for a wrong password, an unknown address and a locked account', async t => {
  const { post, settle, commands } = await buildIdentity(t)
  await settle()
  const before = commands.length
  const answers = [await post('auth/login', wrong), await post('auth/login', { email: 'nobody@example.com', password })]
  for (let i = 0; i < 4; i++) await post('auth/login', wrong)
  answers.push(await post('auth/login', { email, password }))
  for (const { status, body } of answers) t.match([status, { ...body, traceId: '' }], [401, { ...answers[0]?.body, traceId: '' }])
  t.same(commands.slice(before).map(({ type }) => type), Array.from({ length: 7 }, () => 'LogIn'), 'each attempt is one command')
  t.same(answers.map(({ body }) => Object.keys(body)), answers.map(() => ['type', 'title', 'status', 'code', 'traceId']))
})

test('a login before the address is proved is told so to who knows the password, and to nobody else', async t => {
  const { post } = await buildIdentity(t)
  await post('auth/register', { email, password })
  t.match(await post('auth/login', { email, password }), { status: 403, body: { code: 'email-unverified' } })
  t.match(await post('auth/login', wrong), { status: 401 })
})

test('an address is shut out by five wrong passwords, and another one is not', async t => {
  const { post, settle, mails } = await buildIdentity(t)
  await settle()
  for (let i = 0; i < 5; i++) await post('auth/login', wrong, { from: '10.0.0.1' })
  t.equal((await post('auth/login', { email, password }, { from: '10.0.0.1' })).status, 401)
  t.equal((await post('auth/login', { email, password }, { from: '10.0.0.2' })).status, 200)
  t.equal((await mails('account-locked')).length, 1)
})

test('passwords that are guessed in parallel are no more than five', async t => {
  const { post, settle, user } = await buildIdentity(t)
  const userId = await settle()
  const guesses = Array.from({ length: 12 }, (_, i) => i === 9 ? password : `a wrong horse battery ${i}`)
  const answers = await Promise.all(guesses.map(async guess => await post('auth/login', { email, password: guess })))
  const started = answers.filter(({ status }) => status === 200).length
  const account = await user(userId)
  t.ok(started <= 1)
  t.equal(account?.sessions.length, started)
  t.equal(account?.locks.length, 1)
})

test('a refresh token gives the next two tokens once; shown again it ends the session', async t => {
  const { post, settle, logIn, mails } = await buildIdentity(t)
  await settle()
  const { refreshToken: first } = await logIn()
  const second = await post('auth/refresh', { refreshToken: first })
  t.match(second, { status: 200, body: { tokenType: 'Bearer', expiresInS: 900 } })
  t.match(await post('auth/refresh', { refreshToken: first }), { status: 401, body: { code: 'refresh-invalid' } })
  t.equal((await post('auth/refresh', { refreshToken: second.body['refreshToken'] })).status, 401, 'the newest one is worth nothing, too')
  t.equal((await mails('session-reused')).length, 1)
})

test('of two uses of one refresh token in parallel one is answered, and the session is over', async t => {
  const { post, settle, logIn, user } = await buildIdentity(t)
  const userId = await settle()
  const { refreshToken } = await logIn()
  const answers = await Promise.all([post('auth/refresh', { refreshToken }), post('auth/refresh', { refreshToken })])
  t.ok(answers.filter(({ status }) => status === 200).length <= 1)
  t.same((await user(userId))?.sessions, [])
})

test('a refresh token that is made up ends nothing and writes nothing', async t => {
  const { post, settle, logIn, commands, user } = await buildIdentity(t)
  const userId = await settle()
  const { refreshToken } = await logIn()
  const before = commands.length
  const [head, session, secret = ''] = refreshToken.split('.')
  const other = 'A'.repeat(22)
  for (const forged of ['', 'x', `${head}.${other}.${secret}`, `cr_${'0'.repeat(8)}-0000-4000-8000-000000000000.${session}.${secret}`, refreshToken.slice(0, -1), `${refreshToken}A`]) {
    t.ok([401, 422].includes((await post('auth/refresh', { refreshToken: forged })).status), forged)
  }
  t.equal(commands.length, before)
  t.equal((await user(userId))?.sessions.length, 1)
})

test('roles that were taken are not in the next access token', async t => {
  const { post, settle, logIn, driver, get } = await buildIdentity(t)
  const userId = await settle()
  const { refreshToken } = await logIn()
  const meta = { commandId: 'c', bodyHash: null, issuedAt: 0, correlationId: '', principal: 'boss', tenant: 'default' }
  await driver.pipe(topics.identity.commands, userId, { type: 'SetRoles', meta, userId, roles: ['Analyst'] })
  await driver.run()
  const { body } = await post('auth/refresh', { refreshToken })
  t.match(await get('orders/0198c0de-0000-8000-8000-000000000001', body['accessToken'] as string), { status: 403 })
})

test('a logout ends the session, everywhere if asked to, and is answered alike for a token of nobody', async t => {
  const { post, settle, logIn } = await buildIdentity(t)
  await settle()
  const sessions = [await logIn(), await logIn(), await logIn()]
  t.equal((await post('auth/logout', { refreshToken: 'cr_nobody' })).status, 204)
  t.equal((await post('auth/logout', { refreshToken: sessions[0]?.refreshToken })).status, 204)
  t.equal((await post('auth/refresh', { refreshToken: sessions[0]?.refreshToken })).status, 401)
  t.equal((await post('auth/logout', { refreshToken: sessions[1]?.refreshToken, everywhere: true })).status, 204)
  t.equal((await post('auth/refresh', { refreshToken: sessions[2]?.refreshToken })).status, 401)
})

test('a login whose answer is lost leaves a session that nobody holds, and the next login works', async t => {
  let lost: IdentityCommand['type'] | undefined
  const { post, settle, logIn, user } = await buildIdentity(t, {
    beforeAnswer: async ({ type }) => { if (type === lost) throw new Error('the process is gone') }
  })
  const userId = await settle()
  lost = 'LogIn'
  t.equal((await post('auth/login', { email, password })).status, 500)
  lost = undefined
  await logIn()
  t.equal((await user(userId))?.sessions.length, 2)
})

test('a refresh whose answer is lost costs the session when it is asked for again, and nothing else', async t => {
  let lost: IdentityCommand['type'] | undefined
  const { post, settle, logIn, user } = await buildIdentity(t, {
    beforeAnswer: async ({ type }) => { if (type === lost) throw new Error('the process is gone') }
  })
  const userId = await settle()
  const other = await logIn()
  const { refreshToken } = await logIn()
  lost = 'RefreshSession'
  t.equal((await post('auth/refresh', { refreshToken })).status, 500)
  lost = undefined
  t.equal((await post('auth/refresh', { refreshToken })).status, 401)
  t.equal((await user(userId))?.sessions.length, 1)
  t.equal((await post('auth/refresh', { refreshToken: other.refreshToken })).status, 200)
})

test('logins are limited for one account from one address, and say when to come again', async t => {
  const limits = { account: { max: 2, windowMs: 60_000 }, address: { max: 4, windowMs: 60_000 } }
  const { post } = await buildIdentity(t, { limits })
  const ask = async (who: string, from = '10.0.0.1') => (await post('auth/login', { email: who, password }, { from })).status
  t.same([await ask('a@x.org'), await ask('A@x.org'), await ask('a@x.org')], [401, 401, 429], 'one account')
  t.equal(await ask('a@x.org', '10.0.0.2'), 401, 'from elsewhere')
  t.same([await ask('b@x.org'), await ask('c@x.org'), await ask('d@x.org')], [401, 401, 429], 'one address')
  const refused = await post('auth/login', { email: 'e@x.org', password }, { from: '10.0.0.1' })
  t.match([refused.status, refused.body['code'], Number(refused.headers['retry-after']) > 0], [429, 'rate-limited', true])
})

test('nobody is logged in while the state of identity is missing: that is 503, and no wrong password', async t => {
  const { post, settle, services } = await buildIdentity(t)
  await settle()
  const { createStateUserQueries } = await import('../../api/adapters/state-user-queries.ts')
  const { createMemoryBackend } = await import('../../streams/state/memory/index.ts')
  Object.assign(services, { users: createStateUserQueries({ backend: createMemoryBackend(), applicationId: 'driver' }) })
  t.match(await post('auth/login', { email, password }), { status: 503, body: { code: 'state-unavailable' } })
})
