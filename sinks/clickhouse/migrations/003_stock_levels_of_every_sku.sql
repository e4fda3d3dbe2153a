-- Stock by SKU as its newest event tells it, from its registration on: a SKU that never moved has its opening stock.
CREATE OR REPLACE VIEW stock_levels AS
SELECT
  entity_key AS sku,
  argMax(JSONExtractInt(payload, if(event_type = 'SkuRegistered', 'openingStock', 'onHand')), _offset) AS on_hand,
  argMax(JSONExtractInt(payload, 'reserved'), _offset) AS reserved,
  max(appended_at) AS last_event_at
FROM raw_events
WHERE event_type IN ('SkuRegistered', 'StockReserved', 'StockDeducted', 'StockReleased', 'StockAdjusted')
GROUP BY entity_key;
