import { test } from 'tap'
import { type Role } from '../../../api/permissions.ts'
import { topics } from '../../../topology/topics.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'
import { halves } from '../../topology/flags/flag-fixtures.ts'

async function ask (api: ApiUnderTest, method: 'GET' | 'PUT' | 'PATCH' | 'DELETE', path = '', { body = undefined as object | undefined, role = 'Admin' as Role } = {}) {
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

test('a flag with variants is defined, changed in parts and taken away, each with who and why', async t => {
  const api = await buildApi(t)
  const put = await ask(api, 'PUT', '/button', { body: { ...halves, reason: 'first try', description: 'the new button' } })
  t.equal(put.statusCode, 200)
  t.match(put.json(), {
    name: 'button',
    kind: 'string',
    variant: 'control',
    experiment: true,
    description: 'the new button',
    changedBy: 'admin-1',
    variants: [{ name: 'control', value: 'old', weightBp: 5000 }, { name: 'treatment', value: 'new', weightBp: 5000 }]
  })
  const patch = await ask(api, 'PATCH', '/button', { body: { weights: { control: 9000, treatment: 1000 }, reason: 'less of it' } })
  t.match(patch.json(), { enabled: true, reason: 'less of it', variants: [{ weightBp: 9000 }, { weightBp: 1000 }] })
  t.match((await ask(api, 'PATCH', '/button', { body: { enabled: false, reason: 'a fault' } })).json(), { enabled: false, variants: [{ weightBp: 9000 }, { weightBp: 1000 }] })
  t.match((await ask(api, 'GET')).json().items.map((item: { name: string }) => item.name), ['button', 'maintenance'])
  t.equal((await ask(api, 'DELETE', '/button?reason=done')).statusCode, 204)
  t.match((await ask(api, 'GET')).json().items.map((item: { name: string }) => item.name), ['maintenance'])
  t.equal((await ask(api, 'DELETE', '/button?reason=again')).statusCode, 404)
  t.match(api.taken(topics.flags.state).map(({ reason, changedBy, deleted }) => [reason, changedBy, deleted]), [
    ['first try', 'admin-1', false], ['less of it', 'admin-1', false], ['a fault', 'admin-1', false], ['done', 'admin-1', true]
  ])
})

test('a change of a flag is refused with the field when it breaks a rule, and nothing is written', async t => {
  const api = await buildApi(t)
  await ask(api, 'PUT', '/button', { body: { ...halves, reason: 'r' } })
  const fieldOf = async (method: 'PUT' | 'PATCH', path: string, body: object) => {
    const answer = await ask(api, method, path, { body })
    return [answer.statusCode, answer.json().errors?.[0]?.field]
  }
  t.same(await fieldOf('PATCH', '/button', { weights: { control: 5001 }, reason: 'r' }), [422, '/variants'])
  t.same(await fieldOf('PATCH', '/button', { weights: { other: 10_000 }, reason: 'r' }), [422, '/weights/other'])
  t.same(await fieldOf('PATCH', '/button', { variant: 'other', reason: 'r' }), [422, '/variant'])
  t.same(await fieldOf('PATCH', '/button', { enabled: false }), [422, '/reason'])
  t.same(await fieldOf('PUT', '/other', { ...halves, kind: 'number' }), [422, '/variants/0/value'])
  t.same(await fieldOf('PUT', '/maintenance', { ...halves }), [422, '/kind'])
  t.same(await fieldOf('PATCH', '/none', { enabled: true, reason: 'r' }), [404, undefined])
  t.equal((await ask(api, 'PUT', '/UPPER', { body: halves })).statusCode, 400)
  t.match((await ask(api, 'DELETE', '/maintenance?reason=r')).json(), { status: 409, code: 'state-forbids' })
  t.equal((await ask(api, 'DELETE', '/button')).statusCode, 400)
  t.equal(api.taken(topics.flags.state).length, 1)
})

test('the same definition again writes nothing, and a switch may be changed in part before anybody has touched it', async t => {
  const api = await buildApi(t)
  for (let n = 0; n < 3; n++) t.equal((await ask(api, 'PUT', '/button', { body: { ...halves, reason: 'r' } })).statusCode, 200)
  t.equal(api.taken(topics.flags.state).length, 1)
  t.match((await ask(api, 'PATCH', '/maintenance', { body: { enabled: true, reason: 'move' } })).json(), { name: 'maintenance', enabled: true, reason: 'move' })
})

test('changes that come at the same moment are made one after the other: none is lost', async t => {
  const api = await buildApi(t)
  await ask(api, 'PUT', '/button', { body: { ...halves, reason: 'r' } })
  const changes = [{ enabled: false }, { salt: 'second' }, { weights: { control: 1000, treatment: 9000 } }, { variant: 'treatment' }]
  await Promise.all(changes.map(async (change, n) => await ask(api, 'PATCH', '/button', { body: { ...change, reason: `change ${n}` } })))
  const items = (await ask(api, 'GET')).json().items as ReadonlyArray<{ readonly name: string }>
  t.match(items.find(({ name }) => name === 'button'), { enabled: false, salt: 'second', variant: 'treatment', variants: [{ weightBp: 1000 }, { weightBp: 9000 }] })
})
