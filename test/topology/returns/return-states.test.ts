import { test } from 'tap'
import { type OrderReturn, returnStatusSymbols } from '#schemas'
import { IllegalReturn, type ReturnEvent, evolveReturns } from '../../../topology/returns/evolve-return.ts'
import { openReturns, returnAfter, returnEventTypes, returnStates } from '../../../topology/returns/return-states.ts'
import { topics } from '../../../topology/topics.ts'

const orderId = '0b8e3c1a-5d0e-4c0e-9c54-0a6f0f7f8a01'
const returnId = '1b8e3c1a-5d0e-4c0e-9c54-0a6f0f7f8a02'
const head = { orderId, returnId }
const lines = [{ lineNo: 1, sku: 'A', quantity: 2, amount: 40n }]
const arrived = [{ lineNo: 1, sku: 'A', quantity: 1, amount: 20n }]

const events: Readonly<Record<ReturnEvent['type'], ReturnEvent>> = {
  ReturnRequested: { type: 'ReturnRequested', ...head, customerId: null, lines, amount: 40n, currency: 'GBP', reason: 'worn' },
  ReturnApproved: { type: 'ReturnApproved', ...head, reason: 'fine', expectedBy: 900 },
  ReturnDeclined: { type: 'ReturnDeclined', ...head, reason: 'no' },
  ReturnReceived: { type: 'ReturnReceived', ...head, customerId: null, lines: arrived, amount: 20n, currency: 'GBP' },
  ReturnExpired: { type: 'ReturnExpired', ...head },
  RefundIssued: { type: 'RefundIssued', ...head, customerId: null, effectId: `return/${returnId}`, amount: 15n, currency: 'GBP' }
}

/** The way to each state. */
const ways: Readonly<Record<OrderReturn['status'] | 'unasked', ReadonlyArray<ReturnEvent['type']>>> = {
  unasked: [],
  requested: ['ReturnRequested'],
  approved: ['ReturnRequested', 'ReturnApproved'],
  declined: ['ReturnRequested', 'ReturnDeclined'],
  received: ['ReturnRequested', 'ReturnApproved', 'ReturnReceived'],
  expired: ['ReturnRequested', 'ReturnApproved', 'ReturnExpired'],
  refunded: ['ReturnRequested', 'ReturnApproved', 'ReturnReceived', 'RefundIssued']
}

const after = (...types: ReadonlyArray<ReturnEvent['type']>) => types.reduce<readonly OrderReturn[]>((returns, type, at) => evolveReturns(returns, events[type], at), [])

test('the table of returns has a row for every state, and knows every event that the topic carries', t => {
  t.same(Object.keys(returnStates).sort(), ['unasked', ...returnStatusSymbols].sort())
  const carried = (topics.returns.events.value as unknown as { records: readonly string[] }).records.filter(type => !type.startsWith('Credit'))
  t.same([...returnEventTypes].sort(), [...carried].sort())
  t.end()
})

test('a return does what its table says when any event meets any state: the rest is an error with a reason', t => {
  for (const [state, way] of Object.entries(ways) as ReadonlyArray<[keyof typeof ways, typeof ways[keyof typeof ways]]>) {
    for (const type of returnEventTypes) {
      const next = returnAfter(state, type)
      const told = () => after(...way, type)
      if (next === undefined) t.throws(told, new IllegalReturn(`${type} cannot follow: the return is ${state === 'unasked' ? 'not asked for' : state}`))
      else t.equal(told()[0]?.status, next, `${type} in ${state}`)
    }
  }
  t.end()
})

test('a return is open while its goods are still to come, and over when nothing follows', t => {
  t.same([...openReturns], ['requested', 'approved'])
  for (const state of ['refunded', 'declined', 'expired'] as const) t.same(returnStates[state], {})
  t.end()
})

test('the events alone tell a return when they are replayed: what came, what was paid, when', t => {
  t.same(after(...ways.refunded), [{
    returnId, status: 'refunded', lines: arrived, amount: 20n, refunded: 15n, reason: 'worn', answer: 'fine', requestedAt: 0, expectedBy: null, updatedAt: 3
  }])
  t.match(after(...ways.approved), [{ expectedBy: 900, lines, amount: 40n }])
  t.end()
})

test('returns of one order do not touch each other when one of them goes on', t => {
  const both = evolveReturns(after('ReturnRequested'), { ...events.ReturnRequested, returnId: 'other' } as ReturnEvent, 7)
  t.same(evolveReturns(both, events.ReturnDeclined, 8).map(({ status }) => status), ['declined', 'requested'])
  t.end()
})
