-- unless: SELECT partition_key = '(_partition, intDiv(_offset, 1000000))' FROM system.tables WHERE database = currentDatabase() AND name = 'raw_events'
-- The same rows in a table that is partitioned by Kafka partition and bucket only: what a sink task plans of all its topics becomes one part instead of one part a topic, and a part costs
-- the engine as much with ten rows as with a thousand. Topics lie behind one another in the order of the rows instead.
-- Writers are kept out meanwhile: sinks take it for an outage and repeat their inserts.
ALTER TABLE raw_events ADD CONSTRAINT IF NOT EXISTS rows_are_being_moved__run_the_migrations_again CHECK 0;

DROP TABLE IF EXISTS raw_events_next SYNC;

CREATE TABLE raw_events_next (
  _topic LowCardinality(String) COMMENT 'Kafka topic',
  _partition UInt16 COMMENT 'Kafka partition',
  _offset UInt64 COMMENT 'Kafka offset: with topic and partition the identity of the row' CODEC(Delta, ZSTD(1)),
  _plan_from UInt64 COMMENT 'First offset of the range it was inserted with' CODEC(Delta, ZSTD(1)),
  _crc UInt32 COMMENT 'CRC-32 of key and value bytes',
  event_type LowCardinality(String) COMMENT 'Record name; empty = not decodable',
  event_id String COMMENT 'Event id, or command id' CODEC(ZSTD(1)),
  occurred_at DateTime64(3, 'UTC') COMMENT 'Event time; append time where the record does not say' CODEC(DoubleDelta, ZSTD(1)),
  appended_at DateTime64(3, 'UTC') COMMENT 'Time of the broker when it was appended' CODEC(DoubleDelta, ZSTD(1)),
  entity_key String COMMENT 'Record key' CODEC(ZSTD(1)),
  order_id String COMMENT 'Order it is about; empty = none' CODEC(ZSTD(1)),
  amount Decimal(18, 4) COMMENT 'Total, else amount, else cost; 0 = none' CODEC(ZSTD(1)),
  currency LowCardinality(String) COMMENT 'ISO 4217 code of amount; empty = none',
  payload String COMMENT 'The record as JSON; money as decimal text, bytes as base64' CODEC(ZSTD(3)),
  headers String COMMENT 'Record headers as JSON; empty = none' CODEC(ZSTD(1)),
  decode_error String COMMENT 'Why it is not decodable; empty = it is' CODEC(ZSTD(1)),
  raw_key String COMMENT 'Base64 key of a record that is not decodable' CODEC(ZSTD(1)),
  raw String COMMENT 'Base64 value of a record that is not decodable' CODEC(ZSTD(1)),
  fact Tuple(
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
  COMMENT 'OrderFact, PaymentFact and ProductFact: what they change in the figures; empty in other rows' CODEC(LZ4),
  sale Tuple(
    placedAt Int64, lines Array(Tuple(lineNo Int64, sku String, quantity Int64, unitPrice Decimal(18, 4), lineTotal Decimal(18, 4))))
  MATERIALIZED JSONExtract(if(event_type = 'OrderConfirmed', payload, ''), 'Tuple(
    placedAt Int64, lines Array(Tuple(lineNo Int64, sku String, quantity Int64, unitPrice Decimal(18, 4), lineTotal Decimal(18, 4))))')
  COMMENT 'OrderConfirmed: what was sold; empty in other rows' CODEC(LZ4),
  back Tuple(
    reference String, lineNo Int64, revision Int64, unitPrice Decimal(18, 4), takes Array(Tuple(orderId String, lineNo Int64, quantity Int64)),
    lines Array(Tuple(lineNo Int64, quantity Int64)))
  MATERIALIZED JSONExtract(if(event_type IN ('OrderLinesCancelled', 'OrderPartiallyReturned', 'OrderReturned', 'CreditNoteMatched', 'CreditNoteUnmatched'), payload, ''), 'Tuple(
    reference String, lineNo Int64, revision Int64, unitPrice Decimal(18, 4), takes Array(Tuple(orderId String, lineNo Int64, quantity Int64)),
    lines Array(Tuple(lineNo Int64, quantity Int64)))')
  COMMENT 'Events of pieces that come back, are not delivered or are credited: which ones; empty in other rows' CODEC(LZ4),
  visit Tuple(
    at Int64, sessionId String, orderId String)
  MATERIALIZED JSONExtract(if(event_type IN ('ProductViewed', 'ProductAddedToCart', 'CheckoutStarted'), payload, ''), 'Tuple(
    at Int64, sessionId String, orderId String)')
  COMMENT 'ProductViewed, ProductAddedToCart and CheckoutStarted: whose they are; empty in other rows' CODEC(LZ4),
  PROJECTION totals (
    SELECT _topic, _partition, event_type, currency, count(), sum(amount), min(_offset), max(_offset)
    GROUP BY _topic, _partition, event_type, currency
  )
)
ENGINE = MergeTree
PARTITION BY (_partition, intDiv(_offset, 1000000))
ORDER BY (_topic, order_id, _offset)
SETTINGS non_replicated_deduplication_window = 100000
AS SELECT _topic, _partition, _offset, _plan_from, _crc, event_type, event_id, occurred_at, appended_at, entity_key, order_id, amount, currency, payload, headers, decode_error, raw_key, raw
FROM raw_events SETTINGS max_partitions_per_insert_block = 0;

SELECT throwIf((SELECT count() FROM raw_events_next) != (SELECT count() FROM raw_events), 'rows are missing: another process migrates at the same time');

EXCHANGE TABLES raw_events AND raw_events_next;

DROP TABLE raw_events_next SYNC;
