import { test } from 'tap'
import { createTracker, quantile } from '../../../ops/play/tracker.ts'

test('tracker settles an ordinary order when it is confirmed', async t => {
  const tracker = createTracker()
  tracker.add('a', 'fulfilled')
  tracker.sent('a', 100)
  t.equal(tracker.see('a', 'OrderCreated', 105), 'none')
  t.equal(tracker.open, 1)
  t.equal(tracker.see('a', 'OrderConfirmed', 130), 'ship')
  t.equal(tracker.see('a', 'OrderConfirmed', 130), 'none', 'a repeated event asks for nothing')
  t.equal(tracker.open, 0)
  t.same(tracker.latencies(), [30])
})

test('tracker asks once for the cancellation of an order that is to be cancelled, and settles it at its outcome', async t => {
  const tracker = createTracker()
  tracker.add('a', 'cancelled')
  t.equal(tracker.see('a', 'OrderConfirmed', 1), 'cancel')
  t.equal(tracker.see('a', 'OrderConfirmed', 1), 'none', 'a repeated event asks for nothing')
  t.equal(tracker.open, 1)
  tracker.see('a', 'OrderCancelled', 2)
  t.equal(tracker.open, 0)
  t.equal(tracker.confirmed, 1)
})

test('tracker asks once for the review of an order that is put on review, and waits for its end', async t => {
  const tracker = createTracker()
  tracker.add('a', 'fulfilled')
  t.equal(tracker.see('a', 'OrderRiskReviewRequested', 1), 'review')
  t.equal(tracker.see('a', 'OrderRiskReviewRequested', 1), 'none', 'a repeated event asks for nothing')
  t.equal(tracker.open, 1)
  tracker.see('a', 'OrderConfirmed', 2)
  t.equal(tracker.open, 0)
})

test('tracker keeps the first outcome and counts an order once when events repeat', async t => {
  const tracker = createTracker()
  tracker.add('a', 'short')
  tracker.see('a', 'OrderCancelled', 1)
  tracker.see('a', 'OrderTimedOut', 2)
  t.equal(tracker.get('a')!.outcome, 'cancelled')
  t.equal(tracker.settled, 1)
})

test('tracker passes over orders of other runs', async t => {
  const tracker = createTracker()
  t.equal(tracker.see('stranger', 'OrderConfirmed', 1), 'none')
  t.equal(tracker.settled, 0)
})

test('tracker has no latency for an order that another process sent', async t => {
  const tracker = createTracker()
  tracker.add('a', 'fulfilled')
  tracker.see('a', 'OrderConfirmed', 1)
  t.same(tracker.latencies(), [])
  t.same(tracker.openOrders(), [])
})

test('quantile is the nearest rank', async t => {
  t.equal(quantile([], 0.5), 0)
  t.equal(quantile([5, 1, 3], 0.5), 3)
  t.equal(quantile([1, 2, 3, 4], 0.95), 4)
  t.equal(quantile([1, 2, 3, 4], 0), 1)
})
