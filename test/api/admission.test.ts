import { type FastifyReply, type FastifyRequest } from 'fastify'
import { type Test, test } from 'tap'
import { createAdmission } from '../../api/admission.ts'
import { ApiError } from '../../api/errors.ts'
import { sendProblem } from '../../api/plugins/app/problems.ts'
import { createManualClock } from '../../streams/time/manual-clock.ts'
import { buildApi } from '../support/build-app.ts'
import { orderBody } from './order-fixtures.ts'

/** Lets in as many as there may be at once, and ends all of them after `tookMs`; tells how many there were. */
async function round ({ admission, clock }: ReturnType<typeof scene>, tookMs: number): Promise<number> {
  const inside = []
  while (!admission.isFull) inside.push(admission.enter())
  await clock.advance(tookMs)
  for (const leave of inside) leave()
  return inside.length
}

function scene () {
  const clock = createManualClock()
  return { clock, admission: createAdmission({ clock, targetMs: 1000, first: 100, least: 8, most: 120 }) }
}

test('as many are taken in as there may be, and one more is turned away until one is done', async t => {
  const { admission } = scene()
  const inside = Array.from({ length: 100 }, () => admission.enter())
  t.ok(admission.isFull)
  t.throws(() => admission.enter(), { code: 'API_OVERLOADED' })
  inside[0]?.()
  inside[0]?.()
  t.notOk(admission.isFull)
  admission.enter()
  t.throws(() => admission.enter(), { code: 'API_OVERLOADED' }, 'who says twice that he is done gives one place back')
})

test('the limit is cut once for all that were late together, and grows again while it is used and everybody is in time', async t => {
  const world = scene()
  t.same([await round(world, 1500), await round(world, 1500), await round(world, 1500)], [100, 75, 56])
  for (let i = 0; i < 20; i++) await round(world, 1500)
  t.equal(await round(world, 500), 8, 'so many in any case')
  for (let i = 0; i < 4; i++) await round(world, 500)
  const grown = await round(world, 500)
  t.ok(grown > 8 && grown < 16, `${grown} after some rounds in time: step by step`)
  for (let i = 0; i < 500; i++) await round(world, 500)
  t.equal(await round(world, 500), 120, 'and no more than that')
})

test('a limit that nobody comes near does not grow', async t => {
  const { admission, clock } = scene()
  for (let i = 0; i < 1000; i++) {
    const leave = admission.enter()
    await clock.advance(1)
    leave()
  }
  let inside = 0
  for (; !admission.isFull; inside++) admission.enter()
  t.equal(inside, 100)
})

const place = async (t: Test, limits: { readonly first: number, readonly least: number }) => {
  const held = Promise.withResolvers<undefined>()
  const commandLog = { append: async () => { await held.promise; return { topic: 'commerce.orders.commands', partition: 0, offset: 1n } } }
  const api = await buildApi(t, { commandLog, admission: createAdmission({ clock: createManualClock(), ...limits }) })
  const authorization = `Bearer ${await api.token('Customer')}`
  const send = async (url: string, key: string, headers: object, payload: object | string) =>
    await api.app.inject({ method: 'POST', url, headers: { authorization, 'idempotency-key': key, ...headers }, payload })
  return { api, held, order: async (key: string) => await send('/v1/orders', key, {}, orderBody), send }
}

test('an order is turned away at once, to come again, while as many as may be are on their way into the log', async t => {
  const { held, order } = await place(t, { first: 1, least: 1 })
  const first = order('a')
  await new Promise(resolve => setImmediate(resolve))
  let second = await order('b')
  while (second.statusCode === 202) second = await order('b')
  t.match([second.statusCode, second.json().code, second.headers['retry-after']], [503, 'overloaded', '1'])
  held.resolve(undefined)
  t.equal((await first).statusCode, 202)
  t.equal((await order('b')).statusCode, 202, 'later the same request is taken')
})

test('lines of a bulk request wait for their turn, however many are on their way', async t => {
  const { held, send } = await place(t, { first: 0, least: 0 })
  held.resolve(undefined)
  const lines = Array.from({ length: 5 }, () => JSON.stringify(orderBody)).join('\n')
  const answer = await send('/v1/orders/bulk', 'bulk', { 'content-type': 'application/x-ndjson' }, lines)
  t.equal(answer.statusCode, 200)
  t.same(answer.body.trim().split('\n').map(line => (JSON.parse(line) as { readonly status: string }).status), Array.from({ length: 5 }, () => 'accepted'))
})

test('requests that are turned away for their number write no line each, and others that fail do', async t => {
  const lines: Array<{ readonly level: string, readonly code: string }> = []
  const log = (level: string) => ({ code }: { readonly code: string }) => { lines.push({ level, code }) }
  const request = { id: 'r', log: { debug: log('debug'), error: log('error') } } as unknown as FastifyRequest
  const reply: Record<string, unknown> = { hasHeader: () => false }
  for (const name of ['header', 'code', 'type', 'serializer', 'send']) reply[name] = () => reply
  for (const code of ['API_OVERLOADED', 'API_INTERNAL'] as const) sendProblem(new ApiError(code), request, reply as unknown as FastifyReply)
  t.same(lines, [{ level: 'debug', code: 'overloaded' }, { level: 'error', code: 'internal' }])
})
