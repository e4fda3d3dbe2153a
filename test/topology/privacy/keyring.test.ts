import { randomBytes } from 'node:crypto'
import { test } from 'tap'
import { createManualClock } from '#streams/testing'
import { type KeyRow, type KeyStore, type MasterKeys } from '../../../topology/privacy/key-store.ts'
import { createKeyring } from '../../../topology/privacy/keyring.ts'
import { createLocalMasterKeys, masterKeyOf } from '../../../topology/privacy/local-master-keys.ts'
import { createMemoryKeyStore } from '../../../topology/privacy/memory-key-store.ts'

function scene () {
  const master = [masterKeyOf(randomBytes(32))]
  const calls = { read: 0, create: 0, wrap: 0, unwrap: 0 }
  const inner = createMemoryKeyStore()
  const local = createLocalMasterKeys(async () => master)
  const store: KeyStore = {
    ...inner,
    read: async id => { calls.read++; return await inner.read(id) },
    create: async (id, key) => { calls.create++; return await inner.create(id, key) }
  }
  const masterKeys: MasterKeys = {
    ...local,
    wrap: async (id, key) => { calls.wrap++; return await local.wrap(id, key) },
    unwrap: async (id, key) => { calls.unwrap++; return await local.unwrap(id, key) }
  }
  const clock = createManualClock(1_000)
  return { calls, store, masterKeys, clock, master, inner }
}

test('a data key is made once and is the same for every process when it is asked for again', async t => {
  const { calls, store, masterKeys, clock } = scene()
  const keys = createKeyring({ store, masterKeys, clock })
  const [first, second] = await Promise.all([keys.dataKey('a'), keys.dataKey('a')])
  t.equal(first?.length, 32)
  t.same(first, second)
  t.same(calls, { read: 1, create: 1, wrap: 1, unwrap: 0 }, 'made without opening what was just wrapped')
  await keys.dataKey('a')
  t.equal(calls.read, 1, 'in memory')
  const other = createKeyring({ store, masterKeys, clock })
  t.same(await other.findKey('a'), first)
  t.equal(calls.unwrap, 1)
  t.notSame(await keys.dataKey('b'), first)
})

test('a key that is only looked for is never made', async t => {
  const { calls, store, masterKeys, clock } = scene()
  const keys = createKeyring({ store, masterKeys, clock })
  t.equal(await keys.findKey('a'), null)
  t.equal(calls.create, 0)
  t.equal(await store.read('a'), undefined)
  t.ok(await keys.dataKey('a'), 'and may be made later')
})

test('an aged key is used again after a look at its row, without the master key', async t => {
  const { calls, store, masterKeys, clock } = scene()
  const keys = createKeyring({ store, masterKeys, clock, maxAgeMs: 100 })
  const key = await keys.dataKey('a')
  await clock.advance(100)
  t.same(await keys.dataKey('a'), key)
  t.same(calls, { read: 2, create: 1, wrap: 1, unwrap: 0 })
})

test('a key that another process destroyed is gone here when its time in memory is over, and at once when that is told', async t => {
  const { store, masterKeys, clock } = scene()
  const keys = createKeyring({ store, masterKeys, clock, maxAgeMs: 100 })
  await keys.dataKey('a')
  await keys.dataKey('b')
  const other = createKeyring({ store, masterKeys, clock })
  await other.destroy('a')
  await other.destroy('b')
  keys.drop('b')
  t.ok(await keys.findKey('a'), 'not told, and not looked')
  t.equal(await keys.findKey('b'), null)
  await clock.advance(100)
  t.equal(await keys.findKey('a'), null)
  t.equal(await keys.dataKey('a'), null, 'no other one is made')
})

test('a key is destroyed once: it answers the same when it is repeated, and says so when there was none', async t => {
  const { store, masterKeys, clock } = scene()
  const keys = createKeyring({ store, masterKeys, clock })
  await keys.dataKey('a')
  const row = await store.read('a')
  const wrapped = row?.kind === 'live' ? row.key.bytes : Buffer.alloc(0)
  const first = await keys.destroy('a')
  t.match(first, { destroyedAt: 1_000, digest: /^[0-9a-f]{64}$/ })
  t.ok(wrapped.every(byte => byte === 0), 'overwritten')
  await clock.advance(5)
  t.same(await keys.destroy('a'), first)
  t.same(await keys.destroy('never'), { destroyedAt: 1_005, digest: null })
  t.equal(await keys.dataKey('never'), null)
})

test('a reading that began before an erasure brings no key back', async t => {
  const { inner, masterKeys, clock } = scene()
  const keys = createKeyring({ store: inner, masterKeys, clock })
  await keys.dataKey('a')
  const row = await inner.read('a') as KeyRow & { readonly kind: 'live' }
  const stale: KeyRow = { kind: 'live', key: { masterKeyId: row.key.masterKeyId, bytes: Buffer.from(row.key.bytes) } }
  const gate = Promise.withResolvers<void>()
  let isSlow = true
  const read = async (id: string) => {
    if (!isSlow) return await inner.read(id)
    await gate.promise
    return stale
  }
  const slow = createKeyring({ store: { ...inner, read }, masterKeys, clock })
  const reading = slow.findKey('a')
  isSlow = false
  await slow.destroy('a')
  gate.resolve()
  t.ok(await reading, 'who asked before gets what there was')
  t.equal(await slow.findKey('a'), null, 'who asks afterwards does not')
})

test('the keys in memory are bounded: the one that was not used for longest goes', async t => {
  const { calls, store, masterKeys, clock } = scene()
  const keys = createKeyring({ store, masterKeys, clock, maxCached: 2 })
  await keys.dataKey('a')
  await keys.dataKey('b')
  await keys.dataKey('a')
  await keys.dataKey('c')
  const before = calls.read
  await keys.dataKey('a')
  t.equal(calls.read, before, 'used lately')
  await keys.dataKey('b')
  t.equal(calls.read, before + 1)
})

test('a store that fails once is asked again', async t => {
  const { inner, masterKeys, clock } = scene()
  let isDown = true
  const keys = createKeyring({ store: { ...inner, read: async id => { if (isDown) throw new Error('down'); return await inner.read(id) } }, masterKeys, clock })
  await t.rejects(keys.dataKey('a'), { message: 'down' })
  isDown = false
  t.ok(await keys.dataKey('a'))
})
