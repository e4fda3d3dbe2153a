import { test } from 'tap'
import { type Role } from '../../../api/permissions.ts'
import { commandId } from '../../../topology/envelope.ts'
import { orderState, orderView } from '../order-fixtures.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'

const orderId = '0198c0de-0000-8000-8000-000000000001'
const short = { state: 'ActionRequired', actionReason: 'shortStock', deadline: 1_700_086_400_000, shortages: [{ sku: '85123A', requested: 6, available: 2 }] } as const
const declined = { state: 'ActionRequired', actionReason: 'paymentDeclined' } as const

interface Request { readonly body?: object, readonly key?: string | null, readonly role?: Role, readonly subject?: string }

async function post (api: ApiUnderTest, action: string, { body = {}, key = 'key-1', role = 'Customer', subject = 'customer-1' }: Request = {}) {
  return await api.app.inject({
    method: 'POST',
    url: `/v1/orders/${orderId}/${action}`,
    headers: { authorization: `Bearer ${await api.token(role, subject)}`, ...(key === null ? {} : { 'idempotency-key': key }) },
    payload: body
  })
}

const amendment = { lines: [{ lineNo: 1, quantity: 2 }] }
const actions = [
  ['amend', amendment, short, { type: 'AmendOrder', lines: [{ lineNo: 1, quantity: 2 }] }],
  ['payments', { payment: { method: 'card', token: 'tok_other' } }, declined, { type: 'RetryPayment', payment: { method: 'card', token: 'tok_other' } }],
  ['cancel', { reason: 'too late' }, { state: 'Confirmed', everConfirmed: true }, { type: 'CancelOrder', reason: 'too late' }]
] as const

for (const [action, body, view, command] of actions) {
  test(`POST ${action} is accepted when its command is in the log`, async t => {
    const api = await buildApi(t)
    await api.store(orderId, { view: orderView(orderId, view) })
    const answer = await post(api, action, { body })
    t.equal(answer.statusCode, 202)
    t.match(answer.json(), { orderId, status: 'accepted', location: /^\/v1\/orders\/0198c0de.*\?position=/ })
    t.match(api.commands(), [{ ...command, orderId, meta: { commandId: commandId('default', 'customer-1', `POST /v1/orders/${orderId}/${action}`, 'key-1'), principal: 'customer-1' } }])
  })

  test(`POST ${action} is written once when it is repeated, and refused with another body under its key`, async t => {
    const api = await buildApi(t)
    await api.store(orderId, { view: orderView(orderId, view) })
    await post(api, action, { body })
    const again = await post(api, action, { body })
    t.same([again.statusCode, again.headers['idempotent-replayed'], api.commands().length], [202, 'true', 1])
    const other = action === 'amend' ? { lines: [{ lineNo: 1, quantity: 1 }] } : action === 'payments' ? {} : { reason: 'other' }
    t.match((await post(api, action, { body: other })).json(), { status: 422, code: 'idempotency-conflict' })
  })

  test(`POST ${action} is answered from the order itself when the cache has forgotten it`, async t => {
    const api = await buildApi(t)
    await api.store(orderId, { view: orderView(orderId, view) })
    await post(api, action, { body })
    const { meta } = api.commands()[0] ?? {}
    const fresh = await buildApi(t)
    const state = { ...orderState(orderId, 'h'), commandIds: [meta?.commandId ?? ''], commandHashes: { [meta?.commandId ?? '']: meta?.bodyHash ?? '' } }
    await fresh.store(orderId, { view: orderView(orderId, { state: 'Pending' }), state })
    const again = await post(fresh, action, { body })
    t.same([again.statusCode, again.headers['idempotent-replayed'], fresh.commands().length], [202, 'true', 0])
    const other = action === 'amend' ? { lines: [{ lineNo: 1, quantity: 1 }] } : action === 'payments' ? {} : { reason: 'other' }
    t.match((await post(fresh, action, { body: other })).json(), { status: 422, code: 'idempotency-conflict' })
  })

  test(`POST ${action} is refused when nobody may do it, or to the order of somebody else`, async t => {
    const api = await buildApi(t)
    await api.store(orderId, { view: orderView(orderId, view) })
    t.equal((await post(api, action, { body, role: 'Analyst' })).statusCode, 403)
    t.equal((await post(api, action, { body, subject: 'customer-2' })).statusCode, 404)
    t.equal((await post(api, action, { body, key: null })).statusCode, 400)
    t.same(api.commands(), [])
  })
}

test('POST amend and POST payments are refused at once when the order does not ask for them', async t => {
  const api = await buildApi(t)
  for (const state of ['Pending', 'Confirmed', 'Compensating'] as const) {
    await api.store(orderId, { view: orderView(orderId, { state }) })
    for (const [action, body] of [['amend', amendment], ['payments', {}]] as const) {
      t.match((await post(api, action, { body, key: `${action}-${state}` })).json(), { status: 409, code: 'state-forbids', detail: `the order is ${state}` })
    }
  }
  await api.store(orderId, { view: orderView(orderId, declined) })
  t.equal((await post(api, 'amend', { body: amendment })).statusCode, 409)
  await api.store(orderId, { view: orderView(orderId, short) })
  t.equal((await post(api, 'payments')).statusCode, 409)
  t.same(api.commands(), [])
})

test('POST cancel is refused at once when the order has ended', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId, { state: 'Cancelled', outcome: 'Cancelled' }) })
  t.match((await post(api, 'cancel')).json(), { status: 409, code: 'state-forbids' })
})

test('a back-order is amended, too', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId, { state: 'BackOrdered' }) })
  t.equal((await post(api, 'amend', { body: amendment })).statusCode, 202)
})

const wrong: ReadonlyArray<readonly [what: string, lines: readonly object[], status: number, field?: string]> = [
  ['there is no line', [], 422],
  ['a quantity is negative', [{ lineNo: 1, quantity: -1 }], 422],
  ['the line does not exist', [{ lineNo: 2, quantity: 1 }], 422, '/lines/0/lineNo'],
  ['it takes as much as before', [{ lineNo: 1, quantity: 6 }], 422, '/lines/0/quantity'],
  ['nothing is left', [{ lineNo: 1, quantity: 0 }], 422, '/lines']
]
for (const [what, lines, status, field] of wrong) {
  test(`POST amend is refused when ${what}, and its key is free again`, async t => {
    const api = await buildApi(t)
    await api.store(orderId, { view: orderView(orderId, short) })
    const answer = await post(api, 'amend', { body: { lines } })
    t.equal(answer.statusCode, status)
    if (field !== undefined) t.match(answer.json(), { errors: [{ field }] })
    t.equal((await post(api, 'amend', { body: amendment })).statusCode, 202)
  })
}

test('POST payments is refused when the token looks like a card number', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId, declined) })
  t.equal((await post(api, 'payments', { body: { payment: { method: 'card', token: '4111 1111 1111 1111' } } })).statusCode, 422)
})

test('a reader sees what the customer has to decide, until when, and what is short', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId, short) })
  const answer = await api.app.inject({ url: `/v1/orders/${orderId}`, headers: { authorization: `Bearer ${await api.token('Customer')}` } })
  t.match(answer.json(), { state: 'ActionRequired', actionReason: 'shortStock', deadline: '2023-11-15T22:13:20.000Z', shortages: [{ sku: '85123A', requested: 6, available: 2 }] })
})

test('as many lines as an order may have are read in every command about lines, whatever they weigh', async t => {
  const api = await buildApi(t)
  const lines = Array.from({ length: 10_000 }, (_, index) => ({ lineNo: 1 + index % 9, quantity: 1_000_000 }))
  const returnId = '0198c0de-0000-8000-8000-000000000002'
  for (const [action, role, body] of [
    ['amend', 'Customer', { lines }], ['returns', 'Customer', { lines, reason: 'too many' }], [`returns/${returnId}/receive`, 'WarehouseManager', { lines }],
    ['ship', 'WarehouseManager', { lines }]
  ] as const) {
    t.ok(JSON.stringify(body).length > 262_144)
    t.match((await post(api, action, { role, body })).json(), { status: 404, code: 'not-found' }, action)
  }
})
