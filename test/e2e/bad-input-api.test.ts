import { test } from 'tap'
import { topics } from '../../topology/topics.ts'
import { call, orderBody } from '../support/http.ts'
import { usePlatform } from '../support/platform.ts'
import { openShop } from '../support/shop.ts'
import { watchTopic } from '../support/watch.ts'

test('the API answers every bad order with a problem that says what is wrong, and takes the good one after it', async t => {
  const platform = await usePlatform(t)
  if (platform === undefined) return
  const events = await watchTopic(platform.kafka, topics.orders.events)
  const commands = await watchTopic(platform.kafka, topics.orders.commands)
  t.teardown(() => { events.close(); commands.close() })
  const [sku = ''] = await openShop(platform, events)
  const token = await platform.token('Customer', 'bad-input')
  const post = async (body: unknown, key = crypto.randomUUID(), headers: Readonly<Record<string, string>> = {}) =>
    await call(`${platform.apiUrl}/v1/orders`, { token, method: 'POST', body, headers: { 'idempotency-key': key, ...headers } })
  const good = orderBody(sku)
  const written = (): number => commands.seen.filter(({ value }) => value?.type === 'PlaceOrder' && value.customerId === 'bad-input').length

  await t.test('a body that cannot be checked is refused before anything is written', async t => {
    t.match(await post('{"currency": "GBP",'), { status: 400, type: /^application\/problem\+json/, body: { status: 400, code: 'request-malformed', title: /\w/, traceId: /\w/ } })
    t.match(await post(''), { status: 400, body: { code: 'request-malformed' } })
    t.match(await post(good, undefined, { 'content-type': 'text/plain' }), { status: 415, body: { code: 'media-type-unsupported' } })
    t.match(await post({ ...good, clientReference: 'x'.repeat(5 * 1024 * 1024) }), { status: 413, body: { code: 'body-too-large' } })
    t.match(await call(`${platform.apiUrl}/v1/orders`, { token, method: 'POST', body: good }), { status: 400, body: { code: 'idempotency-key-missing' } })
    t.match(await call(`${platform.apiUrl}/v1/orders`, { method: 'POST', body: good, headers: { 'idempotency-key': 'k' } }), { status: 401, body: { code: 'token-missing' } })
  })

  await t.test('a body that breaks a rule is refused with the field', async t => {
    const line = { sku, quantity: 1 }
    const broken: ReadonlyArray<readonly [string, object, string]> = [
      ['a quantity of zero', { lines: [line, { sku, quantity: 0 }] }, '/lines/1/quantity'],
      ['a negative quantity', { lines: [{ sku, quantity: -1 }] }, '/lines/0/quantity'],
      ['a quantity that is not whole', { lines: [{ sku, quantity: 1.5 }] }, '/lines/0/quantity'],
      ['no line', { lines: [] }, '/lines'],
      ['more than 10,000 lines', { lines: Array.from({ length: 10_001 }, () => line) }, '/lines'],
      ['an unknown currency', { currency: 'XYZ' }, '/currency'],
      ['an unknown field', { colour: 'red' }, '/colour'],
      ['no address', { shippingAddress: undefined }, '/shippingAddress'],
      ['a card number', { payment: { method: 'card', token: '4111 1111 1111 1111' } }, '/payment/token']
    ]
    for (const [what, change, field] of broken) {
      t.match(await post({ ...good, ...change }), { status: 422, body: { code: 'request-invalid', errors: [{ field, message: /\w/ }] } }, what)
    }
  })

  t.equal(written(), 0, 'nothing of all this is in the log')

  await t.test('an unknown SKU is found out by the platform: the order is Rejected, and a waiting client is told', async t => {
    const key = crypto.randomUUID()
    const body = orderBody('NO-SUCH-SKU')
    const answer = await post(body, key, { prefer: 'wait=30' })
    t.match(answer, { status: 422, body: { code: 'order-rejected', detail: /does not have this SKU/, order: { state: 'Rejected', outcome: 'Rejected' } } })
    const { orderId } = (answer.body as { order: { orderId: string } }).order
    t.match(await call(`${platform.apiUrl}/v1/orders/${orderId}`, { token }), { status: 200, body: { orderId, state: 'Rejected', reason: /SKU/ } })
    t.match(await post(body, key, { prefer: 'wait=30' }), { status: 422, body: { code: 'order-rejected' } }, 'the key stays with its order')
  })

  await t.test('a key that comes again with another body is refused, and its order stays', async t => {
    const key = crypto.randomUUID()
    const first = await post(good, key, { prefer: 'wait=30' })
    t.equal(first.status, 201)
    t.match(await post({ ...good, deliverySpeed: 'express' }, key), { status: 422, body: { code: 'idempotency-conflict' } })
    const again = await post(good, key, { prefer: 'wait=30' })
    t.match(again, { status: 201, body: { orderId: (first.body as { orderId: string }).orderId, state: 'Confirmed' } })
    t.equal(again.headers.get('idempotent-replayed'), 'true')
  })

  await t.test('one key in many requests at once is one order', async t => {
    const key = crypto.randomUUID()
    const answers = await Promise.all(Array.from({ length: 8 }, async () => await post(good, key)))
    const accepted = answers.filter(({ status }) => status === 202)
    t.ok(accepted.length > 0)
    t.same(new Set(answers.filter(({ status }) => status !== 202).map(({ status, body }) => `${status} ${(body as { code: string }).code}`)).difference(new Set(['409 request-running'])), new Set())
    const ids = new Set(accepted.map(({ body }) => (body as { orderId: string }).orderId))
    t.equal(ids.size, 1)
    const [orderId] = ids
    await events.find(`confirmation of ${orderId}`, event => event.orderId === orderId && event.type === 'OrderConfirmed')
    t.equal(commands.seen.filter(({ value }) => value?.orderId === orderId).length, 1, 'the command was written once')
  })
})
