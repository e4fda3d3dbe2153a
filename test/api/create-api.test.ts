import { readFile } from 'node:fs/promises'
import { test } from 'tap'
import { type AnalyticsClient, createApi, describeApi, generateTokenKey, openTokenKeys, signToken } from '../../api/index.ts'
import { createMemoryBroker } from '../../streams/kafka/memory/index.ts'
import { createMemoryBackend } from '../../streams/state/memory/index.ts'
import { topics } from '../../topology/topics.ts'
import { generateOpenApi } from '../../ops/codegen/openapi.ts'
import { bindMemoryCodec } from '../support/bind-codec.ts'
import { derivedKeys } from '../support/derived-keys.ts'

/** The calls of the analytics client that the API makes. */
function analytics (rows: readonly object[], works = true): { readonly client: AnalyticsClient, readonly asked: Array<Record<string, unknown>> } {
  const asked: Array<Record<string, unknown>> = []
  const client = {
    ping: async () => ({ success: works }),
    query: async (request: { readonly query_params: Record<string, unknown> }) => {
      asked.push(request.query_params)
      return { json: async () => rows }
    }
  }
  return { client: client as unknown as AnalyticsClient, asked }
}

interface Operation { readonly operationId?: string, readonly summary?: string, readonly responses: Record<string, { readonly content?: object }> }

test('the API answers over a platform as soon as it is made', async t => {
  await bindMemoryCodec()
  const kafka = createMemoryBroker().client()
  await kafka.start()
  const commandTopics = [topics.orders.commands, topics.orders.commandsTrusted]
  await kafka.admin.createTopics(commandTopics.map(({ name, partitions }) => ({ name, partitions, replicas: 1, config: {} })))
  const key = await generateTokenKey()
  const rules = { issuer: 'i', audience: 'a' }
  const { client } = analytics([], false)
  const app = await createApi({
    kafka,
    state: createMemoryBackend(),
    clickhouse: client,
    keys: derivedKeys(Buffer.alloc(32)),
    applicationId: 'commerce',
    identitySecret: Buffer.alloc(32),
    // A busy machine must not shed the test's requests.
    maxEventLoopDelayMs: 0,
    token: { keys: await openTokenKeys({ read: async () => [key], clock: { now: Date.now }, ttlS: 60 }), ttlS: 60, ...rules }
  })
  t.teardown(async () => {
    await app.close()
    await kafka.close()
  })
  const ready = await app.inject('/health/ready')
  t.equal(ready.statusCode, 503)
  t.same(ready.json().checks, { broker: true, state: true, analytics: false, catalog: false, flags: false })
  const token = await signToken(key, rules, { subject: 'c', roles: ['Customer'], ttlS: 60 })
  const ask = async () => (await app.inject({ url: '/v1/orders/0198c0de-0000-8000-8000-000000000001', headers: { authorization: `Bearer ${token}` } })).json().code
  let code = await ask()
  // Making the API keeps a busy machine from anything else: requests are shed until that is measured anew.
  for (; code === 'overloaded'; code = await ask()) await new Promise(resolve => { setTimeout(resolve, 100) })
  t.equal(code, 'state-unavailable')
})

test('the history asks analytics for one order of one partition, with bound parameters', async t => {
  const { createClickHouseOrderHistory } = await import('../../api/adapters/clickhouse-order-history.ts')
  const row = { partition: 3, offset: '9007199254740993', event_type: 'OrderCreated', event_id: 'e', occurred: '1700000000000', payload: '{"total":"1.0000"}' }
  const { client, asked } = analytics([row])
  const entries = await createClickHouseOrderHistory(client).list('o-1', 41n, 10)
  t.match(asked, [{ topic: 'commerce.orders.events', key: 'o-1', from: '42', limit: 10, partition: Number }])
  t.same(entries, [{ partition: 3, offset: 9_007_199_254_740_993n, type: 'OrderCreated', eventId: 'e', occurredAtMs: 1_700_000_000_000, payload: { total: '1.0000' } }])
})

test('the history of a reader asks analytics for what has his key, with bound parameters', async t => {
  const { createClickHouseReaderHistory } = await import('../../api/adapters/clickhouse-order-history.ts')
  const row = { partition: 3, offset: '7', event_type: 'NotificationDelivered', event_id: 'e', occurred: '1700000000000', payload: '{"channel":"inApp"}' }
  const { client, asked } = analytics([row])
  const entries = await createClickHouseReaderHistory(client).list('reader-1', 6n, 10)
  t.match(asked, [{ topic: 'commerce.notifications.events', key: 'reader-1', from: '7', limit: 10, partition: Number }])
  t.same(entries, [{ partition: 3, offset: 7n, type: 'NotificationDelivered', eventId: 'e', occurredAtMs: 1_700_000_000_000, payload: { channel: 'inApp' } }])
})

test('the checked-in OpenAPI document is that of the routes', async t => {
  for (const file of await generateOpenApi()) t.equal(await readFile(file.path, 'utf8'), file.content)
})

test('every operation of the OpenAPI document has an id, a summary and its problems', async t => {
  const { paths } = await describeApi() as { paths: Record<string, Record<string, Operation>> }
  const operations = Object.values(paths).flatMap(path => Object.values(path))
  t.equal(new Set(operations.map(operation => operation.operationId)).size, operations.length)
  for (const { operationId, summary, responses } of operations) {
    t.ok(operationId !== undefined && summary !== undefined, operationId ?? 'no id')
    for (const [status, response] of Object.entries(responses)) {
      if (status >= '400' && operationId !== 'ready') t.same(Object.keys(response.content ?? {}), ['application/problem+json'], `${operationId ?? ''} ${status}`)
    }
  }
})
