import { test } from 'tap'
import { createMemoryIdempotency } from '../../../api/adapters/memory-idempotency.ts'
import { rememberUnprocessed } from '../../../api/adapters/unprocessed-commands.ts'
import { NO_HEADERS } from '../../../streams/record.ts'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { createManualClock } from '../../../streams/time/manual-clock.ts'
import { topics } from '../../../topology/topics.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'
import { orderBody } from '../order-fixtures.ts'

async function place (api: ApiUnderTest, key: string) {
  const headers = { authorization: `Bearer ${await api.token('Customer')}`, 'idempotency-key': key }
  return await api.app.inject({ method: 'POST', url: '/v1/orders', headers, payload: orderBody })
}

async function rememberAnew (api: ApiUnderTest) {
  const kafka = api.broker.client()
  await kafka.start()
  const idempotency = createMemoryIdempotency({ clock: createManualClock() })
  const count = await rememberUnprocessed({ kafka, state: api.state, applicationId: 'commerce', idempotency })
  await kafka.close()
  return { idempotency, count }
}

test('a new process knows the keys of commands that were accepted before it and not processed', async t => {
  const api = await buildApi(t)
  await place(api, 'one')
  await place(api, 'two')
  const { idempotency, count } = await rememberAnew(api)
  t.equal(count, 2)
  const [command] = api.commands()
  const { commandId = '', bodyHash = '' } = command?.meta ?? {}
  t.match(await idempotency.begin(commandId, bodyHash ?? ''), { kind: 'done', position: { topic: topics.orders.commands.name } })
  t.match(await idempotency.begin(commandId, 'another body'), { kind: 'conflict' })
})

test('processed commands are left to the orders themselves', async t => {
  const api = await buildApi(t)
  const { orderId } = (await place(api, 'one')).json()
  await api.store(orderId, {}, 1n)
  t.equal((await rememberAnew(api)).count, 0)
})

test('commands are remembered when the state is empty, and bytes that are no command are passed over', async t => {
  const api = await buildApi(t)
  const { orderId } = (await place(api, 'one')).json()
  const kafka = api.broker.client()
  await kafka.start()
  const at = { topic: topics.orders.commands.name, partition: partitionOf(orderId, 8) }
  await kafka.producer().send([
    { ...at, key: null, value: Buffer.from('rubbish'), headers: NO_HEADERS },
    { ...at, key: null, value: null, headers: NO_HEADERS },
    { ...at, key: null, value: Buffer.from([0, 0, 0, 99, 99, 1]), headers: NO_HEADERS }
  ])
  await kafka.close()
  api.state.flush()
  t.equal((await rememberAnew(api)).count, 1)
})
