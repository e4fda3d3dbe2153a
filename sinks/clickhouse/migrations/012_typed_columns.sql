-- What figures are sums of, in columns of its own type beside the JSON, so that a question reads narrow columns and no text. The engine fills them from the payload
-- within the insert of the row: they cannot disagree with it. Of rows that were there before they are worked out whenever they are read, until they are written.
ALTER TABLE raw_events
  ADD COLUMN IF NOT EXISTS fact Tuple(
    at Int64, placedAt Int64, channel String, country String, customerId String, status String,
    orders Int32, pending Int32, confirmed Int32, fulfilled Int32, cancelled Int32, failed Int32, timedOut Int32,
    sales Int32, lines Int32, units Int32, gross Decimal(18, 4), refunds Decimal(18, 4),
    paymentId String, method String, failure String, failureCode String,
    succeeded Int32, declined Int32, captured Decimal(18, 4), refunded Decimal(18, 4),
    behaviour String, times Int64, products Array(Tuple(sku String, lines Int64, pieces Int64)))
  MATERIALIZED JSONExtract(if(event_type IN ('OrderFact', 'PaymentFact', 'ProductFact'), payload, ''), 'Tuple(
    at Int64, placedAt Int64, channel String, country String, customerId String, status String,
    orders Int32, pending Int32, confirmed Int32, fulfilled Int32, cancelled Int32, failed Int32, timedOut Int32,
    sales Int32, lines Int32, units Int32, gross Decimal(18, 4), refunds Decimal(18, 4),
    paymentId String, method String, failure String, failureCode String,
    succeeded Int32, declined Int32, captured Decimal(18, 4), refunded Decimal(18, 4),
    behaviour String, times Int64, products Array(Tuple(sku String, lines Int64, pieces Int64)))')
  COMMENT 'OrderFact, PaymentFact and ProductFact: what they change in the figures; empty in other rows' CODEC(ZSTD(1)),
  ADD COLUMN IF NOT EXISTS sale Tuple(
    placedAt Int64, lines Array(Tuple(lineNo Int64, sku String, quantity Int64, unitPrice Decimal(18, 4), lineTotal Decimal(18, 4))))
  MATERIALIZED JSONExtract(if(event_type = 'OrderConfirmed', payload, ''), 'Tuple(
    placedAt Int64, lines Array(Tuple(lineNo Int64, sku String, quantity Int64, unitPrice Decimal(18, 4), lineTotal Decimal(18, 4))))')
  COMMENT 'OrderConfirmed: what was sold; empty in other rows' CODEC(ZSTD(1)),
  ADD COLUMN IF NOT EXISTS back Tuple(
    reference String, lineNo Int64, revision Int64, unitPrice Decimal(18, 4), takes Array(Tuple(orderId String, lineNo Int64, quantity Int64)),
    lines Array(Tuple(lineNo Int64, quantity Int64)))
  MATERIALIZED JSONExtract(if(event_type IN ('OrderLinesCancelled', 'OrderPartiallyReturned', 'OrderReturned', 'CreditNoteMatched', 'CreditNoteUnmatched'), payload, ''), 'Tuple(
    reference String, lineNo Int64, revision Int64, unitPrice Decimal(18, 4), takes Array(Tuple(orderId String, lineNo Int64, quantity Int64)),
    lines Array(Tuple(lineNo Int64, quantity Int64)))')
  COMMENT 'Events of pieces that come back, are not delivered or are credited: which ones; empty in other rows' CODEC(ZSTD(1)),
  ADD COLUMN IF NOT EXISTS visit Tuple(
    at Int64, sessionId String, orderId String)
  MATERIALIZED JSONExtract(if(event_type IN ('ProductViewed', 'ProductAddedToCart', 'CheckoutStarted'), payload, ''), 'Tuple(
    at Int64, sessionId String, orderId String)')
  COMMENT 'ProductViewed, ProductAddedToCart and CheckoutStarted: whose they are; empty in other rows' CODEC(ZSTD(1));

-- Writes them into rows that were there before, in the background.
ALTER TABLE raw_events MATERIALIZE COLUMN fact, MATERIALIZE COLUMN sale, MATERIALIZE COLUMN back, MATERIALIZE COLUMN visit SETTINGS mutations_sync = 0;

CREATE OR REPLACE VIEW order_facts (
  order_id String COMMENT 'Order',
  day Date COMMENT 'Day on which the order was placed, UTC',
  placed_at DateTime64(3, 'UTC') COMMENT 'When the order was placed',
  at DateTime64(3, 'UTC') COMMENT 'When the event came that is counted',
  currency String COMMENT 'ISO 4217 code of the amounts',
  channel String COMMENT 'storefront, api, import or backoffice',
  country String COMMENT 'Where the goods go; empty = not given in the clear',
  customer_id String COMMENT 'Customer account; empty = a guest',
  status String COMMENT 'Where the order is counted after the event',
  orders Int32 COMMENT 'Orders accepted, delta',
  pending Int32 COMMENT 'Neither sold nor ended, delta',
  confirmed Int32 COMMENT 'Sold and on their way, delta',
  fulfilled Int32 COMMENT 'Delivered, delta',
  cancelled Int32 COMMENT 'Cancelled, delta',
  failed Int32 COMMENT 'Failed for technical reasons, delta',
  timed_out Int32 COMMENT 'Timed out, delta',
  sales Int32 COMMENT 'Orders ever confirmed, delta',
  lines Int32 COMMENT 'Lines sold, delta',
  units Int32 COMMENT 'Pieces sold, delta',
  gross Decimal(18, 4) COMMENT 'Totals of orders ever confirmed, delta',
  refunds Decimal(18, 4) COMMENT 'Given back of the gross before the order counted as sold, delta'
) AS SELECT
  order_id, toDate(placed_at) AS day, fromUnixTimestamp64Milli(fact.placedAt, 'UTC') AS placed_at, fromUnixTimestamp64Milli(fact.at, 'UTC') AS at,
  CAST(currency, 'String') AS currency, fact.channel AS channel, fact.country AS country, fact.customerId AS customer_id, fact.status AS status, fact.orders AS orders, fact.pending AS pending,
  fact.confirmed AS confirmed, fact.fulfilled AS fulfilled, fact.cancelled AS cancelled, fact.failed AS failed, fact.timedOut AS timed_out,
  fact.sales AS sales, fact.lines AS lines, fact.units AS units, fact.gross AS gross, fact.refunds AS refunds
FROM raw_events
WHERE _topic = 'commerce.analytics.facts' AND event_type = 'OrderFact'
COMMENT 'What each event of an order changes in the figures: one row an event, deltas to be added up';

CREATE OR REPLACE VIEW payment_facts (
  order_id String COMMENT 'Order',
  day Date COMMENT 'Day on which the order was placed, UTC',
  placed_at DateTime64(3, 'UTC') COMMENT 'When the order was placed',
  at DateTime64(3, 'UTC') COMMENT 'When the event of the payment came',
  currency String COMMENT 'ISO 4217 code of the amounts',
  channel String COMMENT 'storefront, api, import or backoffice',
  country String COMMENT 'Where the goods go; empty = not given in the clear',
  customer_id String COMMENT 'Customer account; empty = a guest',
  payment_id String COMMENT 'Payment: one an order and attempt',
  method String COMMENT 'card, paypal, bankTransfer or invoice',
  failure String COMMENT 'Who said no: declined or technical; empty = nobody',
  failure_code String COMMENT 'Code of the answer, e.g. CARD_DECLINED; empty = nobody said no',
  succeeded Int32 COMMENT 'Attempts that took their money, delta',
  declined Int32 COMMENT 'Attempts that were declined, delta',
  failed Int32 COMMENT 'Attempts that failed for another reason, delta',
  captured Decimal(18, 4) COMMENT 'Money taken, delta',
  refunded Decimal(18, 4) COMMENT 'Money given back, of whichever order, delta',
  refunds Decimal(18, 4) COMMENT 'The part of refunded that belongs to an order ever confirmed, delta'
) AS SELECT
  order_id, toDate(placed_at) AS day, fromUnixTimestamp64Milli(fact.placedAt, 'UTC') AS placed_at, fromUnixTimestamp64Milli(fact.at, 'UTC') AS at,
  CAST(currency, 'String') AS currency, fact.channel AS channel, fact.country AS country, fact.customerId AS customer_id, fact.paymentId AS payment_id, fact.method AS method,
  fact.failure AS failure, fact.failureCode AS failure_code, fact.succeeded AS succeeded, fact.declined AS declined, fact.failed AS failed,
  fact.captured AS captured, fact.refunded AS refunded, fact.refunds AS refunds
FROM raw_events
WHERE _topic = 'commerce.analytics.facts' AND event_type = 'PaymentFact'
COMMENT 'What each event of a payment changes in the figures: one row an event, deltas to be added up';

CREATE OR REPLACE VIEW sale_facts (
  placed_at DateTime64(3, 'UTC') COMMENT 'When the order was placed',
  currency String COMMENT 'ISO 4217 code of the amounts',
  channel String COMMENT 'storefront, api, import or backoffice',
  country String COMMENT 'Where the goods go; empty = not given in the clear',
  customer_id String COMMENT 'Customer account; empty = a guest',
  order_id String COMMENT 'Order',
  sales Int32 COMMENT 'Orders ever confirmed, delta',
  lines Int32 COMMENT 'Lines sold, delta',
  units Int32 COMMENT 'Pieces sold, delta',
  gross Decimal(18, 4) COMMENT 'Totals of orders ever confirmed, delta',
  refunds Decimal(18, 4) COMMENT 'Given back of them, delta'
) AS SELECT
  fromUnixTimestamp64Milli(fact.placedAt, 'UTC') AS placed_at, CAST(currency, 'String') AS currency, fact.channel AS channel, fact.country AS country, fact.customerId AS customer_id, order_id,
  fact.sales AS sales, fact.lines AS lines, fact.units AS units, fact.gross AS gross, fact.refunds AS refunds
FROM raw_events
WHERE _topic = 'commerce.analytics.facts' AND event_type IN ('OrderFact', 'PaymentFact') AND (fact.sales != 0 OR fact.refunds != 0)
COMMENT 'What sales and refunds change in the revenue: the facts that money figures are sums of';

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
  order_id, fromUnixTimestamp64Milli(sale.placedAt, 'UTC') AS placed_at, line.lineNo AS line_no, line.sku AS sku, line.quantity AS units,
  line.unitPrice AS unit_price, line.lineTotal AS gross, CAST(currency, 'String') AS currency
FROM raw_events
ARRAY JOIN sale.lines AS line
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
ARRAY JOIN back.lines AS piece
WHERE _topic = 'commerce.orders.events' AND event_type IN ('OrderLinesCancelled', 'OrderPartiallyReturned', 'OrderReturned')
UNION ALL
SELECT
  take.orderId AS order_id, take.lineNo AS line_no, decided.2 AS at, 'credited' AS how, take.quantity AS units, CAST(decided.3, 'Nullable(Decimal(18, 4))') AS unit_price
FROM (
  SELECT argMax((event_type, occurred_at, back.unitPrice, back.takes), back.revision) AS decided
  FROM raw_events
  WHERE _topic = 'commerce.returns.events' AND event_type IN ('CreditNoteMatched', 'CreditNoteUnmatched')
  GROUP BY back.reference, back.lineNo
)
ARRAY JOIN decided.4 AS take
WHERE decided.1 = 'CreditNoteMatched'
COMMENT 'Pieces that were bought and came back, were not delivered, or were credited';

CREATE OR REPLACE VIEW product_sale_facts (
  day Date COMMENT 'Day on which the order was placed, UTC',
  sku String COMMENT 'Stock keeping unit, or the code of a charge',
  currency String COMMENT 'ISO 4217 code of the amounts',
  orders UInt64 COMMENT 'Orders ever confirmed with it, delta: 1 on the first of its lines in an order',
  lines UInt64 COMMENT 'Lines of them, delta',
  units Int64 COMMENT 'Pieces sold, delta',
  gross Decimal(38, 4) COMMENT 'Price of them, delta',
  returned_units Int64 COMMENT 'Pieces of them that came back, were not delivered or were credited, delta',
  refunds Decimal(38, 4) COMMENT 'Price of those, delta'
) AS
SELECT
  toDate(fromUnixTimestamp64Milli(sale.placedAt, 'UTC')) AS day, bought AS sku, CAST(currency, 'String') AS currency, nth = 1 AS orders, 1 AS lines, pieces AS units, toDecimal128(price, 4) AS gross,
  0 AS returned_units, toDecimal128(0, 4) AS refunds
FROM raw_events
ARRAY JOIN sale.lines.sku AS bought, sale.lines.quantity AS pieces, sale.lines.lineTotal AS price, arrayEnumerateUniq(sale.lines.sku) AS nth
WHERE _topic = 'commerce.orders.events' AND event_type = 'OrderConfirmed'
UNION ALL
SELECT
  toDate(fromUnixTimestamp64Milli(placed, 'UTC')) AS day, skus[nth] AS sku, CAST(currency, 'String') AS currency, 0 AS orders, 0 AS lines, 0 AS units, toDecimal128(0, 4) AS gross,
  back.units AS returned_units, toDecimal128(back.units, 0) * ifNull(back.unit_price, prices[nth]) AS refunds
FROM (
  SELECT order_id, currency, sale.placedAt AS placed, sale.lines.lineNo AS line_nos, sale.lines.sku AS skus, sale.lines.unitPrice AS prices
  FROM raw_events
  WHERE _topic = 'commerce.orders.events' AND event_type = 'OrderConfirmed'
) AS sold
INNER JOIN (SELECT order_id, line_no, units, unit_price FROM returned_lines) AS back ON back.order_id = sold.order_id
WHERE (indexOf(line_nos, back.line_no) AS nth) > 0
COMMENT 'What each line that was sold and each return of its pieces changes in the figures of its product: deltas to be added up';

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
  day, sku, currency, sum(facts.orders) AS orders, sum(facts.lines) AS lines, sum(facts.units) AS units, sum(facts.gross) AS gross,
  sum(facts.returned_units) AS returned_units, sum(facts.refunds) AS refunds
FROM product_sale_facts AS facts
GROUP BY day, sku, currency
COMMENT 'Products by the day on which they were ordered: pieces, revenue, and what came back of them';

CREATE OR REPLACE VIEW product_facts (
  sku String COMMENT 'Stock keeping unit; clients may name any',
  day Date COMMENT 'Day on which it happened, UTC; of a purchase the day on which its order was placed',
  at DateTime64(3, 'UTC') COMMENT 'When it happened',
  views Int64 COMMENT 'Views, delta',
  cart_additions Int64 COMMENT 'Additions to a cart, delta',
  cart_pieces Int64 COMMENT 'Pieces added to carts, delta',
  purchases Int64 COMMENT 'Orders ever confirmed with it, delta',
  purchased_lines Int64 COMMENT 'Lines of them, delta',
  purchased_pieces Int64 COMMENT 'Pieces of them, delta'
) AS SELECT
  product.sku AS sku, toDate(at) AS day, fromUnixTimestamp64Milli(fact.at, 'UTC') AS at,
  if(fact.behaviour = 'viewed', fact.times, 0) AS views, if(fact.behaviour = 'addedToCart', fact.times, 0) AS cart_additions,
  if(fact.behaviour = 'addedToCart', product.pieces, 0) AS cart_pieces, if(fact.behaviour = 'purchased', fact.times, 0) AS purchases,
  if(fact.behaviour = 'purchased', product.lines, 0) AS purchased_lines, if(fact.behaviour = 'purchased', product.pieces, 0) AS purchased_pieces
FROM raw_events
ARRAY JOIN fact.products AS product
WHERE _topic = 'commerce.analytics.facts' AND event_type = 'ProductFact'
COMMENT 'What each view, addition to a cart and purchase changes in the figures of each of its products: deltas to be added up';

CREATE OR REPLACE VIEW funnel_sessions (
  session_id String COMMENT 'Session of a visitor',
  day Date COMMENT 'Day of its first event, UTC',
  reached UInt8 COMMENT 'How far it came within a day from its first view on: 0 = no view, 1 = viewed a product, 2 = put one into the cart, 3 = went to the checkout, 4 = ordered'
) AS SELECT
  session_id, toDate(fromUnixTimestamp64Milli(min(at), 'UTC')) AS day,
  windowFunnel(86400000)(toUInt64(at), step = 'ProductViewed', step = 'ProductAddedToCart', step = 'CheckoutStarted', step = 'Ordered') AS reached
FROM (
  SELECT visit.sessionId AS session_id, visit.at AS at, toString(event_type) AS step
  FROM raw_events
  WHERE _topic = 'commerce.behaviour.events' AND event_type IN ('ProductViewed', 'ProductAddedToCart', 'CheckoutStarted') AND session_id != ''
  UNION ALL
  SELECT claims.session_id AS session_id, claims.claimed_at AS at, 'Ordered' AS step
  FROM (
    SELECT visit.orderId AS claimed, argMin(visit.sessionId, (appended_at, event_id)) AS session_id, argMin(visit.at, (appended_at, event_id)) AS claimed_at
    FROM raw_events
    WHERE _topic = 'commerce.behaviour.events' AND event_type = 'CheckoutStarted' AND claimed != ''
    GROUP BY claimed
  ) AS claims
  WHERE claims.claimed IN (SELECT order_id FROM raw_events WHERE _topic = 'commerce.behaviour.events' AND event_type = 'ProductPurchased')
)
GROUP BY session_id
COMMENT 'How far each session came, in the order of the steps. An order that was confirmed belongs to the first session that named it at its checkout, at that moment';

CREATE OR REPLACE VIEW freshness (
  topic LowCardinality(String) COMMENT 'Kafka topic',
  partition UInt16 COMMENT 'Kafka partition',
  rows UInt64 COMMENT 'Rows of it that are here',
  last_offset UInt64 COMMENT 'Newest of them',
  last_at DateTime64(3, 'UTC') COMMENT 'When that was appended, by the clock of the broker'
) AS SELECT _topic AS topic, _partition AS partition, count() AS rows, max(_offset) AS last_offset, max(appended_at) AS last_at
FROM raw_events
GROUP BY topic, partition
COMMENT 'How far the figures have come: what lies in the log behind these offsets is not counted yet';
