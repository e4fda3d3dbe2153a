import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { signingKey } from '../../api/keyring.ts'
import { createTokenVerifier } from '../../api/token.ts'
import { loadConfig } from '../../ops/config.ts'
import { loadTokenKeys, openConfiguredKeys, rotateTokenKey } from '../../ops/token-key.ts'
import { type TokenRequest, createToken, parseTokenOptions } from '../../ops/token.ts'

test('a token of the command line is one that the API takes', async t => {
  const config = loadConfig({ env: { COMMERCE_DATA_DIR: t.testdir() }, file: false })
  const request = parseTokenOptions(['--role', 'ServiceAccount', '--sub', 'erp', '--grant', 'orders:write', '--grant', 'orders:price-override', '--ttl', '5'])
  t.ok(request)
  const token = await createToken(request as TokenRequest, config)
  const { issuer, audience } = config.token
  const verify = createTokenVerifier(await openConfiguredKeys(config), { issuer, audience })
  const { principal, expiresAtS } = await verify(token)
  t.equal(principal.subject, 'erp')
  t.same([...principal.permissions].sort(), ['orders:price-override', 'orders:write'])
  t.ok(expiresAtS <= Date.now() / 1000 + 5)
})

test('a role has a subject when none is given', t => {
  t.match(parseTokenOptions(['--role', 'Customer']), { role: 'Customer', subject: 'customer-1', grants: [] })
  t.equal(parseTokenOptions(['--help']), undefined)
  t.equal(parseTokenOptions(['--rotate']), 'rotate')
  t.end()
})

test('a token is refused by the option that is wrong', t => {
  for (const [args, problem] of [
    [[], /--role must be one of Customer/],
    [['--role', 'King'], /--role/],
    [['--role', 'ServiceAccount', '--grant', 'orders:eat'], /orders:eat is not a permission/],
    [['--role', 'Customer', '--grant', 'admin'], /ServiceAccount only/],
    [['--role', 'Customer', '--ttl', '0'], /--ttl/],
    [['--other'], /--other/]
  ] as const) t.throws(() => parseTokenOptions(args), { code: 'OPS_OPTION_INVALID', message: problem })
  t.end()
})

test('the key that signs tokens is made once, for its owner only', async t => {
  const file = join(t.testdir(), 'keys/token.jwk')
  const [one, two] = await Promise.all([loadTokenKeys(file), loadTokenKeys(file)])
  t.same(one, two)
  t.same(await loadTokenKeys(file), one)
  t.equal((await stat(file)).mode & 0o777, 0o600)
})

test('a file that holds no private key is refused and left alone', async t => {
  const file = join(t.testdir(), 'token.jwk')
  for (const text of ['', '{}', '{"kty":"OKP","crv":"Ed25519","x":"abc"}']) {
    await writeFile(file, text)
    await t.rejects(loadTokenKeys(file), { message: /holds no private Ed25519 key/ })
  }
})

test('a file with one key is read, and the key has an id', async t => {
  const file = join(t.testdir(), 'token.jwk')
  const [made] = await loadTokenKeys(file)
  const { kid, activeFromS, ...bare } = made ?? {}
  await writeFile(file, JSON.stringify(bare))
  t.match(await loadTokenKeys(file), [{ kid, activeFromS: 0 }])
})

test('a rotation adds a key that signs later, and is refused while the one before the last may have tokens', async t => {
  const config = loadConfig({ env: { COMMERCE_DATA_DIR: t.testdir(), COMMERCE_TOKEN_TTL_S: '100' }, file: false })
  const { keyFile } = config.token
  const [first] = await loadTokenKeys(keyFile)
  const activeFromS = await rotateTokenKey(config, 1000)
  t.equal(activeFromS, 1060)
  const both = await loadTokenKeys(keyFile)
  t.equal((await stat(keyFile)).mode & 0o777, 0o600)
  t.equal(signingKey(both, 1059)?.kid, first?.kid)
  t.not(signingKey(both, 1060)?.kid, first?.kid)
  await t.rejects(rotateTokenKey(config, 1219), { code: 'OPS_KEY_ROTATING' })
  t.same(await loadTokenKeys(keyFile), both, 'nothing was changed')
  await rotateTokenKey(config, 1220)
  const next = await loadTokenKeys(keyFile)
  t.same(next.map(({ kid }) => kid === first?.kid), [false, false])
})
