import { test } from 'tap'
import { addedColumns, documentedQueries, relationsOf } from '../../../ops/codegen/analytics-doc.ts'

const sql = `-- Orders of a day.
-- By currency.
CREATE OR REPLACE VIEW days (
  day Date COMMENT 'Day, UTC',
  period Enum8('day' = 1, 'week' = 2) COMMENT 'Customer''s period',
  gross Decimal(38, 4) COMMENT 'Totals'
) AS SELECT toDate(at) AS day, 'day' AS period, sum(amount) AS gross
FROM raw_events
GROUP BY day
COMMENT 'What a day brings';

-- Without columns.
CREATE OR REPLACE VIEW bare AS
SELECT 1`

test('the dictionary reads columns with their types and comments, and the comment of the view', t => {
  t.same(relationsOf(sql), [
    {
      name: 'days',
      comment: 'What a day brings',
      columns: [
        { name: 'day', type: 'Date', comment: 'Day, UTC' },
        { name: 'period', type: "Enum8('day' = 1, 'week' = 2)", comment: "Customer's period" },
        { name: 'gross', type: 'Decimal(38, 4)', comment: 'Totals' }
      ]
    },
    { name: 'bare', comment: 'Without columns.', columns: [] }
  ])
  t.end()
})

test('the dictionary knows the columns that a later migration adds to a table', t => {
  const added = `-- Typed.
ALTER TABLE rows
  ADD COLUMN IF NOT EXISTS fact Tuple(
    at Int64,
    gross Decimal(18, 4))
  MATERIALIZED JSONExtract(if(type = 'Fact', payload, ''), 'Tuple(at Int64, gross Decimal(18, 4))')
  COMMENT 'A day''s fact' CODEC(ZSTD(1)),
  ADD COLUMN IF NOT EXISTS size UInt64
  MATERIALIZED length(payload)
  COMMENT 'Bytes';

ALTER TABLE rows MATERIALIZE COLUMN fact`
  t.same([...addedColumns(added)], [['rows', [
    { name: 'fact', type: 'Tuple(at Int64, gross Decimal(18, 4))', comment: "A day's fact" },
    { name: 'size', type: 'UInt64', comment: 'Bytes' }
  ]]])
  t.end()
})

test('the documented queries have numbers in order, from 1 on', async t => {
  const queries = await documentedQueries()
  t.same(queries.map(({ title }) => Number.parseInt(title)), queries.map((_, index) => index + 1))
  t.ok(queries.length >= 20)
})
