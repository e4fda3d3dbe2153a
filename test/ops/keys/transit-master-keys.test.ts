import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { type IncomingMessage, createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Test, test } from 'tap'
import { createTransitMasterKeys } from '../../../ops/keys/transit-master-keys.ts'
import { createMemoryKeyStore } from '../../../topology/privacy/memory-key-store.ts'
import { rewrapKeys } from '../../../topology/privacy/rotate.ts'

interface Body { readonly plaintext?: string, readonly ciphertext?: string, readonly associated_data?: string }

/** A service that does what the transit engine of Vault says of a key of type aes256-gcm96: versions, associated data, tokens. */
async function transit (t: Test) {
  const versions = [randomBytes(32)]
  const state = { oldest: 1, token: 'token-1', calls: [] as string[] }
  const answer = async (request: IncomingMessage): Promise<[number, object]> => {
    state.calls.push(`${request.method ?? ''} ${request.url ?? ''}`)
    if (request.headers['x-vault-token'] !== state.token) return [403, { errors: ['permission denied'] }]
    const body = JSON.parse(await text(request) || '{}') as Body
    const associated = Buffer.from(body.associated_data ?? '', 'base64')
    if (request.url === '/v1/transit/keys/personal') return [200, { data: { latest_version: versions.length } }]
    if (request.url === '/v1/transit/encrypt/personal') {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', versions.at(-1) ?? Buffer.alloc(32), nonce).setAAD(associated)
      const sealed = Buffer.concat([nonce, cipher.update(Buffer.from(body.plaintext ?? '', 'base64')), cipher.final(), cipher.getAuthTag()])
      return [200, { data: { ciphertext: `vault:v${versions.length}:${sealed.toString('base64')}` } }]
    }
    const [, version = '', sealed = ''] = /^vault:v(\d+):(.*)$/.exec(body.ciphertext ?? '') ?? []
    const key = versions[Number(version) - 1]
    if (key === undefined || Number(version) < state.oldest) return [400, { errors: ['ciphertext version is disallowed by policy (too old)'] }]
    const bytes = Buffer.from(sealed, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(associated).setAuthTag(bytes.subarray(-16))
    try {
      return [200, { data: { plaintext: Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('base64') } }]
    } catch {
      return [400, { errors: ['cipher: message authentication failed'] }]
    }
  }
  const server = createServer((request, response) => {
    answer(request).then(([status, body]) => response.writeHead(status).end(JSON.stringify(body)), () => response.writeHead(500).end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.close() })
  const tokenFile = join(t.testdir({ token: 'token-1\n' }), 'token')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/transit/`
  return { server, state, tokenFile, rotate: () => versions.push(randomBytes(32)), masterKeys: createTransitMasterKeys({ url, keyName: 'personal', tokenFile }) }
}

const dataKey = Buffer.alloc(32, 9)

test('a data key is wrapped by the service for its id alone, and the master key stays there', async t => {
  const { masterKeys } = await transit(t)
  const key = await masterKeys.wrap('customer/1', dataKey)
  t.equal(key.masterKeyId, 'transit:personal:v1')
  t.equal(await masterKeys.newest(), 'transit:personal:v1')
  t.same(await masterKeys.unwrap('customer/1', key), dataKey)
  await t.rejects(masterKeys.unwrap('customer/2', key), { code: 'KEYS_UNAVAILABLE' })
})

test('a master key that the service rotated wraps every data key again, and the old version may go', async t => {
  const { masterKeys, rotate, state } = await transit(t)
  const store = createMemoryKeyStore()
  await store.create('customer/1', await masterKeys.wrap('customer/1', dataKey))
  const copy = await store.read('customer/1')
  rotate()
  t.same(await rewrapKeys(store, masterKeys), { rewrapped: 1, current: 0, destroyed: 0 })
  state.oldest = 2
  const row = await store.read('customer/1')
  if (row?.kind !== 'live' || copy?.kind !== 'live') throw new Error('it is there')
  t.equal(row.key.masterKeyId, 'transit:personal:v2')
  t.same(await masterKeys.unwrap('customer/1', row.key), dataKey)
  await t.rejects(masterKeys.unwrap('customer/1', copy.key), { code: 'KEYS_UNAVAILABLE' }, 'a copy from before opens no more')
})

test('a token that was renewed is used at once, and a refusal tells nothing of what was sent', async t => {
  const { masterKeys, state, tokenFile } = await transit(t)
  state.token = 'token-2'
  const refused = await masterKeys.wrap('customer/1', dataKey).catch((error: unknown) => error as Error)
  t.match(refused, { code: 'KEYS_UNAVAILABLE' })
  t.notMatch(JSON.stringify([refused, String((refused as Error).cause)]), new RegExp(`token-|${dataKey.toString('base64').slice(0, 20)}`))
  await writeFile(tokenFile, 'token-2')
  t.ok(await masterKeys.wrap('customer/1', dataKey))
})

test('a service that is away is an error of the port', async t => {
  const { masterKeys, server } = await transit(t)
  server.close()
  server.closeAllConnections()
  await t.rejects(masterKeys.newest(), { code: 'KEYS_UNAVAILABLE' })
})
