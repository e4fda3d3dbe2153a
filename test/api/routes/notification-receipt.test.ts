import { type Test, test } from 'tap'
import { createKafkaCommandLog } from '../../../api/adapters/kafka-command-log.ts'
import { createStateNotificationQueries } from '../../../api/adapters/state-notification-queries.ts'
import { checkSignature, signCallback } from '../../../topology/callbacks/signature.ts'
import { topics } from '../../../topology/topics.ts'
import { buildApi, callbackSecrets } from '../../support/build-app.ts'
import { createWorld, idOf, request, sealed, userId } from '../../topology/notifications/notification-world.ts'

const [secret] = callbackSecrets
const body = { id: 'r-1', channel: 'email', outcome: 'delivered', messageId: `<${idOf(1)}@shop.example>` }

/** The API over the notifications processor itself; notification 1 was sent by e-mail. */
async function start (t: Test, isOn = true) {
  const world = await createWorld(t)
  await world.ask(request(1))
  const client = world.driver.broker.client('api')
  await client.start()
  const api = await buildApi(t, {
    commandLog: createKafkaCommandLog(client.producer()),
    notifications: {
      queries: createStateNotificationQueries({ backend: world.driver.backend, applicationId: 'driver' }),
      letters: { render: () => { throw new Error('nothing is written here') } },
      receipts: {
        check: (signature, bytes, nowMs) => isOn ? checkSignature(signature, bytes, Math.floor(nowMs / 1000), { secrets: callbackSecrets, toleranceS: 300 }) : 'off'
      }
    }
  })
  const nowS = Math.floor(api.clock.now() / 1000)
  const tell = async (sent: unknown, signature?: string) => {
    const payload = typeof sent === 'string' ? sent : JSON.stringify(sent)
    const headers = { 'content-type': 'application/json', 'receipt-signature': signature ?? signCallback(secret, payload, nowS) }
    const asked = api.app.inject({ method: 'POST', url: '/v1/webhooks/notifications', headers, payload })
    await api.until(asked)
    await world.work()
    return await asked
  }
  const written = () => Array.from({ length: 8 }, (_, partition) => world.driver.broker.entries(topics.notifications.commands.name, partition)).flat()
  await world.said()
  return { world, nowS, tell, written }
}

test('a receipt says that a letter has arrived, once, in whatever words it comes again', async t => {
  const { world, tell } = await start(t)
  const answer = await tell(body)
  t.same([answer.statusCode, answer.json()], [202, { received: true, outcome: 'accepted' }])
  t.equal((await tell({ ...body, code: 'again' })).statusCode, 202)
  t.match(await world.status(1), { email: 'delivered' })
  t.same(await world.said(), ['NotificationDelivered email'])
})

test('a bounce for good fails the letter, and the address is not used again', async t => {
  const { world, tell } = await start(t)
  t.equal((await tell({ ...body, messageId: undefined, notificationId: idOf(1), outcome: 'refused', code: '5.1.1' })).statusCode, 202)
  t.match((await world.row(1))?.deliveries.find(({ channel }) => channel === 'email'), { code: '5.1.1' })
  t.same((await world.profile())?.refused, ['email'])
  await world.ask(request(2))
  t.equal(world.email.ledger.length, 1)
})

test('a receipt for a guest goes to the partition of his order', async t => {
  const { world, tell } = await start(t)
  await world.ask(request(3, { userId: idOf(77), recipient: sealed('guest@example.com') }))
  t.equal((await tell({ ...body, id: 'r-3', messageId: `<${idOf(3)}@shop.example>` })).statusCode, 202)
  t.match((await world.row(3))?.userId, idOf(77))
  t.match(await world.status(3), { email: 'delivered' })
})

test('a receipt that cannot be believed or read is refused, and nothing is written', async t => {
  const { tell, nowS, written } = await start(t)
  const payload = JSON.stringify(body)
  for (const [what, sent, signature, status, code] of [
    ['unsigned', body, '', 400, 'callback-unsigned'],
    ['another secret', body, signCallback('whsec_guess', payload, nowS), 400, 'callback-forged'],
    ['a changed body', { ...body, outcome: 'refused' }, signCallback(secret, payload, nowS), 400, 'callback-forged'],
    ['a replay of long ago', body, signCallback(secret, payload, nowS - 301), 400, 'callback-stale'],
    ['not JSON', '{"id":', undefined, 400, 'request-malformed'],
    ['without an id', { ...body, id: '' }, undefined, 422, 'request-invalid'],
    ['of the inbox', { ...body, channel: 'inApp' }, undefined, 422, 'request-invalid']
  ] as const) {
    const answer = await tell(sent, signature)
    t.same([answer.statusCode, answer.json().code], [status, code], what)
  }
  t.same(written(), [])
})

test('a receipt about nothing of ours is received and ignored', async t => {
  const { tell, written } = await start(t)
  for (const [change, reason] of [
    [{ outcome: 'opened' }, 'unknown-outcome'], [{ outcome: 'constructor' }, 'unknown-outcome'], [{ messageId: '<abc@elsewhere>' }, 'foreign-message'],
    [{ messageId: `<${userId}@shop.example>` }, 'unknown-notification']
  ] as const) {
    const answer = await tell({ ...body, ...change })
    t.match([answer.statusCode, answer.json()], [200, { outcome: 'ignored', reason }], reason)
  }
  t.same(written(), [])
})

test('receipts are refused when no secret is configured', async t => {
  const { tell, written } = await start(t, false)
  t.match((await tell(body)).json(), { code: 'callbacks-off' })
  t.same(written(), [])
})
