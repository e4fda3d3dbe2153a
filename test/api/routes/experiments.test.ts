import { test } from 'tap'
import { topics } from '../../../topology/topics.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'
import { evaluateFlag } from '../../../topology/flags/evaluate-flag.ts'
import { flagOf, halves } from '../../topology/flags/flag-fixtures.ts'

async function define (api: ApiUnderTest, name: string, body: object) {
  const headers = { authorization: `Bearer ${await api.token('Admin', 'admin-1')}` }
  const answer = await api.app.inject({ method: 'PUT', url: `/v1/admin/flags/${name}`, headers, payload: { reason: 'a test', ...body } })
  if (answer.statusCode !== 200) throw new Error(answer.body)
}

async function ask (api: ApiUnderTest, experiments: readonly string[], more: object = {}) {
  return await api.app.inject({ method: 'POST', url: '/v1/experiments/assignments', payload: { sessionId: 'session-0001', experiments, ...more } })
}

const exposures = (api: ApiUnderTest) => api.taken(topics.behaviour.commands).filter(command => command.type === 'RecordExposure')

test('a session gets its variant by lot, the same each time, and that is told once', async t => {
  const api = await buildApi(t)
  await define(api, 'button', halves)
  const expected = evaluateFlag(flagOf('button', halves), { targetingKey: 'session-0001' })
  if (expected.kind !== 'given') throw new Error(expected.kind)
  for (let n = 0; n < 3; n++) {
    const answer = await ask(api, ['button'])
    t.equal(answer.statusCode, 200)
    t.same(answer.json(), { items: [{ experiment: 'button', variant: expected.variant, value: expected.value, reason: 'SPLIT', errorCode: null }] })
  }
  t.match(exposures(api), [{ experiment: 'button', variant: expected.variant, subject: 'session-0001', unit: 'session', reason: 'SPLIT', context: 'assignExperiments', at: 1_700_000_000_000 }])
  t.equal(exposures(api).length, 1)
})

test('a customer gets a variant by its token, which no body can name', async t => {
  const api = await buildApi(t)
  await define(api, 'button', halves)
  const headers = { authorization: `Bearer ${await api.token('Customer', 'customer-9')}` }
  const send = async (payload: object) => await api.app.inject({ method: 'POST', url: '/v1/experiments/assignments/me', headers, payload })
  t.match((await send({ experiments: ['button'] })).json(), { items: [{ experiment: 'button', reason: 'SPLIT' }] })
  t.match(exposures(api), [{ subject: 'customer-9', unit: 'customer', context: 'assignMyExperiments' }])
  t.equal((await send({ experiments: ['button'], sessionId: 'session-0001' })).statusCode, 422)
  t.equal((await send({ experiments: ['button'], attributes: { 'commerce.unit': 'session' } })).statusCode, 422)
  t.equal((await api.app.inject({ method: 'POST', url: '/v1/experiments/assignments/me', payload: { experiments: ['button'] } })).statusCode, 401)
})

test('rules see what the client says, and values of every kind come back', async t => {
  const api = await buildApi(t)
  await define(api, 'rows', {
    ...halves,
    kind: 'number',
    variants: [{ name: 'few', value: 4, weightBp: 10_000 }, { name: 'many', value: 12, weightBp: 0 }],
    variant: 'few',
    rules: [{ attribute: 'device', values: ['desktop'], variant: 'many' }]
  })
  await define(api, 'layout', { ...halves, kind: 'object', variants: [{ name: 'a', value: { columns: [1, 2] }, weightBp: 10_000 }], variant: 'a' })
  t.match((await ask(api, ['rows', 'layout'], { attributes: { device: 'desktop' } })).json(), {
    items: [{ variant: 'many', value: 12, reason: 'TARGETING_MATCH' }, { variant: 'a', value: { columns: [1, 2] }, reason: 'SPLIT' }]
  })
  t.match((await ask(api, ['rows'])).json(), { items: [{ variant: 'few', value: 4, reason: 'SPLIT' }] })
  t.equal(exposures(api).length, 3)
})

test('what is no experiment looks as if it were not there, and what is off gives nothing', async t => {
  const api = await buildApi(t)
  await define(api, 'off', { ...halves, enabled: false })
  await define(api, 'private', { ...halves, experiment: false })
  t.same((await ask(api, ['none', 'private', 'maintenance', 'off'])).json().items, [
    ...['none', 'private', 'maintenance'].map(experiment => ({ experiment, variant: null, value: null, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' })),
    { experiment: 'off', variant: null, value: null, reason: 'DISABLED', errorCode: null }
  ])
  t.same(exposures(api), [])
})

test('a request for variants is refused when it names no session, no experiment or too many', async t => {
  const api = await buildApi(t)
  const payloads = [
    {}, { sessionId: 'session-0001' }, { sessionId: 'session-0001', experiments: [] }, { sessionId: 'x', experiments: ['a'] },
    { sessionId: 'session-0001', experiments: Array.from({ length: 21 }, (_, n) => `e${n}`) }, { sessionId: 'session-0001', experiments: ['a'], attributes: { a: null } }
  ]
  for (const payload of payloads) {
    t.equal((await api.app.inject({ method: 'POST', url: '/v1/experiments/assignments', payload })).statusCode, 422, JSON.stringify(payload))
  }
})
