-- Orders as their events tell it, from the first to the last return: total and lines are those of the newest amendment. A return that is
-- asked for shows as long as nothing came back before.
CREATE OR REPLACE VIEW orders AS
SELECT
  order_id,
  if(base = 'Delivered' AND returns_asked > 0, 'ReturnRequested', base) AS state,
  placed_at, confirmed_at, delivered_at, ever_confirmed, channel, customer_id, client_reference, currency, total, lines, outcome_cause, refunded, events, last_event_at
FROM (
  SELECT
    order_id,
    transform(argMaxIf(event_type, _offset, event_type NOT IN ('OrderLinesCancelled', 'OrderReturnRequested', 'OrderReturnDeclined')),
      ['OrderCreated', 'OrderInventoryReserved', 'OrderRiskReviewRequested', 'OrderRiskCleared', 'OrderPaymentInitiated', 'OrderPaymentAuthorized',
        'OrderPaymentCompleted', 'OrderConfirmed', 'OrderActionRequired', 'OrderAmended', 'OrderBackOrdered', 'OrderPartiallyShipped', 'OrderShipped',
        'OrderDelivered', 'OrderPartiallyReturned', 'OrderReturned', 'OrderCompensationStarted', 'OrderCancelled', 'OrderFailed', 'OrderTimedOut', 'OrderRejected'],
      ['Pending', 'InventoryReserved', 'OnRiskReview', 'InventoryReserved', 'InventoryReserved', 'PaymentAuthorized',
        'PaymentAuthorized', 'Confirmed', 'ActionRequired', 'Pending', 'BackOrdered', 'PartiallyShipped', 'Shipped',
        'Delivered', 'PartiallyReturned', 'Returned', 'Compensating', 'Cancelled', 'Failed', 'TimedOut', 'Rejected'], '') AS base,
    toInt64(countIf(event_type = 'OrderReturnRequested')) - toInt64(countIf(event_type = 'OrderReturnDeclined')) AS returns_asked,
    maxIf(fromUnixTimestamp64Milli(JSONExtractInt(payload, 'placedAt'), 'UTC'), event_type = 'OrderCreated') AS placed_at,
    maxIf(appended_at, event_type = 'OrderConfirmed') AS confirmed_at,
    maxIf(appended_at, event_type = 'OrderDelivered') AS delivered_at,
    countIf(event_type = 'OrderConfirmed') > 0 AS ever_confirmed,
    anyIf(JSONExtractString(payload, 'channel'), event_type = 'OrderCreated') AS channel,
    anyIf(JSONExtractString(payload, 'customerId'), event_type = 'OrderCreated') AS customer_id,
    anyIf(JSONExtractString(payload, 'clientReference'), event_type = 'OrderCreated') AS client_reference,
    anyIf(currency, event_type = 'OrderCreated') AS currency,
    argMaxIf(amount, _offset, event_type IN ('OrderCreated', 'OrderAmended')) AS total,
    argMaxIf(JSONLength(payload, 'lines'), _offset, event_type IN ('OrderCreated', 'OrderAmended')) AS lines,
    anyIf(JSONExtractString(payload, 'cause'), event_type IN ('OrderCancelled', 'OrderFailed', 'OrderTimedOut')) AS outcome_cause,
    sumIf(toDecimal64OrZero(JSONExtractString(payload, 'refunded'), 4), event_type IN ('OrderCancelled', 'OrderFailed', 'OrderTimedOut')) AS refunded,
    count() AS events,
    max(appended_at) AS last_event_at
  FROM raw_events
  WHERE startsWith(event_type, 'Order')
  GROUP BY order_id
);

-- Shipments as their events tell it: one row a parcel.
CREATE OR REPLACE VIEW shipments AS
SELECT
  JSONExtractString(payload, 'shipmentId') AS shipment_id,
  any(order_id) AS order_id,
  any(JSONExtractInt(payload, 'shipmentNo')) AS shipment_no,
  anyIf(JSONExtractString(payload, 'carrier'), event_type = 'ShipmentCreated') AS carrier,
  anyIf(JSONExtractString(payload, 'service'), event_type = 'ShipmentCreated') AS service,
  anyIf(JSONExtractString(payload, 'trackingNumber'), event_type = 'ShipmentCreated') AS tracking_number,
  sumIf(amount, event_type = 'ShipmentCreated') AS cost,
  anyIf(currency, event_type = 'ShipmentCreated') AS currency,
  transform(argMaxIf(event_type, _offset, event_type NOT IN ('ShipmentTrackingUpdated', 'ShipmentDelayed')),
    ['ShipmentCreated', 'ShipmentPickedUp', 'ShipmentInTransit', 'ShipmentOutForDelivery', 'ShipmentDeliveryFailed', 'ShipmentDelivered', 'ShipmentReturned', 'ShipmentCancelled'],
    ['created', 'pickedUp', 'inTransit', 'outForDelivery', 'attemptFailed', 'delivered', 'returned', 'cancelled'], '') AS stage,
  countIf(event_type = 'ShipmentDeliveryFailed') AS failed_attempts,
  countIf(event_type = 'ShipmentDelayed') > 0 AS delayed,
  minIf(appended_at, event_type = 'ShipmentCreated') AS created_at,
  maxIf(appended_at, event_type = 'ShipmentDelivered') AS delivered_at
FROM raw_events
WHERE startsWith(event_type, 'Shipment') AND event_type != 'ShipmentRefused' AND JSONExtractString(payload, 'shipmentId') != ''
GROUP BY shipment_id;

-- Returns as their events tell it: one row a return. amount is what its lines cost, refunded what was given back for them.
CREATE OR REPLACE VIEW returns AS
SELECT
  JSONExtractString(payload, 'returnId') AS return_id,
  any(order_id) AS order_id,
  anyIf(JSONExtractString(payload, 'customerId'), event_type = 'ReturnRequested') AS customer_id,
  transform(argMax(event_type, _offset),
    ['ReturnRequested', 'ReturnApproved', 'ReturnDeclined', 'ReturnReceived', 'ReturnExpired', 'RefundIssued'],
    ['requested', 'approved', 'declined', 'received', 'expired', 'refunded'], '') AS status,
  argMaxIf(raw_events.amount, _offset, event_type IN ('ReturnRequested', 'ReturnReceived')) AS amount,
  sumIf(raw_events.amount, event_type = 'RefundIssued') AS refunded,
  anyIf(currency, currency != '') AS currency,
  min(appended_at) AS requested_at,
  max(appended_at) AS last_event_at
FROM raw_events
WHERE event_type IN ('ReturnRequested', 'ReturnApproved', 'ReturnDeclined', 'ReturnReceived', 'ReturnExpired', 'RefundIssued')
GROUP BY return_id;

-- Lines of credit notes as they were decided last, and what they come to.
CREATE OR REPLACE VIEW credit_lines AS
SELECT
  JSONExtractString(payload, 'reference') AS reference,
  JSONExtractInt(payload, 'lineNo') AS line_no,
  argMax(event_type, JSONExtractInt(payload, 'revision')) = 'CreditNoteMatched' AS matched,
  argMax(JSONExtractString(payload, 'reason'), JSONExtractInt(payload, 'revision')) AS unmatched_reason,
  max(JSONExtractInt(payload, 'revision')) AS revision,
  any(JSONExtractString(payload, 'customerId')) AS customer_id,
  any(JSONExtractString(payload, 'sku')) AS sku,
  any(JSONExtractInt(payload, 'quantity')) AS quantity,
  any(amount) AS amount,
  any(currency) AS currency
FROM raw_events
WHERE event_type IN ('CreditNoteMatched', 'CreditNoteUnmatched')
GROUP BY reference, line_no;
