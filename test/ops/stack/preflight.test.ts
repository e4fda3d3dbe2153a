import { join } from 'node:path'
import { test } from 'tap'
import { loadConfig } from '../../../ops/config.ts'
import { availableMemoryMb, freeDiskMb, neededMemoryMb, neededProgramMb, requireRoom } from '../../../ops/stack/preflight.ts'
import { serviceNames } from '../../../ops/stack/stack.ts'

const config = loadConfig({ env: {}, file: false })

test('the memory that is needed grows with the services and their heaps', async t => {
  const all = neededMemoryMb(serviceNames, config)
  t.ok(all > 1000 && all < 2000, `${all} MB`)
  t.ok(neededMemoryMb(['redis'], config) < 100)
  const large = loadConfig({ env: { COMMERCE_KAFKA_HEAP_MB: '4096' }, file: false })
  t.equal(neededMemoryMb(['kafka'], large) - neededMemoryMb(['kafka'], config), (4096 - 512) / 2)
})

test('three brokers need three times the memory of one', async t => {
  const cluster = loadConfig({ env: { COMMERCE_KAFKA_NODES: '3' }, file: false })
  t.equal(neededMemoryMb(['kafka'], cluster), 3 * neededMemoryMb(['kafka'], config))
})

test('the disk for programs is needed only for those that are not there yet', async t => {
  t.ok(neededProgramMb(serviceNames, new Set()) > 500)
  t.equal(neededProgramMb(serviceNames, new Set(['kafka', 'registry', 'redis'])), 0)
})

test('free disk is told for a folder that will only be made', async t => {
  const folder = t.testdir({})
  t.ok(await freeDiskMb(join(folder, 'a/b/c')) > 0)
  t.ok(availableMemoryMb() > 0)
})

test('a start without room is refused before it begins', async t => {
  const greedy = loadConfig({ env: { COMMERCE_KAFKA_HEAP_MB: '900000000' }, file: false })
  await t.rejects(requireRoom(['kafka'], greedy, new Set()), { code: 'OPS_MEMORY_LOW' })
  const small = { ...config, dataDir: join(t.testdir({}), 'data') }
  await t.resolves(requireRoom(['gateway'], small, new Set()))
})
