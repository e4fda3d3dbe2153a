-- One row per record of every sunk topic: the only table that is written. Everything else is read from it.
-- Partitioned so that every planned range is one block in one table partition; no column has a default of the server.
CREATE TABLE IF NOT EXISTS raw_events (
  _topic LowCardinality(String) COMMENT 'Kafka topic',
  _partition UInt16 COMMENT 'Kafka partition',
  _offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Kafka offset: with topic and partition the identity of the row',
  _plan_from UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'First offset of the range it was inserted with',
  _crc UInt32 COMMENT 'CRC-32 of key and value bytes',
  event_type LowCardinality(String) COMMENT 'Record name; empty = not decodable',
  event_id String CODEC(ZSTD(1)) COMMENT 'Event id, or command id',
  occurred_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)) COMMENT 'Event time; append time where the record does not say',
  appended_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)) COMMENT 'Time of the broker when it was appended',
  entity_key String CODEC(ZSTD(1)) COMMENT 'Record key',
  order_id String CODEC(ZSTD(1)) COMMENT 'Order it is about; empty = none',
  amount Decimal(18, 4) CODEC(ZSTD(1)) COMMENT 'Total, else amount, else cost; 0 = none',
  currency LowCardinality(String) COMMENT 'ISO 4217 code of amount; empty = none',
  payload String CODEC(ZSTD(3)) COMMENT 'The record as JSON; money as decimal text, bytes as base64',
  headers String CODEC(ZSTD(1)) COMMENT 'Record headers as JSON; empty = none',
  decode_error String CODEC(ZSTD(1)) COMMENT 'Why it is not decodable; empty = it is',
  raw_key String CODEC(ZSTD(1)) COMMENT 'Base64 key of a record that is not decodable',
  raw String CODEC(ZSTD(1)) COMMENT 'Base64 value of a record that is not decodable',
  PROJECTION totals (
    SELECT _topic, _partition, event_type, currency, count(), sum(amount), min(_offset), max(_offset)
    GROUP BY _topic, _partition, event_type, currency
  )
)
ENGINE = MergeTree
PARTITION BY (_topic, _partition, intDiv(_offset, 1000000))
ORDER BY (order_id, _topic, _offset)
SETTINGS non_replicated_deduplication_window = 100000
