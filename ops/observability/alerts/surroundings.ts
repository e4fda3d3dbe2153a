import { type AlertGroup } from './alert.ts'

/** Rules about what the tasks stand on, and about the processes. */
export const surroundings: AlertGroup = {
  name: 'surroundings',
  alerts: [
    {
      name: 'ProcessDown',
      expr: 'up{job="commerce"} == 0',
      for: '2m',
      severity: 'page',
      summary: '{{ $labels.instance }} does not answer',
      fires: { series: { 'up{job="commerce", instance="orders:9464"}': '1x2 0x10' }, at: '6m', labels: { job: 'commerce', instance: 'orders:9464' }, summary: 'orders:9464 does not answer' },
      staysSilent: { series: { 'up{job="commerce", instance="orders:9464"}': '1 0 1x10' }, at: '6m' }
    },
    {
      name: 'EventLoopBlocked',
      expr: 'max by (instance) (nodejs_eventloop_lag_p99_seconds) > 0.5',
      for: '10m',
      severity: 'ticket',
      summary: 'the event loop of {{ $labels.instance }} is late by more than half a second',
      fires: { series: { 'nodejs_eventloop_lag_p99_seconds{instance="api:9464"}': '0.9x20' }, at: '12m', labels: { instance: 'api:9464' }, summary: 'the event loop of api:9464 is late by more than half a second' },
      staysSilent: { series: { 'nodejs_eventloop_lag_p99_seconds{instance="api:9464"}': '0.02x20' }, at: '12m' }
    },
    {
      name: 'StateRebuilt',
      expr: 'sum by (reason) (pipeline_state_rebuilt_total) - (sum by (reason) (pipeline_state_rebuilt_total offset 15m) or sum by (reason) (pipeline_state_rebuilt_total) * 0) > 0',
      severity: 'ticket',
      summary: 'state in Redis was rebuilt from its changelog: {{ $labels.reason }}',
      fires: { series: { 'pipeline_state_rebuilt_total{processor="orders", reason="empty"}': '_x5 4x20' }, at: '8m', labels: { reason: 'empty' }, summary: 'state in Redis was rebuilt from its changelog: empty' },
      staysSilent: { series: { 'pipeline_state_rebuilt_total{processor="orders", reason="empty"}': '4x30' }, at: '20m' }
    },
    {
      name: 'SinkStuck',
      expr: 'max by (processor, partition) (sink_plan_open) > 0 unless on (processor) sum by (processor) (increase(sink_rows_total[5m])) > 0',
      for: '5m',
      severity: 'page',
      summary: 'the rows of {{ $labels.processor }}-{{ $labels.partition }} do not get into ClickHouse',
      fires: {
        series: { 'sink_plan_open{processor="analytics", partition="0"}': '3x20', 'sink_rows_total{processor="analytics"}': '5000x20' },
        at: '12m',
        labels: { processor: 'analytics', partition: '0' },
        summary: 'the rows of analytics-0 do not get into ClickHouse'
      },
      staysSilent: { series: { 'sink_plan_open{processor="analytics", partition="0"}': '3x20', 'sink_rows_total{processor="analytics"}': '0+5000x20' }, at: '12m' }
    },
    {
      name: 'CallsFail',
      expr: 'sum by (effect) (rate(pipeline_effect_calls_total{outcome=~"rejected|unknown"}[5m])) / sum by (effect) (rate(pipeline_effect_calls_total[5m])) > 0.5 and sum by (effect) (rate(pipeline_effect_calls_total[5m])) > 0.02',
      for: '5m',
      severity: 'page',
      summary: 'most calls of {{ $labels.effect }} get no answer',
      fires: {
        series: { 'pipeline_effect_calls_total{processor="payments", effect="authorise", outcome="rejected"}': '0+30x20', 'pipeline_effect_calls_total{processor="payments", effect="authorise", outcome="succeeded"}': '0+3x20' },
        at: '12m',
        labels: { effect: 'authorise' },
        summary: 'most calls of authorise get no answer'
      },
      // A card that is declined is an answer.
      staysSilent: { series: { 'pipeline_effect_calls_total{processor="payments", effect="authorise", outcome="failed"}': '0+30x20', 'pipeline_effect_calls_total{processor="payments", effect="authorise", outcome="succeeded"}': '0+3x20' }, at: '12m' }
    },
    {
      name: 'GlobalTableBehind',
      expr: 'max by (table) (pipeline_global_lag_records) > 0',
      for: '10m',
      severity: 'ticket',
      summary: 'the table {{ $labels.table }} does not catch up with its topic',
      fires: { series: { 'pipeline_global_lag_records{table="prices", partition="0"}': '7x20' }, at: '12m', labels: { table: 'prices' }, summary: 'the table prices does not catch up with its topic' },
      staysSilent: { series: { 'pipeline_global_lag_records{table="prices", partition="0"}': '7 0 9 0x20' }, at: '12m' }
    },
    {
      name: 'GlobalTableUnreadable',
      expr: 'sum by (table) (pipeline_global_unreadable_total) - (sum by (table) (pipeline_global_unreadable_total offset 15m) or sum by (table) (pipeline_global_unreadable_total) * 0) > 0',
      severity: 'ticket',
      summary: 'records of the table {{ $labels.table }} do not decode: it lacks their rows',
      fires: { series: { 'pipeline_global_unreadable_total{table="prices"}': '_x5 2x20' }, at: '8m', labels: { table: 'prices' }, summary: 'records of the table prices do not decode: it lacks their rows' },
      staysSilent: { series: { 'pipeline_global_unreadable_total{table="prices"}': '2x30' }, at: '20m' }
    },
    {
      name: 'RedisNearlyFull',
      expr: 'redis_memory_used_bytes / (redis_memory_max_bytes > 0) > 0.85',
      for: '10m',
      severity: 'page',
      summary: 'Redis {{ $labels.instance }} is nearly full: it refuses writes when it is',
      fires: { series: { 'redis_memory_used_bytes{instance="redis:6379"}': '90x20', 'redis_memory_max_bytes{instance="redis:6379"}': '100x20' }, at: '12m', labels: { instance: 'redis:6379' }, summary: 'Redis redis:6379 is nearly full: it refuses writes when it is' },
      staysSilent: { series: { 'redis_memory_used_bytes{instance="redis:6379"}': '90x20', 'redis_memory_max_bytes{instance="redis:6379"}': '0x20' }, at: '12m' }
    },
    {
      name: 'DiskNearlyFull',
      expr: 'node_filesystem_avail_bytes{fstype!~"tmpfs|overlay"} / node_filesystem_size_bytes{fstype!~"tmpfs|overlay"} < 0.15',
      for: '15m',
      severity: 'page',
      summary: '{{ $labels.mountpoint }} of {{ $labels.instance }} is nearly full',
      fires: {
        series: { 'node_filesystem_avail_bytes{instance="a", mountpoint="/data", fstype="ext4"}': '10x30', 'node_filesystem_size_bytes{instance="a", mountpoint="/data", fstype="ext4"}': '100x30' },
        at: '16m',
        labels: { instance: 'a', mountpoint: '/data', fstype: 'ext4' },
        summary: '/data of a is nearly full'
      },
      staysSilent: { series: { 'node_filesystem_avail_bytes{instance="a", mountpoint="/run", fstype="tmpfs"}': '1x30', 'node_filesystem_size_bytes{instance="a", mountpoint="/run", fstype="tmpfs"}': '100x30' }, at: '16m' }
    }
  ]
}
