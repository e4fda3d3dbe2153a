import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { test, type Test } from 'tap'
import { channel } from 'node:diagnostics_channel'
import { startTracing } from '../../../ops/telemetry/tracing.ts'
import { groupTelemetry } from '../../../ops/telemetry-settings.ts'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { commands, counter, totals } from '../../streams/runtime/counting.ts'

const options = { headers: { 'x-key': 'k' }, ratio: 1, serviceName: 'shop', instance: 'one' }

async function listen (t: Test, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function process (t: Test, records: number): Promise<number> {
  const driver = await createTestDriver({ nodes: [counter()] })
  t.teardown(async () => { await driver.close() })
  const value = commands.value.encode({ type: 'Add', amount: 1 })
  const batch = Array.from({ length: records }, (_, index) => ({ topic: commands.name, partition: 0, key: Buffer.from(`k${index}`), value, headers: [] }))
  await driver.broker.client('batch').producer().send(batch)
  await driver.run()
  return (await driver.read(totals)).length
}

test('what waits is sent to the collector when tracing closes', async t => {
  const seen: Array<{ readonly path: string | undefined, readonly key: unknown, readonly body: string }> = []
  const endpoint = await listen(t, createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => { body += chunk.toString() })
    request.on('end', () => {
      seen.push({ path: request.url, key: request.headers['x-key'], body })
      response.setHeader('content-type', 'application/json').end('{}')
    })
  }))
  const tracing = startTracing({ ...options, endpoint: `${endpoint}/` })
  t.equal(await process(t, 3), 3)
  await tracing.close()
  t.match(seen, [{ path: '/v1/traces', key: 'k' }])
  t.match(seen.map(({ body }) => body).join(''), /"process commands"/)
  t.match(seen.map(({ body }) => body).join(''), /"service.name"[^}]*"shop"/)
})

test('records are processed and closing comes to an end when the collector refuses everything', async t => {
  const told: Array<Error | undefined> = []
  const endpoint = await listen(t, createServer((_request, response) => { response.writeHead(400).end() }))
  const tracing = startTracing({ ...options, endpoint, onExport: error => { told.push(error) } })
  t.equal(await process(t, 10), 10)
  await tracing.close()
  t.equal(told.length, 1, 'it is told once')
  t.ok(told[0] instanceof Error)
})

test('no record waits and no span is kept for it when the collector never answers', async t => {
  const endpoint = await listen(t, createServer(() => {}))
  const tracing = startTracing({ ...options, endpoint })
  // More spans than may wait: two for each record.
  t.equal(await process(t, 10_000), 10_000)
  await tracing.close()
})

test('nobody listens to the channels of records before tracing starts, and after it is closed', async t => {
  const names = ['streams:input:begun', 'streams:input:ended', 'streams:send:begun', 'streams:send:ended', 'http.server.request.start']
  const heard = (): boolean[] => names.map(name => channel(name).hasSubscribers)
  t.same(heard(), names.map(() => false))
  const tracing = startTracing({ ...options, endpoint: 'http://127.0.0.1:1' })
  t.same(heard(), names.map(() => true))
  await tracing.close()
  t.same(heard(), names.map(() => false))
})

const values = { OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_EXPORTER_OTLP_HEADERS: '', OTEL_TRACES_SAMPLER_ARG: 0.5, OTEL_SERVICE_NAME: 'shop' }

test('the settings of telemetry are those of OpenTelemetry', async t => {
  t.same(groupTelemetry({ ...values, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_EXPORTER_OTLP_HEADERS: 'a=b%20c, d=e=f' }), {
    endpoint: 'http://c:4318', headers: { a: 'b c', d: 'e=f' }, ratio: 0.5, serviceName: 'shop'
  })
})

test('a setting of telemetry is refused by its name when it is wrong', async t => {
  for (const endpoint of ['collector:4318', 'ftp://c', 'http://c?x=1']) t.throws(() => groupTelemetry({ ...values, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }), /OTEL_EXPORTER_OTLP_ENDPOINT/)
  t.throws(() => groupTelemetry({ ...values, OTEL_EXPORTER_OTLP_HEADERS: 'nonsense' }), /OTEL_EXPORTER_OTLP_HEADERS/)
})
