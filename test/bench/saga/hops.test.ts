import { test } from 'tap'
import { hopsBetween, parseSamples, sinksBetween } from './hops.ts'

const before = `# HELP pipeline_process_seconds One cycle
pipeline_process_seconds_sum{processor="orders"} 1
pipeline_process_seconds_count{processor="orders"} 10
pipeline_process_seconds_count{processor="catalog"} 3
pipeline_records_total{processor="orders"} 100
pipeline_effect_seconds_count{processor="orders",effect="gateway"} 0
`
const after = `pipeline_process_seconds_sum{processor="orders"} 1.5
pipeline_process_seconds_count{processor="orders"} 110
pipeline_process_seconds_count{processor="catalog"} 3
pipeline_records_total{processor="orders"} 700
pipeline_record_e2e_seconds_sum{node="orders"} 2
pipeline_record_e2e_seconds_count{node="orders"} 100
pipeline_store_op_seconds_sum{processor="orders",op="read"} 1
pipeline_store_op_seconds_count{processor="orders",op="read"} 500
pipeline_effect_seconds_sum{processor="orders",effect="gateway"} 0.2
pipeline_effect_seconds_count{processor="orders",effect="gateway"} 20
`

test('hops have what the metrics gained between two looks, of processors that worked', async t => {
  t.same(hopsBetween(parseSamples(before), parseSamples(after)), {
    orders: { cycles: 100, recordsPerCycle: 6, processMs: 5, commitMs: 0, oldestInputMs: 20, readMs: 2, applyMs: 0, effectMs: 10 }
  })
})

test('sinks have what their metrics gained between two looks', async t => {
  const samples = parseSamples(`sink_insert_seconds_sum{processor="clickhouse-8"} 0.5
sink_insert_seconds_count{processor="clickhouse-8"} 10
sink_rows_total{processor="clickhouse-8"} 300
sink_freshness_seconds_sum{processor="clickhouse-8"} 12
sink_freshness_seconds_count{processor="clickhouse-8"} 10
`)
  t.same(sinksBetween(new Map(), samples), { 'clickhouse-8': { plans: 10, rowsPerPlan: 30, insertMs: 50, freshnessMs: 1200 } })
})
