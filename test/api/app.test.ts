import { Registry } from '@prometheus-io/client'
import fastify, { type RouteOptions } from 'fastify'
import { SignJWT, generateKeyPair } from 'jose'
import { test } from 'tap'
import { apiPlugin } from '../../api/app.ts'
import { apiErrors, problemCode } from '../../api/errors.ts'
import { openTokenKeys } from '../../api/keyring.ts'
import { isPermission, permissions, principalOf, roles } from '../../api/permissions.ts'
import { parsePosition, positionToken } from '../../api/position.ts'
import { buildMetricsServer, buildServer } from '../../api/server.ts'
import { createTokenVerifier, generateTokenKey, publicTokenKey, signToken } from '../../api/token.ts'
import { preferredWaitS } from '../../api/orders/wait.ts'
import { buildApi } from '../support/build-app.ts'
import { orderBody } from './order-fixtures.ts'

const orderPath = '/v1/orders/0198c0de-0000-8000-8000-000000000001'
const rules = { issuer: 'test', audience: 'test-api' }

test('every route is denied without a token unless it is one of these', async t => {
  const registered: RouteOptions[] = []
  const app = fastify()
  app.addHook('onRoute', route => { registered.push(route) })
  await app.register(apiPlugin, { services: { admission: { isFull: false } } as never, verify: async () => { throw new Error('not valid') } })
  t.teardown(async () => { await app.close() })
  const routes = registered.flatMap(({ method, url, config }) => [method].flat().map(each => ({ method: each as 'GET', url, permission: config?.permission })))
  const open = [
    '/docs', '/docs/', '/docs/json', '/docs/static/*', '/docs/static/index.html', '/docs/static/swagger-initializer.js', '/docs/yaml',
    '/health/live', '/health/ready', '/openapi.json', '/v1/.well-known/jwks.json', '/v1/auth/login', '/v1/auth/logout', '/v1/auth/password-reset',
    '/v1/auth/password-reset/confirm', '/v1/auth/refresh', '/v1/auth/register', '/v1/auth/token', '/v1/auth/verify-email', '/v1/behaviour',
    '/v1/experiments/assignments', '/v1/webhooks/carriers', '/v1/webhooks/notifications', '/v1/webhooks/payments'
  ]
  t.same([...new Set(routes.filter(route => route.permission === 'public').map(route => route.url))].sort(), open)
  const closed = routes.filter(route => route.permission !== 'public')
  t.same([...new Set(closed.map(route => route.url))].sort(), [
    '/v1/admin/flags', '/v1/admin/flags/:name', '/v1/admin/log-level', '/v1/admin/privacy/erase', '/v1/admin/privacy/erasures/:subject', '/v1/admin/privacy/export',
    '/v1/analytics/customers/:id/lifetime-value', '/v1/analytics/dashboard', '/v1/analytics/export',
    '/v1/analytics/funnel', '/v1/analytics/orders/summary', '/v1/analytics/products/top', '/v1/analytics/revenue', '/v1/analytics/saga-latency', '/v1/auth/password',
    '/v1/categories', '/v1/categories/:id', '/v1/categories/:id/move', '/v1/experiments/assignments/me', '/v1/inventory', '/v1/inventory/:sku',
    '/v1/inventory/:sku/reservations', '/v1/inventory/:sku/reservations/:id', '/v1/inventory/:sku/reservations/:id/release',
    '/v1/inventory/:sku/restock', '/v1/inventory/low-stock', '/v1/inventory/reservations', '/v1/ledger/trial-balance',
    '/v1/notifications', '/v1/notifications/:id', '/v1/notifications/preferences', '/v1/notifications/read', '/v1/notifications/stream', '/v1/notifications/templates',
    '/v1/notifications/templates/:name/preview', '/v1/orders', '/v1/orders/:id',
    '/v1/orders/:id/amend', '/v1/orders/:id/cancel', '/v1/orders/:id/events', '/v1/orders/:id/payments', '/v1/orders/:id/returns',
    '/v1/orders/:id/returns/:returnId/approve', '/v1/orders/:id/returns/:returnId/receive', '/v1/orders/:id/review', '/v1/orders/:id/ship',
    '/v1/orders/:id/shipments', '/v1/orders/:id/stream', '/v1/orders/bulk', '/v1/payments/:id', '/v1/payments/:id/refund', '/v1/products',
    '/v1/products/:id', '/v1/products/:id/archive', '/v1/products/:id/attributes', '/v1/products/:id/images', '/v1/products/:id/price',
    '/v1/products/:id/prices', '/v1/products/:id/publish', '/v1/products/:id/unpublish', '/v1/products/featured', '/v1/products/sku/:sku',
    '/v1/shipments/:id', '/v1/shipments/:id/cancel', '/v1/shipments/:id/delivered', '/v1/shipments/:id/delivery-attempt',
    '/v1/shipments/:id/tracking', '/v1/shipments/delayed', '/v1/shipments/pending', '/v1/shipments/tracking/:no', '/v1/users/:id',
    '/v1/users/:id/credit-limit', '/v1/users/:id/roles', '/v1/users/me', '/v1/users/me/export', '/v1/users/service-accounts',
    '/v1/webhooks', '/v1/webhooks/:id', '/v1/webhooks/:id/deliveries', '/v1/webhooks/:id/deliveries/:messageId', '/v1/webhooks/:id/deliveries/:messageId/resend',
    '/v1/webhooks/:id/ping', '/v1/webhooks/:id/resend', '/v1/webhooks/:id/secret', '/v1/webhooks/event-types'
  ])
  for (const { method, url, permission } of closed) {
    t.ok(permission === 'self' || isPermission(permission), `${method} ${url}`)
    const answer = await app.inject({ method, url: url.replace(':id', '0198c0de-0000-8000-8000-000000000001') })
    t.equal(answer.statusCode, 401, `${method} ${url}`)
  }
})

test('a route without a permission cannot be registered', async t => {
  const api = await buildServer({ services: { admission: { isFull: false } } as never, verify: async () => { throw new Error('no') } })
  await t.rejects(async () => { api.get('/open', async () => 'x') }, { message: /says no permission/ })
  await api.close()
})

test('a request is refused when its token is missing, broken, expired, of another key, issuer or audience', async t => {
  const api = await buildApi(t)
  const key = await generateTokenKey()
  const other = await generateKeyPair('EdDSA', { crv: 'Ed25519' })
  const content = { subject: 'c', roles: ['Customer'], ttlS: 60 } as const
  const tokens = {
    missing: undefined,
    broken: 'abc',
    expired: await signToken(key, rules, { ...content, ttlS: -10 }),
    'another key': await signToken(key, rules, content),
    unsigned: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"c","roles":["Admin"]}').toString('base64url')}.`,
    'no expiry': await new SignJWT({ roles: ['Admin'] }).setProtectedHeader({ alg: 'EdDSA' }).setSubject('c').sign(other.privateKey)
  }
  for (const [name, token] of Object.entries(tokens)) {
    const answer = await api.app.inject({ url: orderPath, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })
    t.equal(answer.statusCode, 401, name)
    t.equal(answer.headers['www-authenticate'], 'Bearer')
    t.equal(answer.headers['content-type'], 'application/problem+json')
  }
})

test('a verifier refuses a good signature for another issuer, audience or time', async t => {
  const key = await generateTokenKey()
  const verify = createTokenVerifier(await openTokenKeys({ read: async () => [key], clock: { now: Date.now }, ttlS: 60 }), rules)
  const content = { subject: 'c', roles: ['Customer'], ttlS: 60 } as const
  t.match(await verify(await signToken(key, rules, content)), { principal: { subject: 'c', roles: ['Customer'] } })
  await t.rejects(verify(await signToken(key, { ...rules, issuer: 'x' }, content)))
  await t.rejects(verify(await signToken(key, { ...rules, audience: 'x' }, content)))
  await t.rejects(verify(await signToken(key, rules, { ...content, ttlS: -1 })))
  t.notOk('d' in publicTokenKey(key))
})

test('a request is refused with 403 when the role does not allow the route', async t => {
  const api = await buildApi(t)
  const answer = await api.app.inject({
    method: 'POST', url: '/v1/orders', headers: { authorization: `Bearer ${await api.token('Analyst')}`, 'idempotency-key': 'k' }, payload: orderBody
  })
  t.equal(answer.statusCode, 403)
  t.match(answer.json(), { code: 'forbidden', detail: /orders:write/ })
})

test('grants count for service accounts only', t => {
  t.ok(principalOf('s', ['ServiceAccount'], ['orders:write']).permissions.has('orders:write'))
  t.notOk(principalOf('s', ['Analyst'], ['orders:write']).permissions.has('orders:write'))
  t.equal(principalOf('s', ['Admin']).permissions.size, permissions.length)
  t.notOk(principalOf('s', ['Customer']).permissions.has('orders:read-all'))
  t.same(roles.ServiceAccount, [])
  t.end()
})

test('an unknown path is a problem with 404', async t => {
  const api = await buildApi(t)
  const answer = await api.app.inject('/v1/nothing')
  t.equal(answer.statusCode, 404)
  t.match(answer.json(), { type: 'urn:commerce:problem:not-found', title: String, status: 404, code: 'not-found', traceId: /^[0-9a-f-]{36}$/ })
})

test('requests are limited for each user and say so in headers', async t => {
  const api = await buildApi(t, { limits: { user: { max: 2, windowMs: 60_000 } } })
  const ask = async (subject: string) => await api.app.inject({ url: orderPath, headers: { authorization: `Bearer ${await api.token('Customer', subject)}` } })
  const first = await ask('a')
  t.equal(first.headers['ratelimit-limit'], '2')
  t.equal(first.headers['ratelimit-remaining'], '1')
  await ask('a')
  const refused = await ask('a')
  t.equal(refused.statusCode, 429)
  t.equal(refused.json().code, 'rate-limited')
  t.ok(Number(refused.headers['retry-after']) > 0)
  t.equal((await ask('b')).statusCode, 404)
})

test('guessing paths is limited and health checks are not', async t => {
  const api = await buildApi(t, { limits: { user: { max: 1, windowMs: 60_000 } } })
  t.equal((await api.app.inject('/a')).statusCode, 404)
  t.equal((await api.app.inject('/b')).statusCode, 429)
  for (let i = 0; i < 3; i++) t.equal((await api.app.inject('/health/live')).statusCode, 200)
})

test('the process is ready when every part is, and says which is not', async t => {
  let works = true
  const api = await buildApi(t, { checks: { broker: async () => true, state: async () => { if (works) return true; throw new Error('down') } } })
  const ready = await api.app.inject('/health/ready')
  t.equal(ready.statusCode, 200)
  t.same(ready.json(), { status: 'ready', checks: { broker: true, state: true } })
  works = false
  const unready = await api.app.inject('/health/ready')
  t.equal(unready.statusCode, 503)
  t.same(unready.json(), { status: 'unready', checks: { broker: true, state: false } })
  t.equal((await api.app.inject('/health/live')).statusCode, 200)
})

test('an error of ours is answered without its message', async t => {
  const api = await buildApi(t)
  api.state.faults.fail({ op: 'read' }, { phase: 'request', error: new Error('secret of the house') })
  const answer = await api.app.inject({ url: orderPath, headers: { authorization: `Bearer ${await api.token('Customer')}` } })
  t.equal(answer.statusCode, 500)
  t.notMatch(answer.body, /secret/)
  t.equal(answer.json().code, 'internal')
})

test('requests are turned away with 503 when the event loop is too slow', async t => {
  const api = await buildApi(t, { maxEventLoopDelayMs: 0.001 })
  let answer = await api.app.inject('/openapi.json')
  while (answer.statusCode === 200) {
    await new Promise(resolve => setTimeout(resolve, 50))
    answer = await api.app.inject('/openapi.json')
  }
  t.equal(answer.statusCode, 503)
  t.equal((await api.app.inject('/health/live')).statusCode, 200, 'nobody ends a process because it is busy')
  t.equal(answer.json().code, 'overloaded')
  t.equal(answer.headers['retry-after'], '1')
})

test('answers carry security headers', async t => {
  const api = await buildApi(t)
  const { headers } = await api.app.inject('/health/live')
  t.equal(headers['x-content-type-options'], 'nosniff')
  t.match(headers['content-security-policy'], /default-src 'none'/)
})

test('requests are measured by route pattern and served on a server of their own', async t => {
  const metrics = new Registry()
  const api = await buildApi(t, { metrics })
  await api.app.inject({ url: orderPath, headers: { authorization: `Bearer ${await api.token('Customer')}` } })
  await api.app.inject('/guess')
  const server = buildMetricsServer(metrics)
  t.teardown(async () => { await server.close() })
  const answer = await server.inject('/metrics')
  t.equal(answer.statusCode, 200)
  t.match(answer.body, /http_server_request_duration_seconds_count\{http_request_method="GET",http_route="\/v1\/orders\/:id",http_response_status_code="404"\} 1/)
  t.match(answer.body, /http_route="none"/)
  t.notMatch(answer.body, /0198c0de|guess/)
  t.equal((await api.app.inject('/metrics')).statusCode, 404)
})

test('the OpenAPI document describes every route', async t => {
  const api = await buildApi(t)
  const document = (await api.app.inject('/openapi.json')).json()
  t.equal(document.openapi, '3.1.0')
  t.same(Object.keys(document.paths).sort(), [
    '/health/live', '/health/ready', '/v1/.well-known/jwks.json', '/v1/admin/flags', '/v1/admin/flags/{name}', '/v1/admin/log-level',
    '/v1/admin/privacy/erase', '/v1/admin/privacy/erasures/{subject}', '/v1/admin/privacy/export',
    '/v1/analytics/customers/{id}/lifetime-value', '/v1/analytics/dashboard', '/v1/analytics/export', '/v1/analytics/funnel', '/v1/analytics/orders/summary',
    '/v1/analytics/products/top', '/v1/analytics/revenue', '/v1/analytics/saga-latency', '/v1/auth/login', '/v1/auth/logout', '/v1/auth/password',
    '/v1/auth/password-reset', '/v1/auth/password-reset/confirm', '/v1/auth/refresh', '/v1/auth/register', '/v1/auth/token', '/v1/auth/verify-email',
    '/v1/behaviour', '/v1/categories', '/v1/categories/{id}', '/v1/categories/{id}/move', '/v1/experiments/assignments',
    '/v1/experiments/assignments/me', '/v1/inventory', '/v1/inventory/low-stock', '/v1/inventory/reservations', '/v1/inventory/{sku}',
    '/v1/inventory/{sku}/reservations', '/v1/inventory/{sku}/reservations/{id}',
    '/v1/inventory/{sku}/reservations/{id}/release', '/v1/inventory/{sku}/restock', '/v1/ledger/trial-balance',
    '/v1/notifications', '/v1/notifications/preferences', '/v1/notifications/read', '/v1/notifications/stream', '/v1/notifications/templates',
    '/v1/notifications/templates/{name}/preview', '/v1/notifications/{id}', '/v1/orders', '/v1/orders/bulk', '/v1/orders/{id}', '/v1/orders/{id}/amend',
    '/v1/orders/{id}/cancel', '/v1/orders/{id}/events', '/v1/orders/{id}/payments', '/v1/orders/{id}/returns',
    '/v1/orders/{id}/returns/{returnId}/approve', '/v1/orders/{id}/returns/{returnId}/receive', '/v1/orders/{id}/review', '/v1/orders/{id}/ship',
    '/v1/orders/{id}/shipments', '/v1/orders/{id}/stream', '/v1/payments/{id}', '/v1/payments/{id}/refund', '/v1/products', '/v1/products/featured',
    '/v1/products/sku/{sku}', '/v1/products/{id}', '/v1/products/{id}/archive', '/v1/products/{id}/attributes', '/v1/products/{id}/images',
    '/v1/products/{id}/price', '/v1/products/{id}/prices', '/v1/products/{id}/publish', '/v1/products/{id}/unpublish', '/v1/shipments/delayed',
    '/v1/shipments/pending', '/v1/shipments/tracking/{no}', '/v1/shipments/{id}', '/v1/shipments/{id}/cancel', '/v1/shipments/{id}/delivered',
    '/v1/shipments/{id}/delivery-attempt', '/v1/shipments/{id}/tracking', '/v1/users/me', '/v1/users/me/export', '/v1/users/service-accounts', '/v1/users/{id}',
    '/v1/users/{id}/credit-limit', '/v1/users/{id}/roles', '/v1/webhooks',
    '/v1/webhooks/carriers', '/v1/webhooks/event-types', '/v1/webhooks/notifications', '/v1/webhooks/payments', '/v1/webhooks/{id}', '/v1/webhooks/{id}/deliveries',
    '/v1/webhooks/{id}/deliveries/{messageId}', '/v1/webhooks/{id}/deliveries/{messageId}/resend', '/v1/webhooks/{id}/ping', '/v1/webhooks/{id}/resend',
    '/v1/webhooks/{id}/secret'
  ])
})

test('every problem has a code of its own and a status that fits', t => {
  const codes = Object.keys(apiErrors) as Array<keyof typeof apiErrors>
  t.equal(new Set(codes.map(problemCode)).size, codes.length)
  for (const code of codes) {
    t.match(problemCode(code), /^[a-z-]+$/)
    t.ok(apiErrors[code].status >= 400 && apiErrors[code].status < 600)
    if (apiErrors[code].status === 503) t.ok('retryAfterS' in apiErrors[code], code)
  }
  t.end()
})

test('a wait is read from the Prefer header and is never longer than 30 seconds', t => {
  for (const [header, seconds] of [['wait=5', 5], ['respond-async, wait=10', 10], ['WAIT = "7"', 7], ['wait=600', 30], ['wait=0', 0]] as const) t.equal(preferredWaitS(header), seconds, header)
  for (const header of [undefined, '', 'wait', 'wait=x', 'await=5', 'wait=-1']) t.equal(preferredWaitS(header), undefined, String(header))
  t.end()
})

test('a position comes back from its token and rubbish does not', t => {
  const position = { topic: 'commerce.orders.commands', partition: 3, offset: 123_456_789_012n }
  t.same(parsePosition(positionToken(position)), position)
  for (const token of ['', 'x', Buffer.from('topic 1').toString('base64url'), Buffer.from('t 1 -1').toString('base64url')]) t.equal(parsePosition(token), undefined)
  t.end()
})
