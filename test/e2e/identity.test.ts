import { test } from 'tap'
import { topics } from '../../topology/topics.ts'
import { call, orderBody } from '../support/http.ts'
import { letterTo } from '../support/mailbox.ts'
import { usePlatform } from '../support/platform.ts'
import { openShop } from '../support/shop.ts'
import { watchTopic } from '../support/watch.ts'

interface Tokens { readonly accessToken: string, readonly refreshToken: string }

const password = 'correct horse battery'

test('somebody registers, proves the address, logs in, orders, and loses the session to a copy of its token', async t => {
  const platform = await usePlatform(t)
  if (platform === undefined) return
  const orders = await watchTopic(platform.kafka, topics.orders.events)
  const users = await watchTopic(platform.kafka, topics.identity.events)
  t.teardown(() => { for (const watch of [orders, users]) watch.close() })
  const [sku = ''] = await openShop(platform, orders)
  const email = `${crypto.randomUUID()}@example.com`
  const post = async (path: string, body: object) => await call(`${platform.apiUrl}/v1/auth/${path}`, { method: 'POST', body })

  t.equal((await post('register', { email, password, name: 'Ada' })).status, 202)
  const letter = await letterTo(platform, email, 'verify-email')
  t.match(await post('login', { email, password }), { status: 403, body: { code: 'email-unverified' } })
  t.equal((await post('verify-email', { token: letter.variables['token'], password })).status, 204)

  const login = await post('login', { email, password })
  t.equal(login.status, 200)
  const { accessToken, refreshToken } = login.body as Tokens
  const me = await call(`${platform.apiUrl}/v1/users/me`, { token: accessToken })
  t.match(me, { status: 200, body: { email, name: 'Ada', roles: ['Customer'] } })
  const { userId } = me.body as { readonly userId: string }
  const placed = await call(`${platform.apiUrl}/v1/orders`, {
    token: accessToken, method: 'POST', body: orderBody(sku), headers: { 'idempotency-key': crypto.randomUUID(), prefer: 'wait=30' }
  })
  t.match(placed, { status: 201, body: { state: 'Confirmed', customerId: userId } })

  const refreshed = await post('refresh', { refreshToken })
  t.equal(refreshed.status, 200)
  t.match(await post('refresh', { refreshToken }), { status: 401, body: { code: 'refresh-invalid' } })
  t.equal((await post('refresh', { refreshToken: (refreshed.body as Tokens).refreshToken })).status, 401)
  const { value } = await users.find('the end of the session', event => event.userId === userId && event.type === 'SessionsRevoked')
  t.match(value, { reason: 'reuse', sessions: 1 })

  const again = (await post('login', { email, password })).body as Tokens
  const parallel = await Promise.all([1, 2].map(async () => (await post('refresh', { refreshToken: again.refreshToken })).status))
  t.ok(parallel.filter(status => status === 200).length <= 1, 'of two uses in parallel one is answered at most')
  t.match(await call(`${platform.apiUrl}/v1/users/me`, { token: again.accessToken }), { body: { sessions: 0 } })
  let ended = 0
  await users.find('the end of the second session', event => event.userId === userId && event.type === 'SessionsRevoked' && ++ended === 2)
  t.same(users.seen.filter(event => event.value?.userId === userId).map(event => event.value?.type), [
    'UserRegistered', 'EmailVerified', 'UserLoggedIn', 'SessionsRevoked', 'UserLoggedIn', 'SessionsRevoked'
  ])
  t.same(platform.streams.health().reasons, [])
})
