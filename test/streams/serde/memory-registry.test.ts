import { test } from 'tap'
import { createMemoryRegistry } from '../../../streams/serde/memory-registry.ts'

const first = { type: 'record', name: 'A', fields: [{ name: 'x', type: 'int' }] }
const withDefault = { type: 'record', name: 'A', fields: [{ name: 'x', type: 'int' }, { name: 'y', type: 'int', default: 0 }] }
const withoutDefault = { type: 'record', name: 'A', fields: [{ name: 'x', type: 'int' }, { name: 'z', type: 'int' }] }

test('memory registry gives a schema one id, whatever its subjects', async t => {
  const registry = createMemoryRegistry()
  const id = await registry.register('s', first)
  t.equal(await registry.register('s', first), id)
  t.equal(await registry.register('t', first), id)
  t.equal(await registry.idOf('t', first), id)
  t.same(JSON.parse(await registry.schemaOf(id)), first)
  t.equal((await registry.latest('s'))?.version, 1)
  t.equal(await registry.latest('nothing'), null)
})

test('memory registry refuses what the compatibility of the subject forbids', async t => {
  const registry = createMemoryRegistry()
  await registry.setCompatibility('s', 'FULL_TRANSITIVE')
  t.equal(await registry.compatibilityOf('s'), 'FULL_TRANSITIVE')
  t.equal(await registry.compatibilityOf('t'), null)
  await registry.register('s', first)
  t.equal(await registry.isCompatible('s', withDefault), true)
  t.equal(await registry.isCompatible('s', withoutDefault), false)
  t.equal(await registry.isCompatible('t', withoutDefault), true)
  await t.rejects(registry.register('s', withoutDefault), { code: 'STR_SCHEMA_INCOMPATIBLE' })
  await registry.register('s', withDefault)
  t.equal((await registry.latest('s'))?.version, 2)
})

test('memory registry denies what it does not hold, and answers nothing while it is down', async t => {
  const registry = createMemoryRegistry()
  await t.rejects(registry.idOf('s', first), { code: 'STR_SCHEMA_UNREGISTERED' })
  await t.rejects(registry.schemaOf(9), { code: 'STR_SCHEMA_UNKNOWN' })
  registry.isUp = false
  await t.rejects(registry.schemaOf(9), { code: 'STR_REGISTRY_UNAVAILABLE' })
})
