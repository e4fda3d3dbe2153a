import { test } from 'tap'
import { type Role } from '../../../api/permissions.ts'
import { topics } from '../../../topology/topics.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'

async function ask (api: ApiUnderTest, method: 'GET' | 'PUT', path = '', { body = undefined as object | undefined, role = 'Admin' as Role } = {}) {
  const headers = { authorization: `Bearer ${await api.token(role, 'admin-1')}` }
  return await api.app.inject({ method, url: `/v1/admin/flags${path}`, headers, ...(body === undefined ? {} : { payload: body }) })
}

test('a flag is switched by its name, and its change says when and by whom', async t => {
  const api = await buildApi(t)
  const answer = await ask(api, 'PUT', '/maintenance', { body: { enabled: true, reason: 'database move' } })
  t.equal(answer.statusCode, 200)
  const flag = { name: 'maintenance', enabled: true, variant: null, reason: 'database move', changedBy: 'admin-1' }
  t.match(answer.json(), { ...flag, changedAt: '2023-11-14T22:13:20.000Z', description: /No orders are taken/ })
  t.match(api.taken(topics.flags.state), [{ type: 'FlagChanged', ...flag }])
})

test('every flag is listed as it stands, and is off before anybody has switched it', async t => {
  const api = await buildApi(t)
  t.match((await ask(api, 'GET')).json(), { items: [{ name: 'maintenance', enabled: false, changedBy: null }] })
  await ask(api, 'PUT', '/maintenance', { body: { enabled: true } })
  await ask(api, 'PUT', '/maintenance', { body: { enabled: false, reason: 'done' } })
  t.match((await ask(api, 'GET')).json(), { items: [{ name: 'maintenance', enabled: false, reason: 'done', changedBy: 'admin-1' }] })
})

test('a flag is refused when there is none of that name, or the sender is no administrator', async t => {
  const api = await buildApi(t)
  const { statusCode } = await ask(api, 'PUT', '/maintainance', { body: { enabled: true } })
  t.ok(statusCode === 400 || statusCode === 422)
  t.equal((await ask(api, 'PUT', '/maintenance', { body: { enabled: 'on' } })).statusCode, 422)
  t.equal((await ask(api, 'PUT', '/maintenance', { body: { enabled: true }, role: 'Support' })).statusCode, 403)
  t.equal((await ask(api, 'GET', '', { role: 'Support' })).statusCode, 403)
  t.same(api.taken(topics.flags.state), [])
})
