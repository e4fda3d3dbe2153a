import { type Test } from 'tap'
import { type KeyStore, type WrappedKey } from '../../topology/privacy/key-store.ts'

function wrapped (text: string, masterKeyId = 'm1'): WrappedKey {
  return { masterKeyId, bytes: Buffer.from(text) }
}

async function listed (store: KeyStore): Promise<string[]> {
  const found: string[] = []
  for await (const { keyId, row } of store.list()) found.push(`${keyId} ${row.kind}`)
  return found.sort()
}

/** What every key store keeps to. `open` opens the same store again, as another process would. */
export function testKeyStore (t: Test, create: (t: Test) => Promise<{ readonly store: KeyStore, readonly open: () => KeyStore }>): void {
  t.test('a key store gives the first key to both when two are created at once', async t => {
    const { store, open } = await create(t)
    t.equal(await store.read('customer/1'), undefined)
    const [one, two] = await Promise.all([store.create('customer/1', wrapped('one')), open().create('customer/1', wrapped('two'))])
    t.same(one, two)
    t.same(await open().read('customer/1'), one)
    t.same(await listed(store), ['customer/1 live'])
  })

  t.test('a key store forgets a destroyed key for ever, and remembers that it did', async t => {
    const { store, open } = await create(t)
    await store.create('customer/1', wrapped('one'))
    const destroyed = await store.destroy('customer/1', 7)
    t.match(destroyed, { destroyedAt: 7, digest: /^[0-9a-f]{64}$/ })
    t.same(await open().read('customer/1'), { kind: 'destroyed', ...destroyed })
    t.same(await open().create('customer/1', wrapped('two')), { kind: 'destroyed', ...destroyed }, 'nobody makes another one')
    await store.rewrap('customer/1', wrapped('again', 'm2'))
    t.same(await store.read('customer/1'), { kind: 'destroyed', ...destroyed }, 'no wrapping brings it back')
    t.same(await open().destroy('customer/1', 9), destroyed)
    t.same(await store.destroy('customer/2', 8), { destroyedAt: 8, digest: null }, 'one that never was')
    t.same(await listed(store), ['customer/1 destroyed', 'customer/2 destroyed'])
  })

  t.test('a key store puts another wrapping in the place of a key, and makes none of it', async t => {
    const { store, open } = await create(t)
    await store.create('a', wrapped('one'))
    await store.rewrap('a', wrapped('one again', 'm2'))
    t.same(await open().read('a'), { kind: 'live', key: wrapped('one again', 'm2') })
    await store.rewrap('b', wrapped('none', 'm2'))
    t.equal(await store.read('b'), undefined)
  })

  t.test('a key is gone in the end when it is destroyed while others make it and wrap it again', async t => {
    const { store, open } = await create(t)
    for (let round = 0; round < 20; round++) {
      const keyId = `customer/${round}`
      if (round % 2 === 0) await store.create(keyId, wrapped('one'))
      const others = [open(), open()]
      await Promise.allSettled([
        others[0]?.create(keyId, wrapped('two')),
        store.destroy(keyId, round),
        others[1]?.rewrap(keyId, wrapped('three', 'm2'))
      ])
      await store.destroy(keyId, 99)
      t.match(await open().read(keyId), { kind: 'destroyed', destroyedAt: round })
    }
  })
}
