import { partitionKey } from '#streams'
import { toRecord } from '../../../ops/play/commands.ts'
import { readPartition } from '../../../ops/verify/read-partition.ts'
import { partitionsOfTopics } from '../../../ops/verify/topic-count.ts'
import { topics } from '../../../topology/index.ts'
import { newOrderId, placeOrder } from '../../support/orders.ts'
import { type Act } from '../stage/act.ts'
import { until } from '../../support/until.ts'
import { type Row } from './row.ts'
import { haveAll } from './seen.ts'

/** Ways to misbehave, by the token that makes the provider do so; an order of each comes to its confirmation all the same. */
const tokens = ['tok_timeout', 'tok_capture_timeout', 'tok_flaky', 'tok_slow', 'tok_ok']

/** The ids of the callbacks of these orders that were taken, as often as they came. */
async function callbacksOf (act: Act, orderIds: ReadonlySet<string>): Promise<readonly string[]> {
  const topic = topics.payments.callbacks
  const { kafka } = act.stage.outside
  const places = partitionsOfTopics([topic])
  const ends = await kafka.endOffsets(places)
  const values: Buffer[] = []
  for (const place of places) {
    await readPartition(kafka, place, { from: 0n, end: ends.get(partitionKey(place.topic, place.partition)) ?? 0n }, ({ key, value }) => {
      if (value !== null && orderIds.has(key?.toString() ?? '')) values.push(Buffer.from(value))
    })
  }
  const ids: string[] = []
  for (const value of values) {
    await topic.value.prepare?.(value)
    ids.push(topic.value.decode(value).callbackId)
  }
  return ids
}

/** What the API answers to somebody who says that he is the provider. */
async function forge (act: Act): Promise<number> {
  const headers = { 'content-type': 'application/json', 'payment-signature': `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}` }
  return (await fetch(`${act.stage.apiUrl}/v1/webhooks/payments`, { method: 'POST', headers, body: '{}' })).status
}

export const providerRows: readonly Row[] = [
  {
    number: 25,
    fault: 'payment provider: timeout after capture, 500, slow, callbacks',
    done: 'orders whose token makes the provider silent after it authorised or captured, failing and slow; one answer of 200 becomes 500; what it never answered it tells by itself, twice; a callback with a wrong signature',
    group: 'input',
    run: async act => {
      const orderIds = [...tokens, ...tokens].map(() => newOrderId())
      const changed = act.stage.doors.gateway.catch('answer of the provider', {
        act: 'change',
        matches: ({ direction, bytes }) => direction === 'down' && bytes.includes('"captured"'),
        change: bytes => Buffer.from(bytes.toString('latin1').replace('HTTP/1.1 200', 'HTTP/1.1 500'), 'latin1')
      })
      await act.fault('a provider that misbehaves', async () => {
        await act.send(...orderIds.map((orderId, at) => {
          const token = tokens[at % tokens.length] ?? ''
          return toRecord(topics.orders.commands, orderId, placeOrder(orderId, act.skus[0] ?? '', { payment: { method: 'card', token } }))
        }))
        await changed
        await until(async () => await haveAll(act, orderIds, 'OrderConfirmed'), 'every order of a misbehaving provider is confirmed')
      })
      let ids: readonly string[] = []
      await until(async () => {
        ids = await callbacksOf(act, new Set(orderIds))
        return new Set(ids).size < ids.length
      }, 'a callback came twice')
      act.note(`${ids.length} callbacks of ${new Set(ids).size} steps`)
      act.expect('a callback with a wrong signature is refused', await forge(act) === 400)
      await act.moves()
    }
  }
]
