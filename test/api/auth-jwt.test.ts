import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { SignJWT, generateKeyPair, importJWK } from 'jose'
import { test } from 'tap'
import { keyCheckMs, keyLeadS, liveKeys, openTokenKeys, publicPart, rotateKeys, signingKey, type StoredKey } from '../../api/keyring.ts'
import { createTokenVerifier, generateTokenKey, signToken } from '../../api/token.ts'

const rules = { issuer: 'test', audience: 'test-api' }
const ttlS = 900
const key = await generateTokenKey()
const keys = await openTokenKeys({ read: async () => [key], clock: { now: Date.now }, ttlS })
const verify = createTokenVerifier(keys, rules)
const content = { subject: 'somebody', roles: ['Customer'], ttlS: 60 } as const
const nowS = Math.floor(Date.now() / 1000)
const claims = { sub: 'somebody', iss: rules.issuer, aud: rules.audience, iat: nowS, exp: nowS + 60, roles: ['Admin'] }
const header = { alg: 'EdDSA', typ: 'at+jwt', kid: key.kid }

function encoded (value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** A token of our key with any header and claims. */
async function made (head: Readonly<Record<string, unknown>>, body: Readonly<Record<string, unknown>>, by: StoredKey = key): Promise<string> {
  return await new SignJWT(body).setProtectedHeader(head as never).sign(await importJWK(by, 'EdDSA'))
}

function without (of: object, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(of).filter(([member]) => member !== name))
}

test('a good token is taken, so that those below are refused for what they say', async t => {
  t.match(await verify(await made(header, claims)), { principal: { subject: 'somebody', roles: ['Admin'] }, expiresAtS: nowS + 60 })
  t.match(await verify(await signToken(key, rules, content)), { principal: { roles: ['Customer'] } })
})

test('a token without a signature is refused', async t => {
  for (const alg of ['none', 'None', 'NONE', '']) await t.rejects(verify(`${encoded({ ...header, alg })}.${encoded(claims)}.`), alg)
})

test('a token that is signed with our public key as a secret is refused', async t => {
  for (const [alg, hash] of [['HS256', 'sha256'], ['HS512', 'sha512']] as const) {
    for (const secret of [Buffer.from(key.x ?? '', 'base64url'), JSON.stringify(publicPart(key)), key.x ?? '']) {
      const signed = `${encoded({ ...header, alg })}.${encoded(claims)}`
      await t.rejects(verify(`${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`), alg)
    }
  }
})

test('a token that names RSA or another curve is refused, whatever signed it', async t => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const signed = `${encoded({ ...header, alg: 'RS256' })}.${encoded(claims)}`
  await t.rejects(verify(`${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`))
  const { privateKey: elliptic } = await generateKeyPair('ES256')
  await t.rejects(verify(await new SignJWT(claims).setProtectedHeader({ ...header, alg: 'ES256' }).sign(elliptic)))
})

test('a token that brings its own key along is refused', async t => {
  const other = await generateTokenKey()
  const own = publicPart(other)
  for (const head of [{ ...header, jwk: own }, { ...header, kid: other.kid, jwk: own }, { ...header, jku: 'https://example.com/keys' }, { ...header, x5u: 'https://example.com' }]) {
    await t.rejects(verify(await made(head, claims, other)))
  }
})

test('a token of an unknown key, of no key, and of another key under our id is refused', async t => {
  const other = await generateTokenKey()
  await t.rejects(verify(await made({ ...header, kid: other.kid }, claims, other)))
  await t.rejects(verify(await made(without(header, 'kid'), claims)))
  await t.rejects(verify(await made(header, claims, other)))
})

test('a token of another issuer, audience or type is refused', async t => {
  for (const change of [{ iss: 'other' }, { aud: 'other' }, { aud: [] }, { iss: '' }]) await t.rejects(verify(await made(header, { ...claims, ...change })), JSON.stringify(change))
  for (const typ of ['JWT', 'dpop+jwt', undefined]) await t.rejects(verify(await made({ ...header, typ }, claims)), String(typ))
})

test('a token that has expired, or counts later only, is refused', async t => {
  await t.rejects(verify(await made(header, { ...claims, exp: nowS - 1 })))
  await t.rejects(verify(await made(header, { ...claims, nbf: nowS + 600 })))
  await t.rejects(verify(await made(header, { ...claims, exp: 'tomorrow' })))
})

for (const name of ['sub', 'iss', 'aud', 'iat', 'exp']) {
  test(`a token without ${name} is refused`, async t => { await t.rejects(verify(await made(header, without(claims, name)))) })
}

test('a token that says nothing of roles, or something else, allows nothing', async t => {
  for (const given of [undefined, 'Admin', { Admin: true }, ['King'], ['admin']]) {
    const { principal } = await verify(await made(header, { ...claims, roles: given, permissions: ['admin'] }))
    t.equal(principal.permissions.size, 0, JSON.stringify(given))
  }
  await t.rejects(verify(await made(header, { ...claims, sub: '' })))
})

test('a token that was changed after it was signed is refused, also when it was seen before', async t => {
  const token = await made(header, claims)
  await verify(token)
  const [head, , signature] = token.split('.')
  await t.rejects(verify(`${head}.${encoded({ ...claims, sub: 'another' })}.${signature}`))
  await t.rejects(verify(token.slice(0, -2)))
})

test('the key that signs is the newest that is active', t => {
  const at = (kid: string, activeFromS: number): StoredKey => ({ kid, activeFromS })
  t.equal(signingKey([at('a', 0), at('b', 100)], 99)?.kid, 'a')
  t.equal(signingKey([at('b', 100), at('a', 0)], 100)?.kid, 'b')
  t.equal(signingKey([at('b', 100)], 0)?.kid, 'b')
  t.equal(signingKey([], 0), undefined)
  t.same(liveKeys([at('a', 0), at('b', 100)], 100 + ttlS + keyLeadS - 1, ttlS).map(({ kid }) => kid), ['a', 'b'])
  t.same(liveKeys([at('a', 0), at('b', 100)], 100 + ttlS + keyLeadS, ttlS).map(({ kid }) => kid), ['b'])
  t.equal(rotateKeys([at('a', 0), at('b', 100)], at('c', 0), 100, ttlS), undefined)
  t.end()
})

test('keys are rotated under load and no token is refused, by processes that look at different moments', async t => {
  let clockS = 1_000_000
  const first = await generateTokenKey()
  let stored: readonly StoredKey[] = [first]
  const open = async (skewMs: number) => await openTokenKeys({ read: async () => stored, clock: { now: () => clockS * 1000 + skewMs }, ttlS })
  const processes = [await open(0), await open(keyCheckMs - 1), await open(2000)]
  const alive: Array<{ readonly kid: string, readonly untilS: number }> = []
  const signers = new Set<string>()
  for (const end = clockS + 3 * (ttlS + keyLeadS); clockS < end; clockS++) {
    if (clockS % 1100 === 50) stored = rotateKeys(stored, await generateTokenKey(), clockS, ttlS) ?? stored
    if (stored.length > 2) t.fail('three keys at a time')
    for (const process of processes) {
      await process.refresh()
      const { kid } = process.signing()
      signers.add(kid)
      alive.push({ kid, untilS: clockS + ttlS })
    }
    while ((alive[0]?.untilS ?? clockS) < clockS) alive.shift()
    const kids = new Set(alive.map(({ kid }) => kid))
    for (const process of processes) for (const kid of kids) if (process.verifying(kid) === undefined) t.fail(`second ${clockS}: a token of a live key is refused`)
  }
  t.ok(signers.size >= 3, 'keys were rotated')
  t.equal(processes[0]?.verifying(first.kid), undefined, 'the first key is gone in the end')
})

test('a key that is withdrawn takes its tokens along, those that were seen before, too', async t => {
  let nowMs = Date.now()
  let stored: readonly StoredKey[] = [key]
  const verifier = createTokenVerifier(await openTokenKeys({ read: async () => stored, clock: { now: () => nowMs }, ttlS }), rules)
  const token = await signToken(key, rules, content)
  await verifier(token)
  stored = [await generateTokenKey()]
  nowMs += keyCheckMs
  await t.rejects(verifier(token))
})

test('keys that cannot be read leave those that are known', async t => {
  let nowMs = Date.now()
  let isBroken = false
  const errors: unknown[] = []
  const read = async (): Promise<readonly StoredKey[]> => { if (isBroken) throw new Error('no such file'); return [key] }
  const opened = await openTokenKeys({ read, clock: { now: () => nowMs }, ttlS, onError: error => errors.push(error) })
  isBroken = true
  nowMs += keyCheckMs
  await opened.refresh()
  t.equal(opened.signing().kid, key.kid)
  t.equal(errors.length, 1)
  t.notOk(opened.published().some(published => 'd' in published || 'activeFromS' in published), 'nothing private is published')
})
