-- Products by facts, which are told once however often an event comes, and the funnel of sessions.
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
FROM (
  SELECT JSONExtract(payload, 'Tuple(at Int64, behaviour String, times Int64, products Array(Tuple(sku String, lines Int64, pieces Int64)))') AS fact
  FROM raw_events
  WHERE _topic = 'commerce.analytics.facts' AND event_type = 'ProductFact'
)
ARRAY JOIN fact.products AS product
COMMENT 'What each view, addition to a cart and purchase changes in the figures of each of its products: deltas to be added up';

CREATE OR REPLACE VIEW product_days (
  day Date COMMENT 'Day on which it happened, UTC; of purchases the day on which their orders were placed',
  sku String COMMENT 'Stock keeping unit; clients may name any',
  views Int64 COMMENT 'Views',
  cart_additions Int64 COMMENT 'Additions to a cart',
  cart_pieces Int64 COMMENT 'Pieces added to carts',
  purchases Int64 COMMENT 'Orders ever confirmed with it',
  purchased_lines Int64 COMMENT 'Lines of them',
  purchased_pieces Int64 COMMENT 'Pieces of them',
  cart_rate Nullable(Float64) COMMENT 'Additions to a cart for each view of that day; null = it was not viewed',
  conversion Nullable(Float64) COMMENT 'Orders for each view of that day; null = it was not viewed',
  listed UInt8 COMMENT '1 = the catalog knows the SKU'
) AS SELECT
  day, sku, sum(product_facts.views) AS views, sum(product_facts.cart_additions) AS cart_additions, sum(product_facts.cart_pieces) AS cart_pieces,
  sum(product_facts.purchases) AS purchases, sum(product_facts.purchased_lines) AS purchased_lines, sum(product_facts.purchased_pieces) AS purchased_pieces,
  sum(product_facts.cart_additions) / nullIf(sum(product_facts.views), 0) AS cart_rate, sum(product_facts.purchases) / nullIf(sum(product_facts.views), 0) AS conversion,
  sku IN (SELECT entity_key FROM raw_events WHERE _topic = 'commerce.catalog.events' AND event_type = 'ProductCreated') AS listed
FROM product_facts
GROUP BY day, sku
COMMENT 'Products by day: how often they were looked at, put into a cart and bought. Conversion over more days is sum(purchases) / sum(views)';

CREATE OR REPLACE VIEW funnel_sessions (
  session_id String COMMENT 'Session of a visitor',
  day Date COMMENT 'Day of its first event, UTC',
  reached UInt8 COMMENT 'How far it came within a day from its first view on: 0 = no view, 1 = viewed a product, 2 = put one into the cart, 3 = went to the checkout, 4 = ordered'
) AS SELECT
  session_id, toDate(min(at)) AS day,
  windowFunnel(86400000)(toUInt64(toUnixTimestamp64Milli(at)), step = 'ProductViewed', step = 'ProductAddedToCart', step = 'CheckoutStarted', step = 'Ordered') AS reached
FROM (
  SELECT session_id, at, type AS step FROM behaviour WHERE session_id != ''
  UNION ALL
  SELECT claims.session_id AS session_id, claims.claimed_at AS at, 'Ordered' AS step
  FROM (
    SELECT order_id, argMin(session_id, (appended_at, event_id)) AS session_id, argMin(at, (appended_at, event_id)) AS claimed_at
    FROM behaviour
    WHERE type = 'CheckoutStarted' AND order_id != ''
    GROUP BY order_id
  ) AS claims
  WHERE claims.order_id IN (SELECT order_id FROM raw_events WHERE _topic = 'commerce.behaviour.events' AND event_type = 'ProductPurchased')
)
GROUP BY session_id
COMMENT 'How far each session came, in the order of the steps. An order that was confirmed belongs to the first session that named it at its checkout, at that moment';

CREATE OR REPLACE VIEW funnel (
  day Date COMMENT 'Day of the first event of the sessions, UTC',
  step_no UInt8 COMMENT '1 to 4',
  step String COMMENT 'viewed, added to cart, checkout, ordered',
  sessions UInt64 COMMENT 'Sessions that came that far'
) AS SELECT day, step_no, ['viewed', 'added to cart', 'checkout', 'ordered'][step_no] AS step, countIf(reached >= step_no) AS sessions
FROM funnel_sessions
ARRAY JOIN CAST([1, 2, 3, 4], 'Array(UInt8)') AS step_no
GROUP BY day, step_no
COMMENT 'Sessions by the step that they came to: each is counted at every step up to it';
