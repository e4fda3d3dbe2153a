import { type AlertGroup } from './alert.ts'

const ofOrders = { processor: 'orders' } as const
const orders3 = '{processor="orders", partition="3"}'

/** Rules about the tasks of the runtime. */
export const pipeline: AlertGroup = {
  name: 'pipeline',
  alerts: [
    {
      name: 'NothingCommitted',
      expr: 'sum by (processor) (pipeline_consumer_lag_records) > 0 unless sum by (processor) (increase(pipeline_txn_total{result="commit"}[5m])) > 0',
      for: '5m',
      severity: 'page',
      summary: 'records wait for {{ $labels.processor }}, and it commits nothing',
      fires: {
        series: { [`pipeline_consumer_lag_records${orders3}`]: '5x20', 'pipeline_txn_total{processor="orders", result="commit"}': '900x20' },
        at: '12m',
        labels: ofOrders,
        summary: 'records wait for orders, and it commits nothing'
      },
      staysSilent: { series: { [`pipeline_consumer_lag_records${orders3}`]: '500x20', 'pipeline_txn_total{processor="orders", result="commit"}': '0+60x20' }, at: '12m' }
    },
    {
      name: 'LagGrows',
      expr: 'max by (processor) (pipeline_consumer_lag_seconds) > 30 and sum by (processor) (deriv(pipeline_consumer_lag_records[10m])) > 0',
      for: '10m',
      severity: 'page',
      summary: '{{ $labels.processor }} is more than 30 s behind, and falls back further',
      fires: {
        series: { [`pipeline_consumer_lag_seconds${orders3}`]: '40+10x40', [`pipeline_consumer_lag_records${orders3}`]: '0+1000x40' },
        at: '25m',
        labels: ofOrders,
        summary: 'orders is more than 30 s behind, and falls back further'
      },
      staysSilent: { series: { [`pipeline_consumer_lag_seconds${orders3}`]: '400-10x40', [`pipeline_consumer_lag_records${orders3}`]: '90000-1000x40' }, at: '25m' }
    },
    {
      name: 'TaskFailed',
      expr: 'max by (processor, partition) (pipeline_task_state{state="failed"}) > 0',
      for: '1m',
      severity: 'page',
      summary: 'task {{ $labels.processor }}-{{ $labels.partition }} has failed and does not come back by itself',
      fires: {
        series: { 'pipeline_task_state{processor="orders", partition="3", state="failed"}': '0x2 1x10' },
        at: '5m',
        labels: { processor: 'orders', partition: '3' },
        summary: 'task orders-3 has failed and does not come back by itself'
      },
      staysSilent: { series: { 'pipeline_task_state{processor="orders", partition="3", state="running"}': '1x10', 'pipeline_task_state{processor="orders", partition="3", state="failed"}': '0x10' }, at: '5m' }
    },
    {
      name: 'TaskAcquiresForLong',
      expr: 'max by (processor, partition) (pipeline_task_state{state="acquiring"}) > 0',
      for: '10m',
      severity: 'page',
      summary: 'task {{ $labels.processor }}-{{ $labels.partition }} has been acquiring for ten minutes',
      fires: {
        series: { 'pipeline_task_state{processor="orders", partition="3", state="acquiring"}': '1x20' },
        at: '12m',
        labels: { processor: 'orders', partition: '3' },
        summary: 'task orders-3 has been acquiring for ten minutes'
      },
      staysSilent: { series: { 'pipeline_task_state{processor="orders", partition="3", state="acquiring"}': '1x3 0x20' }, at: '12m' }
    },
    {
      name: 'RestoreStuck',
      expr: 'max by (processor, partition) (pipeline_restore_remaining_records) > 0 and max by (processor, partition) (delta(pipeline_restore_remaining_records[5m])) >= 0',
      for: '5m',
      severity: 'page',
      summary: 'the state of {{ $labels.processor }}-{{ $labels.partition }} is being restored and comes no further',
      fires: {
        series: { [`pipeline_restore_remaining_records${orders3}`]: '9000x20' },
        at: '12m',
        labels: { processor: 'orders', partition: '3' },
        summary: 'the state of orders-3 is being restored and comes no further'
      },
      staysSilent: { series: { [`pipeline_restore_remaining_records${orders3}`]: '90000-1000x20' }, at: '12m' }
    },
    {
      name: 'DeadLettersArrive',
      // A reason that was never seen has no value before it: that counts, too.
      expr: 'sum by (processor, reason) (pipeline_dlq_total) - (sum by (processor, reason) (pipeline_dlq_total offset 10m) or sum by (processor, reason) (pipeline_dlq_total) * 0) > 0',
      severity: 'ticket',
      summary: '{{ $labels.processor }} writes dead letters: {{ $labels.reason }}',
      fires: {
        series: { 'pipeline_dlq_total{processor="orders", reason="STR_RECORD_UNREADABLE"}': '_x5 1x15' },
        at: '7m',
        labels: { ...ofOrders, reason: 'STR_RECORD_UNREADABLE' },
        summary: 'orders writes dead letters: STR_RECORD_UNREADABLE'
      },
      staysSilent: { series: { 'pipeline_dlq_total{processor="orders", reason="STR_RECORD_UNREADABLE"}': '8x20' }, at: '15m' }
    },
    {
      name: 'KeysWaitForAnOperator',
      expr: 'sum by (processor) (pipeline_parked_heads{state="dead"}) > 0',
      for: '15m',
      severity: 'ticket',
      summary: '{{ $value }} keys of {{ $labels.processor }} wait until an operator decides about a dead letter',
      fires: {
        series: { 'pipeline_parked_heads{processor="orders", partition="3", state="dead"}': '2x30' },
        at: '16m',
        labels: ofOrders,
        summary: '2 keys of orders wait until an operator decides about a dead letter'
      },
      staysSilent: { series: { 'pipeline_parked_heads{processor="orders", partition="3", state="retrying"}': '2x30' }, at: '16m' }
    },
    {
      name: 'CompensationStuck',
      expr: 'sum by (processor, reason) (pipeline_parked_stuck_total) - (sum by (processor, reason) (pipeline_parked_stuck_total offset 15m) or sum by (processor, reason) (pipeline_parked_stuck_total) * 0) > 0',
      severity: 'page',
      summary: 'a compensation of {{ $labels.processor }} fails again and again: {{ $labels.reason }}',
      fires: {
        series: { 'pipeline_parked_stuck_total{processor="payments", reason="STR_HANDLER_FAILED"}': '_x5 1x30' },
        at: '8m',
        labels: { processor: 'payments', reason: 'STR_HANDLER_FAILED' },
        summary: 'a compensation of payments fails again and again: STR_HANDLER_FAILED'
      },
      staysSilent: { series: { 'pipeline_parked_stuck_total{processor="payments", reason="STR_HANDLER_FAILED"}': '1x30' }, at: '20m' }
    },
    {
      name: 'TransactionsFail',
      expr: 'sum by (processor) (rate(pipeline_txn_total{result!="commit"}[10m])) > 0.05',
      for: '10m',
      severity: 'ticket',
      summary: 'transactions of {{ $labels.processor }} end otherwise than by a commit, again and again',
      fires: { series: { 'pipeline_txn_total{processor="orders", result="fenced"}': '0+6x40' }, at: '25m', labels: ofOrders, summary: 'transactions of orders end otherwise than by a commit, again and again' },
      staysSilent: { series: { 'pipeline_txn_total{processor="orders", result="commit"}': '0+600x40', 'pipeline_txn_total{processor="orders", result="fenced"}': '0x10 1x30' }, at: '25m' }
    },
    {
      name: 'PartitionHeld',
      expr: 'max by (topic, partition) (pipeline_partition_held_seconds) > 60',
      for: '1m',
      severity: 'page',
      summary: 'an open transaction holds back the readers of {{ $labels.topic }}-{{ $labels.partition }}',
      fires: {
        series: { 'pipeline_partition_held_seconds{topic="commerce.orders.events", partition="3"}': '0+60x10' },
        at: '5m',
        labels: { topic: 'commerce.orders.events', partition: '3' },
        summary: 'an open transaction holds back the readers of commerce.orders.events-3'
      },
      staysSilent: { series: { 'pipeline_partition_held_seconds{topic="commerce.orders.events", partition="3"}': '0 15 0x10' }, at: '5m' }
    }
  ]
}
