import { test } from 'tap'
import { answerOf, createApiClient, goodOrder } from '../client/client.ts'
import { topics } from '../../topology/topics.ts'
import { letterTo } from '../support/mailbox.ts'
import { usePlatform } from '../support/platform.ts'
import { openShop } from '../support/shop.ts'
import { watchTopic } from '../support/watch.ts'

const password = 'correct horse battery'

test('somebody registers, proves the address, logs in, orders, and loses the session to a copy of its token', async t => {
  const platform = await usePlatform(t)
  if (platform === undefined) return
  const orders = await watchTopic(platform.kafka, topics.orders.events)
  const users = await watchTopic(platform.kafka, topics.identity.events)
  t.teardown(() => { for (const watch of [orders, users]) watch.close() })
  const [sku = ''] = await openShop(platform, orders)
  const email = `${crypto.randomUUID()}@example.com`
  const api = createApiClient(platform.apiUrl)
  const me = async (token: string) => await answerOf(createApiClient(platform.apiUrl, token).GET('/v1/users/me'))
  const logIn = async () => await answerOf(api.POST('/v1/auth/login', { body: { email, password } }))
  const refresh = async (refreshToken: string) => await answerOf(api.POST('/v1/auth/refresh', { body: { refreshToken } }))

  t.equal((await api.POST('/v1/auth/register', { body: { email, password, name: 'Ada' } })).response.status, 202)
  const letter = await letterTo(platform, email, 'verify-email')
  t.match(await logIn(), { status: 403, body: { code: 'email-unverified' } })
  t.equal((await api.POST('/v1/auth/verify-email', { body: { token: String(letter.variables['token']), password } })).response.status, 204)

  const login = await logIn()
  t.equal(login.status, 200)
  const { accessToken, refreshToken } = login.data
  const account = await me(accessToken)
  t.match(account, { status: 200, body: { email, name: 'Ada', roles: ['Customer'] } })
  const { userId } = account.data
  const placed = await answerOf(createApiClient(platform.apiUrl, accessToken).POST('/v1/orders', {
    params: { header: { 'idempotency-key': crypto.randomUUID(), prefer: 'wait=30' } }, body: goodOrder(sku)
  }))
  t.match(placed, { status: 201, body: { state: 'Confirmed', customerId: userId } })

  const refreshed = await refresh(refreshToken)
  t.equal(refreshed.status, 200)
  t.match(await refresh(refreshToken), { status: 401, body: { code: 'refresh-invalid' } })
  t.equal((await refresh(refreshed.data.refreshToken)).status, 401)
  const { value } = await users.find('the end of the session', event => event.userId === userId && event.type === 'SessionsRevoked')
  t.match(value, { reason: 'reuse', sessions: 1 })

  const again = (await logIn()).data
  const parallel = await Promise.all([1, 2].map(async () => (await refresh(again.refreshToken)).status))
  t.ok(parallel.filter(status => status === 200).length <= 1, 'of two uses in parallel one is answered at most')
  t.match(await me(again.accessToken), { body: { sessions: 0 } })
  let ended = 0
  await users.find('the end of the second session', event => event.userId === userId && event.type === 'SessionsRevoked' && ++ended === 2)
  t.same(users.seen.filter(event => event.value?.userId === userId).map(event => event.value?.type), [
    'UserRegistered', 'EmailVerified', 'UserLoggedIn', 'SessionsRevoked', 'UserLoggedIn', 'SessionsRevoked'
  ])
  t.same(platform.streams.health().reasons, [])
})
