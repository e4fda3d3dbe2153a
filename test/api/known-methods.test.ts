import { test } from 'tap'
import { buildApi } from '../support/build-app.ts'

const id = '0198c0de-0000-8000-8000-000000000001'

test('a method that a resource does not know is a problem that names those it knows', async t => {
  const { app } = await buildApi(t)
  const cases = [
    ['PUT', `/v1/orders/${id}`, 'DELETE, GET, HEAD'],
    ['DELETE', `/v1/orders/${id}/cancel?now=1`, 'POST'],
    ['TRACE', '/v1/orders/', undefined],
    ['POST', '/v1/.well-known/jwks.json', 'GET, HEAD'],
    ['PATCH', '/v1/users/me', 'GET, HEAD, PUT'],
    ['DELETE', '/v1/users/me', 'GET, HEAD, PUT'],
    ['GET', '/v1/users/service-accounts?x=1', 'POST'],
    ['QUERY', '/health/live', 'GET, HEAD'],
    ['QUERY', '/v1/nothing', undefined]
  ] as const
  for (const [method, url, allow] of cases) {
    const answer = await app.inject({ method: method as 'PUT', url })
    t.equal(answer.statusCode, allow === undefined ? 404 : 405, `${method} ${url}`)
    t.equal(answer.headers['allow'], allow)
    t.match(answer.json(), { code: allow === undefined ? 'not-found' : 'method-not-allowed' })
  }
})

test('a path that cannot be read, or is longer than any, is a problem like every other', async t => {
  const api = await buildApi(t)
  const headers = { authorization: `Bearer ${await api.token('Admin')}` }
  const cases = [['/v1/orders/%zz', 400, 'request-malformed'], [`/v1/users/${'x'.repeat(5000)}/credit-limit`, 404, 'not-found'], [`/v1/users/${'x'.repeat(101)}/credit-limit`, 400, 'request-malformed']] as const
  for (const [url, status, code] of cases) {
    const answer = await api.app.inject({ url, headers })
    t.equal(answer.statusCode, status, url.slice(0, 40))
    t.match(answer.headers['content-type'], /^application\/problem\+json/)
    t.match(answer.json(), { code, traceId: String })
  }
})

test('a number in a query is read only when it is one', async t => {
  const api = await buildApi(t, { levels: [] })
  const headers = { authorization: `Bearer ${await api.token('Admin')}` }
  for (const [limit, status] of [['10', 200], ['true', 400], ['', 400], ['1e1', 400], ['1.5', 400], ['0', 400], ['101', 400], ['1&limit=2', 400]] as const) {
    t.equal((await api.app.inject({ url: `/v1/inventory/low-stock?limit=${limit}`, headers })).statusCode, status, limit)
  }
})
