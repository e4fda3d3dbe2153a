import fc from 'fast-check'
import { test } from 'tap'
import { readStripeCallback } from '../../../../topology/payments/stripe/read-stripe-callback.ts'
import { orderId } from '../payment-world.ts'

const intent = {
  id: 'pi_1', object: 'payment_intent', amount: 1234, amount_received: 0, currency: 'gbp', latest_charge: 'ch_1', metadata: { commerce_key: `${orderId}/authorise/2` }
}
const refund = { id: 're_1', object: 'refund', amount: 200, currency: 'gbp', payment_intent: 'pi_1', status: 'succeeded', metadata: { commerce_key: `${orderId}/refund/2/r1` } }
const event = (type: string, object: object) => ({ id: 'evt_1', object: 'event', type, data: { object } })

test('an event of Stripe is read as the step that it settles', t => {
  t.match(readStripeCallback(event('payment_intent.amount_capturable_updated', intent)), {
    kind: 'heard', callback: { orderId, step: 'authorise', attempt: 2, outcome: 'done', reference: 'pi_1', currency: 'GBP', authorised: 123_400n, captured: 0n, voided: 0n }
  })
  t.match(readStripeCallback(event('payment_intent.succeeded', { ...intent, amount_received: 1000 })), {
    kind: 'heard', callback: { step: 'capture', attempt: 2, authorised: 123_400n, captured: 100_000n, voided: 23_400n }
  })
  const failed = { ...intent, last_payment_error: { code: 'card_declined', decline_code: 'lost_card', message: 'declined' } }
  t.match(readStripeCallback(event('payment_intent.payment_failed', failed)), { kind: 'heard', callback: { step: 'authorise', outcome: 'declined', code: 'lost-card', authorised: 0n } })
  t.match(readStripeCallback(event('refund.updated', refund)), { kind: 'heard', callback: { step: 'refund', attempt: 2, effectId: 'r1', outcome: 'done', refunded: 20_000n } })
  t.match(readStripeCallback(event('refund.failed', { ...refund, status: 'failed', failure_reason: 'lost_or_stolen_card' })), {
    kind: 'heard', callback: { outcome: 'failed', code: 'lost-or-stolen-card', message: 'the refund failed: lost-or-stolen-card' }
  })
  t.end()
})

test('an event that settles nothing of ours is ignored with the reason', t => {
  const ignored = (body: unknown) => { const reading = readStripeCallback(body); return reading.kind === 'ignored' ? reading.reason : reading.kind }
  t.equal(ignored(event('customer.created', {})), 'unknown-type')
  t.equal(ignored(event('payment_intent.canceled', intent)), 'unknown-type')
  t.equal(ignored(event('constructor', intent)), 'unknown-type')
  t.equal(ignored(event('payment_intent.succeeded', { ...intent, metadata: {} })), 'foreign-payment')
  t.equal(ignored(event('payment_intent.succeeded', { ...intent, metadata: refund.metadata })), 'foreign-payment')
  t.equal(ignored(event('refund.updated', { ...refund, metadata: null })), 'foreign-payment')
  t.equal(ignored(event('refund.updated', { ...refund, status: 'requires_action' })), 'not-decided')
  t.end()
})

test('an event that cannot be read names the field', t => {
  t.match(readStripeCallback({}), { kind: 'unreadable', field: '/id' })
  t.match(readStripeCallback(event('payment_intent.succeeded', { ...intent, amount: 12.5 })), { kind: 'unreadable', field: '/data/object' })
  t.match(readStripeCallback(event('refund.updated', { ...refund, amount: '200' })), { kind: 'unreadable', field: '/data/object' })
  t.end()
})

test('no body makes the reader throw', t => {
  const types = fc.constantFrom('payment_intent.succeeded', 'refund.failed', 'payment_intent.payment_failed', 'x')
  const data = fc.oneof(fc.jsonValue(), fc.record({ object: fc.oneof(fc.jsonValue(), fc.constantFrom<object>(intent, refund)) }))
  const shaped = fc.record({ id: fc.string(), type: types, data })
  fc.assert(fc.property(fc.oneof(fc.jsonValue(), shaped), body => {
    if (!['heard', 'ignored', 'unreadable'].includes(readStripeCallback(body).kind)) throw new Error('no reading')
  }), { numRuns: 500 })
  t.pass('500 bodies')
  t.end()
})
