import { type Test, test } from 'tap'
import { type ProcessedCommand } from '#schemas'
import { type Role } from '../../../api/permissions.ts'
import { positionToken } from '../../../api/position.ts'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { catalogProcessedStore } from '../../../topology/catalog/process-catalog.ts'
import { partitions, topics } from '../../../topology/topics.ts'
import { type ApiUnderTest, type BuildOptions, buildApi } from '../../support/build-app.ts'
import { productView } from '../../support/catalog.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
interface Ask {
  readonly method?: Method
  readonly body?: object
  readonly role?: Role
  readonly headers?: Readonly<Record<string, string>>
  readonly key?: string | null
}

async function ask (api: ApiUnderTest, path: string, { method = 'GET', body, role = method === 'GET' ? 'Customer' : 'Admin', headers = {}, key = 'key-1' }: Ask = {}) {
  const sent = { authorization: `Bearer ${await api.token(role, 'someone')}`, ...(method === 'GET' || key === null ? {} : { 'idempotency-key': key }), ...headers }
  return await api.app.inject({ method, url: `/v1${path}`, headers: sent, ...(body === undefined ? {} : { payload: body }) })
}

const mug = productView('MUG-1', { name: 'red mug', description: 'holds coffee', version: 3, featured: true, attributes: [{ name: 'colour', value: 'red' }], categoryIds: ['tableware'] })
const cup = productView('CUP-1', { name: 'blue cup', prices: [{ currency: 'GBP', amount: 250_000n }], availability: 'low' })
const draft = productView('DRAFT-1', { status: 'draft', version: 2 })
const archived = productView('OLD-1', { status: 'archived' })
const category = (categoryId: string, parentId: string | null = null) => ({ type: 'CategoryView' as const, categoryId, name: categoryId, parentId, archived: false, version: 1 })

async function shop (t: Test, options: BuildOptions = {}): Promise<ApiUnderTest> {
  const api = await buildApi(t, options)
  await api.tell(category('kitchen'), category('tableware', 'kitchen'), mug, cup, draft, archived)
  return api
}

/** The catalog's task has decided on everything up to that place in its commands. */
async function decide (api: ApiUnderTest, sku: string, next = 1n, refused?: Partial<ProcessedCommand> & { readonly commandId: string }): Promise<void> {
  const row: ProcessedCommand = { type: 'ProcessedCommand', bodyHash: '', code: null, field: null, message: null, processedAt: 0, commandId: '', ...refused }
  const write = { store: catalogProcessedStore.name, key: row.commandId, value: catalogProcessedStore.value.encode(row) }
  await api.storeCatalog(sku, refused === undefined ? [] : [write], next)
}

const positionOf = (sku: string, offset = 0n): string => positionToken({ topic: topics.catalog.commands.name, partition: partitionOf(sku, partitions), offset })

test('a product is read by its id and by its SKU, in whatever case', async t => {
  const api = await shop(t)
  for (const path of ['/products/MUG-1', '/products/mug-1', '/products/sku/mug-1']) {
    const answer = await ask(api, path)
    t.equal(answer.statusCode, 200, path)
    t.match(answer.json(), { id: 'MUG-1', sku: 'MUG-1', name: 'red mug', prices: [{ currency: 'GBP', amount: '1.0000' }], status: 'published', availability: 'inStock', version: 3 })
    t.equal(answer.headers.etag, '"3-inStock"')
    t.equal(answer.headers['cache-control'], 'private, max-age=10')
    t.equal(answer.headers.vary, 'authorization')
  }
})

test('a product that the reader has is answered 304 without a body, and again in full when price or stock changed', async t => {
  const api = await shop(t)
  const ifNone = (tag: string) => ({ headers: { 'if-none-match': tag } })
  for (const tag of ['"3-inStock"', 'W/"3-inStock"', '"1", "3-inStock"', '*']) {
    const answer = await ask(api, '/products/MUG-1', ifNone(tag))
    t.same([answer.statusCode, answer.body, answer.headers.etag], [304, '', '"3-inStock"'], tag)
  }
  await api.tell({ ...mug, version: 4, prices: [{ currency: 'GBP', amount: 20_000n }] })
  t.match((await ask(api, '/products/MUG-1', ifNone('"3-inStock"'))).json(), { version: 4, prices: [{ amount: '2.0000' }] })
  await api.tell({ ...mug, version: 4, availability: 'out' })
  t.match((await ask(api, '/products/MUG-1', ifNone('"4-inStock"'))).json(), { availability: 'out' })
})

test('a product that is not published is there for editors only', async t => {
  const api = await shop(t)
  for (const sku of ['DRAFT-1', 'OLD-1', 'NOPE']) t.equal((await ask(api, `/products/${sku}`)).statusCode, 404, sku)
  for (const path of ['OLD-1', 'sku/OLD-1', 'OLD-1/prices']) t.equal((await ask(api, `/products/${path}`, { role: 'Admin' })).statusCode, 404, `${path}, gone for good`)
  t.equal((await ask(api, '/products/DRAFT-1', { role: 'Admin' })).json().status, 'draft')
})

test('the catalog is for who may read products: a token is needed', async t => {
  const api = await shop(t)
  t.equal((await api.app.inject({ url: '/v1/products' })).statusCode, 401)
  t.equal((await ask(api, '/products', { role: 'Analyst' })).statusCode, 403)
})

const lists: ReadonlyArray<readonly [query: string, found: readonly string[]]> = [
  ['', ['CUP-1', 'MUG-1']], ['?q=coffee', ['MUG-1']], ['?q=blua', ['CUP-1']], ['?category=kitchen', ['MUG-1']], ['?category=nowhere', []], ['?attr=colour:red', ['MUG-1']],
  ['?attr=colour:red&attr=size:small', []], ['?availability=low', ['CUP-1']], ['?currency=GBP&minPrice=1.0001', ['CUP-1']], ['?currency=GBP&maxPrice=1', ['MUG-1']],
  ['?currency=GBP&sort=-price', ['CUP-1', 'MUG-1']], ['?sort=name', ['CUP-1', 'MUG-1']], ['/featured', ['MUG-1']]
]

for (const [query, found] of lists) {
  test(`products are listed as asked when the list is /v1/products${query}`, async t => {
    const answer = await ask(await shop(t), `/products${query}`)
    t.equal(answer.statusCode, 200)
    t.same(answer.json().items.map(({ sku }: { sku: string }) => sku), found)
    t.equal(answer.json().facets.total, found.length)
  })
}

const badLists: ReadonlyArray<readonly [query: string, status: number]> = [
  ['?minPrice=1', 422], ['?sort=price', 422], ['?sort=relevance', 422], ['?currency=ABC', 422], ['?currency=GBP&minPrice=-1', 400], ['?limit=0', 400], ['?limit=101', 400],
  ['?after=nonsense', 422], ['?attr=Colour', 400], ['?colour=red', 400], ['?position=nonsense', 400], ['?status=draft', 403]
]

for (const [query, status] of badLists) {
  test(`a list is refused with ${status} when it asks ${query}`, async t => {
    t.equal((await ask(await shop(t), `/products${query}`)).statusCode, status)
  })
}

test('a list goes on page by page', async t => {
  const api = await shop(t)
  const first = (await ask(api, '/products?limit=1')).json()
  t.match(first, { items: [{ sku: 'CUP-1' }], facets: { total: 2 } })
  t.match((await ask(api, `/products?limit=1&after=${first.next}`)).json(), { items: [{ sku: 'MUG-1' }], next: null })
})

test('a list that the reader has is answered 304 until a product changes, and never to a reader of another kind', async t => {
  const api = await shop(t)
  const { etag } = (await ask(api, '/products')).headers
  const again = async (role: Role = 'Customer') => (await ask(api, '/products', { role, headers: { 'if-none-match': String(etag) } })).statusCode
  t.equal(await again(), 304)
  t.equal(await again('Admin'), 200)
  await api.tell({ ...cup, version: 2, name: 'green cup' })
  t.equal(await again(), 200)
})

test('editors list drafts', async t => {
  t.match((await ask(await shop(t), '/products?status=draft', { role: 'Admin' })).json().items, [{ sku: 'DRAFT-1' }])
})

test('a new product is put into the log as a draft, with what the request says', async t => {
  const api = await shop(t)
  const body = {
    sku: 'new-1', name: 'new', prices: [{ currency: 'GBP', amount: '1.5' }], categoryIds: ['kitchen'], attributes: [{ name: 'colour', value: 'red' }], images: [{ url: 'https://a.example/x.png' }]
  }
  const answer = await ask(api, '/products', { method: 'POST', body })
  t.equal(answer.statusCode, 202)
  t.match(answer.json(), { sku: 'NEW-1', status: 'accepted', location: /^\/v1\/products\/NEW-1\?position=/, commandId: /^[0-9a-f]{64}$/ })
  t.match(api.taken(topics.catalog.commands), [{
    type: 'CreateProduct',
    sku: 'NEW-1',
    status: 'draft',
    stocked: true,
    prices: [{ currency: 'GBP', amount: 15_000n }],
    categoryIds: ['kitchen'],
    images: [{ url: 'https://a.example/x.png', alt: '' }],
    meta: { principal: 'someone', commandId: answer.json().commandId }
  }])
})

test('a change is put into the log once when its request is repeated, and refused with another body', async t => {
  const api = await shop(t)
  const price = async (amount: string) => await ask(api, '/products/MUG-1/price', { method: 'POST', body: { currency: 'GBP', amount } })
  const first = await price('3')
  await decide(api, 'MUG-1')
  const second = await price('3')
  t.same([first.statusCode, second.statusCode, second.headers['idempotent-replayed']], [202, 202, 'true'])
  t.equal(second.json().location, first.json().location)
  t.equal((await price('4')).statusCode, 422)
  t.match(api.taken(topics.catalog.commands), [{ type: 'ChangePrice', amount: 30_000n, expectedVersion: null }])
})

const changes: ReadonlyArray<readonly [method: Method, path: string, body: object | undefined, command: object]> = [
  ['PATCH', '/products/MUG-1', { name: 'cup' }, { type: 'UpdateProduct', name: 'cup', description: null, categoryIds: null }],
  ['PUT', '/products/MUG-1/attributes', { attributes: [] }, { type: 'UpdateProduct', attributes: [], name: null }],
  ['PUT', '/products/MUG-1/images', { images: [] }, { type: 'UpdateProduct', images: [], name: null }],
  ['POST', '/products/MUG-1/unpublish', undefined, { type: 'UnpublishProduct' }],
  ['POST', '/products/DRAFT-1/publish', undefined, { type: 'PublishProduct' }],
  ['POST', '/products/DRAFT-1/archive', undefined, { type: 'ArchiveProduct' }],
  ['DELETE', '/products/DRAFT-1', undefined, { type: 'ArchiveProduct' }]
]

for (const [method, path, body, command] of changes) {
  test(`a command is in the log when the request is ${method} ${path}`, async t => {
    const api = await shop(t)
    const answer = await ask(api, path, { method, ...(body === undefined ? {} : { body }) })
    t.equal(answer.statusCode, 202)
    t.match(api.taken(topics.catalog.commands), [command])
  })
}

const refusals: ReadonlyArray<readonly [name: string, method: Method, path: string, ask: Ask, status: number]> = [
  ['the key is missing', 'POST', '/products/MUG-1/unpublish', { key: null }, 400],
  ['a customer writes', 'PATCH', '/products/MUG-1', { role: 'Customer', body: { name: 'x' } }, 403],
  ['there is no such product', 'PATCH', '/products/NOPE', { body: { name: 'x' } }, 404],
  ['the product exists', 'POST', '/products', { body: { sku: 'MUG-1', name: 'x' } }, 409],
  ['a published product is archived', 'DELETE', '/products/MUG-1', {}, 409],
  ['an archived product is published', 'POST', '/products/OLD-1/publish', {}, 409],
  ['another version was read', 'PATCH', '/products/MUG-1', { body: { name: 'x' }, headers: { 'if-match': '"2"' } }, 412],
  ['the version is no version', 'PATCH', '/products/MUG-1', { body: { name: 'x' }, headers: { 'if-match': 'W/"3"' } }, 400],
  ['a member is not known', 'PATCH', '/products/MUG-1', { body: { name: 'x', colour: 'red' } }, 422],
  ['nothing is to change', 'PATCH', '/products/MUG-1', { body: {} }, 422],
  ['a currency does not exist', 'POST', '/products/MUG-1/price', { body: { currency: 'ABC', amount: '1' } }, 422],
  ['a price is below zero', 'POST', '/products/MUG-1/price', { body: { currency: 'GBP', amount: '-1' } }, 422],
  ['a picture is no safe address', 'PUT', '/products/MUG-1/images', { body: { images: [{ url: 'javascript:alert(1)' }] } }, 422],
  ['a currency has two prices', 'POST', '/products', { body: { sku: 'X', name: 'x', prices: [{ currency: 'GBP', amount: '1' }, { currency: 'GBP', amount: '2' }] } }, 422]
]

for (const [name, method, path, request, status] of refusals) {
  test(`a change is refused with ${status} and is not in the log when ${name}`, async t => {
    const api = await shop(t)
    t.equal((await ask(api, path, { ...request, method })).statusCode, status)
    t.same(api.taken(topics.catalog.commands), [])
  })
}

test('the version of If-Match goes into the command, and stock does not count', async t => {
  const api = await shop(t)
  await ask(api, '/products/MUG-1', { method: 'PATCH', body: { name: 'x' }, headers: { 'if-match': '"3-out"' } })
  t.match(api.taken(topics.catalog.commands), [{ type: 'UpdateProduct', expectedVersion: 3 }])
})

test('a reader with a position waits until the change is visible', async t => {
  const api = await shop(t)
  const answer = ask(api, `/products/MUG-1?position=${positionOf('MUG-1')}`)
  await api.clock.advance(20)
  await api.tell({ ...mug, version: 4, name: 'new name' })
  await decide(api, 'MUG-1')
  await api.until(answer)
  t.match((await answer).json(), { version: 4, name: 'new name' })
  t.equal((await answer).headers['cache-control'], 'private, no-cache')
})

test('a position that is not reached within a second is answered 404 when there is nothing yet, and 503 when there is something older', async t => {
  const api = await shop(t)
  for (const [sku, status, code] of [['NEW-1', 404, 'product-not-visible'], ['MUG-1', 503, 'catalog-behind']] as const) {
    const answer = ask(api, `/products/${sku}?position=${positionOf(sku)}`)
    await api.until(answer)
    t.match([(await answer).statusCode, (await answer).json().code, (await answer).headers['retry-after']], [status, code, '1'])
  }
})

test('the position of another product is refused', async t => {
  const api = await shop(t)
  const other = ['A', 'B', 'C', 'D'].find(sku => partitionOf(sku, partitions) !== partitionOf('MUG-1', partitions))!
  const orders = positionToken({ topic: topics.orders.commands.name, partition: partitionOf('MUG-1', partitions), offset: 0n })
  for (const position of [positionOf(other), orders]) t.equal((await ask(api, `/products/MUG-1?position=${position}`)).json().code, 'position-invalid')
})

test('who wrote reads what was written, without a position too', async t => {
  const api = await shop(t)
  await ask(api, '/products/MUG-1', { method: 'PATCH', body: { name: 'mine' } })
  const answer = ask(api, '/products/MUG-1')
  await api.clock.advance(20)
  await api.tell({ ...mug, version: 4, name: 'mine' })
  await decide(api, 'MUG-1')
  await api.until(answer)
  t.equal((await answer).json().name, 'mine')
})

test('a change that is waited for is answered with the product when it is decided', async t => {
  const api = await shop(t)
  const answer = ask(api, '/products', { method: 'POST', body: { sku: 'NEW-1', name: 'new' }, headers: { prefer: 'wait=5' } })
  await api.until(() => api.taken(topics.catalog.commands).length === 1)
  await api.tell(productView('NEW-1', { name: 'new', status: 'draft' }))
  await decide(api, 'NEW-1')
  await api.until(answer)
  t.match([(await answer).statusCode, (await answer).json(), (await answer).headers.etag], [201, { sku: 'NEW-1', status: 'draft' }, '"1-inStock"'])
})

test('a change that is waited for is refused with the rule of the catalog and the field when it was rejected', async t => {
  const api = await shop(t)
  const change = async (key: string) => ask(api, '/products/MUG-1', { method: 'PATCH', key, body: { categoryIds: ['nowhere'] }, headers: { prefer: 'wait=5' } })
  for (const [next, code, field, status] of [[1n, 'unknown-category', 'categoryIds', 422], [2n, 'version-mismatch', 'expectedVersion', 412]] as const) {
    const answer = change(`key-${next}`)
    await api.until(() => api.taken(topics.catalog.commands).length === Number(next))
    const { commandId } = api.taken(topics.catalog.commands).at(-1)!.meta
    await decide(api, 'MUG-1', next, { commandId, code, field, message: 'no' })
    await api.until(answer)
    t.equal((await answer).statusCode, status)
    if (status === 422) t.match((await answer).json(), { code: 'change-rejected', rule: code, errors: [{ field: '/categoryIds' }] })
  }
})

test('a change that is not decided in time is accepted all the same', async t => {
  const api = await shop(t)
  const answer = ask(api, '/products/MUG-1', { method: 'PATCH', body: { name: 'x' }, headers: { prefer: 'wait=1' } })
  await api.until(answer)
  t.match([(await answer).statusCode, (await answer).headers['preference-applied']], [202, 'wait=1'])
})

test('prices of the past are listed by event, a page at a time', async t => {
  const at = (offset: bigint, after: string, before: string | null) => [offset, [{ offset, changedAtMs: 0, currency: 'GBP', before, after }]] as const
  const events = [at(4n, '1.0000', null), at(9n, '2.0000', '1.0000')]
  const api = await shop(t, { prices: { list: async (sku, after, limit) => sku === 'MUG-1' ? events.filter(([offset]) => offset > after).slice(0, limit) : [] } })
  const first = (await ask(api, '/products/MUG-1/prices?limit=1')).json()
  t.same(first, { items: [{ changedAt: '1970-01-01T00:00:00.000Z', currency: 'GBP', before: null, after: '1.0000' }], next: '4' })
  t.match((await ask(api, '/products/MUG-1/prices?after=4')).json(), { items: [{ before: '1.0000', after: '2.0000' }], next: null })
  t.equal((await ask(api, '/products/DRAFT-1/prices')).statusCode, 404)
})

test('the catalog is answered 503 when analytics does not answer for its past', async t => {
  const api = await shop(t, { prices: { list: async () => { throw new Error('down') } } })
  t.equal((await ask(api, '/products/MUG-1/prices')).json().code, 'analytics-unavailable')
})
