import { test } from 'tap'
import { orderStatusSymbols } from '#schemas'
import { type OrderEvent, topics } from '../../../topology/topics.ts'
import { type Body } from '../../../topology/commands/body.ts'
import { evolve } from '../../../topology/orders/order.ts'
import { IllegalTransition, listTransitions, nextState, orderEventTypes, orderStates, unborn, whyIllegal } from '../../../topology/orders/states.ts'
import { OrderRun, orderId, startMs } from './order-fixtures.ts'

/** The outcome of these is Fulfilled: returns change the state, never the outcome. */
const fulfilled = ['Delivered', 'ReturnRequested', 'PartiallyReturned', 'Returned'] as const
const finalStates = ['Cancelled', 'Failed', 'TimedOut', 'Rejected'] as const

test('the table of states has a row for every state when the schema names it', t => {
  t.same(Object.keys(orderStates), [unborn, ...orderStatusSymbols])
  t.end()
})

test('the table of states knows every event when the topic carries it', t => {
  const carried = (topics.orders.events.value as unknown as { records: readonly string[] }).records
  t.same([...orderEventTypes].sort(), [...carried].sort())
  t.end()
})

test('the table of states is complete when pairs are enumerated: each leads somewhere or has a reason', t => {
  const listed = new Set(listTransitions().map(({ from, event }) => `${from}/${event}`))
  let pairs = 0
  for (const from of [unborn, ...orderStatusSymbols] as const) {
    for (const event of orderEventTypes) {
      pairs++
      const to = nextState(from, event)
      t.equal(to !== undefined, listed.has(`${from}/${event}`))
      if (to === undefined) t.match(whyIllegal(from, event), new RegExp(`^${event} cannot follow`))
    }
  }
  t.equal(pairs, 19 * orderEventTypes.length)
  t.end()
})

test('an order has exactly one outcome when its state is final: nothing leads out of it', t => {
  for (const state of finalStates) t.same(orderStates[state], {})
  for (const state of fulfilled) t.notOk(Object.values(orderStates[state]).some(to => finalStates.some(final => final === to)), `${state} stays fulfilled`)
  const outcomes = listTransitions().filter(({ to }) => finalStates.some(state => state === to)).map(({ from }) => from)
  t.same([...new Set(outcomes)], [unborn, 'Compensating'])
  t.end()
})

test('every state that is left can still reach an outcome when the flow breaks: compensated, or delivered before', t => {
  const reached = new Set(listTransitions().map(({ to }) => to))
  for (const state of reached) {
    if (fulfilled.some(kept => kept === state)) continue
    if (finalStates.some(final => final === state)) continue
    t.ok(state === 'Compensating' || orderStates[state].OrderCompensationStarted === 'Compensating', state)
  }
  t.end()
})

test('evolve throws with the reason when the table does not list the event', t => {
  const { view } = new OrderRun().place()
  const event: Body<OrderEvent> = { type: 'OrderConfirmed', orderId, total: 0n, currency: 'GBP', lines: [], customerId: null, placedAt: startMs }
  t.throws(() => evolve(view, event, startMs), new IllegalTransition('Pending', 'OrderConfirmed'))
  t.throws(() => evolve(undefined, event, startMs), /OrderConfirmed cannot follow Unborn: only OrderCreated, OrderRejected can/)
  t.end()
})

test('whyIllegal tells a final state from one that has other events when asked for the reason', t => {
  t.match(whyIllegal('Cancelled', 'OrderConfirmed'), /nothing follows that/)
  t.match(whyIllegal('Shipped', 'OrderConfirmed'), /cannot follow Shipped: only .*OrderDelivered.* can/)
  t.end()
})
