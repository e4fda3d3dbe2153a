-- Figures that need no facts: they are in the events themselves, one row each.
CREATE OR REPLACE VIEW sold_lines (
  order_id String COMMENT 'Order',
  placed_at DateTime64(3, 'UTC') COMMENT 'When it was placed',
  line_no Int64 COMMENT 'Line of the order',
  sku String COMMENT 'Stock keeping unit, or the code of a charge',
  units Int64 COMMENT 'Pieces',
  unit_price Decimal(18, 4) COMMENT 'Price of one piece',
  gross Decimal(18, 4) COMMENT 'Price of all of them',
  currency String COMMENT 'ISO 4217 code of the amounts'
) AS SELECT
  order_id, fromUnixTimestamp64Milli(JSONExtractInt(payload, 'placedAt'), 'UTC') AS placed_at, fact.lineNo AS line_no, fact.sku AS sku, fact.quantity AS units,
  fact.unitPrice AS unit_price, fact.lineTotal AS gross, currency
FROM raw_events
ARRAY JOIN JSONExtract(payload, 'lines', 'Array(Tuple(lineNo Int64, sku String, quantity Int64, unitPrice Decimal(18, 4), lineTotal Decimal(18, 4)))') AS fact
WHERE _topic = 'commerce.orders.events' AND event_type = 'OrderConfirmed'
COMMENT 'Lines of orders ever confirmed, as they were confirmed';

CREATE OR REPLACE VIEW returned_lines (
  order_id String COMMENT 'Order that the pieces were bought with',
  line_no Int64 COMMENT 'Line of that order',
  at DateTime64(3, 'UTC') COMMENT 'When it was told',
  how String COMMENT 'returned = they came back, cancelled = they were not delivered, credited = by a credit note of an import',
  units Int64 COMMENT 'Pieces',
  unit_price Nullable(Decimal(18, 4)) COMMENT 'Price of one piece by the credit note; null = as it was bought'
) AS
SELECT
  order_id, piece.lineNo AS line_no, occurred_at AS at, if(event_type = 'OrderLinesCancelled', 'cancelled', 'returned') AS how, piece.quantity AS units,
  CAST(NULL, 'Nullable(Decimal(18, 4))') AS unit_price
FROM raw_events
ARRAY JOIN JSONExtract(payload, 'lines', 'Array(Tuple(lineNo Int64, quantity Int64))') AS piece
WHERE _topic = 'commerce.orders.events' AND event_type IN ('OrderLinesCancelled', 'OrderPartiallyReturned', 'OrderReturned')
UNION ALL
SELECT
  take.orderId AS order_id, take.lineNo AS line_no, at, 'credited' AS how, take.quantity AS units, CAST(price, 'Nullable(Decimal(18, 4))') AS unit_price
FROM (
  SELECT
    argMax(event_type, revision) AS decision, argMax(occurred_at, revision) AS at, argMax(JSONExtract(payload, 'unitPrice', 'Decimal(18, 4)'), revision) AS price,
    argMax(JSONExtract(payload, 'takes', 'Array(Tuple(orderId String, lineNo Int64, quantity Int64))'), revision) AS takes
  FROM (
    SELECT event_type, occurred_at, payload, JSONExtractInt(payload, 'revision') AS revision, JSONExtractString(payload, 'reference') AS reference, JSONExtractInt(payload, 'lineNo') AS credit_line
    FROM raw_events
    WHERE _topic = 'commerce.returns.events' AND event_type IN ('CreditNoteMatched', 'CreditNoteUnmatched')
  )
  GROUP BY reference, credit_line
)
ARRAY JOIN takes AS take
WHERE decision = 'CreditNoteMatched'
COMMENT 'Pieces that were bought and came back, were not delivered, or were credited';

CREATE OR REPLACE VIEW product_sales (
  day Date COMMENT 'Day on which the orders were placed, UTC',
  sku String COMMENT 'Stock keeping unit, or the code of a charge',
  currency String COMMENT 'ISO 4217 code of the amounts',
  orders UInt64 COMMENT 'Orders ever confirmed with it',
  lines UInt64 COMMENT 'Lines of them',
  units Int64 COMMENT 'Pieces sold',
  gross Decimal(38, 4) COMMENT 'Price of them',
  returned_units Int64 COMMENT 'Pieces of them that came back, were not delivered or were credited',
  refunds Decimal(38, 4) COMMENT 'Price of those'
) AS SELECT
  toDate(sold.placed_at) AS day, sold.sku AS sku, sold.currency AS currency, uniqExact(sold.order_id) AS orders, count() AS lines, sum(sold.units) AS units, sum(sold.gross) AS gross,
  sum(back.units) AS returned_units, sum(back.at_list * sold.unit_price + back.at_own) AS refunds
FROM sold_lines AS sold
LEFT JOIN (
  SELECT order_id, line_no, sum(returned_lines.units) AS units, sumIf(returned_lines.units, unit_price IS NULL) AS at_list,
    sum(toDecimal128(returned_lines.units, 0) * ifNull(unit_price, toDecimal64(0, 4))) AS at_own
  FROM returned_lines
  GROUP BY order_id, line_no
) AS back ON back.order_id = sold.order_id AND back.line_no = sold.line_no
GROUP BY day, sku, currency
COMMENT 'Products by the day on which they were ordered: pieces, revenue, and what came back of them';

CREATE OR REPLACE VIEW stock_movements (
  sku String COMMENT 'Stock keeping unit',
  at DateTime64(3, 'UTC') COMMENT 'When it moved',
  movement String COMMENT 'opened, received, writtenOff, reserved, deducted, released, restored',
  order_id String COMMENT 'Order it moved for; empty = none',
  pieces Int64 COMMENT 'Pieces that moved',
  on_hand_delta Int64 COMMENT 'Change of the stock on hand',
  reserved_delta Int64 COMMENT 'Change of what is reserved of it',
  on_hand Int64 COMMENT 'Pieces on hand afterwards',
  reserved Int64 COMMENT 'Reserved of them afterwards',
  partition UInt16 COMMENT 'Partition of the event: with its offset the order of the movements of a SKU',
  offset UInt64 COMMENT 'Offset of the event'
) AS SELECT
  entity_key AS sku, occurred_at AS at,
  multiIf(event_type = 'SkuRegistered', 'opened', event_type = 'StockReserved', 'reserved', event_type = 'StockDeducted', 'deducted',
    event_type = 'StockReleased', if(moved.restored, 'restored', 'released'), moved.delta < 0, 'writtenOff', 'received') AS movement,
  order_id, toInt64(multiIf(event_type = 'SkuRegistered', moved.openingStock, event_type = 'StockAdjusted', abs(moved.delta), moved.quantity)) AS pieces,
  multiIf(event_type = 'SkuRegistered', moved.openingStock, event_type = 'StockAdjusted', moved.delta, event_type = 'StockDeducted', -moved.quantity, moved.restored, moved.quantity, 0) AS on_hand_delta,
  multiIf(event_type = 'StockReserved', moved.quantity, event_type = 'StockDeducted', -moved.quantity, event_type = 'StockReleased' AND NOT moved.restored, -moved.quantity, 0) AS reserved_delta,
  if(event_type = 'SkuRegistered', moved.openingStock, moved.onHand) AS on_hand, moved.reserved AS reserved, _partition AS partition, _offset AS offset
FROM (
  SELECT entity_key, occurred_at, event_type, order_id, _partition, _offset,
    JSONExtract(payload, 'Tuple(openingStock Int64, delta Int64, quantity Int64, onHand Int64, reserved Int64, restored Bool)') AS moved
  FROM raw_events
  WHERE _topic = 'commerce.inventory.events' AND event_type IN ('SkuRegistered', 'StockReserved', 'StockDeducted', 'StockReleased', 'StockAdjusted')
) COMMENT 'Every movement of the stock of every SKU; the deltas of a SKU add up to its level';

CREATE OR REPLACE VIEW saga_steps (
  order_id String COMMENT 'Order',
  created_at DateTime64(3, 'UTC') COMMENT 'When the order was accepted, by the clock of the broker',
  step String COMMENT 'reserve, authorise, deduct and capture, confirm, accepted to confirmed, ship, deliver',
  took_ms Int64 COMMENT 'How long the step took, ms, by the clock of the broker'
) AS SELECT order_id, fromUnixTimestamp64Milli(created, 'UTC') AS created_at, part.1 AS step, part.3 - part.2 AS took_ms
FROM (
  SELECT order_id,
    minIf(toUnixTimestamp64Milli(appended_at), event_type = 'OrderCreated') AS created,
    maxIf(toUnixTimestamp64Milli(appended_at), event_type = 'OrderInventoryReserved') AS reserved,
    maxIf(toUnixTimestamp64Milli(appended_at), event_type = 'OrderPaymentAuthorized') AS authorised,
    maxIf(toUnixTimestamp64Milli(appended_at), event_type = 'OrderPaymentCompleted') AS completed,
    maxIf(toUnixTimestamp64Milli(appended_at), event_type = 'OrderConfirmed') AS confirmed,
    maxIf(toUnixTimestamp64Milli(appended_at), event_type = 'OrderShipped') AS shipped,
    maxIf(toUnixTimestamp64Milli(appended_at), event_type = 'OrderDelivered') AS delivered
  FROM raw_events
  WHERE _topic = 'commerce.orders.events' AND event_type IN ('OrderCreated', 'OrderInventoryReserved', 'OrderPaymentAuthorized', 'OrderPaymentCompleted', 'OrderConfirmed', 'OrderShipped', 'OrderDelivered')
  GROUP BY order_id
)
ARRAY JOIN arrayFilter(each -> each.2 > 0 AND each.3 > 0, [('reserve', created, reserved), ('authorise', reserved, authorised), ('deduct and capture', authorised, completed),
  ('confirm', completed, confirmed), ('accepted to confirmed', created, confirmed), ('ship', confirmed, shipped), ('deliver', shipped, delivered)]) AS part
COMMENT 'How long each step of each order took, from the newest attempt of the step before';

CREATE OR REPLACE VIEW saga_latency (
  step String COMMENT 'Step of the order, see saga_steps',
  orders UInt64 COMMENT 'Orders that made it',
  p50_ms Float64 COMMENT 'Half of them took no longer, ms',
  p95_ms Float64 COMMENT '95 of 100 took no longer, ms',
  p99_ms Float64 COMMENT '99 of 100 took no longer, ms',
  max_ms Int64 COMMENT 'The longest, ms'
) AS SELECT step, count() AS orders, quantileExact(0.5)(took_ms) AS p50_ms, quantileExact(0.95)(took_ms) AS p95_ms, quantileExact(0.99)(took_ms) AS p99_ms, max(took_ms) AS max_ms
FROM saga_steps
GROUP BY step
COMMENT 'How long the steps of all orders took: exact quantiles';

CREATE OR REPLACE VIEW notifications_by_day (
  day Date COMMENT 'Day on which they were asked for, UTC',
  channel String COMMENT 'email, sms, push or webhook',
  template String COMMENT 'What they tell',
  requested UInt64 COMMENT 'Notifications asked for'
) AS SELECT toDate(occurred_at) AS day, JSONExtractString(payload, 'channel') AS channel, JSONExtractString(payload, 'template') AS template, count() AS requested
FROM raw_events
WHERE _topic = 'commerce.notifications.requests' AND event_type = 'NotificationRequested'
GROUP BY day, channel, template
COMMENT 'Notifications that customers were to get';

CREATE OR REPLACE VIEW freshness (
  topic String COMMENT 'Kafka topic',
  partition UInt16 COMMENT 'Kafka partition',
  rows UInt64 COMMENT 'Rows of it that are here',
  last_offset UInt64 COMMENT 'Newest of them',
  last_at DateTime64(3, 'UTC') COMMENT 'When that was appended, by the clock of the broker'
) AS SELECT _topic AS topic, _partition AS partition, count() AS rows, max(_offset) AS last_offset, max(appended_at) AS last_at
FROM raw_events
GROUP BY topic, partition
COMMENT 'How far the figures have come: what lies in the log behind these offsets is not counted yet';
