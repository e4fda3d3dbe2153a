import { join } from 'node:path'
import { type Test, test } from 'tap'
import { NO_HEADERS, systemClock } from '#streams'
import { createMemoryBroker } from '#streams/testing'
import { createFileKeyStore } from '../../../ops/keys/file-key-store.ts'
import { followErasures } from '../../../ops/platform/follow-erasures.ts'
import { silentLogger } from '../../../streams/diagnostics.ts'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { createKeyring } from '../../../topology/privacy/keyring.ts'
import { createLocalMasterKeys, masterKeyOf } from '../../../topology/privacy/local-master-keys.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'

await bindMemoryCodec()

const { name, partitions, value: serde } = topics.privacy.keys

async function scene (t: Test) {
  const kafka = createMemoryBroker().client()
  await kafka.start()
  await kafka.admin.createTopics([{ name, partitions, replicas: 1, config: {} }])
  const store = createFileKeyStore(join(t.testdir(), 'keys'))
  const master = masterKeyOf(Buffer.alloc(32, 1))
  const open = () => createKeyring({ store, masterKeys: createLocalMasterKeys(async () => [master]), clock: systemClock })
  const tell = async (keyId: string) => {
    const value = serde.encode({
      type: 'SubjectErased',
      meta: { eventId: keyId, occurredAt: 1, correlationId: '', causationId: '', aggregateVersion: 0, tenant: 'default' },
      keyId,
      subject: keyId,
      accountId: null,
      requestedBy: null,
      requestedAt: 1,
      reason: '',
      destroyedAt: 1,
      digest: null
    })
    await kafka.producer().send([{ topic: name, partition: partitionOf(keyId, partitions), key: Buffer.from(keyId), value, headers: NO_HEADERS }])
  }
  const follow = (keys: Parameters<typeof followErasures>[0]['keys']) => {
    const follower = followErasures({ kafka, keys, clock: systemClock, logger: silentLogger, retryMs: 1 })
    t.teardown(async () => { await follower.close() })
    return follower
  }
  return { store, open, tell, follow }
}

test('a person who was erased elsewhere is erased in this process as soon as it is told', async t => {
  const { open, tell, follow } = await scene(t)
  const keys = open()
  const follower = follow(keys)
  await keys.dataKey('customer/1')
  await open().destroy('customer/1')
  t.ok(await keys.findKey('customer/1'), 'in memory')
  await tell('customer/1')
  await follower.caughtUp()
  t.equal(await keys.findKey('customer/1'), null)
})

test('a person who came back with an older key store is erased again before the process goes on, and nobody else is', async t => {
  const { store, open, tell, follow } = await scene(t)
  for (const id of ['customer/1', 'customer/2', 'customer/3']) await tell(id)
  const keys = open()
  for (const id of ['customer/1', 'customer/2', 'customer/4']) await keys.dataKey(id)
  await follow(keys).caughtUp()
  for (const id of ['customer/1', 'customer/2', 'customer/3']) t.match(await store.read(id), { kind: 'destroyed' }, id)
  t.ok(await keys.findKey('customer/4'))
})

test('an erasure is tried again until the key store does it', async t => {
  const { open, tell, follow } = await scene(t)
  const keys = open()
  let failures = 3
  await tell('customer/1')
  await tell('customer/2')
  await follow({ drop: id => { keys.drop(id) }, destroy: async id => { if (failures-- > 0) throw new Error('away'); return await keys.destroy(id) } }).caughtUp()
  t.equal(await keys.dataKey('customer/1'), null)
  t.equal(await keys.dataKey('customer/2'), null)
})
