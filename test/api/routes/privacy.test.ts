import { type Test, test } from 'tap'
import { type Erasure, type UserState } from '#schemas'
import { type IdentityServices } from '../../../api/identity/ports.ts'
import { type OrderLists } from '../../../api/ports.ts'
import { type KeptRecord } from '../../../api/privacy/ports.ts'
import { noUser } from '../../../topology/identity/user.ts'
import { type PersonalKind, encryptPersonal } from '../../../topology/personal.ts'
import { topics } from '../../../topology/topics.ts'
import { type ApiUnderTest, type BuildOptions, buildApi } from '../../support/build-app.ts'
import { derivedKeys } from '../../support/derived-keys.ts'
import { orderBody, orderView } from '../order-fixtures.ts'

const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
const [userId, guestOrder, firstOrder, secondOrder] = [idOf(1), idOf(2), idOf(3), idOf(4)]
const ended = { state: 'Delivered', outcome: 'Fulfilled' } as const

const lists = (orderIds: readonly string[]): OrderLists => ({
  list: async ({ after, limit }) => {
    const from = after === undefined ? 0 : orderIds.indexOf(after.orderId) + 1
    return orderIds.slice(from, from + limit).map((orderId, index) => ({ orderId, placedAtMs: 1_000_000 - from - index }))
  }
})

const account = (user: UserState) => ({ users: { read: async (id: string) => id === user.userId ? user : undefined } }) as unknown as IdentityServices

interface Asked { readonly role?: 'Admin' | 'Customer' | 'Support', readonly subject?: string, readonly method?: 'GET' | 'POST' | 'DELETE', readonly body?: object }

async function ask (api: ApiUnderTest, path: string, { role = 'Admin', subject = 'admin-1', method = 'GET', body }: Asked = {}) {
  const answer = await api.app.inject({
    method, url: `/v1${path}`, headers: { authorization: `Bearer ${await api.token(role, subject)}` }, ...(body === undefined ? {} : { payload: body })
  })
  return { status: answer.statusCode, headers: answer.headers, body: answer.body, json: answer.body.startsWith('{') ? answer.json() : undefined }
}

async function build (t: Test, options: BuildOptions = {}): Promise<ApiUnderTest> {
  return await buildApi(t, { identity: account(noUser('nobody')), ...options })
}

const erase = async (api: ApiUnderTest, body: object, asked: Asked = {}) => await ask(api, '/admin/privacy/erase', { method: 'POST', body: { reason: 'asked for', ...body }, ...asked })

test('a customer with an account and closed orders is erased by a command in the log', async t => {
  const user = { ...noUser(userId), status: 'active' as const }
  const api = await build(t, { orderLists: lists([firstOrder, secondOrder]), identity: account(user) })
  for (const id of [firstOrder, secondOrder]) await api.store(id, { view: orderView(id, { ...ended, customerId: userId }) })
  const answer = await erase(api, { customerId: userId })
  t.match(answer, { status: 202, json: { subject: userId, keyId: `customer/${userId}`, status: 'accepted', location: `/v1/admin/privacy/erasures/${userId}` } })
  t.match(api.taken(topics.privacy.commands), [
    { type: 'EraseSubject', keyId: `customer/${userId}`, subject: userId, accountId: userId, reason: 'asked for', meta: { principal: 'admin-1' } }
  ])
})

test('a customer is not erased while an order is open, wherever it stands in the list', async t => {
  const many = Array.from({ length: 150 }, (_, index) => idOf(100 + index))
  const api = await build(t, { orderLists: lists(many) })
  for (const id of many) await api.store(id, { view: orderView(id, { customerId: 'c-1', ...id === many.at(-1) ? {} : ended }) })
  t.match(await erase(api, { customerId: 'c-1' }), { status: 409, json: { code: 'state-forbids', detail: `orders are open: ${many.at(-1) ?? ''}` } })
  t.same(api.taken(topics.privacy.commands), [])
})

test('a customer without account is erased, and one whose account is deleted is not deleted again', async t => {
  const api = await build(t, { orderLists: lists([]), identity: account({ ...noUser(userId), status: 'deleted' }) })
  t.equal((await erase(api, { customerId: 'customer-9' })).status, 202)
  t.equal((await erase(api, { customerId: userId })).status, 202)
  t.match(api.taken(topics.privacy.commands).toSorted((a, b) => a.subject < b.subject ? -1 : 1), [{ subject: userId, accountId: null }, { subject: 'customer-9', accountId: null }])
})

test('the guest of a closed order is erased by the order, over both routes', async t => {
  const api = await build(t)
  await api.store(guestOrder, { view: orderView(guestOrder, { ...ended, customerId: null }) })
  t.match(await ask(api, `/orders/${guestOrder}`, { method: 'DELETE' }), { status: 202, json: { subject: guestOrder, keyId: `order/${guestOrder}` } })
  t.equal((await erase(api, { orderId: guestOrder })).status, 202)
  t.match(api.taken(topics.privacy.commands), [{ keyId: `order/${guestOrder}`, accountId: null }, { keyId: `order/${guestOrder}`, reason: 'asked for' }])
})

test('an order keeps its personal data while it is open, and that of a customer goes with the customer', async t => {
  const api = await build(t)
  await api.store(firstOrder, { view: orderView(firstOrder, { customerId: null }) })
  await api.store(secondOrder, { view: orderView(secondOrder, ended) })
  t.match(await ask(api, `/orders/${firstOrder}`, { method: 'DELETE' }), { status: 409, json: { code: 'state-forbids', detail: 'the order is Pending' } })
  t.match(await ask(api, `/orders/${secondOrder}`, { method: 'DELETE' }), { status: 409, json: { code: 'state-forbids', detail: /erased/ } })
  t.equal((await ask(api, `/orders/${idOf(9)}`, { method: 'DELETE' })).status, 404)
  t.equal((await erase(api, { orderId: firstOrder })).status, 409)
  t.same(api.taken(topics.privacy.commands), [])
})

test('erasing needs its permissions, one subject and a reason, and nobody erases himself', async t => {
  const api = await build(t, { orderLists: lists([]) })
  for (const role of ['Customer', 'Support'] as const) {
    t.equal((await erase(api, { customerId: 'c' }, { role })).status, 403, role)
    t.equal((await ask(api, `/orders/${guestOrder}`, { role, method: 'DELETE' })).status, 403, role)
    t.equal((await ask(api, '/admin/privacy/erasures/c', { role })).status, 403, role)
    t.equal((await ask(api, '/admin/privacy/export?customerId=c', { role })).status, 403, role)
  }
  t.match(await erase(api, {}), { status: 422, json: { errors: [{ field: '/customerId' }] } })
  t.equal((await erase(api, { customerId: 'c', orderId: guestOrder })).status, 422)
  t.equal((await ask(api, '/admin/privacy/erase', { method: 'POST', body: { customerId: 'c' } })).status, 422)
  t.equal((await erase(api, { customerId: 'admin-1' })).status, 409)
  t.same(api.taken(topics.privacy.commands), [])
})

test('an erasure tells how far it is, and its proof', async t => {
  const running: Erasure = {
    type: 'Erasure', keyId: 'customer/c', subject: 'c', accountId: null, requestedBy: 'admin-1', requestedAt: 0, reason: 'r', correlationId: '', destroyedAt: null, digest: null
  }
  const rows = new Map([['c', running], ['d', { ...running, subject: 'd', destroyedAt: 1000, digest: 'ab' }]])
  const api = await build(t, { erasures: { read: async subject => rows.get(subject) } })
  t.match(await ask(api, '/admin/privacy/erasures/c'), { status: 200, json: { status: 'running', destroyedAt: null } })
  t.match(await ask(api, '/admin/privacy/erasures/d'), { status: 200, json: { status: 'erased', destroyedAt: '1970-01-01T00:00:01.000Z', digest: 'ab' } })
  t.equal((await ask(api, '/admin/privacy/erasures/e')).status, 404)
})

test('somebody who was erased can order no more', async t => {
  const keys = derivedKeys(Buffer.alloc(32, 7))
  await keys.destroy('customer/customer-1')
  const api = await build(t, { keys })
  const answer = await api.app.inject({
    method: 'POST', url: '/v1/orders', headers: { authorization: `Bearer ${await api.token('Customer')}`, 'idempotency-key': 'k' }, payload: orderBody
  })
  t.match(answer.json(), { status: 409, code: 'person-erased' })
  t.same(api.commands(), [])
})

test('keys that cannot be had turn orders away and lose none', async t => {
  const away = async (): Promise<never> => { throw Object.assign(new Error('away'), { code: 'KEYS_UNAVAILABLE' }) }
  const api = await build(t, { keys: { dataKey: away, findKey: away } })
  const answer = await api.app.inject({
    method: 'POST', url: '/v1/orders', headers: { authorization: `Bearer ${await api.token('Customer')}`, 'idempotency-key': 'k' }, payload: orderBody
  })
  t.match(answer.json(), { status: 503, code: 'keys-unavailable' })
  t.ok(answer.headers['retry-after'])
  t.same(api.commands(), [])
})

test('the hash of an order cannot be had from what somebody guesses of its address, and tells two bodies apart all the same', async t => {
  const hashOf = async (seed: number, body: object): Promise<string | null | undefined> => {
    const api = await build(t, { keys: derivedKeys(Buffer.alloc(32, seed)) })
    await api.app.inject({ method: 'POST', url: '/v1/orders', headers: { authorization: `Bearer ${await api.token('Customer')}`, 'idempotency-key': 'k' }, payload: body })
    return api.commands()[0]?.meta.bodyHash
  }
  const first = await hashOf(1, orderBody)
  t.equal(await hashOf(1, orderBody), first)
  t.not(await hashOf(2, orderBody), first, 'without the key the same address gives another hash')
  t.not(await hashOf(1, { ...orderBody, shippingAddress: { ...orderBody.shippingAddress, name: 'Bea' } }), first)
})

async function sealed (kind: PersonalKind, keyId: string, data: Record<string, string>) {
  const { ciphertext } = await encryptPersonal(derivedKeys(Buffer.alloc(32, 7)), keyId, kind, data)
  return { keyId, ciphertext: ciphertext.toString('base64') }
}

async function * pieces (...records: readonly KeptRecord[]): AsyncGenerator<KeptRecord, void, undefined> {
  yield * records
}

async function exporting (t: Test, options: BuildOptions = {}): Promise<ApiUnderTest> {
  const keyId = `customer/${userId}`
  const keys = derivedKeys(Buffer.alloc(32, 7))
  const user: UserState = { ...noUser(userId), status: 'active', email: await encryptPersonal(keys, keyId, 'contact', { email: 'ada@example.org' }), passwordHash: 'secret-hash' }
  const created = { shippingAddress: await sealed('address', keyId, { name: 'Ada Example' }), currency: 'GBP', payment: { method: 'card', token: 'tok_ok' }, meta: { eventId: 'e' } }
  const mail = { template: 'verify-email', recipient: await sealed('contact', keyId, { email: 'ada@example.org' }), sealed: await sealed('secret', 'identity/tokens', { token: 'cm_secret' }) }
  const api = await build(t, {
    identity: account(user),
    orderLists: lists([firstOrder, secondOrder]),
    kept: {
      ofAccount: () => pieces({ type: 'NotificationRequested', occurredAtMs: 0, payload: mail }),
      ofOrder: orderId => orderId === firstOrder ? pieces({ type: 'OrderCreated', occurredAtMs: 0, payload: created }) : pieces(),
      ofVisitor: () => pieces({ type: 'ProductViewed', occurredAtMs: 0, payload: { sku: 'DEMO-MUG' } })
    },
    ...options
  })
  for (const id of [firstOrder, secondOrder]) await api.store(id, { view: orderView(id, { ...ended, customerId: userId }) })
  return api
}

test('a person gets everything that is kept about him in the clear, and no secret of the platform', async t => {
  const api = await exporting(t)
  const answer = await ask(api, '/users/me/export', { role: 'Customer', subject: userId })
  t.equal(answer.status, 200)
  t.match(answer.headers, { 'content-type': /application\/json/, 'cache-control': 'no-store', 'content-disposition': /attachment/ })
  t.match(answer.json, {
    subject: userId,
    account: { email: 'ada@example.org' },
    accountRecords: [{ type: 'NotificationRequested', recipient: { email: 'ada@example.org' } }],
    orders: [
      { order: { orderId: firstOrder }, records: [{ type: 'OrderCreated', shippingAddress: { name: 'Ada Example' } }], payments: [], shipments: [] },
      { order: { orderId: secondOrder }, records: [] }
    ],
    visits: [{ type: 'ProductViewed', sku: 'DEMO-MUG' }]
  })
  for (const secret of ['secret-hash', 'cm_secret', 'tok_ok', 'ciphertext', 'bodyHash']) t.notOk(answer.body.includes(secret), secret)
  t.same((await ask(api, `/admin/privacy/export?customerId=${userId}`)).json.orders, answer.json.orders, 'and an administrator the same')
})

test('an export says erased where the key is destroyed', async t => {
  const keys = derivedKeys(Buffer.alloc(32, 7))
  await keys.destroy(`customer/${userId}`)
  const { body, json } = await ask(await exporting(t, { keys }), '/users/me/export', { role: 'Customer', subject: userId })
  t.match(json, { account: { email: null }, orders: [{ records: [{ shippingAddress: 'erased' }] }, {}] })
  t.notOk(body.includes('Ada'))
})

test('an export of somebody of whom nothing is kept is whole and empty', async t => {
  const api = await build(t, { orderLists: lists([]) })
  t.match((await ask(api, '/users/me/export', { role: 'Customer', subject: 'customer-7' })).json, { subject: 'customer-7', account: null, accountRecords: [], orders: [], visits: [] })
})

test('the order of a guest is exported by an administrator, and no order of a customer that way', async t => {
  const api = await build(t)
  await api.store(guestOrder, { view: orderView(guestOrder, { customerId: null }) })
  await api.store(firstOrder, { view: orderView(firstOrder) })
  t.match(await ask(api, `/admin/privacy/export?orderId=${guestOrder}`), { status: 200, json: { orders: [{ order: { orderId: guestOrder } }], visits: [] } })
  t.equal((await ask(api, `/admin/privacy/export?orderId=${firstOrder}`)).status, 409)
  t.equal((await ask(api, `/admin/privacy/export?orderId=${idOf(9)}`)).status, 404)
  t.equal((await ask(api, '/admin/privacy/export')).status, 400)
})
