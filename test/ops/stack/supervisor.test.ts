import { createServer } from 'node:net'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type Test } from 'tap'
import { freePorts } from '../../../ops/stack/ports.ts'
import { type ServiceSpec } from '../../../ops/stack/service.ts'
import { lastLine, Supervisor } from '../../../ops/stack/supervisor.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const server = (port: number, more = ''): string =>
  `require('node:http').createServer((q, a) => a.end('Ok.')).listen(${port}, '127.0.0.1', () => console.log('serving')); ${more}`

interface Bench {
  readonly dir: string
  readonly port: number
  readonly lines: string[]
  readonly supervisor: Supervisor
  spec (script: string, more?: Partial<ServiceSpec>): ServiceSpec
}

async function bench (t: Test, timeoutMs = 30_000, signal?: AbortSignal): Promise<Bench> {
  const dir = tempFolder(t)
  const [port = 0] = await freePorts('127.0.0.1', 1)
  const lines: string[] = []
  const supervisor = new Supervisor(dir, timeoutMs, line => lines.push(line), signal)
  t.teardown(async () => { await supervisor.kill('gateway') })
  const spec = (script: string, more: Partial<ServiceSpec> = {}): ServiceSpec => ({
    name: 'gateway',
    version: '1',
    host: '127.0.0.1',
    ports: [{ port, setting: 'COMMERCE_GATEWAY_PORT' }],
    command: process.execPath,
    args: ['-e', script],
    env: {},
    dataDir: join(dir, 'gateway'),
    files: {},
    health: { kind: 'http', url: `http://127.0.0.1:${port}/`, contains: 'Ok.' },
    stopSignal: 'SIGTERM',
    graceMs: 10_000,
    ...more
  })
  return { dir, port, lines, supervisor, spec }
}

test('a service is started once and kept when it is asked for again', async t => {
  const { supervisor, spec, port, lines, dir } = await bench(t)
  t.equal(await supervisor.ensure(spec(server(port))), true)
  const pid = supervisor.running('gateway')?.pid
  t.equal(await supervisor.ensure(spec(server(port))), false)
  t.equal(supervisor.running('gateway')?.pid, pid)
  t.match(lines[0], /gateway 1 is up after [\d.]+ s \(pid \d+, port \d+\)/)
  t.match(readFileSync(join(dir, 'logs/gateway.log'), 'utf8'), /serving/)
  t.equal(await supervisor.stop('gateway'), true)
  t.equal(supervisor.running('gateway'), undefined)
  t.notOk(existsSync(join(dir, 'run/gateway.pid')))
  t.equal(await supervisor.stop('gateway'), false, 'stopping twice is harmless')
})

test('a service is restarted when it would be started in another way', async t => {
  const { supervisor, spec, port, lines } = await bench(t)
  await supervisor.ensure(spec(server(port)))
  const pid = supervisor.running('gateway')?.pid
  t.equal(await supervisor.ensure(spec(server(port), { env: { MORE: '1' } })), true)
  t.not(supervisor.running('gateway')?.pid, pid)
  t.match(lines, [/is up/, 'gateway runs with other settings: restarting it', /is up/])
})

test('a service gets its files, its folder and its own environment when it starts', async t => {
  const { supervisor, spec, port, dir } = await bench(t)
  const file = join(dir, 'gateway/conf/a.properties')
  const script = server(port, "console.log(process.cwd(), process.env.MINE, process.env.TAP, require('node:fs').readFileSync('conf/a.properties', 'utf8'))")
  await supervisor.ensure(spec(script, { env: { MINE: 'yes' }, files: { [file]: 'x=1' } }))
  t.match(readFileSync(supervisor.logFile('gateway'), 'utf8'), /gateway yes undefined x=1/)
})

test('a service is formatted before its first start only', async t => {
  const { supervisor, spec, port, dir } = await bench(t)
  const done = join(dir, 'gateway/formatted')
  const format = { args: ['-e', "require('node:fs').appendFileSync('formatted', 'x')"], done }
  await supervisor.ensure(spec(server(port), { format }))
  await supervisor.stop('gateway')
  await supervisor.ensure(spec(server(port), { format }))
  t.equal(readFileSync(done, 'utf8'), 'x')
  t.match(readFileSync(`${supervisor.logFile('gateway')}.1`, 'utf8'), /serving/, 'the log of the run before is kept')
})

test('a start fails with the last word of the log when the service ends at once', async t => {
  const { supervisor, spec } = await bench(t)
  await t.rejects(supervisor.ensure(spec("console.error('Error: no such table'); process.exit(1)")), { code: 'OPS_SERVICE_DIED', message: /gateway ended while starting: Error: no such table/ })
  t.equal(supervisor.running('gateway'), undefined)
})

test('a start fails as a full disk, a taken port or a missing engine when the log says so', async t => {
  const { supervisor, spec } = await bench(t)
  const dies = (text: string): ServiceSpec => spec(`console.error(${JSON.stringify(text)}); process.exit(1)`)
  await t.rejects(supervisor.ensure(dies('java.io.IOException: No space left on device')), { code: 'OPS_DISK_FULL' })
  await t.rejects(supervisor.ensure(dies('java.net.BindException: Address already in use')), { code: 'OPS_PORT_IN_USE' })
  await t.rejects(supervisor.ensure(dies("Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'chdb' imported from x")), { code: 'OPS_CHDB_MISSING' })
})

test('a start fails before anything runs when its port is taken', async t => {
  const { supervisor, spec, port, dir } = await bench(t)
  const other = createServer().listen(port, '127.0.0.1')
  await once(other, 'listening')
  t.teardown(() => { other.close() })
  await t.rejects(supervisor.ensure(spec(server(port))), { code: 'OPS_PORT_IN_USE', context: { port, service: 'gateway', setting: 'COMMERCE_GATEWAY_PORT' } })
  t.notOk(existsSync(join(dir, 'logs')))
})

test('a start fails and leaves nothing when the service never becomes healthy', async t => {
  const { supervisor, spec } = await bench(t, 300)
  await t.rejects(supervisor.ensure(spec('setInterval(() => {}, 1000)')), { code: 'OPS_SERVICE_SILENT', message: /nothing listens on its port/ })
  t.equal(supervisor.running('gateway'), undefined)
})

test('a start ends and leaves nothing when it is aborted', async t => {
  const controller = new AbortController()
  const { supervisor, spec } = await bench(t, 30_000, controller.signal)
  const start = supervisor.ensure(spec('setInterval(() => {}, 1000)'))
  controller.abort(new Error('enough'))
  await t.rejects(start, { message: 'enough' })
  t.equal(supervisor.running('gateway'), undefined)
})

test('a start fails in one line when there is no such program', async t => {
  const { supervisor, spec } = await bench(t)
  await t.rejects(supervisor.ensure(spec('', { command: 'no-such-program-anywhere' })), { code: 'OPS_SERVICE_DIED', message: /could not be started/ })
})

test('a service is killed when it ignores the stop signal for longer than its grace', async t => {
  const { supervisor, spec, port, lines } = await bench(t)
  await supervisor.ensure(spec(server(port, "process.on('SIGTERM', () => {})"), { graceMs: 200 }))
  t.equal(await supervisor.stop('gateway'), true)
  t.match(lines.at(-1), 'gateway did not end within 0.2 s: killing it')
  t.equal(supervisor.running('gateway'), undefined)
})

test('the last word of a log is its newest complaint, or else its newest line', async t => {
  t.equal(lastLine('start\nERROR x failed\n    at Foo.bar(Error.java:1)\nbye\n'), 'ERROR x failed')
  t.equal(lastLine('a\nb\n\n'), 'b')
  t.equal(lastLine(''), '')
})
