import { test } from 'tap'
import { answerOf, createApiClient, goodOrder, newKey } from '../client/client.ts'
import { topics } from '../../topology/topics.ts'
import { moneyAtGateway, stockOf } from '../support/books.ts'
import { Customer, openSaga } from '../support/saga-scene.ts'

/** Two products of 12.50 GBP, so many pieces of each that they come to the activity limit of 2,000 GBP. */
const pieces = 80
const total = '20000000'

test('an order over the activity limit waits for a person, who decides whether it is paid for', async t => {
  const scene = await openSaga(t)
  if (scene === undefined) return
  const { platform, products, sameInAnalytics, checkHealth } = scene
  const reviewer = createApiClient(platform.apiUrl, await platform.token('Support', 'support-1'))

  const review = async (orderId: string, approved: boolean) => await answerOf(reviewer.POST('/v1/orders/{id}/review', {
    params: { path: { id: orderId }, header: { 'idempotency-key': `review-${orderId}-${String(approved)}` } }, body: { approved, reason: 'looked at it' }
  }))

  /** An order of a new customer that is on review, with its stock kept and no money moved. */
  const onReview = async () => {
    const customer = await Customer.create(t, platform, `customer-${crypto.randomUUID()}`)
    const skus = await products(100)
    const placed = await customer.order(goodOrder('', { lines: skus.map(sku => ({ sku, quantity: pieces })) }))
    const { orderId } = placed.data
    t.match(placed, { status: 201, body: { state: 'OnRiskReview', outcome: null, authorised: '0.0000', total: '2000.0000' } })
    t.equal(await moneyAtGateway(platform, orderId), undefined)
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 100, reserved: pieces })
    return { customer, skus, orderId }
  }

  await t.test('it is confirmed when the person approves, and the first decision counts', async t => {
    const { customer, skus, orderId } = await onReview()
    const byCustomer = await customer.api.POST('/v1/orders/{id}/review', {
      params: { path: { id: orderId }, header: newKey() }, body: { approved: true, reason: 'I am good' }
    })
    t.equal(byCustomer.response.status, 403, 'not by the customer')
    t.equal((await review(orderId, true)).status, 202)
    t.equal(await customer.endOf(orderId), 'OrderConfirmed')
    t.same(customer.eventsOf(topics.risk.decisions, orderId), ['RiskReviewRequired'])
    t.same(await moneyAtGateway(platform, orderId), { authorised: total, captured: total, voided: '0', refunded: '0' })
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 100 - pieces, reserved: 0, deducted: pieces })
    t.match(await review(orderId, false), { status: 409, body: { code: 'state-forbids' } })
    await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')
    await sameInAnalytics(t, orderId)
  })

  await t.test('it is cancelled when the person refuses, everything is given back and nobody was charged', async t => {
    const { customer, skus, orderId } = await onReview()
    t.equal((await review(orderId, false)).status, 202)
    t.equal(await customer.endOf(orderId), 'OrderCancelled')
    t.match((await customer.read(orderId)).body, { state: 'Cancelled', outcomeCause: 'riskRejected', reason: 'refused on review: looked at it', captured: '0.0000' })
    t.equal(await moneyAtGateway(platform, orderId), undefined)
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 100, reserved: 0, deducted: 0 })
    t.match(await review(orderId, true), { status: 409, body: { code: 'state-forbids' } })
  })

  checkHealth(t)
})
