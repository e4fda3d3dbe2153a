import { type Board, quantiles, rate } from './panels.ts'

const requests = 'http_server_request_duration_seconds'
const route = '{http_route=~"$http_route"}'

/** What an order is waiting for, and what is undone. */
export const sagaAndCompensations: Board = {
  uid: 'cs-saga',
  title: 'Commerce / Saga and compensations',
  about: 'Orders on their way, how long they take, what had to be undone, and what does not let itself be undone.',
  rows: [
    {
      title: 'Orders on their way',
      charts: [
        { title: 'Open', about: 'Orders that are not at an end, by what they wait for.', unit: 'none', queries: [['max by (state) (saga_open)', '{{state}}']] },
        { title: 'Oldest', about: 'How long the order that has waited longest in a state has been in it.', unit: 's', queries: [['max by (state) (saga_oldest_seconds)', '{{state}}']] },
        { title: 'Placed to confirmed', about: 'Orders that were confirmed in the last five minutes.', unit: 's', queries: [['max by (quantile) (saga_seconds)', 'p{{quantile}}']] }
      ]
    },
    {
      title: 'Compensations',
      charts: [
        { title: 'Compensating', about: 'Orders whose steps are being undone.', unit: 'none', queries: [['max(saga_open{state="Compensating"})', 'orders']] },
        { title: 'Refunds that keep failing', about: 'Voids and refunds that failed ten times or more; they are tried on.', unit: 'none', queries: [['max(payments_failing_compensations)', 'payments']] },
        { title: 'Stuck compensations', about: 'Alarms about compensations that fail again and again.', unit: 'none', queries: [['sum by (processor, reason) (increase(pipeline_parked_stuck_total[1h]))', '{{processor}} {{reason}}']] },
        { title: 'Tried again', about: 'Inputs that are tried again later, by processor.', unit: 'ops', queries: [rate('pipeline_diverted_total', '{how="retry"}', ['processor', 'reason'])] }
      ]
    },
    {
      title: 'Steps',
      charts: [
        { title: 'Calls that do not succeed', about: 'Share of the calls of each effect that failed, were rejected, or are in doubt.', unit: 'percentunit', queries: [['sum by (effect) (rate(pipeline_effect_calls_total{outcome!="succeeded"}[5m])) / sum by (effect) (rate(pipeline_effect_calls_total[5m]))', '{{effect}}']] },
        { title: 'Timers', about: 'Timers that fired: time-outs of steps among them.', unit: 'ops', queries: [rate('pipeline_timers_fired_total', '{processor="orders"}', ['processor'])] }
      ]
    }
  ]
}

/** Redis, as the tasks see it, and as it sees itself. */
export const redisState: Board = {
  uid: 'cs-redis-state',
  title: 'Commerce / Redis state',
  about: 'Reads and applies of the tasks, what had to be rebuilt, and the server itself.',
  rows: [
    {
      title: 'As the tasks see it',
      charts: [
        { title: 'Calls', about: 'Reads and applies a second.', unit: 'ops', queries: [rate('pipeline_store_op_seconds_count', '', ['op'])] },
        { title: 'Duration', about: 'One call, by kind.', unit: 's', queries: quantiles('pipeline_store_op_seconds', '', ['op']) },
        { title: 'Rows written', about: 'Rows of changelogs, and so of Redis.', unit: 'ops', queries: [rate('pipeline_changes_total', '', ['processor'])] },
        { title: 'Behind the log', about: 'Offsets that are committed and not yet known to be in Redis, the worst task.', unit: 'none', queries: [['max by (processor) (pipeline_redis_behind_offsets)', '{{processor}}']] },
        { title: 'States rebuilt', about: 'From the changelog, by reason: Redis was empty, older, or ahead.', unit: 'none', queries: [['sum by (reason) (increase(pipeline_state_rebuilt_total[1h]))', '{{reason}}']] }
      ]
    },
    {
      title: 'The server (redis_exporter)',
      charts: [
        { title: 'Memory', about: 'Used, and the most it may have: it must never evict.', unit: 'bytes', queries: [['redis_memory_used_bytes', '{{instance}} used'], ['redis_memory_max_bytes', '{{instance}} limit']] },
        { title: 'Evicted keys', about: 'Must stay 0: the platform refuses to start on a Redis that evicts.', unit: 'ops', queries: [['rate(redis_evicted_keys_total[5m])', '{{instance}}']] },
        { title: 'Commands', about: 'A second.', unit: 'ops', queries: [['rate(redis_commands_processed_total[5m])', '{{instance}}']] },
        { title: 'Clients', about: 'Connections.', unit: 'none', queries: [['redis_connected_clients', '{{instance}}']] }
      ]
    }
  ]
}

/** From the topics to ClickHouse. */
export const clickhouseSink: Board = {
  uid: 'cs-clickhouse-sink',
  title: 'Commerce / ClickHouse sink',
  about: 'Plans, inserts and proofs; and whether ClickHouse holds what the topics hold.',
  rows: [
    {
      title: 'Inserts',
      charts: [
        { title: 'Rows', about: 'Rows a second that landed.', unit: 'ops', queries: [rate('sink_rows_total', '', ['processor'])] },
        { title: 'Insert', about: 'One plan, repeats included.', unit: 's', queries: quantiles('sink_insert_seconds', '', ['processor']) },
        { title: 'Freshness', about: 'Append of the oldest record of a plan to the moment it can be queried.', unit: 's', queries: quantiles('sink_freshness_seconds', '', ['processor']) },
        { title: 'Open plans', about: 'Ranges that are planned and not yet known to be there.', unit: 'none', queries: [['sum by (processor) (sink_plan_open)', '{{processor}}']] },
        { title: 'Repeats spared', about: 'Ranges in doubt that were there already, by topic: each would have been twice without the proof.', unit: 'ops', queries: [rate('sink_dedup_hits_total', '', ['topic'])] },
        { title: 'Troubles', about: 'Calls that failed and proofs that did not hold.', unit: 'ops', queries: [rate('sink_troubles_total', '', ['topic'])] },
        { title: 'Lag', about: 'Records that wait for the sink.', unit: 'none', queries: [['sum by (processor) (pipeline_consumer_lag_records{processor=~"sink.*|.*sink"})', '{{processor}}']] }
      ]
    },
    {
      title: 'Held against the topics',
      charts: [
        { title: 'Differing buckets', about: 'Must be 0.', unit: 'none', queries: [['max by (topic) (reconcile_differing_buckets)', '{{topic}}']] },
        { title: 'Since the last look', about: 'How long ago ClickHouse was held against the topics.', unit: 's', kind: 'stat', queries: [['time() - max(reconcile_last_look_seconds)', 'ago']] }
      ]
    }
  ]
}

/** The API, route by route. */
export const apiGateway: Board = {
  uid: 'cs-api-gateway',
  title: 'Commerce / API gateway',
  about: 'Requests by route: how many, how they ended, how long they took.',
  variable: { name: 'http_route', metric: `${requests}_count` },
  rows: [
    {
      title: 'Requests',
      charts: [
        { title: 'By route', about: 'A second.', unit: 'reqps', queries: [rate(`${requests}_count`, route, ['http_request_method', 'http_route'])] },
        { title: 'By status', about: 'A second.', unit: 'reqps', queries: [rate(`${requests}_count`, route, ['http_response_status_code'])] },
        { title: 'Duration', about: 'By route.', unit: 's', queries: quantiles(requests, route, ['http_route']) }
      ]
    },
    {
      title: 'Refusals',
      charts: [
        { title: 'Turned away', about: 'Too many requests (429), too busy (503).', unit: 'reqps', queries: [rate(`${requests}_count`, '{http_response_status_code=~"429|503"}', ['http_response_status_code'])] },
        { title: 'Not allowed', about: 'Without a good token (401) or permission (403).', unit: 'reqps', queries: [rate(`${requests}_count`, '{http_response_status_code=~"401|403"}', ['http_response_status_code'])] },
        { title: 'Conflicts', about: '409 and 422: keys used for two bodies, states that forbid a command.', unit: 'reqps', queries: [rate(`${requests}_count`, '{http_response_status_code=~"409|422"}', ['http_route'])] }
      ]
    },
    {
      title: 'Orders',
      charts: [
        { title: 'Intake', about: 'Orders placed a second.', unit: 'reqps', queries: [rate(`${requests}_count`, '{http_request_method="POST", http_route="/v1/orders"}', ['http_response_status_code'])] },
        { title: 'Duration of intake', about: 'Those that wait for the result (Prefer: wait) included.', unit: 's', queries: quantiles(requests, '{http_request_method="POST", http_route="/v1/orders"}') }
      ]
    }
  ]
}

/** Processes and machines. */
export const infrastructure: Board = {
  uid: 'cs-infrastructure',
  title: 'Commerce / Infrastructure',
  about: 'Our processes, the machines they run on, and the broker.',
  rows: [
    {
      title: 'Processes',
      charts: [
        { title: 'CPU', about: 'Cores used by each process.', unit: 'cores', queries: [['rate(process_cpu_seconds_total[5m])', '{{instance}}']] },
        { title: 'Memory', about: 'Resident, and the JavaScript heap.', unit: 'bytes', queries: [['process_resident_memory_bytes', '{{instance}} resident'], ['nodejs_heap_size_used_bytes', '{{instance}} heap']] },
        { title: 'Event loop', about: 'How late the event loop is, 99th percentile.', unit: 's', queries: [['nodejs_eventloop_lag_p99_seconds', '{{instance}}']] },
        { title: 'Garbage collection', about: 'Share of the time spent on it.', unit: 'percentunit', queries: [['sum by (instance) (rate(nodejs_gc_duration_seconds_sum[5m]))', '{{instance}}']] },
        { title: 'Open files', about: 'Descriptors.', unit: 'none', queries: [['process_open_fds', '{{instance}}']] },
        { title: 'Up', about: 'Processes that Prometheus reaches.', unit: 'none', queries: [['sum by (job) (up)', '{{job}}']] }
      ]
    },
    {
      title: 'Machines (node_exporter)',
      charts: [
        { title: 'CPU', about: 'Share that is busy.', unit: 'percentunit', queries: [['1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))', '{{instance}}']] },
        { title: 'Memory', about: 'Available.', unit: 'bytes', queries: [['node_memory_MemAvailable_bytes', '{{instance}}']] },
        { title: 'Disk', about: 'Free share: topics that are kept for ever grow.', unit: 'percentunit', queries: [['node_filesystem_avail_bytes{fstype!~"tmpfs|overlay"} / node_filesystem_size_bytes{fstype!~"tmpfs|overlay"}', '{{instance}} {{mountpoint}}']] }
      ]
    },
    {
      title: 'Broker (Redpanda)',
      charts: [
        { title: 'Under-replicated', about: 'Replicas that are behind.', unit: 'none', queries: [['sum(redpanda_kafka_under_replicated_replicas)', 'replicas']] },
        { title: 'Bytes', about: 'A second, by direction.', unit: 'bytes', queries: [['sum by (redpanda_request) (rate(redpanda_kafka_request_bytes_total[5m]))', '{{redpanda_request}}']] },
        { title: 'Disk', about: 'Free bytes of the broker.', unit: 'bytes', queries: [['redpanda_storage_disk_free_bytes', '{{instance}}']] }
      ]
    }
  ]
}

/** What the shop does, for people who do not ask how. */
export const business: Board = {
  uid: 'cs-business',
  title: 'Commerce / Business',
  about: 'Orders and money, as the analysts see them: about a minute behind.',
  rows: [
    {
      title: 'Orders',
      charts: [
        { title: 'Placed', about: 'Orders in the last hour.', unit: 'none', kind: 'stat', queries: [['delta(max(business_orders{what="placed"})[1h:1m])', 'placed']] },
        { title: 'Confirmed', about: 'In the last hour.', unit: 'none', kind: 'stat', queries: [['delta(max(business_orders{what="confirmed"})[1h:1m])', 'confirmed']] },
        { title: 'Lost', about: 'Rejected, cancelled, failed and timed out, in the last hour.', unit: 'none', kind: 'stat', queries: [['sum(delta(max by (what) (business_orders{what!~"placed|confirmed"})[1h:1m]))', 'lost']] },
        { title: 'Orders', about: 'A minute, by what became of them.', unit: 'none', queries: [['delta(max by (what) (business_orders)[10m:1m]) / 10', '{{what}}']] }
      ]
    },
    {
      title: 'Money',
      charts: [
        { title: 'Revenue', about: 'Gross, of orders confirmed in the last hour; in units of the currency.', unit: 'none', kind: 'stat', queries: [['delta(max by (currency) (business_revenue)[1h:1m])', '{{currency}}']] },
        { title: 'Revenue an hour', about: 'Gross, of confirmed orders.', unit: 'none', queries: [['delta(max by (currency) (business_revenue)[1h:1m])', '{{currency}}']] },
        { title: 'Payments that differ', about: 'Payments of which the provider has other books. Must be 0.', unit: 'none', kind: 'stat', queries: [['max(payments_differing)', 'payments']] }
      ]
    },
    {
      title: 'Service',
      charts: [
        { title: 'Placed to confirmed', about: 'Orders confirmed in the last five minutes.', unit: 's', queries: [['max by (quantile) (saga_seconds)', 'p{{quantile}}']] },
        { title: 'Waiting for somebody', about: 'Orders that wait for their customer, for stock, or for a person who judges a risk.', unit: 'none', queries: [['max by (state) (saga_open{state=~"ActionRequired|BackOrdered|OnRiskReview"})', '{{state}}']] }
      ]
    }
  ]
}
