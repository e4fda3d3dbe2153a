import { type IncomingMessage, request } from 'node:http'
import { once } from 'node:events'
import { type Test, test } from 'tap'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { topics } from '../../../topology/topics.ts'
import { type ApiUnderTest, type BuildOptions, buildApi } from '../../support/build-app.ts'
import { append, framesOf, orderEvent } from '../orders/event-log.ts'
import { orderView } from '../order-fixtures.ts'

const { partitions } = topics.orders.events
const orderId = '0198c0de-0000-8000-8000-000000000001'
const partition = partitionOf(orderId, partitions)

interface Opened {
  readonly response: IncomingMessage
  readonly text: () => string
  readonly frames: () => ReturnType<typeof framesOf>
  readonly close: () => void
}

async function serve (t: Test, options: BuildOptions = {}) {
  const api = await buildApi(t, options)
  await api.store(orderId, { view: orderView(orderId) })
  await api.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = api.app.server.address() as { readonly port: number }
  const open = async (token: string, { id = orderId, last }: { readonly id?: string, readonly last?: string } = {}): Promise<Opened> => {
    const headers = { authorization: `Bearer ${token}`, ...(last === undefined ? {} : { 'last-event-id': last }) }
    const sent = request({ host: '127.0.0.1', port, path: `/v1/orders/${id}/stream`, headers, agent: false }).end()
    t.teardown(() => { sent.destroy() })
    const [response] = await once(sent, 'response') as [IncomingMessage]
    let text = ''
    response.on('data', chunk => { text += String(chunk) }).on('error', () => {})
    return { response, text: () => text, frames: () => framesOf(text.slice(0, text.lastIndexOf('\n\n') + 2)), close: () => { sent.destroy() } }
  }
  return { api, open }
}

/** Asks for a stream that is refused. */
async function refusal (api: ApiUnderTest, token: string, last?: string, id = orderId) {
  const answer = await api.app.inject({ url: `/v1/orders/${id}/stream`, headers: { authorization: `Bearer ${token}`, ...(last === undefined ? {} : { 'last-event-id': last }) } })
  return { status: answer.statusCode, code: answer.body === '' ? undefined : answer.json().code }
}

test('an order is followed by its owner, as server-sent events', async t => {
  const { api, open } = await serve(t)
  await append(api.broker, orderEvent(orderId, 1))
  const { response, frames, close } = await open(await api.token('Customer'))
  t.equal(response.statusCode, 200)
  t.match(response.headers, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
  await api.until(() => frames().length === 2)
  await append(api.broker, orderEvent(orderId, 2))
  await api.until(() => frames().length === 3)
  t.same(frames().map(({ id }) => id), [undefined, `${partition}-0`, `${partition}-1`])
  close()
})

test('a client that comes back gets what it does not have, and 204 after the end', async t => {
  const { api, open } = await serve(t)
  const token = await api.token('Customer')
  for (const version of [1, 2, 3]) await append(api.broker, orderEvent(orderId, version, version === 3))
  const { response, frames } = await open(token, { last: `${partition}-0` })
  const ended = once(response, 'end')
  await api.until(ended)
  t.same(frames().map(({ id }) => id), [undefined, `${partition}-1`, `${partition}-2`, `${partition}-2-end`])
  t.same(await refusal(api, token, `${partition}-2-end`), { status: 204, code: undefined })
})

test('a stream of somebody else is answered like one of no order', async t => {
  const { api } = await serve(t)
  t.same(await refusal(api, await api.token('Customer', 'customer-2')), { status: 404, code: 'not-found' })
  t.same(await refusal(api, await api.token('Customer'), undefined, '0198c0de-0000-8000-8000-000000000002'), { status: 404, code: 'not-found' })
  t.same(await refusal(api, await api.token('Analyst')), { status: 403, code: 'forbidden' })
})

test('a Last-Event-ID of another order, of a place the log never came to, or none at all is refused', async t => {
  const { api } = await serve(t)
  const token = await api.token('Customer')
  await append(api.broker, orderEvent(orderId, 1))
  for (const last of [`${(partition + 1) % partitions}-0`, `${partition}-1`, `${partition}-999999999999`]) t.same(await refusal(api, token, last), { status: 400, code: 'position-invalid' }, last)
  for (const last of ['1', 'x-1', `${partition}-0-other`, `${partition}--1`]) t.same(await refusal(api, token, last), { status: 400, code: 'request-malformed' }, last)
})

test('a user has so many streams open, and a place is free again when one is closed', async t => {
  const { api, open } = await serve(t, { orderLimits: { streams: { perUser: 2, inAll: 3 } } })
  const token = await api.token('Customer')
  const support = await api.token('Support', 'agent')
  const first = await open(token)
  await open(token)
  t.same(await refusal(api, token), { status: 429, code: 'rate-limited' })
  await open(support)
  t.same(await refusal(api, support), { status: 503, code: 'overloaded' })
  first.close()
  let again = await open(token)
  while (again.response.statusCode !== 200) again = await open(token)
  t.equal(again.response.statusCode, 200)
})

test('a server that goes down ends its streams, which say so, and waits for none of them', async t => {
  const { api, open } = await serve(t)
  const { response, frames } = await open(await api.token('Customer'))
  await api.until(() => frames().length === 1)
  const ended = once(response, 'end')
  await api.app.close()
  await ended
  t.match(frames(), [{ retry: '3000' }, { event: 'end', data: { reason: 'shutdown' } }])
})

test('a stream ends with its token', async t => {
  const { api, open } = await serve(t)
  const { response, frames } = await open(await api.token('Customer'))
  const ended = once(response, 'end')
  await api.until(ended)
  t.match(frames().at(-1), { event: 'end', data: { reason: 'token-expired' } })
})

test('a thousand streams are open at a time, each with its own events, over one set of readers', async t => {
  const count = 1000
  const { api, open } = await serve(t, { orderLimits: { streams: { perUser: count, inAll: count } }, areLimitsLifted: true })
  const token = await api.token('Customer')
  const ids = Array.from({ length: count }, (_, index) => `0198c0de-0000-8000-8000-1${String(index).padStart(11, '0')}`)
  for (const id of ids) await api.store(id, { view: orderView(id) })
  const before = process.memoryUsage().rss
  const streams: Opened[] = []
  for (const id of ids) streams.push(await open(token, { id }))
  const rssKb = (process.memoryUsage().rss - before) / 1024
  t.comment(`${Math.round(rssKb / count)} KB a stream, both ends of the connection`)
  await append(api.broker, ...ids.map(id => orderEvent(id, 1)))
  await api.until(() => streams.every(({ text }) => text().includes('event: ')))
  for (const [index, { frames }] of streams.entries()) {
    const events = frames().filter(({ event }) => event !== undefined)
    if (events.length !== 1 || JSON.stringify(events[0]?.data).includes(ids[index] as string) !== true) t.fail(`stream ${index}: ${JSON.stringify(events)}`)
  }
  for (const { close } of streams) close()
  t.ok(rssKb / count < 500, 'memory is bounded')
})
