import { type Board, quantiles, rate } from './panels.ts'

const requests = 'http_server_request_duration_seconds'
const chosen = '{processor=~"$processor"}'
const byProcessor = { name: 'processor', metric: 'pipeline_records_total' } as const

/** Rate, errors and duration of everything that somebody waits for: the first place to look. */
export const serviceOverview: Board = {
  uid: 'cs-service-overview',
  title: 'Commerce / Service overview',
  about: 'Rate, errors and duration of the API, of the pipeline behind it, and of the way to the analysts.',
  rows: [
    {
      title: 'API',
      charts: [
        { title: 'Requests', about: 'Answered requests a second.', unit: 'reqps', queries: [rate(`${requests}_count`, '', ['http_response_status_code'])] },
        {
          title: 'Errors',
          about: 'Share of the requests that were answered with 5xx.',
          unit: 'percentunit',
          queries: [[`sum(rate(${requests}_count{http_response_status_code=~"5.."}[5m])) / sum(rate(${requests}_count[5m]))`, '5xx']]
        },
        { title: 'Duration', about: 'From the first byte of a request to the last of its answer; requests that wait for a result included.', unit: 's', queries: quantiles(requests, '') }
      ]
    },
    {
      title: 'Pipeline',
      charts: [
        { title: 'Records', about: 'Inputs a second whose results count.', unit: 'ops', queries: [rate('pipeline_records_total', '')] },
        {
          title: 'Errors',
          about: 'Dead letters, and transactions that ended otherwise than by a commit, a second.',
          unit: 'ops',
          queries: [rate('pipeline_dlq_total', '', ['reason']), rate('pipeline_txn_total', '{result!="commit"}', ['result'])]
        },
        { title: 'Duration', about: 'Append of the oldest input of a transaction to its commit.', unit: 's', queries: quantiles('pipeline_record_e2e_seconds', '') }
      ]
    },
    {
      title: 'Analytics',
      charts: [
        { title: 'Rows', about: 'Rows a second that landed in ClickHouse.', unit: 'ops', queries: [rate('sink_rows_total', '')] },
        { title: 'Errors', about: 'Calls to ClickHouse that failed, a second: they are repeated.', unit: 'ops', queries: [rate('sink_troubles_total', '', ['topic'])] },
        { title: 'Duration', about: 'Append of a record to the moment it can be queried.', unit: 's', queries: quantiles('sink_freshness_seconds', '') }
      ]
    },
    {
      title: 'Laws',
      charts: [
        { title: 'Violations', about: 'Violations of conservation laws ever found. Anything but 0 is a page.', unit: 'none', kind: 'stat', queries: [['max by (law) (audit_violations)', '{{law}}']] },
        { title: 'Processes', about: 'Applications by the state they are in.', unit: 'none', kind: 'stat', queries: [['sum by (state) (pipeline_state)', '{{state}}']] }
      ]
    }
  ]
}

/** How an order goes through the processors, one line each. */
export const orderPipeline: Board = {
  uid: 'cs-order-pipeline',
  title: 'Commerce / Order pipeline',
  about: 'Every processor on the way of an order: what it takes in, how long it needs, what it writes.',
  variable: byProcessor,
  rows: [
    {
      title: 'Flow',
      charts: [
        { title: 'Records in', about: 'Inputs a second, by processor.', unit: 'ops', queries: [rate('pipeline_records_total', chosen, ['processor'])] },
        { title: 'Records out', about: 'Records written a second, dead letters included.', unit: 'ops', queries: [rate('pipeline_outputs_total', chosen, ['processor'])] },
        { title: 'Passed over', about: 'Records of types that nobody here handles.', unit: 'ops', queries: [rate('pipeline_passed_total', chosen, ['processor'])] }
      ]
    },
    {
      title: 'Time',
      charts: [
        { title: 'Append to commit', about: 'Age of the oldest input of a transaction when it is committed.', unit: 's', queries: quantiles('pipeline_record_e2e_seconds', '{node=~"$processor"}', ['node']) },
        { title: 'Process', about: 'Reading state and running handlers, a cycle.', unit: 's', queries: quantiles('pipeline_process_seconds', chosen, ['processor']) },
        { title: 'Commit', about: 'First request to known commit.', unit: 's', queries: quantiles('pipeline_txn_commit_seconds', chosen, ['processor']) }
      ]
    },
    {
      title: 'Other ends',
      charts: [
        { title: 'Dead letters', about: 'By reason, a second.', unit: 'ops', queries: [rate('pipeline_dlq_total', chosen, ['processor', 'reason'])] },
        { title: 'Diverted', about: 'Inputs that wait, are tried again, are forwarded or were handled before.', unit: 'ops', queries: [rate('pipeline_diverted_total', chosen, ['processor', 'how'])] },
        { title: 'Calls to the outside', about: 'Calls of effects by outcome.', unit: 'ops', queries: [rate('pipeline_effect_calls_total', chosen, ['effect', 'outcome'])] },
        { title: 'Duration of calls', about: 'One call of an effect: payment provider, carrier, mail.', unit: 's', queries: quantiles('pipeline_effect_seconds', chosen, ['effect']) }
      ]
    }
  ]
}

/** Tasks: who runs what, and what a restart costs. */
export const streamTasks: Board = {
  uid: 'cs-stream-tasks',
  title: 'Commerce / Stream tasks',
  about: 'The tasks of the runtime: their states, transactions, assignments and restores.',
  variable: byProcessor,
  rows: [
    {
      title: 'States',
      charts: [
        { title: 'Tasks by state', about: 'Running is good; failed needs somebody.', unit: 'none', queries: [[`sum by (state) (pipeline_task_state${chosen})`, '{{state}}']] },
        { title: 'Tasks owned', about: 'Tasks assigned to each process.', unit: 'none', queries: [['pipeline_tasks_owned', '{{instance}}']] },
        { title: 'Rebalance', about: 'An assignment that gives a process tasks, until all of them run.', unit: 's', queries: quantiles('pipeline_rebalance_seconds', '') },
        { title: 'Assignments', about: 'Assignments received a second, and tasks that they moved.', unit: 'ops', queries: [rate('pipeline_assignments_total', ''), rate('pipeline_tasks_moved_total', '', ['how'])] }
      ]
    },
    {
      title: 'Transactions',
      charts: [
        { title: 'Transactions', about: 'By how they ended.', unit: 'ops', queries: [rate('pipeline_txn_total', chosen, ['processor', 'result'])] },
        { title: 'Cycles taken back', about: 'Before anything was sent.', unit: 'ops', queries: [rate('pipeline_cycles_dropped_total', chosen, ['processor', 'reason'])] },
        { title: 'Timers fired', about: 'A second.', unit: 'ops', queries: [rate('pipeline_timers_fired_total', chosen, ['processor'])] }
      ]
    },
    {
      title: 'Acquire and restore',
      charts: [
        { title: 'Acquires', about: 'By result.', unit: 'ops', queries: [rate('pipeline_acquire_total', chosen, ['processor', 'result'])] },
        { title: 'Duration of an Acquire', about: 'Heartbeat to running.', unit: 's', queries: quantiles('pipeline_acquire_seconds', chosen, ['processor']) },
        { title: 'Still to restore', about: 'Changelog offsets to replay.', unit: 'none', queries: [[`sum by (processor) (pipeline_restore_remaining_records${chosen})`, '{{processor}}']] },
        { title: 'States rebuilt', about: 'From nothing, by reason.', unit: 'none', queries: [[`sum by (processor, reason) (increase(pipeline_state_rebuilt_total${chosen}[1h]))`, '{{processor}} {{reason}}']] }
      ]
    }
  ]
}

/** What waits where. */
export const topicsAndLag: Board = {
  uid: 'cs-topics-and-lag',
  title: 'Commerce / Topics and lag',
  about: 'What waits in the topics, for how long, and who holds it up.',
  variable: byProcessor,
  rows: [
    {
      title: 'Lag',
      charts: [
        { title: 'Records that wait', about: 'Offsets in the inputs, by processor.', unit: 'none', queries: [[`sum by (processor) (pipeline_consumer_lag_records${chosen})`, '{{processor}}']] },
        { title: 'Oldest record', about: 'Age of the oldest record of the last cycle, the worst task.', unit: 's', queries: [[`max by (processor) (pipeline_consumer_lag_seconds${chosen})`, '{{processor}}']] },
        { title: 'Worst tasks', about: 'The ten tasks with most to do.', unit: 'none', queries: [[`topk(10, pipeline_consumer_lag_records${chosen})`, '{{processor}}-{{partition}}']] }
      ]
    },
    {
      title: 'What holds records up',
      charts: [
        { title: 'Open transactions', about: 'How long an open transaction has held back the readers of a partition.', unit: 's', queries: [['max by (topic) (pipeline_partition_held_seconds)', '{{topic}}']] },
        { title: 'Parked keys', about: 'Keys whose inputs wait.', unit: 'none', queries: [[`sum by (processor) (pipeline_parked_keys${chosen})`, '{{processor}}']] },
        { title: 'Heads of parked keys', about: 'dead: an operator decides. retrying: by itself.', unit: 'none', queries: [[`sum by (processor, state) (pipeline_parked_heads${chosen})`, '{{processor}} {{state}}']] },
        { title: 'Behind parked keys', about: 'Inputs that wait behind them.', unit: 'none', queries: [[`sum by (processor) (pipeline_parked_waiting_records${chosen})`, '{{processor}}']] }
      ]
    },
    {
      title: 'Global tables',
      charts: [
        { title: 'Behind', about: 'Offsets that a table is behind its topic.', unit: 'none', queries: [['max by (table) (pipeline_global_lag_records)', '{{table}}']] },
        { title: 'Rows', about: 'Rows in memory.', unit: 'none', queries: [['max by (table) (pipeline_global_rows)', '{{table}}']] },
        { title: 'Memory', about: 'Bytes of a table.', unit: 'bytes', queries: [['max by (table) (pipeline_global_bytes)', '{{table}}']] },
        { title: 'Unreadable', about: 'Records that do not decode and so are in no table.', unit: 'ops', queries: [rate('pipeline_global_unreadable_total', '', ['table'])] }
      ]
    }
  ]
}
