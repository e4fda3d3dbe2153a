import { test } from 'tap'
import { OrderFlow } from './order-flow.ts'

test('a burst has no more orders open than it may', async t => {
  let open = 0
  let most = 0
  const flow: OrderFlow = new OrderFlow(async indices => {
    open += indices.length
    most = Math.max(most, open)
    setImmediate(() => {
      open -= indices.length
      for (const index of indices) flow.ended(index)
      flow.looked()
    })
  })
  await flow.burst(25, 10)
  t.equal(most, 10)
  t.equal(flow.sent, 25)
})

test('a paced order counts from the moment it was due to be sent', async t => {
  const flow: OrderFlow = new OrderFlow(async ([index = 0]) => {
    if (index > 0) flow.ended(index)
    if (index === 19) flow.ended(0)
    flow.looked()
  })
  const { max } = await flow.paced(1000, 0.02)
  t.ok(max >= 19, 'the first ended when the last was sent, which was due 19 ms later')
})

test('a flow fails when an order ends twice', async t => {
  const flow: OrderFlow = new OrderFlow(async () => {
    flow.ended(0)
    flow.ended(0)
    flow.looked()
  })
  await t.rejects(flow.burst(2, 1), /order 0 ended twice/)
})

test('a flow fails when an order ends that was never sent', async t => {
  const flow: OrderFlow = new OrderFlow(async () => {
    flow.ended(-1)
    flow.looked()
  })
  await t.rejects(flow.burst(1, 1), /order -1 ended and was never sent/)
})

test('a flow fails when an order cannot be sent', async t => {
  const flow = new OrderFlow(async () => { throw new Error('the broker is away') })
  await t.rejects(flow.burst(1, 1), /the broker is away/)
})
