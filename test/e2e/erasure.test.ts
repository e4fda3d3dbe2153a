import { appendFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { test } from 'tap'
import { NO_HEADERS } from '#streams'
import { answerOf, createApiClient, goodOrder } from '../client/client.ts'
import { topics } from '../../topology/topics.ts'
import { letterTo } from '../support/mailbox.ts'
import { findPlain } from '../support/plain-search.ts'
import { usePlatform } from '../support/platform.ts'
import { openShop } from '../support/shop.ts'
import { until } from '../support/until.ts'
import { watchTopic } from '../support/watch.ts'

test('a person who is erased is found nowhere: broker files, Redis, ClickHouse, dead letters, logs; and the search finds what is planted', async t => {
  let dataDir = ''
  const platform = await usePlatform(t, { configure: config => { dataDir = config.dataDir; return config } })
  if (platform === undefined) return
  const search = async (...needles: string[]) => await findPlain({ dataDir, platform }, needles)
  const orders = await watchTopic(platform.kafka, topics.orders.events)
  const commands = await watchTopic(platform.kafka, topics.orders.commands)
  const proofs = await watchTopic(platform.kafka, topics.audit.admin)
  t.teardown(() => { for (const watch of [orders, commands, proofs]) watch.close() })
  const [sku = ''] = await openShop(platform, orders)
  const mark = crypto.randomUUID().slice(0, 13)
  const person = { name: `Plain${mark}Name`, line1: `Plain${mark}Street`, phone: `+44${mark}`, email: `plain-${mark}@example.com` }

  const api = createApiClient(platform.apiUrl)
  t.equal((await api.POST('/v1/auth/register', { body: { email: person.email, password: 'correct horse battery', name: person.name } })).response.status, 202)
  const letter = await letterTo(platform, person.email, 'verify-email')
  const userId = /^cm_([0-9a-f-]{36})\./.exec(String(letter.variables['token']))?.[1] ?? ''
  const customer = createApiClient(platform.apiUrl, await platform.token('Customer', userId))
  const admin = createApiClient(platform.apiUrl, await platform.token('Admin', 'admin-of-erasure'))
  const shippingAddress = { name: person.name, line1: person.line1, city: 'London', country: 'GB', phone: person.phone }
  const header = () => ({ 'idempotency-key': crypto.randomUUID() })
  const placed = await answerOf(customer.POST('/v1/orders', { params: { header: header() }, body: goodOrder(sku, { shippingAddress }) }))
  t.equal(placed.status, 202)
  const { orderId } = placed.data as { readonly orderId: string }
  await orders.find('the confirmed order', event => event.orderId === orderId && event.type === 'OrderConfirmed')
  const erase = async () => await answerOf(admin.POST('/v1/admin/privacy/erase', { body: { customerId: userId, reason: 'a test' } }))
  // Analytics, which know of open orders and of the export's, are a moment behind.
  await until(async () => ((await answerOf(customer.GET('/v1/orders'))).data as { readonly items?: readonly unknown[] }).items?.length === 1)
  t.equal((await erase()).status, 409, 'not while an order is open')

  // A dead letter of his: the command cut short.
  const { value: command, record } = await commands.find('the order', value => value.orderId === orderId)
  const broken = topics.orders.commands.value.encode(command).subarray(0, -3)
  await platform.send({ topic: topics.orders.commands.name, partition: record.partition, key: Buffer.from(orderId), value: broken, headers: NO_HEADERS })
  t.equal((await customer.POST('/v1/orders/{id}/cancel', { params: { path: { id: orderId }, header: header() }, body: {} })).response.status, 202)
  await orders.find('the end of the order', event => event.orderId === orderId && event.type === 'OrderCancelled')

  const exported = async (path: string, token: string) => await (await fetch(`${platform.apiUrl}/v1${path}`, { headers: { authorization: `Bearer ${token}` } })).text()
  const before = await exported('/users/me/export', await platform.token('Customer', userId))
  for (const [what, text] of Object.entries(person)) t.ok(before.includes(text), `the export has the ${what}`)
  await until(async () => (await erase()).status === 202)
  const { value: proof } = await proofs.find('the proof', ({ subject }) => subject === userId)
  t.match(proof, { keyId: `customer/${userId}`, accountId: userId, requestedBy: 'admin-of-erasure', digest: /^[0-9a-f]{64}$/ })
  t.match(await answerOf(admin.GET('/v1/admin/privacy/erasures/{subject}', { params: { path: { subject: userId } } })), { status: 200, body: { status: 'erased' } })

  // The search would find him: the same words, planted as they are.
  const planted = `planted-${mark}`
  const redis = new Redis(platform.endpoints.redisUrl)
  t.teardown(async () => {
    await redis.del(planted)
    await redis.quit()
  })
  await redis.hset(planted, 'name', planted)
  await platform.send({ topic: 'commerce.dlq', partition: 0, key: Buffer.from(planted), value: Buffer.from(planted), headers: NO_HEADERS })
  await appendFile(join(dataDir, 'logs', `planted-${process.pid}.log`), `{"name":"${planted}"}\n`)
  await platform.clickhouse.command({ query: 'CREATE TABLE planted_for_erasure (name String) ENGINE = MergeTree ORDER BY name' })
  t.teardown(async () => { await platform.clickhouse.command({ query: 'DROP TABLE planted_for_erasure' }) })
  await platform.clickhouse.command({ query: `INSERT INTO planted_for_erasure VALUES ('${planted}')` })
  const found = await search(planted)
  for (const place of [/^file .*kafka.*commerce\.dlq-0/, /^file .*logs/, /^redis planted/, /^table planted_for_erasure$/]) t.ok(found.some(each => place.test(each)), String(place))

  t.same(await search(...Object.values(person)), [], 'nobody finds the person')
  t.ok((await search(orderId)).length > 3, 'and what is left is there: the order')
  const keys = await readdir(join(dataDir, 'keys/personal'), { recursive: true })
  t.ok(keys.some(file => file.endsWith('.gone')))

  const order = await answerOf(admin.GET('/v1/orders/{id}', { params: { path: { id: orderId } } }))
  t.match(order, { status: 200, body: { state: 'Cancelled' } })
  // Another process may have destroyed the key: this one hears of it a moment later.
  let after = ''
  await until(async () => {
    after = await exported(`/admin/privacy/export?customerId=${userId}`, await platform.token('Admin', 'admin-of-erasure'))
    return after.includes('"shippingAddress":"erased"')
  })
  t.match(JSON.parse(after), { account: { status: 'deleted', email: null, name: null }, orders: [{ order: { orderId } }] })
  const again = await answerOf(customer.POST('/v1/orders', { params: { header: header() }, body: goodOrder(sku, { shippingAddress }) }))
  t.match(again, { status: 409, body: { code: 'person-erased' } })
  t.same(platform.streams.health().reasons, [])
})
