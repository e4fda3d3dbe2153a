import { test } from 'tap'
import { type StockState } from '../../../schemas/index.ts'
import { type Role } from '../../../api/permissions.ts'
import { openStock } from '../../../topology/inventory/stock.ts'
import { stockPartitionOf } from '../../../topology/inventory/routing.ts'
import { stockStore } from '../../../topology/inventory/stores.ts'
import { topics } from '../../../topology/topics.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'

const stocks = new Map<string, StockState>([['85123A', { ...openStock('85123A', 10, 3), reserved: 4, waiting: 2, version: 7 }]])
const levels = ['A', 'B', 'C'].map(sku => ({ sku, onHand: 4, reserved: 2, reorderLevel: 3 }))

interface Request { readonly method?: 'GET' | 'POST' | 'PATCH', readonly body?: object, readonly key?: string | null, readonly match?: string, readonly role?: Role }

async function ask (api: ApiUnderTest, path: string, { method = 'GET', body, key = 'key-1', match, role = 'WarehouseManager' }: Request = {}) {
  const headers = {
    authorization: `Bearer ${await api.token(role, 'keeper')}`,
    ...(key === null ? {} : { 'idempotency-key': key }),
    ...(match === undefined ? {} : { 'if-match': match })
  }
  return await api.app.inject({ method, url: `/v1/inventory${path}`, headers, ...(body === undefined ? {} : { payload: body }) })
}

/** Everything that was asked of the stock, where it lies. */
function asked (api: ApiUnderTest) {
  return Array.from({ length: topics.inventory.commands.partitions }, (_, partition) => api.broker.entries(topics.inventory.commands.name, partition)
    .map(({ value, key }) => ({ partition, key: key?.toString(), value: topics.inventory.commands.value.decode(value as Buffer) }))).flat()
}

test('the stock of a SKU is read with its version as the entity tag', async t => {
  const answer = await ask(await buildApi(t, { stocks }), '/85123a')
  t.equal(answer.headers.etag, '"7"')
  t.same(answer.json(), { sku: '85123A', onHand: 10, reserved: 4, available: 6, waiting: 2, reorderLevel: 3, version: 7 })
})

test('a SKU that is not registered is answered 404', async t => {
  const api = await buildApi(t, { stocks })
  t.equal((await ask(api, '/NOPE')).statusCode, 404)
  t.equal((await ask(api, '/NOPE/restock', { method: 'POST', body: { quantity: 1 } })).statusCode, 404)
  t.equal((await ask(api, '/NOPE', { method: 'PATCH', body: { delta: 1, reason: 'found' }, match: '"1"' })).statusCode, 404)
})

test('a correction by hand is in the log under the version that it was made for, where the SKU lives', async t => {
  const api = await buildApi(t, { stocks })
  const answer = await ask(api, '/85123A', { method: 'PATCH', body: { delta: -2, reason: 'broken' }, match: '"7"' })
  t.equal(answer.statusCode, 202)
  t.match(asked(api), [{ partition: stockPartitionOf('85123A'), key: '85123A', value: { type: 'AdjustStock', sku: '85123A', delta: -2, reason: 'broken', expectedVersion: 7 } }])
})

test('a correction by hand is refused when it names no version, or another', async t => {
  const api = await buildApi(t, { stocks })
  const body = { delta: -2, reason: 'broken' }
  t.match((await ask(api, '/85123A', { method: 'PATCH', body })).json(), { status: 428, code: 'version-required' })
  t.match((await ask(api, '/85123A', { method: 'PATCH', body, match: '"6"' })).json(), { status: 412, code: 'version-mismatch', detail: 'the stock is at version 7' })
  t.equal((await ask(api, '/85123A', { method: 'PATCH', body, match: '*' })).statusCode, 400)
  t.same(asked(api), [])
})

test('a write-off is refused when it takes what orders hold', async t => {
  const api = await buildApi(t, { stocks })
  t.match((await ask(api, '/85123A', { method: 'PATCH', body: { delta: -7, reason: 'lost' }, match: '"7"' })).json(), {
    status: 422, errors: [{ field: '/delta', message: 'only 6 pieces are free' }]
  })
})

test('a delivery and a new SKU are in the log', async t => {
  const api = await buildApi(t, { stocks })
  t.equal((await ask(api, '/85123A/restock', { method: 'POST', body: { quantity: 12 } })).statusCode, 202)
  t.equal((await ask(api, '', { method: 'POST', key: 'key-2', body: { sku: 'new-1', openingStock: 5, reorderLevel: 1 } })).statusCode, 202)
  t.same(asked(api).map(({ value }) => value.type).sort(), ['RegisterSku', 'Restock'])
  t.match(asked(api).find(({ value }) => value.type === 'RegisterSku'), { key: 'NEW-1', value: { sku: 'NEW-1', openingStock: 5, reorderLevel: 1 } })
})

test('a SKU is refused when it is registered with other figures', async t => {
  const api = await buildApi(t, { stocks })
  t.equal((await ask(api, '', { method: 'POST', body: { sku: '85123A', openingStock: 10, reorderLevel: 3 } })).statusCode, 202)
  t.match((await ask(api, '', { method: 'POST', key: 'key-2', body: { sku: '85123A', openingStock: 11, reorderLevel: 3 } })).json(), { status: 409, code: 'state-forbids' })
})

test('a change of the stock is written once when it is repeated, and refused with another body or version under its key', async t => {
  const api = await buildApi(t, { stocks })
  const body = { delta: -2, reason: 'broken' }
  await ask(api, '/85123A', { method: 'PATCH', body, match: '"7"' })
  const again = await ask(api, '/85123A', { method: 'PATCH', body, match: '"7"' })
  t.same([again.statusCode, again.headers['idempotent-replayed'], asked(api).length], [202, 'true', 1])
  t.match((await ask(api, '/85123A', { method: 'PATCH', body: { ...body, delta: -3 }, match: '"7"' })).json(), { code: 'idempotency-conflict' })
  t.match((await ask(api, '/85123A', { method: 'PATCH', body, match: '"8"' })).json(), { code: 'idempotency-conflict' })
})

test('a change of the stock says where it lies, and a reader with that position waits until it is there', async t => {
  const api = await buildApi(t, { stocks })
  const { location } = (await ask(api, '', { method: 'POST', body: { sku: 'new-1', openingStock: 5, reorderLevel: 1 } })).json<{ location: string }>()
  t.match(location, /^\/v1\/inventory\/NEW-1\?position=[\w-]+$/)
  const path = location.slice('/v1/inventory'.length)
  const early = ask(api, path)
  await api.until(early)
  t.match([(await early).headers['retry-after'], (await early).json()], ['1', { status: 404, code: 'stock-not-visible' }])
  const reading = ask(api, path)
  await api.storeInventory('NEW-1', [{ store: stockStore.name, key: 'NEW-1', value: stockStore.value.encode(openStock('NEW-1', 5, 1)) }])
  await api.until(reading)
  t.match((await reading).json(), { sku: 'NEW-1', onHand: 5 })
  t.match((await ask(api, '/85123A?position=bm9uZQ')).json(), { status: 400, code: 'position-invalid' })
})

test('a reader who names no position waits for what this instance has just written about the SKU', async t => {
  const api = await buildApi(t, { stocks })
  await ask(api, '', { method: 'POST', body: { sku: 'new-1', openingStock: 5, reorderLevel: 1 } })
  const reading = ask(api, '/NEW-1')
  await api.storeInventory('NEW-1', [{ store: stockStore.name, key: 'NEW-1', value: stockStore.value.encode(openStock('NEW-1', 5, 1)) }])
  await api.until(reading)
  t.match((await reading).json(), { sku: 'NEW-1', onHand: 5 })
})

for (const [what, body] of [['nothing', { delta: 0, reason: 'x' }], ['half a piece', { delta: 0.5, reason: 'x' }], ['no reason', { delta: 1 }]] as const) {
  test(`a correction of ${what} is refused`, async t => {
    t.equal((await ask(await buildApi(t, { stocks }), '/85123A', { method: 'PATCH', body, match: '"7"' })).statusCode, 422)
  })
}

test('low stock is listed page by page', async t => {
  const api = await buildApi(t, { levels })
  t.same((await ask(api, '/low-stock?limit=2')).json(), { items: [{ sku: 'A', available: 2, reorderLevel: 3 }, { sku: 'B', available: 2, reorderLevel: 3 }], next: 'B' })
  t.same((await ask(api, '/low-stock?limit=2&after=B')).json(), { items: [{ sku: 'C', available: 2, reorderLevel: 3 }], next: null })
})

test('the stock is closed to customers', async t => {
  const api = await buildApi(t, { stocks })
  for (const path of ['/85123A', '/low-stock']) t.equal((await ask(api, path, { role: 'Customer' })).statusCode, 403, path)
  t.equal((await ask(api, '/85123A/restock', { method: 'POST', body: { quantity: 1 }, role: 'Support' })).statusCode, 403)
})
