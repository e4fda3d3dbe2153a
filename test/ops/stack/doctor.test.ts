import { createServer } from 'node:net'
import { once } from 'node:events'
import { test } from 'tap'
import { loadConfig } from '../../../ops/config.ts'
import { judgeFacts, judgePorts, judgeRoom, runDoctor } from '../../../ops/stack/doctor.ts'
import { freePorts } from '../../../ops/stack/ports.ts'

const settings = ['COMMERCE_KAFKA_PORT', 'COMMERCE_KAFKA_CONTROLLER_PORT', 'COMMERCE_REGISTRY_PORT', 'COMMERCE_REDIS_PORT', 'COMMERCE_CLICKHOUSE_PORT', 'COMMERCE_GATEWAY_PORT',
  'COMMERCE_API_PORT', 'COMMERCE_METRICS_PORT'] as const

test('a machine with everything but Docker is found fit for the local provider', async t => {
  const findings = judgeFacts({ java: '17.0.15', maven: '3.8.7', chdb: '3.4.0', dockerProblem: 'the docker command finds no engine' }, new Set())
  t.same(findings.filter(({ verdict }) => verdict !== 'ok').map(({ subject, verdict }) => [subject, verdict]), [['Docker', 'optional']])
  t.match(findings.find(({ subject }) => subject === 'Redis')?.advice, /will be downloaded/)
})

test('what is missing is named with what to do', async t => {
  const findings = judgeFacts({ java: '11.0.1', dockerProblem: 'x' }, new Set())
  const missing = findings.filter(({ verdict }) => verdict === 'missing')
  t.same(missing.map(({ subject }) => subject), ['Java', 'Maven', 'Redis', 'ClickHouse (chdb)'])
  for (const { advice } of missing.filter(({ subject }) => subject !== 'Redis')) t.ok(advice.length > 10)
})

test('Maven is not missing when every program is here', async t => {
  const findings = judgeFacts({ java: '21.0.1', chdb: '3.4.0' }, new Set(['kafka', 'registry', 'redis']))
  t.equal(findings.find(({ subject }) => subject === 'Maven')?.verdict, 'ok')
})

test('a port is found taken by its holder, unless the holder is this stack', async t => {
  const ports = await freePorts('127.0.0.1', settings.length)
  const config = loadConfig({ env: Object.fromEntries(settings.map((name, index) => [name, String(ports[index])])), file: false })
  const other = createServer().listen(config.ports.redis, '127.0.0.1')
  await once(other, 'listening')
  t.teardown(() => { other.close() })
  const find = async (running: ReadonlySet<'redis'>) => (await judgePorts(config, running)).find(({ subject }) => subject.includes('(redis)'))
  t.match(await find(new Set()), { verdict: 'missing', found: /in use by/, advice: /COMMERCE_REDIS_PORT/ })
  t.match(await find(new Set(['redis'])), { verdict: 'ok', found: 'used by this stack' })
  t.equal((await judgePorts(config, new Set())).filter(({ verdict }) => verdict === 'missing').length, 1)
})

test('a service of one\'s own needs no port and no memory here', async t => {
  const config = loadConfig({ env: { COMMERCE_REDIS_URL: 'redis://elsewhere:1' }, file: false })
  t.notOk((await judgePorts(config, new Set())).some(({ subject }) => subject.includes('(redis)')))
  t.equal((await judgeRoom(config, new Set(), new Set())).length, 3)
})

test('the doctor prints a table and a verdict, and its exit code is the verdict', async t => {
  const ports = await freePorts('127.0.0.1', settings.length)
  const env = { COMMERCE_DATA_DIR: t.testdir({}), ...Object.fromEntries(settings.map((name, index) => [name, String(ports[index])])) }
  let text = ''
  const code = await runDoctor(loadConfig({ env, file: false }), part => { text += part })
  t.match(text, /^check +verdict +found +advice\nNode +ok/)
  t.match(text, code === 0 ? /The local provider can run\.\n$/ : /The local provider cannot run: .+\.\n$/)
})
