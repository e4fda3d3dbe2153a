import { request } from 'node:http'
import { test, type Test } from 'tap'
import { SpanStatusCode } from '@opentelemetry/api'
import Fastify, { type FastifyInstance } from 'fastify'
import { traceRequests } from '../../../ops/telemetry/http-spans.ts'
import { traceAll } from './saga.ts'

const context = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7'

/** A server that answers with the trace context it found; spans come when the answer is closed, so they are waited for. */
async function serve (t: Test, ratio = 1) {
  const traced = traceAll(t, { ratio })
  const requests = traceRequests(traced.tracer)
  t.teardown(requests.stop)
  const app: FastifyInstance = Fastify()
  const closed = Promise.withResolvers<void>()
  app.addHook('onRequest', async (_request, reply) => { reply.raw.once('close', () => { setImmediate(closed.resolve) }) })
  app.get('/orders/:id', async ({ headers: { traceparent, tracestate } }) => ({ traceparent, state: requests.stateOf(String(traceparent).split('-')[2] ?? '')?.serialize(), tracestate }))
  app.get('/broken', async () => { throw new Error('secret text') })
  app.get('/health/live', async () => 'ok')
  app.get('/slow', async () => await new Promise(() => {}))
  t.teardown(async () => {
    app.server.closeAllConnections()
    await app.close()
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { ...traced, url, closed: closed.promise }
}

test('a request has one span with its route, and the API finds the context of that span', async t => {
  const { url, closed, span } = await serve(t)
  const answer = await fetch(`${url}/orders/4711?token=hidden`, { headers: { traceparent: `${context}-01`, tracestate: 'rojo=1' } })
  const body = await answer.json() as { readonly traceparent: string, readonly state: string }
  await closed
  const made = span('GET /orders/:id')
  t.match(made, {
    parentSpanContext: { spanId: '00f067aa0ba902b7' },
    attributes: { 'http.request.method': 'GET', 'http.route': '/orders/:id', 'http.response.status_code': 200, 'url.path': '/orders/4711' }
  })
  t.equal(body.traceparent, `00-4bf92f3577b34da6a3ce929d0e0e4736-${made.spanContext().spanId}-01`)
  t.equal(body.state, 'rojo=1')
})

test('a request begins a trace when it brings none that is valid', async t => {
  const { url, closed, span } = await serve(t)
  const answer = await fetch(`${url}/orders/1`, { headers: { traceparent: 'nonsense' } })
  const { traceparent } = await answer.json() as { readonly traceparent: string }
  await closed
  t.equal(span('GET /orders/:id').parentSpanContext, undefined)
  t.match(traceparent, span('GET /orders/:id').spanContext().traceId)
})

test('a request that fails ends its span as an error, without the text of it', async t => {
  const { url, closed, span } = await serve(t)
  await fetch(`${url}/broken`)
  await closed
  t.match(span('GET /broken'), { status: { code: SpanStatusCode.ERROR }, attributes: { 'error.type': '500' } })
  t.notMatch(JSON.stringify(span('GET /broken').attributes), /secret/)
})

test('a request whose client goes away ends its span as an error', async t => {
  const { url, closed, span } = await serve(t)
  const gone = request(`${url}/slow`)
  gone.on('error', () => {})
  gone.end()
  gone.once('socket', socket => socket.once('connect', () => setImmediate(() => gone.destroy())))
  await closed
  t.equal(span('GET /slow').attributes['error.type'], 'client went away')
})

test('what nobody wants to see has no span: health, and requests of traces that are not kept', async t => {
  const { url, spans } = await serve(t)
  await fetch(`${url}/health/live`)
  const answer = await fetch(`${url}/orders/1`, { headers: { traceparent: `${context}-00` } })
  t.equal((await answer.json() as { readonly traceparent: string }).traceparent, `${context}-00`, 'its context goes on all the same')
  t.same(spans(), [])
})

test('a request that is not sampled goes on without a context', async t => {
  const { url, spans } = await serve(t, 0)
  t.same(await (await fetch(`${url}/orders/1`)).json(), {})
  t.same(spans(), [])
})
