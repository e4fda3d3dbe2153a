-- Orders as their own events tell it, from the first to the last return, whatever facts others tell of them: total and lines are those of the newest
-- amendment. A return that is asked for shows as long as nothing came back before.
CREATE OR REPLACE VIEW orders AS
SELECT
  order_id,
  if(base = 'Delivered' AND returns_asked > 0, 'ReturnRequested', base) AS state,
  placed_at, confirmed_at, delivered_at, ever_confirmed, channel, customer_id, client_reference, currency, total, lines, outcome_cause, refunded, events, last_event_at
FROM (
  SELECT
    order_id,
    transform(argMaxIf(event_type, _offset, event_type NOT IN ('OrderLinesCancelled', 'OrderReturnRequested', 'OrderReturnDeclined')),
      ['OrderCreated', 'OrderInventoryReserved', 'OrderRiskReviewRequested', 'OrderRiskCleared', 'OrderPaymentInitiated', 'OrderPaymentAuthorized',
        'OrderPaymentCompleted', 'OrderConfirmed', 'OrderActionRequired', 'OrderAmended', 'OrderBackOrdered', 'OrderPartiallyShipped', 'OrderShipped',
        'OrderDelivered', 'OrderPartiallyReturned', 'OrderReturned', 'OrderCompensationStarted', 'OrderCancelled', 'OrderFailed', 'OrderTimedOut', 'OrderRejected'],
      ['Pending', 'InventoryReserved', 'OnRiskReview', 'InventoryReserved', 'InventoryReserved', 'PaymentAuthorized',
        'PaymentAuthorized', 'Confirmed', 'ActionRequired', 'Pending', 'BackOrdered', 'PartiallyShipped', 'Shipped',
        'Delivered', 'PartiallyReturned', 'Returned', 'Compensating', 'Cancelled', 'Failed', 'TimedOut', 'Rejected'], '') AS base,
    toInt64(countIf(event_type = 'OrderReturnRequested')) - toInt64(countIf(event_type = 'OrderReturnDeclined')) AS returns_asked,
    maxIf(fromUnixTimestamp64Milli(JSONExtractInt(payload, 'placedAt'), 'UTC'), event_type = 'OrderCreated') AS placed_at,
    maxIf(appended_at, event_type = 'OrderConfirmed') AS confirmed_at,
    maxIf(appended_at, event_type = 'OrderDelivered') AS delivered_at,
    countIf(event_type = 'OrderConfirmed') > 0 AS ever_confirmed,
    anyIf(JSONExtractString(payload, 'channel'), event_type = 'OrderCreated') AS channel,
    anyIf(JSONExtractString(payload, 'customerId'), event_type = 'OrderCreated') AS customer_id,
    anyIf(JSONExtractString(payload, 'clientReference'), event_type = 'OrderCreated') AS client_reference,
    anyIf(currency, event_type = 'OrderCreated') AS currency,
    argMaxIf(amount, _offset, event_type IN ('OrderCreated', 'OrderAmended')) AS total,
    argMaxIf(JSONLength(payload, 'lines'), _offset, event_type IN ('OrderCreated', 'OrderAmended')) AS lines,
    anyIf(JSONExtractString(payload, 'cause'), event_type IN ('OrderCancelled', 'OrderFailed', 'OrderTimedOut')) AS outcome_cause,
    sumIf(toDecimal64OrZero(JSONExtractString(payload, 'refunded'), 4), event_type IN ('OrderCancelled', 'OrderFailed', 'OrderTimedOut')) AS refunded,
    count() AS events,
    max(appended_at) AS last_event_at
  FROM raw_events
  WHERE startsWith(event_type, 'Order') AND event_type != 'OrderFact'
  GROUP BY order_id
)
