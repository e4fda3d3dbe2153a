import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { test, type Test } from 'tap'
import { gatherFacts } from '../../ops/stack/facts.ts'
import { parsePidRecord, type PidRecord } from '../../ops/stack/pid-file.ts'
import { freePorts } from '../../ops/stack/ports.ts'
import { isRunning } from '../../ops/stack/process-identity.ts'
import { serviceNames, type ProcessName } from '../../ops/stack/stack.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/client.ts'
import { whatIsMissing } from '../support/stack.ts'
import { tempFolder } from '../support/temp-folder.ts'

const root = resolve(import.meta.dirname, '../..')
const settings = ['COMMERCE_KAFKA_PORT', 'COMMERCE_KAFKA_CONTROLLER_PORT', 'COMMERCE_REGISTRY_PORT', 'COMMERCE_REDIS_PORT', 'COMMERCE_CLICKHOUSE_PORT', 'COMMERCE_GATEWAY_PORT'] as const

interface Outcome { readonly code: number | null, readonly text: string }

interface Cli {
  readonly dir: string
  readonly port: (name: typeof settings[number]) => number
  /** Second and third broker: broker, controller, broker, controller. */
  readonly peers: readonly number[]
  /** Runs the command line as a person would. */
  run (command: string, ...args: string[]): Promise<Outcome>
  /** The same, ended by Ctrl-C as soon as the output matches. */
  interrupt (when: RegExp, command: string): Promise<Outcome>
  record (name: ProcessName): PidRecord | undefined
}

/** The command line over a data folder and ports of its own; everything has ended when the test has. */
async function cli (t: Test, given: Readonly<Record<string, string>> = {}): Promise<Cli> {
  const dir = join(tempFolder(t), 'data')
  const ports = await freePorts('127.0.0.1', settings.length + 4)
  const peers = ports.slice(settings.length)
  const own = { COMMERCE_DATA_DIR: dir, COMMERCE_PROVIDER: 'local', COMMERCE_KAFKA_PEER_PORTS: peers.join(',') }
  const env = { ...process.env, ...own, ...Object.fromEntries(settings.map((name, index) => [name, String(ports[index])])), ...given }
  const spawnCli = async (args: readonly string[], when?: RegExp): Promise<Outcome> => {
    const child = spawn(process.execPath, [join(root, 'ops/stack/cli.ts'), ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    let isInterrupted = false
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        if (isInterrupted || when?.test(text) !== true) return
        isInterrupted = child.kill('SIGINT')
      })
    }
    const [code] = await once(child, 'close') as [number | null]
    return { code, text }
  }
  const run: Cli['run'] = async (...args) => await spawnCli(args)
  t.teardown(async () => { await run('down') })
  const record = (name: ProcessName): PidRecord | undefined => {
    const path = join(dir, 'run', `${name}.pid`)
    return existsSync(path) ? parsePidRecord(readFileSync(path, 'utf8')) : undefined
  }
  return { dir, port: name => ports[settings.indexOf(name)] ?? 0, peers, run, interrupt: async (when, command) => await spawnCli([command], when), record }
}

test('the stack comes up, is kept, survives a kill, goes down and leaves nothing running', async t => {
  const missing = await whatIsMissing(serviceNames)
  if (missing !== undefined) return t.plan(0, missing)
  const { dir, run, record, port } = await cli(t)

  const up = await run('up')
  t.equal(up.code, 0, up.text)
  t.match(up.text, /^provider: local \(asked for\)\n/)
  for (const name of serviceNames) t.match(up.text, new RegExp(`^${name} +up +local `, 'm'))
  const first = new Map(serviceNames.map(name => [name, record(name)]))

  const again = await run('up')
  t.equal(again.code, 0, again.text)
  t.notMatch(again.text, /is up after/, 'nothing is started twice')
  for (const name of serviceNames) t.same(record(name), first.get(name))

  const kafka = first.get('kafka')
  if (kafka === undefined) return t.fail('the broker has a pid file')
  process.kill(kafka.pid, 'SIGKILL')
  await t.resolves(gone(kafka))
  t.match((await run('status')).text, /^kafka +down/m)
  const healed = await run('up')
  t.equal(healed.code, 0, healed.text)
  t.match(healed.text, /kafka \S+ is up after/)
  t.same(record('redis'), first.get('redis'), 'the others were left alone')

  t.match((await run('logs', 'redis', '--lines', '5')).text, /==> redis: .*redis\.log\n.*Ready to accept connections/s)
  t.match(await run('logs', 'nonsense'), { code: 1, text: /OPS_OPTION_INVALID.*no service 'nonsense'/ })

  const records = serviceNames.map(name => record(name))
  const down = await run('down')
  t.equal(down.code, 0, down.text)
  t.match(down.text, /ended gateway, clickhouse, redis, registry, kafka/)
  for (const one of records) t.notOk(one !== undefined && isRunning(one.pid, one.identity))
  t.same(readdirSync(join(dir, 'run')), [], 'no pid or lock file is left')
  t.match((await run('down')).text, /nothing was running/)
  t.equal((await run('status')).text.match(/ down /g)?.length, serviceNames.length)

  const reset = await run('reset')
  t.match(reset.text, new RegExp(`deleted ${join(dir, 'kafka')}`))
  t.same(readdirSync(dir), ['keys'], 'keys are kept: what was sealed or signed with them may be elsewhere')
  t.ok(port('COMMERCE_KAFKA_PORT') > 0)
})

test('three brokers come up as one cluster, keep their number, and go down together', async t => {
  const missing = await whatIsMissing(['kafka'])
  if (missing !== undefined) return t.plan(0, missing)
  const elsewhere = { COMMERCE_REGISTRY_URL: 'http://127.0.0.1:1', COMMERCE_REDIS_URL: 'redis://127.0.0.1:1', COMMERCE_CLICKHOUSE_URL: 'http://127.0.0.1:1' }
  const { dir, run, record, port, peers } = await cli(t, { ...elsewhere, COMMERCE_GATEWAY_URL: 'http://127.0.0.1:1', COMMERCE_KAFKA_HEAP_MB: '256' })
  const up = await run('up', '--brokers', '3')
  t.equal(up.code, 0, up.text)
  const names = ['kafka', 'kafka-2', 'kafka-3'] as const
  for (const name of names) t.match(up.text, new RegExp(`^${name} +up +local `, 'm'))
  const records = names.map(record)

  const brokers = [port('COMMERCE_KAFKA_PORT'), peers[0], peers[2]].map(each => `127.0.0.1:${each ?? 0}`)
  const client = createKafkaJs({ brokers: brokers.slice(2), clientId: 'cli' })
  t.teardown(async () => { await client.close() })
  await client.start()
  t.equal(await client.admin.brokerCount(), 3, 'any of them knows all three')
  await client.admin.createTopics([{ name: 'copied', partitions: 3, replicas: 3, config: {} }])
  t.equal((await client.admin.topicConfigs(['copied'])).get('copied')?.['min.insync.replicas'], '2')
  await client.producer().send([0, 1, 2].map(partition => ({ topic: 'copied', partition, key: null, value: Buffer.from('x'), headers: [] })))

  const one = await run('up', '--brokers', '1')
  t.match(one, { code: 1, text: /OPS_BROKERS_FIXED: the data folder .* was made with 3 broker\(s\), and 1 are asked for/ })
  const again = await run('up')
  t.equal(again.code, 0, again.text)
  t.notMatch(again.text, /is up after/, 'without the option the number is that of the folder, and nothing is started twice')
  t.match((await run('logs', 'kafka-3', '--lines', '1')).text, /==> kafka-3: /)

  t.match(await run('down'), { code: 0, text: /ended kafka, kafka-2, kafka-3/ })
  for (const [index, name] of names.entries()) {
    t.notOk(records[index] !== undefined && isRunning(records[index].pid, records[index].identity), `${name} has ended`)
  }
  t.same(readdirSync(join(dir, 'run')), [], 'no pid or lock file is left')
  await run('reset')
  t.same(readdirSync(dir), [])
  t.match(await run('up', '--brokers', '3', '--provider', 'memory'), { code: 1, text: /three brokers .* are for the local provider, not for memory/ })
})

test('stale pid and lock files are taken over, and a recycled pid is not killed', async t => {
  const missing = await whatIsMissing(['redis', 'gateway'])
  if (missing !== undefined) return t.plan(0, missing)
  const { dir, run, record } = await cli(t)
  mkdirSync(join(dir, 'run'), { recursive: true })
  const stranger = { pid: process.pid, identity: 'an older boot/1', fingerprint: 'x', startedAtMs: 1, stopSignal: 'SIGKILL', graceMs: 1 }
  writeFileSync(join(dir, 'run/gateway.pid'), JSON.stringify(stranger))
  writeFileSync(join(dir, 'run/stack.lock'), JSON.stringify({ pid: process.pid, identity: 'an older boot/1', nonce: 'x' }))
  const down = await run('down')
  t.match(down, { code: 0, text: /nothing was running/ }, 'this test process, whose number stands in the file, still lives')
  t.equal(record('gateway'), undefined)
})

test('a taken port is told in one line with its holder, and what was started has ended', async t => {
  const missing = await whatIsMissing(serviceNames)
  if (missing !== undefined) return t.plan(0, missing)
  const { run, port, record } = await cli(t)
  const other = createServer().listen(port('COMMERCE_REDIS_PORT'), '127.0.0.1')
  await once(other, 'listening')
  t.teardown(() => { other.close() })
  const { code, text } = await run('up')
  t.equal(code, 1)
  t.match(text.trim().split('\n').at(-1), new RegExp(`^OPS_PORT_IN_USE: port ${port('COMMERCE_REDIS_PORT')} for redis is in use by .*${process.pid}.*Stop that process, or set COMMERCE_REDIS_PORT`))
  for (const name of serviceNames) t.equal(record(name), undefined, name)
})

test('Ctrl-C while the stack comes up ends what was started', async t => {
  const missing = await whatIsMissing(serviceNames)
  if (missing !== undefined) return t.plan(0, missing)
  const { dir, interrupt, record } = await cli(t)
  const { code, text } = await interrupt(/redis \S+ is up after/, 'up')
  t.equal(code, 1)
  t.match(text.trim().split('\n').at(-1), /^OPS_INTERRUPTED: /)
  for (const name of serviceNames) t.equal(record(name), undefined, name)
  t.same(readdirSync(join(dir, 'run')), [])
})

test('a provider that cannot run is refused in one line', async t => {
  const { run } = await cli(t)
  if ((await gatherFacts()).docker !== undefined) return t.plan(0, 'a Docker engine answers here')
  const { code, text } = await run('up', '--provider', 'docker')
  t.equal(code, 1)
  t.match(text, /^OPS_DOCKER_UNAVAILABLE: no Docker engine answers: /)
  t.match(await run('up', '--provider', 'podman'), { code: 1, text: /^OPS_CONFIG_INVALID: .*COMMERCE_PROVIDER/ })
  t.match(await run('nonsense'), { code: 2, text: /^usage:/ })
})

async function gone (record: PidRecord): Promise<void> {
  while (isRunning(record.pid, record.identity)) await new Promise(resolve => setTimeout(resolve, 20))
}
