-- Orders as their events tell it: one row per order, in the order of the log.
CREATE OR REPLACE VIEW orders AS
SELECT
  order_id,
  transform(argMax(event_type, _offset),
    ['OrderCreated', 'OrderInventoryReserved', 'OrderPaymentInitiated', 'OrderPaymentAuthorized', 'OrderPaymentCompleted', 'OrderConfirmed', 'OrderActionRequired',
      'OrderCompensationStarted', 'OrderCancelled', 'OrderFailed', 'OrderTimedOut', 'OrderRejected'],
    ['Pending', 'InventoryReserved', 'InventoryReserved', 'PaymentAuthorized', 'PaymentAuthorized', 'Confirmed', 'ActionRequired',
      'Compensating', 'Cancelled', 'Failed', 'TimedOut', 'Rejected'], '') AS state,
  maxIf(fromUnixTimestamp64Milli(JSONExtractInt(payload, 'placedAt'), 'UTC'), event_type = 'OrderCreated') AS placed_at,
  maxIf(appended_at, event_type = 'OrderConfirmed') AS confirmed_at,
  countIf(event_type = 'OrderConfirmed') > 0 AS ever_confirmed,
  anyIf(JSONExtractString(payload, 'channel'), event_type = 'OrderCreated') AS channel,
  anyIf(JSONExtractString(payload, 'customerId'), event_type = 'OrderCreated') AS customer_id,
  anyIf(JSONExtractString(payload, 'clientReference'), event_type = 'OrderCreated') AS client_reference,
  anyIf(currency, event_type = 'OrderCreated') AS currency,
  sumIf(amount, event_type = 'OrderCreated') AS total,
  sumIf(JSONLength(payload, 'lines'), event_type = 'OrderCreated') AS lines,
  anyIf(JSONExtractString(payload, 'cause'), event_type IN ('OrderCancelled', 'OrderFailed', 'OrderTimedOut')) AS outcome_cause,
  sumIf(toDecimal64OrZero(JSONExtractString(payload, 'refunded'), 4), event_type IN ('OrderCancelled', 'OrderFailed', 'OrderTimedOut')) AS refunded,
  count() AS events,
  max(appended_at) AS last_event_at
FROM raw_events
WHERE event_type IN ('OrderCreated', 'OrderInventoryReserved', 'OrderPaymentInitiated', 'OrderPaymentAuthorized', 'OrderPaymentCompleted', 'OrderConfirmed',
  'OrderActionRequired', 'OrderCompensationStarted', 'OrderCancelled', 'OrderFailed', 'OrderTimedOut', 'OrderRejected')
GROUP BY order_id;

-- Lines as they were priced when the order was accepted.
CREATE OR REPLACE VIEW order_lines AS
SELECT
  order_id,
  JSONExtractInt(line, 'lineNo') AS line_no,
  JSONExtractString(line, 'sku') AS sku,
  JSONExtractInt(line, 'quantity') AS quantity,
  toDecimal64(JSONExtractString(line, 'unitPrice'), 4) AS unit_price,
  toDecimal64(JSONExtractString(line, 'lineTotal'), 4) AS line_total,
  currency,
  fromUnixTimestamp64Milli(JSONExtractInt(payload, 'placedAt'), 'UTC') AS placed_at,
  order_id IN (SELECT order_id FROM raw_events WHERE event_type = 'OrderConfirmed') AS ever_confirmed
FROM raw_events
ARRAY JOIN JSONExtractArrayRaw(payload, 'lines') AS line
WHERE event_type = 'OrderCreated';

-- Gross revenue of orders ever confirmed, by the day they were confirmed (UTC). Exact: sums of decimals.
CREATE OR REPLACE VIEW revenue_by_day AS
SELECT toDate(occurred_at) AS day, currency, count() AS orders, sum(JSONLength(payload, 'lines')) AS lines, sum(amount) AS gross
FROM raw_events
WHERE event_type = 'OrderConfirmed'
GROUP BY day, currency;

-- Money of an order as the payment events tell it.
CREATE OR REPLACE VIEW payments AS
SELECT
  order_id,
  anyIf(currency, currency != '') AS currency,
  sumIf(amount, event_type = 'PaymentAuthorized') AS authorised,
  sumIf(amount, event_type = 'PaymentSucceeded') AS captured,
  sumIf(amount, event_type = 'PaymentVoided') AS voided,
  sumIf(amount, event_type IN ('PaymentRefunded', 'PaymentPartiallyRefunded')) AS refunded,
  countIf(event_type = 'PaymentFailed') AS failures,
  max(appended_at) AS last_event_at
FROM raw_events
WHERE event_type IN ('PaymentCreated', 'PaymentAuthorized', 'PaymentSucceeded', 'PaymentVoided', 'PaymentRefunded', 'PaymentPartiallyRefunded', 'PaymentFailed')
GROUP BY order_id;

-- Newest level of every SKU, as its own events tell it.
CREATE OR REPLACE VIEW stock_levels AS
SELECT
  entity_key AS sku,
  argMax(JSONExtractInt(payload, 'onHand'), _offset) AS on_hand,
  argMax(JSONExtractInt(payload, 'reserved'), _offset) AS reserved,
  max(appended_at) AS last_event_at
FROM raw_events
WHERE event_type IN ('StockReserved', 'StockDeducted', 'StockReleased', 'StockAdjusted')
GROUP BY entity_key;

-- Records that did not decode; their bytes are in raw and raw_key.
CREATE OR REPLACE VIEW undecodable AS
SELECT _topic, _partition, _offset, appended_at, decode_error, headers, raw_key, raw
FROM raw_events
WHERE decode_error != '';

-- Rows by topic and partition, from the projection.
CREATE OR REPLACE VIEW topic_counts AS
SELECT _topic AS topic, _partition AS partition, count() AS rows, max(_offset) AS last_offset
FROM raw_events
GROUP BY _topic, _partition
