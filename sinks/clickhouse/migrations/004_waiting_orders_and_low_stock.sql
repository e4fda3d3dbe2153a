-- Orders as their events tell it, those that wait for their customer or for stock among them: total and lines are those of the newest amendment.
CREATE OR REPLACE VIEW orders AS
SELECT
  order_id,
  transform(argMax(event_type, _offset),
    ['OrderCreated', 'OrderInventoryReserved', 'OrderPaymentInitiated', 'OrderPaymentAuthorized', 'OrderPaymentCompleted', 'OrderConfirmed', 'OrderActionRequired',
      'OrderAmended', 'OrderBackOrdered', 'OrderCompensationStarted', 'OrderCancelled', 'OrderFailed', 'OrderTimedOut', 'OrderRejected'],
    ['Pending', 'InventoryReserved', 'InventoryReserved', 'PaymentAuthorized', 'PaymentAuthorized', 'Confirmed', 'ActionRequired',
      'Pending', 'BackOrdered', 'Compensating', 'Cancelled', 'Failed', 'TimedOut', 'Rejected'], '') AS state,
  maxIf(fromUnixTimestamp64Milli(JSONExtractInt(payload, 'placedAt'), 'UTC'), event_type = 'OrderCreated') AS placed_at,
  maxIf(appended_at, event_type = 'OrderConfirmed') AS confirmed_at,
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
WHERE event_type IN ('OrderCreated', 'OrderInventoryReserved', 'OrderPaymentInitiated', 'OrderPaymentAuthorized', 'OrderPaymentCompleted', 'OrderConfirmed',
  'OrderActionRequired', 'OrderAmended', 'OrderBackOrdered', 'OrderCompensationStarted', 'OrderCancelled', 'OrderFailed', 'OrderTimedOut', 'OrderRejected')
GROUP BY order_id;

-- Stock by SKU as its newest event tells it, from its registration on, with the level at which it is low.
CREATE OR REPLACE VIEW stock_levels AS
SELECT
  entity_key AS sku,
  argMax(JSONExtractInt(payload, if(event_type = 'SkuRegistered', 'openingStock', 'onHand')), _offset) AS on_hand,
  argMax(JSONExtractInt(payload, 'reserved'), _offset) AS reserved,
  anyIf(JSONExtractInt(payload, 'reorderLevel'), event_type = 'SkuRegistered') AS reorder_level,
  max(appended_at) AS last_event_at
FROM raw_events
WHERE event_type IN ('SkuRegistered', 'StockReserved', 'StockDeducted', 'StockReleased', 'StockAdjusted')
GROUP BY entity_key;
