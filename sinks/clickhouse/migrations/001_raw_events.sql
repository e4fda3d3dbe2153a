-- One row per record of every sunk topic: the only table that is written. Everything else is read from it.
-- Partitioned so that every planned range is one block in one table partition; no column has a default of the server.
CREATE TABLE IF NOT EXISTS raw_events (
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
  PROJECTION totals (
    SELECT _topic, _partition, event_type, currency, count(), sum(amount), min(_offset), max(_offset)
    GROUP BY _topic, _partition, event_type, currency
  )
)
ENGINE = MergeTree
PARTITION BY (_topic, _partition, intDiv(_offset, 1000000))
ORDER BY (order_id, _topic, _offset)
SETTINGS non_replicated_deduplication_window = 100000
