import { type Test, test } from 'tap'
import { type FastifyInstance } from 'fastify'
import { createMemoryIdempotency } from '../../../api/adapters/memory-idempotency.ts'
import { createRedisIdempotency } from '../../../api/adapters/redis-idempotency.ts'
import { buildServer } from '../../../api/server.ts'
import { createTokenVerifier } from '../../../api/token.ts'
import { orderBody, orderState, orderView } from '../order-fixtures.ts'
import { type ApiUnderTest, buildApi, testTokenKeys, testTokenRules } from '../../support/build-app.ts'
import { type SharedMemory, createSharedMemory } from '../../support/redis-calls.ts'

interface Instances {
  readonly api: ApiUnderTest
  readonly shared: SharedMemory
  place (instance: 0 | 1, key?: string, body?: object): Promise<Awaited<ReturnType<FastifyInstance['inject']>>>
}

/** Two instances of the API over one log, one state and one Redis. */
async function instances (t: Test): Promise<Instances> {
  const shared = createSharedMemory()
  const api = await buildApi(t, { idempotency: clock => createRedisIdempotency({ calls: shared.calls, local: createMemoryIdempotency({ clock }) }) })
  const idempotency = createRedisIdempotency({ calls: shared.calls, local: createMemoryIdempotency({ clock: api.clock }) })
  const verify = createTokenVerifier(testTokenKeys, testTokenRules)
  const second = await buildServer({ verify, maxEventLoopDelayMs: 0, services: { ...api.app.services, idempotency } })
  t.teardown(async () => { await second.close() })
  return {
    api,
    shared,
    place: async (instance, key = 'key-1', payload = orderBody) => await [api.app, second][instance]?.inject({
      method: 'POST', url: '/v1/orders', headers: { authorization: `Bearer ${await api.token('Customer')}`, 'idempotency-key': key }, payload
    }) as Awaited<ReturnType<FastifyInstance['inject']>>
  }
}

const other = { ...orderBody, currency: 'EUR' }

test('one key in fifty requests at once to two instances is one order, and each is answered with it or told to wait', async t => {
  const { api, place } = await instances(t)
  const answers = await Promise.all(Array.from({ length: 50 }, async (_, index) => await place(index % 2 as 0 | 1)))
  t.equal(api.commands().length, 1)
  const accepted = answers.filter(({ statusCode }) => statusCode === 202)
  t.equal(new Set(accepted.map(answer => answer.json().orderId)).size, 1)
  t.equal(accepted.filter(({ headers }) => headers['idempotent-replayed'] === undefined).length, 1)
  const rest = answers.filter(({ statusCode }) => statusCode !== 202)
  t.ok(rest.every(answer => answer.statusCode === 409 && answer.json().code === 'request-running' && answer.headers['retry-after'] === '1'))
})

test('what one instance has accepted the other answers again, with the same place in the log', async t => {
  const { api, place } = await instances(t)
  const first = await place(0)
  const again = await place(1)
  t.equal(again.statusCode, 202)
  t.same(again.json(), first.json())
  t.equal(again.headers.location, first.headers.location)
  t.equal(again.headers['idempotent-replayed'], 'true')
  t.equal(api.commands().length, 1)
})

test('the same key with another body is refused with 422 by the other instance', async t => {
  const { api, place } = await instances(t)
  await place(0)
  t.match((await place(1, 'key-1', other)).json(), { status: 422, code: 'idempotency-conflict' })
  t.equal(api.commands().length, 1)
})

test('a key is free for both instances again when the log did not take its order', async t => {
  const { api, place } = await instances(t)
  api.broker.faults.fail({ api: 'produce' }, { phase: 'request' })
  t.equal((await place(0)).statusCode, 503)
  t.equal((await place(1)).statusCode, 202)
})

test('after a day the log answers: the same key is the same order, and another body is refused', async t => {
  const { api, shared, place } = await instances(t)
  const { orderId } = (await place(0)).json()
  const [command] = api.commands()
  await api.store(orderId, { view: orderView(orderId), state: orderState(orderId, command?.meta.bodyHash ?? '') })
  await api.clock.advance(86_400_001)
  shared.forget()
  for (const instance of [0, 1] as const) {
    const again = await place(instance)
    t.match([again.statusCode, again.json().orderId, again.headers['idempotent-replayed']], [202, orderId, 'true'])
    t.equal((await place(instance, 'key-1', other)).statusCode, 422)
  }
  t.equal(api.commands().length, 1)
})

test('while redis is down the log decides: one order for a key, whichever instance is asked', async t => {
  const { api, shared, place } = await instances(t)
  shared.isDown = true
  const { orderId } = (await place(0)).json()
  const [command] = api.commands()
  await api.store(orderId, { view: orderView(orderId), state: orderState(orderId, command?.meta.bodyHash ?? '') })
  t.match((await place(1)).json(), { orderId })
  t.equal((await place(1, 'key-1', other)).statusCode, 422)
  t.equal(api.commands().length, 1)
  t.equal((await place(1, 'key-2')).statusCode, 202, 'new orders are taken as ever')
})

test('two instances that both find a key new while redis is down write the same command for the log to tell apart', async t => {
  const { api, shared, place } = await instances(t)
  shared.isDown = true
  const [one, two] = await Promise.all([place(0), place(1)])
  t.equal(one.json().orderId, two.json().orderId)
  t.equal(new Set(api.commands().map(({ meta }) => `${meta.commandId} ${meta.bodyHash ?? ''}`)).size, 1)
})
