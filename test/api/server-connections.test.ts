import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Test, test } from 'tap'
import { type FastifyInstance } from 'fastify'
import { buildServer } from '../../api/server.ts'

/** A server that listens, with a route that answers when the test says so. */
async function listening (t: Test) {
  const app: FastifyInstance = await buildServer({ services: { admission: { isFull: false } } as never, verify: async () => { throw new Error('no') }, maxEventLoopDelayMs: 0 })
  const waiting: Array<() => void> = []
  app.get('/wait', { config: { permission: 'public' } }, async () => {
    await new Promise<void>(resolve => { waiting.push(resolve) })
    return { answered: true }
  })
  app.get('/quick', { config: { permission: 'public' } }, async () => ({ quick: true }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(async () => { await app.close() })
  const { port } = app.server.address() as AddressInfo
  return { app, port, waiting }
}

async function get (port: number, path: string, agent?: Agent): Promise<IncomingMessage> {
  const asked = request({ port, host: '127.0.0.1', path, ...(agent === undefined ? {} : { agent }) }).end()
  const [answer] = await once(asked, 'response') as [IncomingMessage]
  return answer
}

/** What a server answers to these bytes, until it closes the connection. */
async function raw (port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(bytes)
  return await text(socket).catch(() => '')
}

test('requests that are under way when the server ends are all answered, and their connections are told to close', async t => {
  const { app, port, waiting } = await listening(t)
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  t.teardown(() => { agent.destroy() })
  const answers = Array.from({ length: 20 }, async () => await get(port, '/wait', agent))
  while (waiting.length < 20) await new Promise(setImmediate)
  let isClosed = false
  const closed = app.close().then(() => { isClosed = true })
  await new Promise(setImmediate)
  t.equal(isClosed, false, 'the end waits for them')
  for (const answer of waiting) answer()
  for (const answer of await Promise.all(answers)) {
    t.equal(answer.statusCode, 200)
    t.equal(answer.headers.connection, 'close')
    t.same(JSON.parse(await text(answer)), { answered: true })
  }
  await closed
  await t.rejects(get(port, '/quick'), { code: 'ECONNREFUSED' })
})

test('a request that comes on an open connection while the server ends is answered, and not turned away', async t => {
  const { app, port, waiting } = await listening(t)
  const socket = connect(port, '127.0.0.1')
  const came = text(socket)
  socket.write('GET /wait HTTP/1.1\r\nhost: x\r\n\r\n')
  while (waiting.length < 1) await new Promise(setImmediate)
  const closed = app.close()
  while (app.server.listening) await new Promise(setImmediate)
  socket.write('GET /quick HTTP/1.1\r\nhost: x\r\n\r\n')
  for (const answer of waiting) answer()
  const answers = await came
  await closed
  t.match(answers, /HTTP\/1\.1 200 OK[^]*"answered":true/)
  t.match(answers, /connection: close/i)
  t.notMatch(answers, / 503 /)
})

test('a connection that is idle when the server ends does not hold it up', async t => {
  const { app, port } = await listening(t)
  const agent = new Agent({ keepAlive: true })
  t.teardown(() => { agent.destroy() })
  const answer = await get(port, '/quick', agent)
  t.match(answer.headers['connection'], /keep-alive/)
  await text(answer)
  await app.close()
  t.equal(app.server.listening, false)
})

test('headers that are too large are refused with 431 as a problem', async t => {
  const { port } = await listening(t)
  const answer = await raw(port, `GET /quick HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`)
  t.match(answer, /^HTTP\/1\.1 431 /)
  t.match(answer, /application\/problem\+json[^]*"code":"headers-too-large"/)
})

test('bytes that are no request are refused with 400 as a problem, without repeating them', async t => {
  const { port } = await listening(t)
  const answer = await raw(port, 'SECRET nonsense\r\n\r\n')
  t.match(answer, /^HTTP\/1\.1 400 [^]*"code":"request-malformed"/)
  t.notMatch(answer, /SECRET/)
})

test('a request with two lengths, or a length and chunks, is refused: nothing is smuggled past a proxy', async t => {
  const { port } = await listening(t)
  for (const header of ['content-length: 4\r\ncontent-length: 5', 'content-length: 4\r\ntransfer-encoding: chunked']) {
    t.match(await raw(port, `POST /quick HTTP/1.1\r\nhost: x\r\n${header}\r\n\r\n0\r\n\r\n`), /^HTTP\/1\.1 400 /, header)
  }
})
