-- Figures for analysts. Facts are signed deltas (topology/analytics): every figure is a sum over them, exact at any moment, whatever came in what order.
-- All are plain views: they cannot disagree with raw_events, whatever becomes of an insert. A day is that on which an order was placed, in UTC.
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
  currency, fact.channel AS channel, fact.country AS country, fact.customerId AS customer_id, fact.status AS status, fact.orders AS orders, fact.pending AS pending,
  fact.confirmed AS confirmed, fact.fulfilled AS fulfilled, fact.cancelled AS cancelled, fact.failed AS failed, fact.timedOut AS timed_out,
  fact.sales AS sales, fact.lines AS lines, fact.units AS units, fact.gross AS gross, fact.refunds AS refunds
FROM (
  SELECT order_id, currency, JSONExtract(payload, 'Tuple(placedAt Int64, at Int64, channel String, country String, customerId String, status String, orders Int32, pending Int32, confirmed Int32, fulfilled Int32, cancelled Int32, failed Int32, timedOut Int32, sales Int32, lines Int32, units Int32, gross Decimal(18, 4), refunds Decimal(18, 4))') AS fact
  FROM raw_events
  WHERE _topic = 'commerce.analytics.facts' AND event_type = 'OrderFact'
) COMMENT 'What each event of an order changes in the figures: one row an event, deltas to be added up';

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
  currency, fact.channel AS channel, fact.country AS country, fact.customerId AS customer_id, fact.paymentId AS payment_id, fact.method AS method,
  fact.failure AS failure, fact.failureCode AS failure_code, fact.succeeded AS succeeded, fact.declined AS declined, fact.failed AS failed,
  fact.captured AS captured, fact.refunded AS refunded, fact.refunds AS refunds
FROM (
  SELECT order_id, currency, JSONExtract(payload, 'Tuple(placedAt Int64, at Int64, channel String, country String, customerId String, paymentId String, method String, failure String, failureCode String, succeeded Int32, declined Int32, failed Int32, captured Decimal(18, 4), refunded Decimal(18, 4), refunds Decimal(18, 4))') AS fact
  FROM raw_events
  WHERE _topic = 'commerce.analytics.facts' AND event_type = 'PaymentFact'
) COMMENT 'What each event of a payment changes in the figures: one row an event, deltas to be added up';

CREATE OR REPLACE VIEW stock_facts (
  sku String COMMENT 'Stock keeping unit',
  at DateTime64(3, 'UTC') COMMENT 'When it was registered or corrected',
  movement String COMMENT 'opened, received or writtenOff',
  reason String COMMENT 'Why, in words for people; empty = it was opened',
  received Int32 COMMENT 'Pieces that came in beside the opening stock, delta',
  written_off Int32 COMMENT 'Pieces written off, delta',
  on_hand_delta Int32 COMMENT 'Change of the stock on hand',
  on_hand Int32 COMMENT 'Pieces on hand afterwards',
  reserved Int32 COMMENT 'Part of them that is reserved afterwards'
) AS SELECT
  fact.sku AS sku, fromUnixTimestamp64Milli(fact.at, 'UTC') AS at, fact.movement AS movement, fact.reason AS reason, fact.received AS received,
  fact.writtenOff AS written_off, fact.onHandDelta AS on_hand_delta, fact.onHand AS on_hand, fact.reserved AS reserved
FROM (
  SELECT JSONExtract(payload, 'Tuple(sku String, at Int64, movement String, reason String, received Int32, writtenOff Int32, onHandDelta Int32, onHand Int32, reserved Int32)') AS fact
  FROM raw_events
  WHERE _topic = 'commerce.analytics.facts' AND event_type = 'StockFact'
) COMMENT 'Registrations and corrections of stock';

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
) AS
SELECT placed_at, currency, channel, country, customer_id, order_id, sales, lines, units, gross, refunds FROM order_facts WHERE sales != 0 OR refunds != 0
UNION ALL
SELECT placed_at, currency, channel, country, customer_id, order_id, 0, 0, 0, toDecimal64(0, 4), refunds FROM payment_facts WHERE refunds != 0
COMMENT 'What sales and refunds change in the revenue: the facts that money figures are sums of';

CREATE OR REPLACE VIEW orders_by_day (
  day Date COMMENT 'Day on which the orders were placed, UTC',
  currency String COMMENT 'ISO 4217 code',
  channel String COMMENT 'storefront, api, import or backoffice',
  country String COMMENT 'Where the goods go; empty = not given in the clear',
  orders Int64 COMMENT 'Orders accepted: the sum of the next six',
  pending Int64 COMMENT 'Neither sold nor ended, now',
  confirmed Int64 COMMENT 'Sold and on their way, now',
  fulfilled Int64 COMMENT 'Delivered, whatever came back',
  cancelled Int64 COMMENT 'Cancelled',
  failed Int64 COMMENT 'Failed for technical reasons',
  timed_out Int64 COMMENT 'Timed out',
  sales Int64 COMMENT 'Ever confirmed'
) AS SELECT
  day, currency, channel, country, sum(orders) AS orders, sum(pending) AS pending, sum(confirmed) AS confirmed, sum(fulfilled) AS fulfilled,
  sum(cancelled) AS cancelled, sum(failed) AS failed, sum(timed_out) AS timed_out, sum(sales) AS sales
FROM order_facts
GROUP BY day, currency, channel, country
COMMENT 'Orders by the day on which they were placed and by what became of them: a pending order leaves its own day when it ends';

CREATE OR REPLACE VIEW sales_by_minute (
  minute DateTime('UTC') COMMENT 'Minute in which the orders were placed',
  currency String COMMENT 'ISO 4217 code of the amounts',
  channel String COMMENT 'storefront, api, import or backoffice',
  country String COMMENT 'Where the goods go; empty = not given in the clear',
  sales Int64 COMMENT 'Orders ever confirmed',
  lines Int64 COMMENT 'Lines sold',
  units Int64 COMMENT 'Pieces sold',
  gross Decimal(38, 4) COMMENT 'Totals of orders ever confirmed',
  refunds Decimal(38, 4) COMMENT 'Given back of them',
  net Decimal(38, 4) COMMENT 'Gross less refunds'
) AS SELECT
  toStartOfMinute(placed_at) AS minute, currency, channel, country, sum(sales) AS sales, sum(lines) AS lines, sum(units) AS units,
  sum(sale_facts.gross) AS gross, sum(sale_facts.refunds) AS refunds, sum(sale_facts.gross) - sum(sale_facts.refunds) AS net
FROM sale_facts
GROUP BY minute, currency, channel, country
COMMENT 'Revenue by the minute in which orders were placed';

CREATE OR REPLACE VIEW sales_by_day (
  day Date COMMENT 'Day on which the orders were placed, UTC',
  currency String COMMENT 'ISO 4217 code of the amounts',
  channel String COMMENT 'storefront, api, import or backoffice',
  country String COMMENT 'Where the goods go; empty = not given in the clear',
  sales Int64 COMMENT 'Orders ever confirmed',
  lines Int64 COMMENT 'Lines sold',
  units Int64 COMMENT 'Pieces sold',
  gross Decimal(38, 4) COMMENT 'Totals of orders ever confirmed',
  refunds Decimal(38, 4) COMMENT 'Given back of them',
  net Decimal(38, 4) COMMENT 'Gross less refunds'
) AS SELECT
  toDate(placed_at) AS day, currency, channel, country, sum(sales) AS sales, sum(lines) AS lines, sum(units) AS units,
  sum(sale_facts.gross) AS gross, sum(sale_facts.refunds) AS refunds, sum(sale_facts.gross) - sum(sale_facts.refunds) AS net
FROM sale_facts
GROUP BY day, currency, channel, country
COMMENT 'Revenue by the day on which orders were placed; weeks, months and years are sums over days';

CREATE OR REPLACE VIEW sales_by_period (
  period Enum8('day' = 1, 'week' = 2, 'month' = 3, 'year' = 4) COMMENT 'Length of the period; a week begins on Monday',
  starts Date COMMENT 'First day of the period, UTC',
  currency String COMMENT 'ISO 4217 code of the amounts',
  sales Int64 COMMENT 'Orders ever confirmed',
  lines Int64 COMMENT 'Lines sold',
  units Int64 COMMENT 'Pieces sold',
  gross Decimal(38, 4) COMMENT 'Totals of orders ever confirmed',
  refunds Decimal(38, 4) COMMENT 'Given back of them',
  net Decimal(38, 4) COMMENT 'Gross less refunds'
) AS SELECT
  period, starts, currency, sum(sales) AS sales, sum(lines) AS lines, sum(units) AS units,
  sum(days.gross) AS gross, sum(days.refunds) AS refunds, sum(days.net) AS net
FROM sales_by_day AS days
ARRAY JOIN ['day', 'week', 'month', 'year'] AS period, [day, toMonday(day), toStartOfMonth(day), toStartOfYear(day)] AS starts
GROUP BY period, starts, currency
COMMENT 'Revenue by day, week, month and year: filter by period, or each sale is there four times';

CREATE OR REPLACE VIEW payment_failures (
  minute DateTime('UTC') COMMENT 'Minute in which the attempts ended',
  method String COMMENT 'card, paypal, bankTransfer or invoice',
  currency String COMMENT 'ISO 4217 code of captured',
  attempts Int64 COMMENT 'Attempts that ended: the sum of the next three',
  succeeded Int64 COMMENT 'Took their money',
  declined Int64 COMMENT 'Were declined',
  failed Int64 COMMENT 'Failed for another reason',
  failure_rate Float64 COMMENT 'Declined and failed of all that ended, 0 to 1',
  captured Decimal(38, 4) COMMENT 'Money taken'
) AS SELECT
  toStartOfMinute(at) AS minute, method, currency, sum(payment_facts.succeeded + payment_facts.declined + payment_facts.failed) AS attempts, sum(payment_facts.succeeded) AS succeeded,
  sum(payment_facts.declined) AS declined, sum(payment_facts.failed) AS failed,
  sum(payment_facts.declined + payment_facts.failed) / sum(payment_facts.succeeded + payment_facts.declined + payment_facts.failed) AS failure_rate, sum(payment_facts.captured) AS captured
FROM payment_facts
WHERE payment_facts.succeeded + payment_facts.declined + payment_facts.failed != 0
GROUP BY minute, method, currency
COMMENT 'Attempts to pay by the minute in which they ended, and how many failed';

CREATE OR REPLACE VIEW customers (
  customer_id String COMMENT 'Customer account; guests are nobody here',
  currency String COMMENT 'ISO 4217 code of the amounts: a customer of two currencies has two rows',
  orders Int64 COMMENT 'Orders ever confirmed',
  units Int64 COMMENT 'Pieces bought',
  gross Decimal(38, 4) COMMENT 'Totals of those orders',
  refunds Decimal(38, 4) COMMENT 'Given back of them',
  lifetime_value Decimal(38, 4) COMMENT 'Gross less refunds',
  first_order_at DateTime64(3, 'UTC') COMMENT 'When the first of them was placed',
  last_order_at DateTime64(3, 'UTC') COMMENT 'When the last of them was placed',
  idle_days Int64 COMMENT 'Whole days since then',
  segment String COMMENT 'The first that holds: VIP (lifetime value of 10,000), High Value (5,000), Loyal (5 orders), Churned (idle over 180 days), At Risk (over 90 days), Regular (2 orders), New'
) AS SELECT
  customer_id, currency, orders, units, gross, refunds, lifetime_value, first_order_at, last_order_at, idle_days,
  multiIf(lifetime_value >= 10000, 'VIP', lifetime_value >= 5000, 'High Value', orders >= 5, 'Loyal', idle_days > 180, 'Churned', idle_days > 90, 'At Risk', orders >= 2, 'Regular', 'New') AS segment
FROM (
  SELECT
    customer_id, currency, sum(sale_facts.sales) AS orders, sum(sale_facts.units) AS units, sum(sale_facts.gross) AS gross, sum(sale_facts.refunds) AS refunds,
    sum(sale_facts.gross) - sum(sale_facts.refunds) AS lifetime_value, minIf(placed_at, sales > 0) AS first_order_at, maxIf(placed_at, sales > 0) AS last_order_at,
    intDiv(toUnixTimestamp64Milli(now64(3, 'UTC')) - toUnixTimestamp64Milli(maxIf(placed_at, sales > 0)), 86400000) AS idle_days
  FROM sale_facts
  WHERE customer_id != ''
  GROUP BY customer_id, currency
  HAVING orders > 0
) COMMENT 'What each customer is worth, and the segment that follows from it, as of now';

CREATE OR REPLACE VIEW cohort_retention (
  cohort Date COMMENT 'First day of the month of the first order',
  months_later Int64 COMMENT 'Months since then; 0 = the same month',
  customers UInt64 COMMENT 'Customers of the cohort who ordered in that month',
  orders Int64 COMMENT 'Their orders ever confirmed',
  cohort_size UInt64 COMMENT 'All customers of the cohort',
  retention Float64 COMMENT 'Customers of cohort_size, 0 to 1'
) AS SELECT
  cohort, months_later, customers, orders, max(customers) OVER (PARTITION BY cohort) AS cohort_size, customers / cohort_size AS retention
FROM (
  SELECT cohort, dateDiff('month', cohort, month) AS months_later, count() AS customers, sum(orders) AS orders
  FROM (
    SELECT customer_id, month, orders, min(month) OVER (PARTITION BY customer_id) AS cohort
    FROM (
      SELECT customer_id, toStartOfMonth(placed_at) AS month, sum(sales) AS orders
      FROM order_facts
      WHERE customer_id != '' AND sales != 0
      GROUP BY customer_id, month
    )
  )
  GROUP BY cohort, months_later
) COMMENT 'Customers by the month of their first order, and how many of them ordered again later';
