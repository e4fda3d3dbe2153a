-- Every half of every movement of the ledger, in the currency of its entry: one row debits an account, the next one credits another.
CREATE OR REPLACE VIEW ledger_lines AS
SELECT
  entry_id, order_id, customer_id, reference, currency, booked_at,
  tupleElement(movement, 1) AS kind,
  if(is_debit, tupleElement(movement, 2), tupleElement(movement, 3)) AS account,
  if(is_debit, tupleElement(movement, 4), toDecimal64(0, 4)) AS debit,
  if(is_debit, toDecimal64(0, 4), tupleElement(movement, 4)) AS credit
FROM (
  SELECT
    JSONExtractString(payload, 'entryId') AS entry_id,
    order_id,
    JSONExtractString(payload, 'customerId') AS customer_id,
    JSONExtractString(payload, 'reference') AS reference,
    currency,
    fromUnixTimestamp64Milli(JSONExtractInt(payload, 'bookedAt'), 'UTC') AS booked_at,
    arrayJoin(arrayConcat(
      [(JSONExtractString(payload, 'kind'), JSONExtractString(payload, 'debitAccount'), JSONExtractString(payload, 'creditAccount'), amount)],
      arrayMap(movement -> (JSONExtractString(movement, 'kind'), JSONExtractString(movement, 'debitAccount'), JSONExtractString(movement, 'creditAccount'),
        toDecimal64(JSONExtractString(movement, 'amount'), 4)), JSONExtractArrayRaw(payload, 'further'))
    )) AS movement
  FROM raw_events
  WHERE event_type = 'LedgerPosted'
)
ARRAY JOIN [true, false] AS is_debit;

-- What is on each account: the balances of a currency add up to 0 at any moment. Exact: sums of decimals.
CREATE OR REPLACE VIEW trial_balance AS
SELECT account, currency, sum(debit) AS debits, sum(credit) AS credits, sum(debit) - sum(credit) AS balance
FROM ledger_lines
GROUP BY account, currency;

-- What is owed to each customer by credits: those decided, less those paid. Guests are under the empty name.
CREATE OR REPLACE VIEW customer_credits AS
SELECT
  if(ledger_lines.customer_id = '', owners.owner, ledger_lines.customer_id) AS customer_id,
  currency,
  sumIf(credit, kind = 'credited') AS credited,
  sum(debit) - sumIf(credit, kind = 'reopened') AS paid,
  sum(credit) - sum(debit) AS owed
FROM ledger_lines
LEFT JOIN (SELECT order_id, any(JSONExtractString(payload, 'customerId')) AS owner FROM raw_events WHERE event_type = 'OrderCreated' GROUP BY order_id) AS owners
  ON owners.order_id = ledger_lines.order_id
WHERE account = 'customer-credit'
GROUP BY customer_id, currency;
