import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { createTokenVerifier, publicTokenKey } from '../../api/token.ts'
import { loadConfig } from '../../ops/config.ts'
import { loadTokenKey } from '../../ops/token-key.ts'
import { createToken, parseTokenOptions } from '../../ops/token.ts'

test('a token of the command line is one that the API takes', async t => {
  const config = loadConfig({ env: { COMMERCE_DATA_DIR: t.testdir() }, file: false })
  const request = parseTokenOptions(['--role', 'ServiceAccount', '--sub', 'erp', '--grant', 'orders:write', '--grant', 'orders:price-override', '--ttl', '5'])
  t.ok(request)
  const token = await createToken(request as NonNullable<typeof request>, config)
  const verify = await createTokenVerifier(publicTokenKey(await loadTokenKey(config.token.keyFile)), config.token)
  const { principal, expiresAtS } = await verify(token)
  t.equal(principal.subject, 'erp')
  t.same([...principal.permissions].sort(), ['orders:price-override', 'orders:write'])
  t.ok(expiresAtS <= Date.now() / 1000 + 5)
})

test('a role has a subject when none is given', t => {
  t.match(parseTokenOptions(['--role', 'Customer']), { role: 'Customer', subject: 'customer-1', grants: [] })
  t.equal(parseTokenOptions(['--help']), undefined)
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
  const [one, two] = await Promise.all([loadTokenKey(file), loadTokenKey(file)])
  t.same(one, two)
  t.same(await loadTokenKey(file), one)
  t.equal((await stat(file)).mode & 0o777, 0o600)
})

test('a file that holds no private key is refused and left alone', async t => {
  const file = join(t.testdir(), 'token.jwk')
  for (const text of ['', '{}', '{"kty":"OKP","crv":"Ed25519","x":"abc"}']) {
    await writeFile(file, text)
    await t.rejects(loadTokenKey(file), { message: /holds no private Ed25519 key/ })
  }
})
