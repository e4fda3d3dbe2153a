import { test } from 'tap'
import { describeApi } from '../../api/index.ts'
import { isPermission } from '../../api/permissions.ts'
import { buildIdentity, email, password } from '../support/build-identity.ts'

const nobody = '0198c0de-0000-8000-8000-000000000001'

interface Operation { readonly operationId: string, readonly 'x-permission'?: string, readonly security?: readonly unknown[] }

test('every operation of the OpenAPI document says what a token must allow, or that it needs none', async t => {
  const { paths } = await describeApi() as { paths: Record<string, Record<string, Operation>> }
  const operations = Object.values(paths).flatMap(path => Object.values(path))
  t.ok(operations.length > 30)
  for (const { operationId, 'x-permission': permission, security } of operations) {
    t.ok(permission === 'public' || permission === 'self' || isPermission(permission), operationId)
    t.equal(security?.length === 0, permission === 'public', `${operationId} asks for a token exactly if it is not public`)
  }
  const open = operations.filter(operation => operation['x-permission'] === 'public').map(({ operationId }) => operationId).sort()
  t.same(open, [
    'assignExperiments', 'confirmPasswordReset', 'getKeySet', 'grantClientToken', 'live', 'logIn', 'logOut', 'ready', 'receiveCarrierCallback', 'receiveNotificationReceipt',
    'receivePaymentCallback', 'recordBehaviour', 'refreshSession', 'register', 'requestPasswordReset', 'verifyEmail'
  ])
})

test('the key set is public and holds the public part of the key that signs', async t => {
  const { get } = await buildIdentity(t)
  const { status, body, headers } = await get('.well-known/jwks.json')
  t.match([status, headers['cache-control']], [200, 'public, max-age=30'])
  const keys = body['keys'] as ReadonlyArray<Record<string, unknown>>
  t.same(keys.map(key => Object.keys(key).sort()), [['alg', 'crv', 'kid', 'kty', 'use', 'x']])
})

test('my account is mine: a name is changed and read, and somebody else\'s is not there', async t => {
  const { get, post, settle, logIn, token } = await buildIdentity(t)
  const userId = await settle()
  const { accessToken } = await logIn()
  t.match(await post('users/me', { name: 'Countess' }, { token: accessToken, method: 'PUT' }), { status: 200, body: { userId, name: 'Countess', email } })
  t.match(await post('users/me', { name: null }, { token: accessToken, method: 'PUT' }), { status: 200, body: { name: null } })
  t.match(await post('users/me', { name: 'x', roles: ['Admin'] }, { token: accessToken, method: 'PUT' }), { status: 422 })
  t.equal((await get(`users/${userId}`, accessToken)).status, 403)
  t.equal((await get('users/me', await token('Customer'))).status, 404, 'a token without account')
  t.equal((await get('users/me', await token('Customer', nobody))).status, 404)
  t.equal((await get('users/me')).status, 401)
})

test('an administrator reads a user, and nothing of his secrets', async t => {
  const { get, settle, logIn, token } = await buildIdentity(t)
  const userId = await settle()
  await logIn()
  const answer = await get(`users/${userId}`, await token('Admin'))
  t.match(answer, { status: 200, body: { userId, email, kind: 'person', sessions: 1, locks: [] } })
  t.notMatch(JSON.stringify(answer.body), /argon2|hash|token|emailKey/i)
  t.equal((await get(`users/${nobody}`, await token('Admin'))).status, 404)
  t.equal((await get('users/x', await token('Admin'))).status, 400)
})

test('roles are set as a whole and count from the next token on', async t => {
  const { get, post, settle, logIn, token } = await buildIdentity(t)
  const userId = await settle()
  const { refreshToken } = await logIn()
  const put = async (roles: readonly string[], by: string) => await post(`users/${userId}/roles`, { roles }, { token: by, method: 'PUT' })
  t.match(await put(['Customer', 'Support'], await token('Admin', 'boss')), { status: 200, body: { roles: ['Customer', 'Support'] } })
  const { body } = await post('auth/refresh', { refreshToken })
  t.match(await get('users/me', body['accessToken'] as string), { body: { roles: ['Customer', 'Support'] } })
  t.equal((await put(['King'], await token('Admin'))).status, 422)
  t.equal((await put(['ServiceAccount'], await token('Admin'))).status, 422)
  t.equal((await put(['Customer'], await token('Support'))).status, 403)
})

test('nobody gives what he has not, and an administrator does not lock himself out', async t => {
  const { post, settle, api, token } = await buildIdentity(t)
  const userId = await settle()
  const clerk = await api.token('ServiceAccount', 'hr', ['users:write'])
  t.match(await post(`users/${userId}/roles`, { roles: ['Admin'] }, { token: clerk, method: 'PUT' }), { status: 403, body: { detail: /role Admin/ } })
  t.equal((await post('users/service-accounts', { name: 'x', grants: ['admin'] }, { token: clerk })).status, 403)
  t.equal((await post(`users/${userId}/roles`, { roles: ['Admin'] }, { token: await token('Admin'), method: 'PUT' })).status, 200)
  t.equal((await post(`users/${userId}/roles`, { roles: ['Customer'] }, { token: await token('Admin', userId), method: 'PUT' })).status, 409)
  t.equal((await post(`users/${userId}`, undefined, { token: await token('Admin', userId), method: 'DELETE' })).status, 409)
})

test('a deleted user cannot log in, refresh or be found, and the address is free again', async t => {
  const { get, post, settle, logIn, token } = await buildIdentity(t)
  const userId = await settle()
  const { refreshToken } = await logIn()
  const admin = await token('Admin')
  t.equal((await post(`users/${userId}`, undefined, { token: await token('Support'), method: 'DELETE' })).status, 403)
  t.equal((await post(`users/${userId}`, undefined, { token: admin, method: 'DELETE' })).status, 204)
  t.equal((await post(`users/${userId}`, undefined, { token: admin, method: 'DELETE' })).status, 404)
  t.equal((await get(`users/${userId}`, admin)).status, 404)
  t.equal((await post('auth/login', { email, password })).status, 401)
  t.equal((await post('auth/refresh', { refreshToken })).status, 401)
  t.not(await settle(), userId, 'another account')
})

test('a service account gets tokens with its grants, or fewer, in both ways that clients ask', async t => {
  const { post, get, token, api, user } = await buildIdentity(t)
  const made = await post('users/service-accounts', { name: 'erp', grants: ['orders:write', 'users:read'] }, { token: await token('Admin') })
  t.match(made, { status: 201, headers: { 'cache-control': 'no-store' } })
  const { clientId, clientSecret } = made.body as { clientId: string, clientSecret: string }
  t.notMatch(JSON.stringify(await user(clientId)), clientSecret)
  const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const all = await post('auth/token', body)
  t.match(all, { status: 200, body: { token_type: 'Bearer', expires_in: 900, scope: 'orders:write users:read' } })
  t.match(await get(`users/${clientId}`, all.body['access_token'] as string), { status: 200, body: { kind: 'service', name: 'erp', email: null } })
  const form = await api.app.inject({
    method: 'POST',
    url: '/v1/auth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    payload: 'grant_type=client_credentials&scope=orders%3Awrite'
  })
  t.match([form.statusCode, form.json()], [200, { scope: 'orders:write' }])
  t.equal((await get(`users/${clientId}`, form.json().access_token)).status, 403, 'fewer')
  t.match(await post('auth/token', { ...body, scope: 'admin' }), { status: 403, body: { error: 'invalid_scope' } })
})

test('a service account is refused for a wrong secret, as a person, and when it is deleted', async t => {
  const { post, settle, token } = await buildIdentity(t)
  const admin = await token('Admin')
  const userId = await settle()
  const { clientId, clientSecret } = (await post('users/service-accounts', { name: 'erp', grants: ['orders:write'] }, { token: admin })).body as { clientId: string, clientSecret: string }
  const ask = async (id: string | undefined, secret: string) => await post('auth/token', { grant_type: 'client_credentials', client_id: id, client_secret: secret })
  for (const [id, secret] of [[clientId, 'wrong'], [userId, password], [nobody, clientSecret], ['x', clientSecret], [undefined, clientSecret]] as const) {
    t.match(await ask(id, secret), { status: 401, body: { code: 'credentials-invalid', error: 'invalid_client' } }, id ?? 'no id')
  }
  t.match(await post('auth/token', { grant_type: 'password', client_id: clientId, client_secret: clientSecret }), { status: 422 })
  await post(`users/${clientId}`, undefined, { token: admin, method: 'DELETE' })
  t.equal((await ask(clientId, clientSecret)).status, 401)
})
