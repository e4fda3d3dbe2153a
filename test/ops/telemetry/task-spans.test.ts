import { test } from 'tap'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { headerText } from '../../../streams/index.ts'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { commands, counter, totals } from '../../streams/runtime/counting.ts'
import { orders, payments, saga, traceAll, undone } from './saga.ts'

const declined = async () => ({ kind: 'failed', code: 'declined', message: 'no', retriable: false }) as const
const place = { type: 'Place', orderId: 'o-1' } as const

test('a saga is one trace from its first record to its compensation, each span the child of what caused it', async t => {
  const { span, spans } = traceAll(t)
  const driver = await createTestDriver({ nodes: saga(declined) })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(orders, 'o-1', place)
  await driver.run()
  const chain = ['send orders', 'process orders', 'process payments', 'call charge', 'finish charge', 'process replies', 'process undo']
  t.equal(new Set(spans().map(each => each.spanContext().traceId)).size, 1)
  for (const [index, name] of chain.entries()) {
    const parent = index === 0 ? undefined : span(chain[index - 1] as string).spanContext().spanId
    t.equal(span(name).parentSpanContext?.spanId, parent, `${name} follows from what is before it`)
  }
  t.equal(spans().filter(each => each.name === 'commit orders').length, 2)
  t.match(span('process orders'), {
    kind: SpanKind.CONSUMER,
    attributes: {
      'order.id': 'o-1',
      'commerce.event.type': 'Place',
      'messaging.system': 'kafka',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'orders',
      'messaging.consumer.group.name': 'driver'
    }
  })
  t.match(span('call charge').status, { code: SpanStatusCode.ERROR, message: 'failed' })
  const [out] = await driver.read(undone)
  t.match(headerText(out?.headers ?? [], 'traceparent'), span('process undo').spanContext().spanId, 'what the last step wrote names it')
})

test('a compensation is linked to the step that failed, and what follows from it, too', async t => {
  const { span } = traceAll(t)
  const driver = await createTestDriver({ nodes: saga(declined) })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(orders, 'o-1', place)
  await driver.run()
  const failed = span('finish charge').spanContext()
  t.match(span('process undo').links, [{ context: { traceId: failed.traceId, spanId: failed.spanId }, attributes: { 'commerce.link': 'failed step' } }])
  t.same(span('process replies').links, [], 'an ordinary step has no such link')
  const [out] = await driver.read(undone)
  t.equal(headerText(out?.headers ?? [], 'tracestate'), `commerce=f:${failed.spanId}`)
})

test('the commit of a batch is a child of its first input and linked to the others', async t => {
  const { span, spans } = traceAll(t)
  const driver = await createTestDriver({ nodes: [counter()] })
  t.teardown(async () => { await driver.close() })
  const value = commands.value.encode({ type: 'Add', amount: 1 })
  await driver.broker.client('batch').producer().send(['a', 'b', 'c'].map(key => ({ topic: commands.name, partition: 0, key: Buffer.from(key), value, headers: [] })))
  await driver.run()
  const inputs = spans().filter(each => each.name === 'process commands').map(each => each.spanContext())
  t.equal(inputs.length, 3)
  t.equal(span('commit counter').parentSpanContext?.spanId, inputs[0]?.spanId)
  t.same(span('commit counter').links.map(link => link.context.spanId), inputs.slice(1).map(each => each.spanId))
  t.equal(span('commit counter').attributes['messaging.batch.message_count'], 3)
})

test('a record of a trace that is not kept has no span, and its context goes on as it came', async t => {
  const { spans } = traceAll(t)
  const driver = await createTestDriver({ nodes: [counter()] })
  t.teardown(async () => { await driver.close() })
  const context = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00'
  await driver.pipe(commands, 'a', { type: 'Add', amount: 1 }, { headers: [['traceparent', Buffer.from(context)]] })
  const [out] = await driver.read(totals)
  t.same(out?.headers, [['traceparent', Buffer.from(context)]])
  t.same(spans(), [])
})

test('nothing begins a trace when the share is 0, and somebody else\'s is kept all the same', async t => {
  const { span, spans } = traceAll(t, { ratio: 0 })
  const driver = await createTestDriver({ nodes: [counter()] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', { type: 'Add', amount: 1 })
  await driver.pipe(commands, 'a', { type: 'Remind', afterMs: 5 })
  await driver.advance(10)
  t.same(spans(), [])
  t.same((await driver.read(totals)).map(record => record.headers), [[], []])
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  await driver.pipe(commands, 'a', { type: 'Add', amount: 1 }, { headers: [['traceparent', Buffer.from(`00-${traceId}-00f067aa0ba902b7-01`)]] })
  await driver.run()
  t.match(span('send commands').parentSpanContext, { traceId, spanId: '00f067aa0ba902b7', isRemote: true })
  t.equal(span('process commands').spanContext().traceId, traceId)
})

test('a timer begins a trace of its own', async t => {
  const { span } = traceAll(t)
  const driver = await createTestDriver({ nodes: saga(declined) })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(orders, 'o-1', { type: 'Later', orderId: 'o-1' })
  await driver.advance(1000)
  t.equal(span('fire timer').parentSpanContext, undefined)
  t.equal(span('process payments').spanContext().traceId, span('fire timer').spanContext().traceId)
  t.not(span('process orders').spanContext().traceId, span('fire timer').spanContext().traceId)
})

test('a record that fails ends its span with the code of the error and without its text', async t => {
  const { spans } = traceAll(t)
  const driver = await createTestDriver({ nodes: [counter()] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', { type: 'Fail', message: 'the card 4242424242424242 is bad' })
  await driver.run()
  const [failed] = spans().filter(each => each.name === 'process commands')
  t.equal(failed?.status.code, SpanStatusCode.ERROR)
  t.notMatch(JSON.stringify([failed?.status, failed?.attributes, failed?.events]), /4242/)
})

test('a handler that waits for a row has one span, though it runs twice', async t => {
  const { spans } = traceAll(t)
  const driver = await createTestDriver({ nodes: [counter({ reads: () => [] })] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', { type: 'Add', amount: 1 })
  await driver.run()
  t.equal(spans().filter(each => each.name === 'process commands').length, 1)
})

test('an effect that is called again has a span for each call, and is finished by the last', async t => {
  let calls = 0
  const { span, spans } = traceAll(t)
  const driver = await createTestDriver({
    nodes: saga(async () => {
      if (++calls === 1) throw new Error('busy')
      return { kind: 'succeeded', result: 1 }
    }).map(node => ({ ...node, effects: node.effects.map(effect => ({ ...effect, policy: 'at-least-once' as const })) }))
  })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(orders, 'o-1', place)
  await driver.run()
  await driver.advance(60_000)
  const asked = spans().filter(each => each.name === 'call charge')
  t.same(asked.map(each => each.attributes['commerce.effect.outcome']), ['rejected', 'succeeded'])
  const accepted = span('process payments').spanContext().spanId
  t.same(asked.map(each => each.parentSpanContext?.spanId), [accepted, accepted])
  t.equal(span('finish charge').parentSpanContext?.spanId, asked[1]?.spanContext().spanId)
})

test('without a listener a record keeps the context it came with, through an effect, too', async t => {
  const driver = await createTestDriver({ nodes: saga(declined) })
  t.teardown(async () => { await driver.close() })
  const headers = [['traceparent', Buffer.from('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01')]] as const
  await driver.pipe(orders, 'o-1', place, { headers })
  const [out] = await driver.read(undone)
  t.same(out?.headers, headers)
  t.equal((await driver.read(payments)).length, 1)
})
