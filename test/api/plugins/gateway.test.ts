import { test } from 'tap'
import fastify from 'fastify'
import { deprecationPlugin } from '../../../api/plugins/app/deprecation.ts'
import { openApiPlugin } from '../../../api/plugins/external/swagger.ts'
import { principalOf } from '../../../api/permissions.ts'
import { buildServer } from '../../../api/server.ts'
import { buildApi } from '../../support/build-app.ts'
import { orderBody } from '../order-fixtures.ts'

const shop = 'https://shop.example'
const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,idempotency-key' }
const nobody = async (): Promise<never> => { throw new Error('no token counts') }

test('no page may use the API when no origin is listed', async t => {
  const api = await buildApi(t)
  const answer = await api.app.inject({ url: '/health/live', headers: { origin: shop } })
  t.equal(answer.headers['access-control-allow-origin'], undefined)
  const asked = await api.app.inject({ method: 'OPTIONS', url: '/v1/orders', headers: { origin: shop, ...preflight } })
  t.equal(asked.statusCode, 405)
  t.equal(asked.headers['access-control-allow-origin'], undefined)
})

test('a page of a listed origin may ask without a token what it may send, and read the headers that it needs', async t => {
  const api = await buildApi(t, { corsOrigins: [shop] })
  const asked = await api.app.inject({ method: 'OPTIONS', url: '/v1/orders', headers: { origin: shop, ...preflight } })
  t.equal(asked.statusCode, 204)
  t.equal(asked.headers['access-control-allow-origin'], shop)
  t.match(asked.headers['access-control-allow-headers'], /Idempotency-Key/)
  t.match(asked.headers['access-control-allow-methods'], /PATCH/)
  const answer = await api.app.inject({ url: '/health/live', headers: { origin: shop } })
  t.equal(answer.headers['access-control-allow-origin'], shop)
  for (const name of ['Location', 'ETag', 'Retry-After', 'RateLimit']) t.ok(String(answer.headers['access-control-expose-headers']).split(', ').includes(name), name)
  t.equal(answer.headers['access-control-allow-credentials'], undefined)
  t.match(answer.headers.vary, /Origin/i)
})

test('a page of another origin gets no leave, however it looks', async t => {
  const api = await buildApi(t, { corsOrigins: [shop] })
  for (const origin of ['https://evil.example', 'https://shop.example.evil.example', 'http://shop.example', 'https://shop.example:8443', 'null']) {
    const answer = await api.app.inject({ url: '/health/live', headers: { origin } })
    t.equal(answer.headers['access-control-allow-origin'], undefined, origin)
    const asked = await api.app.inject({ method: 'OPTIONS', url: '/v1/orders', headers: { origin, ...preflight } })
    t.equal(asked.headers['access-control-allow-origin'], undefined, origin)
  }
})

test('a refusal can be read by a page of a listed origin, too', async t => {
  const api = await buildApi(t, { corsOrigins: [shop] })
  const answer = await api.app.inject({ url: '/v1/orders', headers: { origin: shop } })
  t.equal(answer.statusCode, 401)
  t.equal(answer.headers['access-control-allow-origin'], shop)
})

test('an unknown version of the API is told so, and an unknown path of a known one is not found', async t => {
  const api = await buildApi(t)
  for (const url of ['/v2/orders', '/v99', '/v0?x=1']) {
    const answer = await api.app.inject(url)
    t.equal(answer.statusCode, 404, url)
    t.match(answer.json(), { code: 'version-unknown', detail: 'there is v1' })
  }
  for (const url of ['/v1/nothing', '/versions', '/v1', '/v']) t.equal((await api.app.inject(url)).json().code, 'not-found', url)
})

test('a body that is larger than its route takes is refused with 413 before it is read', async t => {
  const api = await buildApi(t)
  const token = await api.token('Admin')
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'k' }
  const large = (bytes: number) => JSON.stringify({ padding: 'x'.repeat(bytes) })
  const cancel = await api.app.inject({ method: 'POST', url: '/v1/orders/0198c0de-0000-8000-8000-000000000001/cancel', headers, payload: large(262_144) })
  t.match([cancel.statusCode, cancel.json().code], [413, 'body-too-large'])
  const order = await api.app.inject({ method: 'POST', url: '/v1/orders', headers, payload: large(262_144) })
  t.equal(order.statusCode, 422, 'orders may be larger')
  t.equal((await api.app.inject({ method: 'POST', url: '/v1/orders', headers, payload: large(4 * 1024 * 1024) })).statusCode, 413)
})

test('every route has a limit of time and of its body', async t => {
  const routes: Array<{ readonly name: string, readonly timeMs: number, readonly bytes: number }> = []
  const longLived: string[] = []
  const verify = async () => ({ principal: principalOf('root', ['Admin']), expiresAtS: Infinity })
  const app = await buildServer({ services: { admission: { isFull: false } } as never, verify, maxEventLoopDelayMs: 0, areLimitsLifted: true })
  app.addHook('onRequest', async request => {
    const { method, url, handlerTimeout = 0, bodyLimit, config } = request.routeOptions
    const name = `${String(method)} ${url ?? ''}`
    if (config.isLongLived === true) longLived.push(name)
    else routes.push({ name, timeMs: handlerTimeout, bytes: bodyLimit })
  })
  t.teardown(async () => { await app.close() })
  await app.ready()
  const { paths = {} } = app.swagger() as { paths?: Record<string, object> }
  for (const [path, operations] of Object.entries(paths)) {
    for (const method of Object.keys(operations)) {
      await app.inject({ method: method.toUpperCase() as 'GET', url: path.replaceAll(/\{\w+\}/g, 'x'), headers: { authorization: 'Bearer x' } })
    }
  }
  t.ok(routes.length > 40)
  t.same(longLived.sort(), ['GET /v1/notifications/stream', 'GET /v1/orders/:id/stream', 'POST /v1/orders/bulk'], 'what sees to it by itself')
  for (const { name, timeMs, bytes } of routes) {
    t.ok(timeMs > 0 && timeMs <= 40_000, `${name}: ${timeMs} ms`)
    t.ok(bytes > 0 && bytes <= 4 * 1024 * 1024, `${name}: ${bytes} bytes`)
  }
})

test('an answer that takes too long is given up with 503, and its route is told', async t => {
  const app = await buildServer({ services: { admission: { isFull: false } } as never, verify: nobody, maxEventLoopDelayMs: 0 })
  let isTold = false
  app.get('/slow', { config: { permission: 'public' }, handlerTimeout: 20 }, async request => await new Promise(() => {
    request.signal.addEventListener('abort', () => { isTold = true })
  }))
  t.teardown(async () => { await app.close() })
  const answer = await app.inject('/slow')
  t.match([answer.statusCode, answer.json().code, answer.headers['retry-after'], isTold], [503, 'too-slow', '1', true])
})

test('a route that will go away says so in its answers, in refusals too, and in its description', async t => {
  const app = fastify()
  await app.register(deprecationPlugin)
  await app.register(openApiPlugin)
  app.get('/old', {
    config: { deprecated: { since: '2026-01-01T00:00:00Z', sunset: '2026-07-01T00:00:00Z', link: 'https://docs.example/moves' } },
    schema: { operationId: 'old' }
  }, async () => 'old')
  app.get('/failing', { config: { deprecated: { since: '2026-01-01', link: 'https://docs.example/moves' } } }, async () => { throw new Error('no') })
  app.get('/new', { schema: { operationId: 'new' } }, async () => 'new')
  await app.ready()
  t.teardown(async () => { await app.close() })
  t.match((await app.inject('/old')).headers, {
    deprecation: '@1767225600', sunset: 'Wed, 01 Jul 2026 00:00:00 GMT', link: '<https://docs.example/moves>; rel="deprecation"; type="text/html"'
  })
  const failed = await app.inject('/failing')
  t.equal(failed.statusCode, 500)
  t.equal(failed.headers['deprecation'], '@1767225600')
  t.equal(failed.headers['sunset'], undefined)
  t.equal((await app.inject('/new')).headers['deprecation'], undefined)
  t.match(app.swagger(), { paths: { '/old': { get: { deprecated: true } } } })
  t.notOk((app.swagger() as { paths: Record<string, { get: { deprecated?: boolean } }> }).paths['/new']?.get.deprecated)
})

test('a route with a deprecation that makes no sense cannot be registered', async t => {
  const app = fastify()
  await app.register(deprecationPlugin)
  t.throws(() => { app.get('/a', { config: { deprecated: { since: 'soon', link: 'x' } } }, async () => '') }, { message: /not a date/ })
  const backwards = { since: '2026-02-01', sunset: '2026-01-01', link: 'x' }
  t.throws(() => { app.get('/b', { config: { deprecated: backwards } }, async () => '') }, { message: /before the deprecation/ })
  await app.close()
})

test('the page of the API is served from here with a policy of its own, and every other answer keeps the strict one', async t => {
  const api = await buildApi(t)
  const page = await api.app.inject('/docs')
  t.equal(page.statusCode, 200)
  t.match(page.headers['content-type'], /text\/html/)
  const policy = String(page.headers['content-security-policy'])
  t.match(policy, /default-src 'none'; script-src 'self';/)
  t.notMatch(policy, /https?:|script-src[^;]*unsafe/)
  t.notMatch(page.body, /(?:src|href)="https?:/, 'nothing is loaded from elsewhere')
  t.notMatch(page.body, /<script(?![^>]*\bsrc=)/, 'the policy allows no script in the page')
  for (const [, asset = ''] of page.body.matchAll(/(?:src|href)="\.?([^"]+)"/g)) {
    const answer = await api.app.inject(asset.startsWith('/docs') ? asset : `/docs${asset}`)
    t.equal(answer.statusCode, 200, asset)
    t.equal(answer.headers['content-security-policy'], policy, asset)
  }
  t.same((await api.app.inject('/docs/json')).json().paths, (await api.app.inject('/openapi.json')).json().paths)
  for (const url of ['/openapi.json', '/health/live', '/v1/orders', '/nothing']) {
    t.equal((await api.app.inject(url)).headers['content-security-policy'], "default-src 'none';frame-ancestors 'none'", url)
  }
})

test('a refusal carries the security headers of every answer', async t => {
  const api = await buildApi(t)
  for (const url of ['/v1/orders', '/nothing', '/v9']) {
    const { headers, statusCode } = await api.app.inject(url)
    t.ok(statusCode >= 400)
    t.match(headers, { 'x-content-type-options': 'nosniff', 'strict-transport-security': /max-age/, 'content-security-policy': /default-src 'none'/ }, url)
  }
})

test('files beside those of the page cannot be read through it', async t => {
  const api = await buildApi(t)
  for (const path of ['..%2f..%2fpackage.json', '../../package.json', '%2e%2e/index.js', '.%00/x']) {
    t.ok((await api.app.inject(`/docs/static/${path}`)).statusCode >= 400, path)
  }
})

test('a request without JSON, or with something else, is told what is wrong', async t => {
  const api = await buildApi(t)
  const headers = { authorization: `Bearer ${await api.token('Customer')}`, 'idempotency-key': 'k' }
  const post = async (type: string, payload: string) => (await api.app.inject({ method: 'POST', url: '/v1/orders', headers: { ...headers, 'content-type': type }, payload })).json().code
  t.equal(await post('text/plain', 'x'), 'media-type-unsupported')
  t.equal(await post('application/json', '{'), 'request-malformed')
  t.equal(await post('application/json', JSON.stringify({ ...orderBody, more: 1 })), 'request-invalid')
  t.equal(await post('application/json', '{"__proto__":{"admin":true}}'), 'request-malformed')
})
