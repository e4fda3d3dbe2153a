-- What visitors did, one row an event and product. Purchases are told by orders: a row a line, without a session. Each row is there once: what a
-- client repeats is left out before it is an event.
CREATE OR REPLACE VIEW behaviour AS
SELECT
  event_type AS type,
  fromUnixTimestamp64Milli(JSONExtractInt(payload, 'at'), 'UTC') AS at,
  JSONExtractString(payload, 'sessionId') AS session_id,
  JSONExtractString(payload, 'orderId') AS order_id,
  if(event_type = 'ProductPurchased', JSONExtractString(line, 'sku'), JSONExtractString(payload, 'sku')) AS sku,
  if(event_type = 'ProductPurchased', JSONExtractInt(line, 'quantity'), JSONExtractInt(payload, 'quantity')) AS quantity,
  toDecimal64OrZero(JSONExtractString(line, 'lineTotal'), 4) AS line_total,
  currency,
  event_id,
  appended_at
FROM raw_events
ARRAY JOIN if(event_type = 'ProductPurchased', JSONExtractArrayRaw(payload, 'lines'), ['{}']) AS line
WHERE event_type IN ('ProductViewed', 'ProductAddedToCart', 'CheckoutStarted', 'ProductPurchased');

-- Products by the day (UTC) on which it happened. listed: the catalog knows the SKU; clients may name any.
CREATE OR REPLACE VIEW product_days AS
SELECT
  toDate(at) AS day,
  sku,
  countIf(type = 'ProductViewed') AS views,
  countIf(type = 'ProductAddedToCart') AS cart_additions,
  sumIf(quantity, type = 'ProductAddedToCart') AS cart_pieces,
  countIf(type = 'ProductPurchased') AS purchased_lines,
  sumIf(quantity, type = 'ProductPurchased') AS purchased_pieces,
  sku IN (SELECT entity_key FROM raw_events WHERE event_type = 'ProductCreated') AS listed
FROM behaviour
WHERE sku != ''
GROUP BY day, sku;

-- Sessions with what became of them. An order belongs to the first session that named it at its checkout, and counts once it is confirmed.
CREATE OR REPLACE VIEW sessions AS
SELECT
  visits.session_id AS session_id,
  any(visits.first_at) AS first_at,
  any(visits.views) AS views,
  any(visits.cart_additions) AS cart_additions,
  any(visits.checkouts) AS checkouts,
  countIf(bought.order_id != '') AS orders,
  groupArrayIf((bought.currency, bought.total), bought.order_id != '') AS totals
FROM (
  SELECT session_id, min(at) AS first_at, countIf(type = 'ProductViewed') AS views, countIf(type = 'ProductAddedToCart') AS cart_additions, countIf(type = 'CheckoutStarted') AS checkouts
  FROM behaviour
  WHERE session_id != ''
  GROUP BY session_id
) AS visits
LEFT JOIN (
  SELECT claims.session_id AS session_id, claims.order_id AS order_id, purchases.currency AS currency, purchases.total AS total
  FROM (
    SELECT order_id, argMin(session_id, (appended_at, event_id)) AS session_id
    FROM behaviour
    WHERE type = 'CheckoutStarted' AND order_id != ''
    GROUP BY order_id
  ) AS claims
  INNER JOIN (SELECT order_id, any(currency) AS currency, any(amount) AS total FROM raw_events WHERE event_type = 'ProductPurchased' GROUP BY order_id) AS purchases
    ON purchases.order_id = claims.order_id
) AS bought ON bought.session_id = visits.session_id
GROUP BY session_id;

-- Who was given which variant of an experiment: a row an exposure, at most one a day (UTC) for the same variant and subject.
CREATE OR REPLACE VIEW experiment_exposures AS
SELECT
  JSONExtractString(payload, 'experiment') AS experiment,
  JSONExtractString(payload, 'variant') AS variant,
  JSONExtractString(payload, 'unit') AS unit,
  JSONExtractString(payload, 'subject') AS subject,
  JSONExtractString(payload, 'reason') AS reason,
  JSONExtractInt(payload, 'flagVersion') AS flag_version,
  JSONExtractString(payload, 'context') AS context,
  JSONExtractString(payload, 'exposureId') AS exposure_id,
  fromUnixTimestamp64Milli(JSONExtractInt(payload, 'at'), 'UTC') AS at
FROM raw_events
WHERE event_type = 'ExperimentExposed';

-- Exposures of each variant.
CREATE OR REPLACE VIEW experiment_variants AS
SELECT experiment, variant, reason, unit, count() AS exposures, uniqExact(subject) AS subjects, min(at) AS first_at, max(at) AS last_at
FROM experiment_exposures
GROUP BY experiment, variant, reason, unit;

-- Sessions drawn by lot and what became of them, by the variant that they saw first. crossed: sessions that saw another one later, after the weights changed.
CREATE OR REPLACE VIEW experiment_conversions AS
SELECT
  experiment,
  first_variant AS variant,
  count() AS subjects,
  countIf(variants > 1) AS crossed,
  countIf(sessions.checkouts > 0) AS with_checkout,
  countIf(sessions.orders > 0) AS with_order
FROM (
  SELECT experiment, subject, argMin(variant, (at, exposure_id)) AS first_variant, uniqExact(variant) AS variants
  FROM experiment_exposures
  WHERE unit = 'session' AND reason = 'SPLIT'
  GROUP BY experiment, subject
) AS seen
LEFT JOIN sessions ON sessions.session_id = seen.subject
GROUP BY experiment, variant;
