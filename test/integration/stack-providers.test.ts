import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { loadConfig } from '../../ops/config.ts'
import { ensureStack } from '../../ops/stack/ensure.ts'
import { probe } from '../../ops/stack/health.ts'
import { freePorts } from '../../ops/stack/ports.ts'
import { ownService, whatIsMissing } from '../support/stack.ts'
import { tempFolder } from '../support/temp-folder.ts'

test('the memory provider runs what cannot live inside the process, alone, and keeps nothing', async t => {
  const missing = await whatIsMissing(['clickhouse', 'gateway'])
  if (missing !== undefined) return t.plan(0, missing)
  const dataDir = join(tempFolder(t), 'data')
  const [clickhouse = 0, gateway = 0] = await freePorts('127.0.0.1', 2)
  const overrides = { COMMERCE_PROVIDER: 'memory', COMMERCE_DATA_DIR: dataDir, COMMERCE_CLICKHOUSE_PORT: clickhouse, COMMERCE_GATEWAY_PORT: gateway }
  const options = { config: loadConfig({ env: {}, file: false, overrides }), report: () => {} }
  const stack = await ensureStack(options)
  t.teardown(async () => await stack.stop())
  t.equal(stack.provider, 'memory')
  t.same([...stack.started].sort(), ['clickhouse', 'gateway'])
  t.equal(await probe({ kind: 'http', url: `${stack.endpoints.clickhouseUrl}/ping`, contains: 'Ok.' }), undefined)
  t.equal(await probe({ kind: 'http', url: `${stack.endpoints.gatewayUrl}/health` }), undefined)
  await t.rejects(ensureStack(options), { code: 'OPS_STACK_BUSY' }, 'a second platform would share the ports and the folder')
  await stack.stop()
  t.match(await probe({ kind: 'http', url: `${stack.endpoints.gatewayUrl}/health` }), 'nothing listens on its port')
  t.notOk(existsSync(join(dataDir, 'memory')))
})

test('schema ids are the same when the registry is killed right after it gave them out', async t => {
  const registry = await ownService(t, 'registry')
  if (registry === undefined) return
  const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
  const register = async (subject: string): Promise<number> => {
    const body = JSON.stringify({ schema: JSON.stringify({ type: 'record', name: subject, fields: [{ name: 'a', type: 'string' }] }) })
    const response = await fetch(`${registry.endpoint}/subjects/${subject}/versions`, { method: 'POST', headers, body })
    t.equal(response.status, 200)
    return (await response.json() as { id: number }).id
  }
  const ids = [await register('One'), await register('Two'), await register('Three')]
  await registry.kill()
  await registry.start()
  for (const [index, id] of ids.entries()) {
    const response = await fetch(`${registry.endpoint}/schemas/ids/${id}`)
    t.equal(response.status, 200)
    t.match((await response.json() as { schema: string }).schema, ['One', 'Two', 'Three'][index])
  }
  t.equal(await register('Three'), ids[2], 'the same schema has the same id')
})

test('a paused broker answers again when it goes on, and a killed one when it is started again', async t => {
  const kafka = await ownService(t, 'kafka')
  if (kafka === undefined) return
  const health = { kind: 'kafka', host: '127.0.0.1', port: kafka.port } as const
  kafka.pause()
  t.match(await probe(health, 300), /no answer/)
  kafka.resume()
  t.equal(await probe(health, 30_000), undefined)
  await kafka.kill()
  t.equal(await probe(health), 'nothing listens on its port')
  await kafka.start()
  t.equal(await probe(health), undefined)
})
