import fc from 'fast-check'
import { test } from 'tap'
import { signCallback } from '../../../topology/callbacks/signature.ts'
import { topics } from '../../../topology/topics.ts'
import { buildApi, callbackSecrets } from '../../support/build-app.ts'
import { idOf, orderId } from '../../topology/shipping/shipping-fixtures.ts'

const [secret] = callbackSecrets
const body = { id: 'evt_1', type: 'shipment.in_transit', at: '2023-11-14T22:13:21.000Z', reference: `${orderId}/1`, location: 'Hull' }

async function start (t: Parameters<typeof buildApi>[0]) {
  const api = await buildApi(t)
  const nowS = Math.floor(api.clock.now() / 1000)
  const tell = async (sent: unknown, signature?: string) => {
    const payload = typeof sent === 'string' ? sent : JSON.stringify(sent)
    return await api.app.inject({
      method: 'POST',
      url: '/v1/webhooks/carriers',
      headers: { 'content-type': 'application/json', 'carrier-signature': signature ?? signCallback(secret, payload, nowS) },
      payload
    })
  }
  return { api, nowS, tell, written: () => api.taken(topics.shipping.commands) }
}

test('a carrier\'s callback with a right signature is in the log of its order when it is answered, without a token', async t => {
  const { tell, written } = await start(t)
  const answer = await tell(body)
  t.same([answer.statusCode, answer.json()], [202, { received: true, outcome: 'accepted' }])
  t.match(written(), [{ type: 'RecordTracking', orderId, shipmentId: idOf(1), stage: 'inTransit', location: 'Hull', note: null, at: 1_700_000_001_000 }])
})

test('a carrier tells of attempts and deliveries by their types, and may name our tracking number', async t => {
  const { tell, written } = await start(t)
  const { reference, ...unnamed } = body
  await tell({ ...body, type: 'shipment.delivery_failed', note: 'dog' })
  await tell({ ...unnamed, type: 'shipment.delivered', trackingNumber: 'UM0OMMAHRZBS98AQV7HOQK4DGQP01' })
  t.match(written(), [{ type: 'RecordDeliveryAttempt', reason: 'dog' }, { type: 'ConfirmDelivery', orderId, shipmentId: idOf(1), receivedBy: null }])
})

test('a replayed callback is the same command, in whatever words it comes again', async t => {
  const { tell, written } = await start(t)
  await tell(body)
  await tell({ ...body, note: 'again' })
  const ids = written().map(({ meta }) => [meta.commandId, meta.bodyHash])
  t.same(ids[0], ids[1])
})

test('a carrier\'s callback that cannot be believed or read is refused, and nothing is written', async t => {
  const { tell, nowS, written } = await start(t)
  const payload = JSON.stringify(body)
  for (const [what, sent, signature, status, code] of [
    ['unsigned', body, '', 400, 'callback-unsigned'],
    ['a wrong signature', body, `t=${nowS},v1=${'0'.repeat(64)}`, 400, 'callback-forged'],
    ['another secret', body, signCallback('whsec_guess', payload, nowS), 400, 'callback-forged'],
    ['a changed body', { ...body, type: 'shipment.delivered' }, signCallback(secret, payload, nowS), 400, 'callback-forged'],
    ['a replay of long ago', body, signCallback(secret, payload, nowS - 301), 400, 'callback-stale'],
    ['not JSON', '{"id":', undefined, 400, 'request-malformed'],
    ['without an id', { ...body, id: '' }, undefined, 422, 'request-invalid'],
    ['without a time', { ...body, at: 'yesterday' }, undefined, 422, 'request-invalid']
  ] as const) {
    const answer = await tell(sent, signature)
    t.same([answer.statusCode, answer.json().code], [status, code], what)
  }
  t.same(written(), [])
})

test('a carrier\'s callback about nothing of ours is received and ignored', async t => {
  const { tell, written } = await start(t)
  t.match((await tell({ ...body, type: 'pickup.scheduled' })).json(), { outcome: 'ignored', reason: 'unknown-type' })
  t.match((await tell({ ...body, reference: '1Z999' })).json(), { outcome: 'ignored', reason: 'foreign-shipment' })
  t.same(written(), [])
})

test('callbacks of carriers are refused while no secret is configured', async t => {
  const api = await buildApi(t)
  const off = await buildApi(t, { services: { ...api.app.services, carrierCallbacks: { check: () => 'off' } } })
  const answer = await off.app.inject({ method: 'POST', url: '/v1/webhooks/carriers', payload: body })
  t.same([answer.statusCode, answer.json().code], [503, 'callbacks-off'])
})

test('no signed body of a carrier brings the API to an error of its own, and only a good one is written', async t => {
  const { tell, written } = await start(t)
  const part = fc.oneof(fc.jsonValue(), fc.constant(undefined))
  const type = fc.constantFrom('shipment.delivered', 'shipment.returned', 'constructor', 1)
  const [at, reference] = [fc.oneof(part, fc.constant(body.at)), fc.oneof(part, fc.constant(body.reference))]
  const shaped = fc.record({ id: fc.oneof(fc.string(), part), type, at, reference, location: part, note: part })
  await fc.assert(fc.asyncProperty(fc.oneof(fc.jsonValue(), shaped, fc.string()), async value => {
    const before = written().length
    const { statusCode } = await tell(typeof value === 'string' ? value : JSON.stringify(value))
    if (![200, 202, 400, 422].includes(statusCode)) throw new Error(`answered ${statusCode}`)
    if (written().length - before !== Number(statusCode === 202)) throw new Error('the log and the answer differ')
  }), { numRuns: 200 })
  t.pass('200 bodies')
})
