import { readFile } from 'node:fs/promises'
import { test } from 'tap'
import { apiErrors, type ApiErrorCode, problemCode, problemType } from '../../api/errors.ts'
import { describeApi } from '../../api/index.ts'
import { type Permission, isPermission } from '../../api/permissions.ts'
import { buildApi } from '../support/build-app.ts'
import { orderView } from './order-fixtures.ts'
import { capturedPayment, orderId, paymentId } from './payment-fixtures.ts'

interface Schema { readonly [name: string]: unknown }
interface Operation {
  readonly operationId: string
  readonly 'x-permission': string
  readonly security?: readonly object[]
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>>
}

const { paths } = await describeApi() as { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }
const operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })))

/** Whose the things of a path are: those that belong to a customer, and those that do not. A new area has to be put where it belongs. */
const owned = ['orders', 'payments']
const ofNobody = [
  'admin', 'analytics', 'auth', 'behaviour', 'categories', 'experiments', 'inventory', 'ledger', 'notifications', 'products', 'shipments', 'templates', 'users', 'webhooks',
  '.well-known'
]

/** What an operation wants in its body, where that is more than nothing. */
const bodies: Readonly<Record<string, object>> = {
  amendOrder: { lines: [{ lineNo: 1, quantity: 1 }] },
  reviewOrder: { approved: true, reason: 'known' },
  requestReturn: { lines: [{ lineNo: 1, quantity: 1 }], reason: 'broken' },
  refundPayment: { reason: 'damaged' }
}

test('every operation says what a token must allow, and asks for one unless it is public', t => {
  for (const { path, method, 'x-permission': permission, security } of operations) {
    t.ok(permission === 'public' || permission === 'self' || isPermission(permission), `${method} ${path}: ${permission}`)
    t.equal(permission === 'public', security?.length === 0, `${method} ${path}: security in the description`)
  }
  t.end()
})

test('every operation says that it may refuse a token, a sender or a request too many', t => {
  for (const { path, 'x-permission': permission, responses } of operations) {
    if (path.startsWith('/health/')) continue
    const expected = ['429', ...(permission === 'public' ? [] : ['401']), ...(isPermission(permission) ? ['403'] : [])]
    for (const status of expected) t.ok(status in responses, `${path}: ${status}`)
  }
  t.end()
})

test('a path belongs to an owner, or is known to belong to nobody', t => {
  for (const { path } of operations) {
    const area = /^\/v1\/([^/]+)/.exec(path)?.[1]
    if (area !== undefined) t.ok(owned.includes(area) || ofNobody.includes(area), area)
  }
  t.end()
})

test('every operation on something that has an owner answers 404 to a stranger who has the permission', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId) })
  await api.storePayment(capturedPayment())
  const seen: Array<{ readonly path: string, readonly method: string, readonly ask: (token: string) => Promise<{ readonly statusCode: number }> }> = []
  for (const { path, method, operationId, 'x-permission': permission } of operations) {
    const area = /^\/v1\/([^/]+)\/\{/.exec(path)?.[1]
    if (area === undefined || !owned.includes(area)) continue
    const url = path.replace('{id}', area === 'payments' ? paymentId : orderId).replaceAll(/\{\w+\}/g, paymentId)
    const ask = async (token: string) => await api.app.inject({
      method: method.toUpperCase() as 'GET',
      url,
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': 'k' },
      ...(method === 'get' || method === 'delete' ? {} : { payload: bodies[operationId] ?? {} })
    })
    const stranger = await ask(await api.token('ServiceAccount', 'stranger', [permission as Permission]))
    t.equal(stranger.statusCode, 404, `${method} ${path}: ${stranger.body}`)
    const customer = await ask(await api.token('Customer', 'customer-2'))
    t.ok([403, 404].includes(customer.statusCode), `${method} ${path} by another customer: ${customer.statusCode}`)
    seen.push({ path, method, ask })
  }
  t.ok(seen.length >= 12, 'the walk has found the operations')
  t.same(api.commands(), [], 'nothing was written')
  // A stream would not end.
  for (const { path, method, ask } of seen.filter(({ path }) => !/\}.*\{|\/stream$/.test(path))) {
    t.not((await ask(await api.token('Admin', 'root'))).statusCode, 404, `${method} ${path}: it is there for who may read all`)
  }
})

/**
 * Where members that are not named may come out: events are shown as they are, without what is hidden; problems have members of their kind; the
 * value of a flag is whatever its owner made it. What is exported of a person are records of any kind.
 */
const open = [
  'listOrderEvents items data', 'ready checks', 'placeOrders problem',
  ...['exportMe', 'exportPerson'].flatMap(name => [`${name} accountRecords`, `${name} orders records`, `${name} visits`]),
  ...['listFlags items variants', 'setFlag variants', 'changeFlag variants', 'assignExperiments items', 'assignMyExperiments items'].map(place => `${place} value (anything)`)
]

function openPlaces (name: string, schema: Schema): string[] {
  const { properties = {}, items, anyOf = [], additionalProperties } = schema as {
    properties?: Record<string, Schema>, items?: Schema, anyOf?: Schema[], additionalProperties?: unknown
  }
  const isTyped = ['type', 'enum', 'const', 'anyOf', '$ref'].some(key => key in schema)
  return [
    ...(additionalProperties !== undefined && additionalProperties !== false ? [name] : []),
    ...(isTyped ? [] : [`${name} (anything)`]),
    ...Object.entries(properties).flatMap(([member, of]) => openPlaces(`${name} ${member}`, of)),
    ...(items === undefined ? [] : openPlaces(name, items)),
    ...anyOf.flatMap(of => openPlaces(name, of))
  ]
}

test('every answer is closed: nothing comes out that its schema does not name', t => {
  for (const { operationId, responses } of operations) {
    for (const [status, { content = {} }] of Object.entries(responses)) {
      if (status >= '300') continue
      t.ok(Object.keys(content).length > 0 || status === '204' || status === '202', `${operationId} ${status} has a schema`)
      for (const { schema } of Object.values(content)) {
        t.same(openPlaces(operationId, schema).filter(place => !open.includes(place) && !place.startsWith('listOrderEvents items data ')), [], `${operationId} ${status}`)
      }
    }
  }
  t.end()
})

test('a member that a schema does not name does not come out', async t => {
  const levels = [{ sku: 'A', onHand: 4, reserved: 2, reorderLevel: 3, secret: 'of the house' }]
  const api = await buildApi(t, { levels })
  const answer = await api.app.inject({ url: '/v1/inventory', headers: { authorization: `Bearer ${await api.token('WarehouseManager')}` } })
  t.same(answer.json().items, [{ sku: 'A', onHand: 4, reserved: 2, available: 2, reorderLevel: 3 }])
})

test('every problem stands in docs/errors.md with its status and the URI of its type', async t => {
  const page = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  for (const code of Object.keys(apiErrors) as ApiErrorCode[]) {
    t.match(problemType(code), /^urn:commerce:problem:[a-z-]+$/)
    const row = page.split('\n').find(line => line.startsWith(`| \`${problemCode(code)}\` |`))
    t.match(row, new RegExp(`\\| ${apiErrors[code].status} \\|.*\\| \`${problemType(code)}\` \\|`), code)
  }
})

test('every status of a refusal in the description is that of a problem', t => {
  const statuses = new Set(Object.values(apiErrors).map(({ status }) => String(status)))
  for (const { operationId, responses } of operations) {
    for (const status of Object.keys(responses)) if (status >= '400') t.ok(statuses.has(status), `${operationId} ${status}`)
  }
  t.end()
})
