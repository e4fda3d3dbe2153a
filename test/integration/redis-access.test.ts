import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import t, { type Test } from 'tap'
import { Redis } from 'ioredis'
import { type StateBackend } from '../../streams/state/port.ts'
import { createRedisBackend, type RedisBackendOptions } from '../../streams/state/redis/index.ts'
import { loadConfig } from '../../ops/config.ts'
import { checkState, openRedis } from '../../ops/platform/redis.ts'
import { freePorts } from '../../ops/stack/ports.ts'
import { documentedRights } from '../support/redis-rights.ts'
import { ownRedis } from '../support/stack.ts'

const WAIT_MS = 5_000

function open (t: Test, options: RedisBackendOptions): StateBackend {
  const backend = createRedisBackend({ waitMs: WAIT_MS, ...options })
  t.teardown(async () => { await backend.close() })
  return backend
}

/** Everything that a task asks of its state. */
async function useAll (t: Test, backend: StateBackend, taskKey: string): Promise<void> {
  await backend.check()
  const task = backend.open(taskKey, ['ordered'])
  t.match(await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 }), { kind: 'claimed' })
  const writes = ['ordered', 'plain'].flatMap(store => [{ store, key: 'a', value: Buffer.from('1') }, { store, key: 'b', value: null }])
  const timers = [{ key: 'a', dueMs: 1 }, { key: 'b', dueMs: null }]
  const apply = { token: 1n, incarnation: 'me', expectedPosition: 0n, position: 1n, sequence: 1n, progress: Buffer.alloc(0), progressOffset: 0n, nowMs: 0, writes, timers, restoring: false }
  t.equal(await task.apply(apply), 'applied')
  const request = { keys: [{ store: 'plain', key: 'a' }], timers: { dueMs: 9, limit: 9 }, scans: [{ store: 'ordered', limit: 9 }] }
  for (const isOneMoment of [false, true]) t.match(await task.read({ ...request, isOneMoment }), { timers: [{ key: 'a' }], meta: { position: 1n } })
  t.equal((await task.rows('plain')).rows.length, 1)
  t.match(await task.meta(), { position: 1n })
  t.equal(await task.wipe({ token: 1n, position: 1n }), true)
}

const PERMISSIONS = documentedRights('app')

const redis = await ownRedis(t)
if (redis !== undefined) {
  const { endpoint: url } = redis
  const admin = new Redis(url)
  t.teardown(() => { admin.disconnect() })
  await admin.call('ACL', 'SETUSER', 'shop', 'on', '>s3cret:/@', ...PERMISSIONS)
  await admin.call('ACL', 'SETUSER', 'stranger', 'on', '>known', '~*', '-@all', '+ping')
  await admin.call('ACL', 'SETUSER', 'default', 'resetpass', '>root', 'on')

  t.test('redis state works for a user that may do what is documented, and no more', async t => {
    await useAll(t, open(t, { url, username: 'shop', password: 's3cret:/@' }), `app:${randomUUID()}:0`)
    const inUrl = url.replace('redis://', `redis://shop:${encodeURIComponent('s3cret:/@')}@`)
    await useAll(t, open(t, { url: inUrl }), `app:${randomUUID()}:0`)
  })

  t.test('redis state works with the password of the default user', async t => {
    await useAll(t, open(t, { url, password: 'root' }), `app:${randomUUID()}:0`)
  })

  t.test('redis state says at once, and every time, that it is refused: wrong password, none, an unknown user, a user that may not', async t => {
    const { port } = redis
    for (const [options, reason] of [
      [{ password: 'wrong' }, 'WRONGPASS'], [{}, 'NOAUTH'], [{ username: 'nobody', password: 'root' }, 'WRONGPASS'], [{ username: 'stranger', password: 'known' }, 'NOPERM']
    ] as const) {
      const backend = open(t, { url, waitMs: 60_000, ...options })
      const refused = { code: 'STR_STATE_REFUSED', context: { reason, address: `127.0.0.1:${port}` } }
      await t.rejects(backend.check(), refused, reason)
      await t.rejects(backend.open('app:x:0').meta(), refused)
      const message = await backend.check().catch((error: unknown) => String(error))
      t.notMatch(message, /root|wrong|known/, 'without the secret')
    }
  })

  t.test('redis state is let in as soon as its password is the right one', async t => {
    const backend = open(t, { url, username: 'late', password: 'later' })
    await t.rejects(backend.check(), { code: 'STR_STATE_REFUSED' })
    await admin.call('ACL', 'SETUSER', 'late', 'on', '>later', ...PERMISSIONS)
    for (;;) {
      const error = await backend.check().catch((error: unknown) => error)
      if (error === undefined) break
      t.match(error, { code: 'STR_STATE_REFUSED' })
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    await useAll(t, backend, `app:${randomUUID()}:0`)
  })

  t.test('redis state that has no memory left says so, changes nothing, and goes on when it has some', async t => {
    const task = open(t, { url, password: 'root' }).open(`app:${randomUUID()}:0`)
    await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
    const apply = {
      token: 1n,
      incarnation: 'me',
      expectedPosition: 0n,
      position: 1n,
      sequence: 1n,
      progress: Buffer.alloc(0),
      progressOffset: 0n,
      nowMs: 0,
      timers: [],
      restoring: false,
      writes: [{ store: 'plain', key: 'a', value: Buffer.from('1') }]
    }
    await admin.config('SET', 'maxmemory', '1')
    await t.rejects(task.apply(apply), { code: 'STR_STATE_FULL', disposition: 'retry' })
    t.match(await task.read({ keys: [{ store: 'plain', key: 'a' }] }), { values: [null], meta: { position: 0n } }, 'reads go on')
    await admin.config('SET', 'maxmemory', '0')
    t.equal(await task.apply(apply), 'applied')
  })
}

/** Two authorities, and a certificate of the first one for 127.0.0.1; undefined where there is no openssl. */
function makeCertificates (folder: string): { readonly ca: string, readonly otherCa: string, readonly key: string, readonly certificate: string } | undefined {
  const file = (name: string): string => join(folder, name)
  const openssl = (...args: readonly string[]): void => { execFileSync('openssl', args, { stdio: 'ignore' }) }
  try {
    for (const name of ['ca', 'other']) openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.pem`))
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=redis', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', file('redis.key'), '-out', file('redis.csr'))
    openssl('x509', '-req', '-in', file('redis.csr'), '-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2', '-copy_extensions', 'copy', '-out', file('redis.pem'))
  } catch {
    return undefined
  }
  return { ca: file('ca.pem'), otherCa: file('other.pem'), key: file('redis.key'), certificate: file('redis.pem') }
}

t.test('redis state over TLS', async t => {
  const certificates = makeCertificates(t.testdir({}))
  if (certificates === undefined) return t.plan(0, 'openssl is not installed: no certificate for the server can be made')
  const { ca, otherCa, key, certificate } = certificates
  const [tlsPort] = await freePorts('127.0.0.1', 1) as [number]
  const secure = await ownRedis(t, [
    '--tls-port', String(tlsPort), '--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', ca, '--tls-auth-clients', 'no', '--requirepass', 'root'
  ])
  if (secure === undefined) return
  if (!await speaksTls(tlsPort, ca)) return t.plan(0, 'this redis-server was built without TLS')
  const url = `rediss://127.0.0.1:${tlsPort}`
  const authority = (file: string): { readonly tls: { readonly ca: Buffer } } => ({ tls: { ca: readFileSync(file) } })

  await t.test('redis state works when the server is certified by the given authority', async t => {
    await useAll(t, open(t, { url, password: 'root', ...authority(ca) }), `app:${randomUUID()}:0`)
    await useAll(t, open(t, { url: `rediss://:root@127.0.0.1:${tlsPort}`, ...authority(ca) }), `app:${randomUUID()}:0`)
  })

  await t.test('the platform gets in with what is configured, and says which settings to look at when it does not', async t => {
    const access = { COMMERCE_REDIS_URL: url, COMMERCE_REDIS_USER: 'default', COMMERCE_REDIS_PASSWORD: 'root', COMMERCE_REDIS_CA_FILE: ca }
    const start = async (settings: Readonly<Record<string, string>>): Promise<void> => {
      const config = loadConfig({ env: { ...access, ...settings }, file: false })
      const state = openRedis(config, config.external.redisUrl ?? '')
      t.teardown(async () => { await state.close() })
      await checkState(state)
    }
    await start({})
    for (const [settings, message] of [
      [{ COMMERCE_REDIS_PASSWORD: 'wrong' }, /WRONGPASS.*COMMERCE_REDIS_PASSWORD/s],
      [{ COMMERCE_REDIS_USER: 'nobody' }, /WRONGPASS.*COMMERCE_REDIS_USER/s],
      [{ COMMERCE_REDIS_CA_FILE: otherCa }, /SIGNATURE|CERT.*COMMERCE_REDIS_CA_FILE/s],
      [{ COMMERCE_REDIS_URL: 'rediss://127.0.0.1:1' }, /ECONNREFUSED.*COMMERCE_REDIS_URL/s]
    ] as const) await t.rejects(start(settings), { code: 'OPS_REDIS_UNUSABLE', message })
  })

  await t.test('redis state refuses a server that another authority certified, or that is certified for another name', async t => {
    for (const [options, what] of [[authority(otherCa), 'another authority'], [{}, 'none that Node trusts'], [{ tls: { ca: readFileSync(ca), servername: 'elsewhere' } }, 'another name']] as const) {
      const backend = open(t, { url, password: 'root', waitMs: 60_000, ...options })
      await t.rejects(backend.check(), { code: 'STR_STATE_REFUSED', context: { reason: /CERT|SIGNATURE|ALTNAME/, address: `127.0.0.1:${tlsPort}` } }, what)
    }
  })

  await t.test('redis state refuses a server that speaks no TLS where some was asked for, and the other way round does not get in', async t => {
    await t.rejects(open(t, { url: `rediss://127.0.0.1:${secure.port}`, waitMs: 500, ...authority(ca) }).check(), { code: 'STR_STATE_UNAVAILABLE' }, 'waits for more')
    const guarded = createServer(socket => { socket.end('-DENIED Redis is running in protected mode\r\n') }).listen(0, '127.0.0.1')
    await once(guarded, 'listening')
    t.teardown(() => { guarded.close() })
    const { port } = guarded.address() as AddressInfo
    await t.rejects(open(t, { url: `rediss://127.0.0.1:${port}`, waitMs: 60_000, ...authority(ca) }).check(), { code: 'STR_STATE_REFUSED', context: { reason: /SSL/ } })
    await t.rejects(open(t, { url: `redis://127.0.0.1:${tlsPort}`, password: 'root', waitMs: 500 }).check(), { code: 'STR_STATE_UNAVAILABLE' })
  })

  await t.test('redis state says that the password is wrong over TLS too', async t => {
    await t.rejects(open(t, { url, password: 'wrong', waitMs: 60_000, ...authority(ca) }).check(), { code: 'STR_STATE_REFUSED', context: { reason: 'WRONGPASS' } })
  })
})

async function speaksTls (port: number, ca: string): Promise<boolean> {
  return await new Promise(resolve => {
    const socket = connectTls({ host: '127.0.0.1', port, ca: readFileSync(ca) })
    socket.once('secureConnect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => { resolve(false) })
  })
}

t.test('an address that is no URL of Redis is refused before anything is connected', async t => {
  for (const url of ['', 'localhost:6379', 'http://a:1', 'redis://', 'redis://a:1/x']) t.throws(() => createRedisBackend({ url }), { code: 'STR_STATE_REFUSED' }, url)
  t.throws(() => createRedisBackend({ url: 'redis://a:1/2,redis://b:1/2' }), { code: 'STR_STATE_REFUSED', context: { reason: /databases/ } })
})
