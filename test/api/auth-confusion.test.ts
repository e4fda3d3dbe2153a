import { SignJWT, importJWK } from 'jose'
import { test } from 'tap'
import { openTokenKeys } from '../../api/keyring.ts'
import { createTokenVerifier, generateTokenKey } from '../../api/token.ts'
import { buildApi } from '../support/build-app.ts'

const rules = { issuer: 'test', audience: 'test-api' }
const key = await generateTokenKey()
const verify = createTokenVerifier(await openTokenKeys({ read: async () => [key], clock: { now: Date.now }, ttlS: 900 }), rules)
const nowS = Math.floor(Date.now() / 1000)
const claims = { sub: 'somebody', iss: rules.issuer, aud: rules.audience, iat: nowS, exp: nowS + 60, roles: ['Admin'] }
const header = { alg: 'EdDSA', typ: 'at+jwt', kid: key.kid }
const privateKey = await importJWK(key, 'EdDSA')

async function made (head: object, body: object = claims): Promise<string> {
  return await new SignJWT({ ...body }).setProtectedHeader(head as never).sign(privateKey)
}

test('a key id that is a path, a query, a name of the language or no text at all finds no key', async t => {
  await verify(await made(header))
  const kids = [
    '../../../dev/null', '/etc/passwd', "x' UNION SELECT 'key", 'http://127.0.0.1/keys', '__proto__', 'constructor', 'toString', '', ' ', `${key.kid} `, `${key.kid}\0`,
    key.kid.toUpperCase(), `${key.kid}/../${key.kid}`, [key.kid], { kid: key.kid }, 0, true, null
  ]
  for (const kid of kids) await t.rejects(made({ ...header, kid }).then(verify), JSON.stringify(kid))
})

test('a token with a critical header that we do not know is refused', async t => {
  const [, body, signature] = (await made(header)).split('.')
  for (const extra of [{ crit: ['exp'], exp: nowS + 9 }, { crit: ['b64'], b64: false }, { crit: [] }]) {
    await t.rejects(verify(`${Buffer.from(JSON.stringify({ ...header, ...extra })).toString('base64url')}.${body}.${signature}`), JSON.stringify(extra))
  }
})

test('a token of another type of ours is no access token, though the same key signed it', async t => {
  for (const typ of ['rt+jwt', 'id+jwt', 'logout+jwt', 'secevent+jwt', 'application/at+jwt+x', 'at', '']) await t.rejects(made({ ...header, typ }).then(verify), typ)
})

test('a token for several audiences counts only when ours is among them, word for word', async t => {
  t.ok(await verify(await made(header, { ...claims, aud: ['other', rules.audience] })))
  for (const aud of [['other'], `${rules.audience}x`, rules.audience.toUpperCase(), ` ${rules.audience}`, [`${rules.audience},other`]]) {
    await t.rejects(made(header, { ...claims, aud }).then(verify), JSON.stringify(aud))
  }
  for (const iss of [`${rules.issuer}/`, rules.issuer.toUpperCase(), [rules.issuer]]) await t.rejects(made(header, { ...claims, iss }).then(verify), JSON.stringify(iss))
})

test('a token that is not three parts of base64url is refused', async t => {
  const token = await made(header)
  for (const bad of ['', '.', '..', '...', `${token}.`, `.${token}`, `${token}.x.y`, token.replace('.', ' .'), `${token}=`, 'x'.repeat(100_000)]) await t.rejects(verify(bad), bad.slice(0, 20))
})

test('a token counts in the authorization header alone, with the scheme Bearer', async t => {
  const api = await buildApi(t)
  const token = await api.token('Customer')
  const path = '/v1/orders/0198c0de-0000-8000-8000-000000000001'
  t.equal((await api.app.inject({ url: path, headers: { authorization: `Bearer ${token}` } })).statusCode, 404)
  t.equal((await api.app.inject({ url: path, headers: { authorization: `bearer ${token}` } })).statusCode, 404, 'schemes are not case-sensitive')
  const elsewhere = [
    { url: `${path}?access_token=${token}` }, { url: path, headers: { cookie: `access_token=${token}` } }, { url: path, headers: { 'x-access-token': token } },
    { url: path, headers: { authorization: token } }, { url: path, headers: { authorization: `Basic ${token}` } },
    { url: path, headers: { authorization: `Bearer ${token} ${token}` } }, { url: path, headers: { authorization: `Bearer  ${token}` } }
  ]
  for (const request of elsewhere) t.equal((await api.app.inject(request)).statusCode, 401, JSON.stringify(request).slice(0, 80))
})
