import { test } from 'tap'
import { createKafkaCommandLog } from '../../../api/adapters/kafka-command-log.ts'
import { createManualClock } from '../../../streams/time/manual-clock.ts'
import { type PlainProducer } from '../../../streams/kafka/port.ts'
import { type CancelOrder } from '../../../schemas/index.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'

await bindMemoryCodec()

const cancel = (orderId: string): CancelOrder => ({
  type: 'CancelOrder',
  meta: { commandId: orderId, bodyHash: null, issuedAt: 0, correlationId: '', principal: null, tenant: 'default' },
  orderId,
  reason: 'test'
})

interface HeldRequest {
  readonly keys: string[]
  readonly answer: () => void
  readonly fail: (error: Error) => void
}

/** A producer whose requests are answered by hand. */
function handProducer () {
  const requests: HeldRequest[] = []
  const producer: PlainProducer = {
    send: async records => await new Promise((resolve, reject) => {
      const keys = records.map(record => record.key?.toString() ?? '')
      const positions = records.map(({ topic, partition }, index) => ({ topic, partition, offset: BigInt(index) }))
      requests.push({ keys, fail: reject, answer: () => { resolve(positions) } })
    })
  }
  return { producer, requests }
}

const turn = async (): Promise<void> => { await new Promise(resolve => setImmediate(resolve)) }

test('commands that arrive during a request go together in the next one, in their order', async t => {
  const { producer, requests } = handProducer()
  const log = createKafkaCommandLog(producer)
  const first = log.append(cancel('a'))
  const others = ['b', 'c', 'd'].map(async id => await log.append(cancel(id)))
  await turn()
  t.same(requests.map(request => request.keys), [['a']])
  requests[0]?.answer()
  t.match(await first, { topic: 'commerce.orders.commands', offset: 0n })
  await turn()
  t.same(requests[1]?.keys, ['b', 'c', 'd'])
  requests[1]?.answer()
  t.same((await Promise.all(others)).map(position => position.offset), [0n, 1n, 2n])
})

test('a failed request fails its own commands and not the next ones', async t => {
  const { producer, requests } = handProducer()
  const log = createKafkaCommandLog(producer)
  const first = log.append(cancel('a'))
  const second = log.append(cancel('b'), { trusted: true })
  await turn()
  requests[0]?.fail(new Error('broken'))
  await t.rejects(first, { message: 'broken' })
  await turn()
  requests[1]?.answer()
  t.match(await second, { topic: 'commerce.orders.commands.trusted' })
})

test('intake is refused at once when too many commands wait', async t => {
  const { producer, requests } = handProducer()
  const log = createKafkaCommandLog(producer, { maxWaiting: 1, maxBatch: 1 })
  const first = log.append(cancel('a'))
  const second = log.append(cancel('b'))
  await t.rejects(log.append(cancel('c')), { code: 'STR_BROKER_UNAVAILABLE' })
  for (let i = 0; i < 2; i++) {
    await turn()
    requests[i]?.answer()
  }
  await Promise.all([first, second])
  t.equal(requests.length, 2)
})

test('a command that does not fit its schema is refused without a request', async t => {
  const { producer, requests } = handProducer()
  await t.rejects(createKafkaCommandLog(producer).append({ ...cancel('a'), reason: 5 } as never), { code: 'STR_VALUE_INVALID' })
  t.same(requests, [])
})

test('a log that does not acknowledge is told in time, and at once to whoever comes after, until it answers', async t => {
  const { producer, requests } = handProducer()
  const clock = createManualClock()
  const log = createKafkaCommandLog(producer, { clock, patienceMs: 5000, maxBatch: 1 })
  const first = log.append(cancel('a'))
  const second = log.append(cancel('b'))
  const refusals = Promise.all([t.rejects(first, { code: 'STR_BROKER_UNAVAILABLE' }), t.rejects(second, { code: 'STR_BROKER_UNAVAILABLE' })])
  await clock.advance(4999)
  t.equal(clock.waiting, 1, 'they wait')
  await clock.advance(1)
  await refusals
  await t.rejects(log.append(cancel('c')), { code: 'STR_BROKER_UNAVAILABLE' })
  t.equal(requests.length, 1, 'nothing is sent behind a request whose fate is not known')
  requests[0]?.answer()
  await turn()
  const next = log.append(cancel('d'))
  await turn()
  t.same(requests[1]?.keys, ['d'])
  requests[1]?.answer()
  t.equal((await next).offset, 0n)
  t.equal(clock.waiting, 0)
})

test('a log that fails after it was given up is tried again by the next command', async t => {
  const { producer, requests } = handProducer()
  const clock = createManualClock()
  const log = createKafkaCommandLog(producer, { clock })
  const first = t.rejects(log.append(cancel('a')), { code: 'STR_BROKER_UNAVAILABLE' })
  await clock.advance(5000)
  await first
  requests[0]?.fail(new Error('timed out at last'))
  await turn()
  const next = log.append(cancel('b'))
  await turn()
  requests[1]?.answer()
  t.equal((await next).offset, 0n)
})
