import { test } from 'tap'
import { serviceNames } from '../../ops/stack/stack.ts'
import { topics } from '../../topology/topics.ts'
import { startDoomedApi } from '../support/doomed-api.ts'
import { followStream } from '../support/follow-stream.ts'
import { call, orderBody } from '../support/http.ts'
import { usePlatform } from '../support/platform.ts'
import { openShop } from '../support/shop.ts'
import { useStack } from '../support/stack.ts'
import { watchTopic } from '../support/watch.ts'

test('an order outlives the API that took it, many orders come at once, and each is followed without loss', async t => {
  const services = await useStack(t, { services: serviceNames })
  const platform = services === undefined ? undefined : await usePlatform(t)
  if (services === undefined || platform === undefined) return
  const events = await watchTopic(platform.kafka, topics.orders.events)
  const commands = await watchTopic(platform.kafka, topics.orders.commands)
  t.teardown(() => { events.close(); commands.close() })
  const [sku = ''] = await openShop(platform, events)
  const { url: doomed, child } = await startDoomedApi(t, services)

  const customer = `customer-${crypto.randomUUID()}`
  const token = await platform.token('Customer', customer)
  const key = crypto.randomUUID()
  const post = async (url: string, headers: Readonly<Record<string, string>> = {}) =>
    await call(`${url}/v1/orders`, { token, method: 'POST', body: orderBody(sku), headers: { 'idempotency-key': key, ...headers } })

  // Gone as soon as the command is in the log: whether its answer came before is all the same.
  const first = post(doomed).then(({ status }) => status, () => 'no answer')
  const { value: { orderId } } = await commands.find('the order', command => command.type === 'PlaceOrder' && command.customerId === customer)
  child.signal('SIGKILL')
  t.equal(await child.ended, 'SIGKILL')
  t.comment(`the order was answered with: ${await first}`)
  // Its key is taken as long as nobody knows whether it was written: until the order is there.
  let again = await post(platform.apiUrl, { prefer: 'wait=30' })
  for (; again.status === 409; again = await post(platform.apiUrl, { prefer: 'wait=30' })) t.match(again.body, { code: 'request-running' })
  t.match(again, { status: 201, body: { orderId, state: 'Confirmed' } })
  t.equal(events.seen.filter(({ value }) => value?.type === 'OrderCreated' && value.orderId === orderId).length, 1)

  const stream = `${platform.apiUrl}/v1/orders/${orderId}/stream`
  const all = await followStream(stream, token, ({ event }) => event === 'OrderConfirmed')
  const logged = events.seen.filter(({ value }) => value?.orderId === orderId).map(({ record, value }) => [`${record.partition}-${record.offset}`, value?.type])
  t.same(all.map(({ id, event }) => [id, event]), logged.slice(0, all.length))
  for (let cut = 0; cut < all.length - 1; cut++) t.same(await followStream(stream, token, ({ event }) => event === 'OrderConfirmed', all[cut]?.id), all.slice(cut + 1), `cut after event ${cut + 1}`)
  const stranger = await call(stream, { token: await platform.token('Customer', 'somebody else') })
  t.match(stranger, { status: 404, body: { code: 'not-found' } })

  const bulk = async () => {
    const lines = ['r1', 'r2', 'r3'].map(clientReference => JSON.stringify(orderBody(sku, { clientReference }))).join('\n')
    const response = await fetch(`${platform.apiUrl}/v1/orders/bulk`, {
      method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson', 'idempotency-key': key }, body: `${lines}\nrubbish\n`
    })
    return (await response.text()).trimEnd().split('\n').map(line => JSON.parse(line) as { readonly status: string, readonly orderId?: string })
  }
  const results = await bulk()
  t.same(results.map(({ status }) => status), ['accepted', 'accepted', 'accepted', 'refused'])
  t.same((await bulk()).map(result => result.orderId), results.map(result => result.orderId))
  for (const { orderId: id } of results.slice(0, 3)) await events.find(`confirmation of ${id}`, event => event.type === 'OrderConfirmed' && event.orderId === id)
  t.equal(events.seen.filter(({ value }) => value?.type === 'OrderCreated' && value.customerId === customer).length, 4)
})
