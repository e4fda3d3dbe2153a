import { test } from 'tap'
import { createMemoryRateCounters } from '../../../api/adapters/memory-rate-counters.ts'
import { type RateCounters } from '../../../api/ports.ts'
import { createManualClock } from '../../../streams/time/manual-clock.ts'
import { type BuildOptions, buildApi } from '../../support/build-app.ts'

const orderPath = '/v1/orders/0198c0de-0000-8000-8000-000000000001'
const paymentPath = '/v1/payments/0198c0de-0000-8000-8000-000000000002'
const windowMs = 60_000

async function limited (t: Parameters<typeof buildApi>[0], options: BuildOptions) {
  const api = await buildApi(t, options)
  return async (url: string, { subject = 'a', from = '192.0.2.1', token }: { readonly subject?: string, readonly from?: string, readonly token?: string } = {}) =>
    await api.app.inject({ url, remoteAddress: from, headers: { authorization: `Bearer ${token ?? await api.token('Customer', subject)}` } })
}

test('two instances of the API count one user together when they share their counters', async t => {
  const counters = createMemoryRateCounters({ clock: createManualClock() })
  const options = { counters, limits: { user: { max: 3, windowMs } } }
  const [one, two] = [await limited(t, options), await limited(t, options)]
  const statuses = []
  for (const ask of [one, two, one, two, one]) statuses.push((await ask(orderPath)).statusCode)
  t.same(statuses, [404, 404, 404, 429, 429])
  t.equal((await two(orderPath, { subject: 'b' })).statusCode, 404)
})

test('a limit is told in the three fields of old and in the two of the standard', async t => {
  const ask = await limited(t, { counters: createMemoryRateCounters({ clock: createManualClock() }), limits: { user: { max: 2, windowMs } } })
  const first = (await ask(orderPath)).headers
  t.match(first, { 'ratelimit-limit': '2', 'ratelimit-remaining': '1', 'ratelimit-reset': '60', 'ratelimit-policy': '"default";q=2;w=60', ratelimit: '"default";r=1;t=60' })
  await ask(orderPath)
  const refused = await ask(orderPath)
  t.equal(refused.statusCode, 429)
  t.match(refused.headers, { 'retry-after': '60', 'ratelimit-remaining': '0', ratelimit: '"default";r=0;t=60', 'content-type': 'application/problem+json' })
  t.match(refused.json(), { type: 'urn:commerce:problem:rate-limited', code: 'rate-limited' })
})

test('payments have a bucket of their own, over all their routes together', async t => {
  const clock = createManualClock()
  const limits = { payments: { max: 2, refill: 1, everyMs: 5000 }, user: { max: 1, windowMs } }
  const ask = await limited(t, { counters: createMemoryRateCounters({ clock }), limits })
  t.equal((await ask(paymentPath)).statusCode, 404)
  const second = await ask(`${orderPath}/payments`)
  t.equal(second.statusCode, 404)
  t.match(second.headers, { 'ratelimit-limit': '2', 'ratelimit-remaining': '0', 'ratelimit-policy': '"payments";q=2;w=10' })
  const third = await ask(paymentPath)
  t.equal(third.statusCode, 429)
  t.equal(third.headers['retry-after'], '5')
  t.equal((await ask(orderPath)).statusCode, 404, 'the window of the user is another limit')
  await clock.advance(5000)
  t.equal((await ask(paymentPath)).statusCode, 404)
  t.equal((await ask(paymentPath)).statusCode, 429)
})

test('requests with a token that does not count are limited by address, and good tokens of the same address are not', async t => {
  const ask = await limited(t, { counters: createMemoryRateCounters({ clock: createManualClock() }), limits: { refused: { max: 2, windowMs } } })
  const statuses = []
  for (let i = 0; i < 4; i++) statuses.push((await ask(orderPath, { token: 'forged' })).statusCode)
  t.same(statuses, [401, 401, 429, 429])
  t.ok(Number((await ask(orderPath, { token: 'forged' })).headers['retry-after']) > 0)
  t.equal((await ask(orderPath)).statusCode, 404)
  t.equal((await ask(orderPath, { token: 'forged', from: '192.0.2.2' })).statusCode, 401)
})

test('addresses of one IPv6 network of 64 bits are one sender', async t => {
  const ask = await limited(t, { counters: createMemoryRateCounters({ clock: createManualClock() }), limits: { refused: { max: 1, windowMs } } })
  t.equal((await ask(orderPath, { token: 'x', from: '2001:db8:1:1::1' })).statusCode, 401)
  t.equal((await ask(orderPath, { token: 'x', from: '2001:db8:1:1:ffff::2' })).statusCode, 429)
  t.equal((await ask(orderPath, { token: 'x', from: '2001:db8:1:2::1' })).statusCode, 401)
})

test('an untrusted X-Forwarded-For does not change the address that is counted', async t => {
  const api = await buildApi(t, { limits: { user: { max: 1, windowMs } } })
  const ask = async (forwarded: string) => (await api.app.inject({ url: '/nothing', remoteAddress: '192.0.2.1', headers: { 'x-forwarded-for': forwarded } })).statusCode
  t.equal(await ask('198.51.100.1'), 404)
  t.equal(await ask('198.51.100.2'), 429)
})

test('the address that a trusted proxy names is counted, and what a client put before it is not believed', async t => {
  const api = await buildApi(t, { limits: { user: { max: 1, windowMs } }, trustedProxies: ['10.0.0.0/8'] })
  const ask = async (forwarded: string, from = '10.1.2.3') => (await api.app.inject({ url: '/nothing', remoteAddress: from, headers: { 'x-forwarded-for': forwarded } })).statusCode
  t.equal(await ask('198.51.100.1'), 404)
  t.equal(await ask('198.51.100.2'), 404, 'another client')
  t.equal(await ask('203.0.113.9, 198.51.100.1'), 429, 'the same client, which made up an address before its own')
  t.equal(await ask('198.51.100.7', '192.0.2.9'), 404)
  t.equal(await ask('198.51.100.8', '192.0.2.9'), 429, 'not a proxy of ours')
})

test('nothing is limited or counted when limits are lifted', async t => {
  let counted = 0
  const counters: RateCounters = { count: async () => ({ current: ++counted * 1000, resetMs: 1 }) }
  const ask = await limited(t, { counters, areLimitsLifted: true, limits: { user: { max: 1, windowMs } } })
  for (let i = 0; i < 5; i++) t.equal((await ask(orderPath)).statusCode, 404)
  t.equal((await ask(paymentPath)).statusCode, 404)
  t.equal(counted, 0)
})

test('logins at two instances are limited together, for an account and for an address', async t => {
  const counters = createMemoryRateCounters({ clock: createManualClock() })
  const authLimits = { account: { max: 2, windowMs }, address: { max: 4, windowMs } }
  const apis = [await buildApi(t, { counters, authLimits }), await buildApi(t, { counters, authLimits })]
  const isRefused = async (index: number, email: string, from = '192.0.2.1'): Promise<boolean> => {
    const answer = await apis[index % 2]?.app.inject({ method: 'POST', url: '/v1/auth/login', remoteAddress: from, payload: { email, password: 'correct horse' } })
    return answer?.statusCode === 429 && Number(answer.headers['retry-after']) > 0
  }
  const refusals = []
  for (const index of [0, 1, 2]) refusals.push(await isRefused(index, 'ada@example.com'))
  t.same(refusals, [false, false, true])
  t.equal(await isRefused(1, 'Ada@Example.com '), true, 'the same account in other letters')
  t.equal(await isRefused(1, 'ada@example.com', '192.0.2.2'), false, 'from elsewhere')
  t.same([await isRefused(0, 'b@example.com'), await isRefused(1, 'c@example.com'), await isRefused(0, 'd@example.com')], [false, false, true], 'whatever the account')
})
