import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { type Test, test } from 'tap'
import { type CommandLog } from '../../../api/ports.ts'
import { type BuildOptions, type ApiUnderTest, buildApi } from '../../support/build-app.ts'
import { orderBody } from '../order-fixtures.ts'

const line = `${JSON.stringify(orderBody)}\n`
const turn = async (): Promise<void> => { await new Promise(resolve => setImmediate(resolve)) }

/** Waits until a figure stands still for a while, and answers it: what is held back stays so. */
async function settled (figure: () => number): Promise<number> {
  for (let last = figure(), still = 0; ; still = figure() === last ? still + 1 : 0) {
    if (still > 300) return last
    last = figure()
    await turn()
  }
}

interface Connection { readonly sent: ClientRequest, readonly answer: () => Promise<IncomingMessage> }

async function serve (t: Test, options: BuildOptions = {}): Promise<{ readonly api: ApiUnderTest, readonly connect: (key?: string) => Promise<Connection> }> {
  const api = await buildApi(t, { ...options, orderLimits: { bulk: { linesPerS: Infinity, ...options.orderLimits?.bulk } } })
  await api.app.listen({ port: 0, host: '127.0.0.1' })
  const token = await api.token('Customer')
  const address = api.app.server.address() as { readonly port: number }
  return {
    api,
    connect: async (key = 'k') => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson', 'idempotency-key': key }
      const sent = request({ host: '127.0.0.1', port: address.port, path: '/v1/orders/bulk', method: 'POST', headers, agent: false })
      sent.on('error', () => {})
      t.teardown(() => { sent.destroy() })
      const response = once(sent, 'response').then(([message]) => message as IncomingMessage)
      response.catch(() => {})
      return { sent, answer: async () => await response }
    }
  }
}

async function linesOf (answer: IncomingMessage): Promise<Array<{ readonly orderId: string, readonly replayed?: true, readonly status: string }>> {
  let text = ''
  for await (const chunk of answer) text += String(chunk)
  return text.trimEnd().split('\n').map(each => JSON.parse(each))
}

/** A log that counts, and acknowledges at once or when it is let. */
function countingLog (isHeld = false) {
  const held = Promise.withResolvers<void>()
  let appended = 0
  const log: CommandLog = {
    append: async () => {
      appended++
      if (isHeld) await held.promise
      return { topic: 't', partition: 0, offset: 0n }
    }
  }
  return { log, appended: () => appended, acknowledge: () => { held.resolve() } }
}

/** Sends lines for as long as the server takes them; returns how many have left this process. */
function flood (sent: ClientRequest, count: number, text = line): () => number {
  let left = count
  const write = (): void => {
    while (left > 0) {
      left--
      if (!sent.write(text)) {
        sent.once('drain', write)
        return
      }
    }
    sent.end()
  }
  write()
  return () => count - left
}

test('a result comes as soon as its line is in the log, while the request is still open', async t => {
  const { connect } = await serve(t)
  const { sent, answer } = await connect()
  sent.write(line)
  const response = await answer()
  const chunks = response[Symbol.asyncIterator]()
  t.match(JSON.parse(String((await chunks.next()).value)), { line: 1, status: 'accepted' })
  sent.write(line)
  t.match(JSON.parse(String((await chunks.next()).value)), { line: 2, status: 'accepted' })
  sent.end()
  t.equal((await chunks.next()).done, true)
})

test('lines are not read on while the client does not read results', async t => {
  const { connect } = await serve(t)
  const { sent, answer } = await connect()
  // More of either than the network holds: a line of 900 bytes has a problem as long.
  const bad = `${JSON.stringify(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`m${index}`, ''])))}${' '.repeat(600)}\n`
  const count = 25_000
  const written = flood(sent, count, bad)
  const response = await answer()
  await settled(written)
  t.ok(written() < count, `${written()} of ${count} lines are sent`)
  t.equal((await linesOf(response)).length, count)
})

test('lines are not read on while the log does not acknowledge', async t => {
  const { log, appended, acknowledge } = countingLog(true)
  const { connect } = await serve(t, { commandLog: log })
  const { sent, answer } = await connect()
  flood(sent, 1200)
  while (appended() < 500) await turn()
  t.equal(await settled(appended), 500, 'the window is full')
  acknowledge()
  t.equal((await linesOf(await answer())).length, 1200)
})

test('work ends when the client goes', async t => {
  const { log, appended, acknowledge } = countingLog(true)
  const { connect, api } = await serve(t, { commandLog: log })
  const { sent } = await connect()
  flood(sent, 50_000)
  while (appended() < 500) await turn()
  sent.destroy()
  t.equal(await settled(appended), 500)
  acknowledge()
  const connections = async () => await new Promise<number>((resolve, reject) => {
    api.app.server.getConnections((error, count) => { error === null ? resolve(count) : reject(error) })
  })
  while (await connections() > 0) await turn()
  const end = await settled(appended)
  t.ok(end < 50_000, `${end} lines were taken`)
})

test('a request that is cut and repeated creates nothing twice and answers the same ids', async t => {
  const { connect, api } = await serve(t)
  const { sent, answer } = await connect()
  for (let count = 0; count < 20; count++) sent.write(line)
  sent.write(line.slice(0, 40))
  const chunks = (await answer())[Symbol.asyncIterator]()
  const first = String((await chunks.next()).value).split('\n')[0] ?? ''
  sent.destroy()
  await settled(() => api.commands().length)
  const before = api.commands().length
  t.ok(before >= 1 && before <= 20, `${before} are in the log, the broken line is not`)
  const again = await connect()
  for (let count = 0; count < 30; count++) again.sent.write(line)
  again.sent.end()
  const results = await linesOf(await again.answer())
  t.equal(results.length, 30)
  t.equal(results[0]?.orderId, JSON.parse(first).orderId)
  t.equal(results.filter(({ replayed }) => replayed === true).length, before)
  t.equal(api.commands().length, 30)
})

test('a user has two bulk requests at a time, and a place is free again when one has ended or gone', async t => {
  const { log } = countingLog(true)
  const { connect } = await serve(t, { commandLog: log })
  const open = [await connect('a'), await connect('b')]
  for (const { sent } of open) {
    sent.write(line)
    sent.flushHeaders()
  }
  const status = async (key: string): Promise<number | undefined> => {
    const { sent, answer } = await connect(key)
    sent.end()
    const response = await answer()
    response.resume()
    return response.statusCode
  }
  let refused = 0
  while (refused !== 429) refused = await status('c') ?? 0
  open[0]?.sent.destroy()
  let answered: number | undefined
  while (answered !== 200) answered = await status('d')
  t.equal(answered, 200)
})

test('a connection on which nothing moves is closed', async t => {
  const { connect, api } = await serve(t)
  const { sent, answer } = await connect()
  sent.write(line)
  const response = await answer()
  response.on('error', () => {})
  const closed = once(sent, 'close')
  await api.clock.advance(59_000)
  t.notOk(sent.destroyed)
  await api.until(closed)
  t.ok(api.clock.now() >= 1_700_000_060_000)
})
