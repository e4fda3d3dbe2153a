import { test } from 'tap'
import { maxEvents } from '../../../api/schemas/behaviour.ts'
import { topics } from '../../../topology/topics.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'

const at = '2023-11-14T22:13:20.000Z'
const session = 'session-0001'
const viewed = (eventId: string, change: object = {}) => ({ type: 'ProductViewed', eventId, sessionId: session, at, sku: 'mug-1', ...change })

async function tell (api: ApiUnderTest, events: unknown) {
  return await api.app.inject({ method: 'POST', url: '/v1/behaviour', payload: { events } })
}

test('anybody may tell what a visitor did, and the log has it under the session', async t => {
  const api = await buildApi(t)
  const orderId = '0198c0de-0000-8000-8000-000000000001'
  const answer = await tell(api, [
    viewed('event-001'), { ...viewed('event-002'), type: 'ProductAddedToCart', quantity: 3 },
    { type: 'CheckoutStarted', eventId: 'event-003', sessionId: session, at, orderId }, { type: 'CheckoutStarted', eventId: 'event-004', sessionId: session, at }
  ])
  t.equal(answer.statusCode, 202)
  t.same(answer.json(), { accepted: 4, refused: [] })
  const common = { sessionId: session, at: 1_700_000_000_000, meta: { issuedAt: 1_700_000_000_000, principal: null } }
  t.match(api.taken(topics.behaviour.commands), [
    { type: 'RecordProductViewed', ...common, eventId: 'event-001', sku: 'MUG-1' }, { type: 'RecordProductAddedToCart', ...common, sku: 'MUG-1', quantity: 3 },
    { type: 'RecordCheckoutStarted', ...common, orderId }, { type: 'RecordCheckoutStarted', ...common, orderId: null }
  ])
})

test('an event that breaks a rule is named by its place, and the others are taken', async t => {
  const api = await buildApi(t)
  const wrong: ReadonlyArray<readonly [event: unknown, field: string]> = [
    [null, '/type'],
    ['x', '/type'],
    [{}, '/type'],
    [viewed('event-001', { type: 'ProductPurchased' }), '/type'],
    [viewed('short'), '/eventId'],
    [viewed('event-001', { sku: '' }), '/sku'],
    [viewed('event-001', { sku: undefined }), '/sku'],
    [viewed('event-001', { price: 5 }), '/price'],
    [viewed('event-001', { sessionId: 'has spaces in it' }), '/sessionId'],
    [viewed('event-001', { at: 'yesterday' }), '/at'],
    [viewed('event-001', { at: '2023-11-14T22:18:20.001Z' }), '/at'],
    [viewed('event-001', { at: '2023-11-13T22:13:19.999Z' }), '/at'],
    [{ ...viewed('event-001'), type: 'ProductAddedToCart', quantity: 0 }, '/quantity'],
    [{ type: 'CheckoutStarted', eventId: 'event-001', sessionId: session, at, orderId: 'mine' }, '/orderId']
  ]
  const answer = await tell(api, [viewed('event-first'), ...wrong.map(([event]) => event), viewed('event-last')])
  t.equal(answer.statusCode, 202)
  t.equal(answer.json().accepted, 2)
  const refused = answer.json().refused as ReadonlyArray<{ readonly index: number, readonly field: string, readonly message: string }>
  t.same(refused.map(({ index, field }) => [index, field]), wrong.map(([, field], index) => [index + 1, `/events/${index + 1}${field}`]))
  for (const { message } of refused) t.ok(message.length > 3)
  t.same(api.taken(topics.behaviour.commands).map(command => 'eventId' in command ? command.eventId : ''), ['event-first', 'event-last'])
})

test('a request is refused whole when no event of it is good, or it is no list of up to 500', async t => {
  const api = await buildApi(t)
  const none = await tell(api, [viewed('event-001', { sku: '' })])
  t.match([none.statusCode, none.json()], [422, { code: 'request-invalid', errors: [{ field: '/events/0/sku' }] }])
  t.equal((await tell(api, [])).statusCode, 422)
  t.equal((await tell(api, 'x')).statusCode, 422)
  const full = Array.from({ length: maxEvents }, (_, n) => viewed(`event-${String(n).padStart(4, '0')}`))
  t.same((await tell(api, full)).json(), { accepted: maxEvents, refused: [] })
  t.equal((await tell(api, [...full, viewed('event-more')])).statusCode, 422)
  t.equal((await api.app.inject({ method: 'POST', url: '/v1/behaviour', payload: { events: [viewed('event-001')], extra: 1 } })).statusCode, 422)
  const large = await api.app.inject({ method: 'POST', url: '/v1/behaviour', headers: { 'content-type': 'application/json' }, payload: `{"events":["${'x'.repeat(600_000)}"]}` })
  t.equal(large.statusCode, 413)
  t.equal(api.taken(topics.behaviour.commands).length, maxEvents)
})

test('a client that does not know whether it was heard may repeat itself: command ids are the same', async t => {
  const api = await buildApi(t)
  await tell(api, [viewed('event-001')])
  await tell(api, [viewed('event-001')])
  const [first, second] = api.taken(topics.behaviour.commands)
  t.equal(first?.meta.commandId, second?.meta.commandId)
})

test('behaviour has a limit of its own for each address', async t => {
  const api = await buildApi(t)
  const statuses = new Map<number, number>()
  for (let n = 0; n < 122; n++) {
    const { statusCode } = await tell(api, [viewed('event-001')])
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
  }
  t.same([...statuses], [[202, 120], [429, 2]])
  t.equal((await api.app.inject('/v1/.well-known/jwks.json')).statusCode !== 429, true)
})

test('behaviour waits in a room of its own: when it is full nothing is lost that was acknowledged', async t => {
  const { createKafkaBehaviourLog } = await import('../../../api/adapters/kafka-command-log.ts')
  const api = await buildApi(t)
  const log = createKafkaBehaviourLog({ send: async () => await new Promise(() => {}) }, { maxBatch: 1, maxWaiting: 1 })
  await tell(api, [viewed('event-001')])
  const [command] = api.taken(topics.behaviour.commands)
  await t.rejects(log.append([command!, command!, command!]), { code: 'STR_BROKER_UNAVAILABLE' })
})
