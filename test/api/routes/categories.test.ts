import { type Test, test } from 'tap'
import { type CategoryView, type ProcessedCommand } from '#schemas'
import { type Role } from '../../../api/permissions.ts'
import { catalogProcessedStore } from '../../../topology/catalog/process-catalog.ts'
import { categoriesKey } from '../../../topology/catalog/routing.ts'
import { topics } from '../../../topology/topics.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
interface Ask { readonly method?: Method, readonly body?: object, readonly role?: Role, readonly headers?: Readonly<Record<string, string>> }

async function ask (api: ApiUnderTest, path: string, { method = 'GET', body, role = method === 'GET' ? 'Customer' : 'Admin', headers = {} }: Ask = {}) {
  const sent = { authorization: `Bearer ${await api.token(role, 'someone')}`, ...(method === 'GET' ? {} : { 'idempotency-key': 'key-1' }), ...headers }
  return await api.app.inject({ method, url: `/v1/categories${path}`, headers: sent, ...(body === undefined ? {} : { payload: body }) })
}

const category = (categoryId: string, parentId: string | null = null, change: Partial<CategoryView> = {}): CategoryView =>
  ({ type: 'CategoryView', categoryId, name: categoryId, parentId, archived: false, version: 1, ...change })

async function shop (t: Test): Promise<ApiUnderTest> {
  const api = await buildApi(t)
  await api.tell(category('home'), category('light', 'home', { version: 2 }), category('lamps', 'light'), category('attic', null, { archived: true }))
  return api
}

test('the tree of categories is read whole, and 304 when the reader has it', async t => {
  const api = await shop(t)
  const answer = await ask(api, '')
  t.same(answer.json().items.map(({ categoryId }: CategoryView) => categoryId), ['home'])
  t.match(answer.json().items, [{ children: [{ categoryId: 'light', version: 2, children: [{ categoryId: 'lamps', parentId: 'light', children: [] }] }] }])
  t.equal((await ask(api, '', { headers: { 'if-none-match': String(answer.headers.etag) } })).statusCode, 304)
})

test('a category is read with what is below it, and an archived one is not there', async t => {
  const api = await shop(t)
  const answer = await ask(api, '/light')
  t.match([answer.headers.etag, answer.json()], ['"2"', { categoryId: 'light', children: [{ categoryId: 'lamps' }] }])
  t.equal((await ask(api, '/attic')).statusCode, 404)
})

const changes: ReadonlyArray<readonly [method: Method, path: string, body: object | undefined, command: object]> = [
  ['POST', '', { categoryId: 'garden', name: 'Garden' }, { type: 'CreateCategory', categoryId: 'garden', parentId: null }],
  ['POST', '', { categoryId: 'pots', name: 'Pots', parentId: 'just-created' }, { type: 'CreateCategory', parentId: 'just-created' }],
  ['PATCH', '/light', { name: 'Lighting' }, { type: 'RenameCategory', name: 'Lighting' }],
  ['POST', '/light/move', { parentId: null }, { type: 'MoveCategory', parentId: null }],
  ['DELETE', '/lamps', undefined, { type: 'ArchiveCategory', categoryId: 'lamps' }]
]

for (const [method, path, body, command] of changes) {
  test(`a command about the tree is in the log of its one task when the request is ${method} ${path} ${JSON.stringify(body)}`, async t => {
    const api = await shop(t)
    t.equal((await ask(api, path, { method, ...(body === undefined ? {} : { body }) })).statusCode, 202)
    t.match(api.taken(topics.catalog.commands), [command])
  })
}

const refusals: ReadonlyArray<readonly [name: string, method: Method, path: string, request: Ask, status: number]> = [
  ['a customer writes', 'POST', '', { role: 'Customer', body: { categoryId: 'x', name: 'x' } }, 403],
  ['there is no such category', 'PATCH', '/nowhere', { body: { name: 'x' } }, 404],
  ['the category exists with another name', 'POST', '', { body: { categoryId: 'home', name: 'x' } }, 409],
  ['there are others below it', 'DELETE', '/light', {}, 409],
  ['it is archived', 'PATCH', '/attic', { body: { name: 'x' } }, 409],
  ['it is moved below itself', 'POST', '/home/move', { body: { parentId: 'lamps' } }, 422],
  ['its parent is archived', 'POST', '/light/move', { body: { parentId: 'attic' } }, 422],
  ['its id has capitals', 'POST', '', { body: { categoryId: 'X', name: 'x' } }, 422],
  ['another version was read', 'PATCH', '/light', { body: { name: 'x' }, headers: { 'if-match': '"1"' } }, 412]
]

for (const [name, method, path, request, status] of refusals) {
  test(`a change of the tree is refused with ${status} and is not in the log when ${name}`, async t => {
    const api = await shop(t)
    t.equal((await ask(api, path, { ...request, method })).statusCode, status)
    t.same(api.taken(topics.catalog.commands), [])
  })
}

test('a category that is waited for is answered with itself, and a rejection with its rule', async t => {
  const api = await shop(t)
  const create = async (categoryId: string) => await ask(api, '', { method: 'POST', body: { categoryId, name: 'x', parentId: 'soon' }, headers: { prefer: 'wait=5', 'idempotency-key': categoryId } })
  const made = create('garden')
  await api.until(() => api.taken(topics.catalog.commands).length === 1)
  await api.tell(category('soon'), category('garden', 'soon'))
  await api.storeCatalog(categoriesKey, [], 1n)
  await api.until(made)
  t.match([(await made).statusCode, (await made).json()], [201, { categoryId: 'garden', parentId: 'soon' }])
  const refused = create('pots')
  await api.until(() => api.taken(topics.catalog.commands).length === 2)
  const { commandId } = api.taken(topics.catalog.commands)[1]!.meta
  const row: ProcessedCommand = { type: 'ProcessedCommand', commandId, bodyHash: '', code: 'unknown-parent', field: 'parentId', message: 'no', processedAt: 0 }
  await api.storeCatalog(categoriesKey, [{ store: catalogProcessedStore.name, key: commandId, value: catalogProcessedStore.value.encode(row) }], 2n)
  await api.until(refused)
  t.match([(await refused).statusCode, (await refused).json()], [422, { code: 'change-rejected', rule: 'unknown-parent', errors: [{ field: '/parentId' }] }])
})
