import { openClickHouse } from '../../sinks/index.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { saleSink } from '../support/sale-sink.ts'
import { sinkTasks } from '../support/sink-tasks.ts'

/** Where the sink of a worker reads and writes. */
export interface SinkWorkerOptions {
  readonly brokers: readonly string[]
  readonly clickhouseUrl: string
  readonly applicationId: string
}

/** The sink of sales as a process of its own: `node sink-worker.ts '{…}'`. Runs until it is killed. */
async function main ({ brokers, clickhouseUrl, applicationId }: SinkWorkerOptions): Promise<void> {
  const kafka = createKafkaJs({ brokers, clientId: 'sink' })
  await kafka.start()
  const node = saleSink(openClickHouse({ url: clickhouseUrl, requestTimeoutMs: 10_000 }))
  const tasks = sinkTasks({ kafka, applicationId, node }, { backoffMs: 50, maxBackoffMs: 500 })
  await Promise.all(tasks.map(async task => await task.run()))
  for (const task of tasks) process.stderr.write(`${JSON.stringify(task.status(), (_, value: unknown) => typeof value === 'bigint' ? String(value) : value)}\n`)
  process.exit(1)
}

if (import.meta.main) await main(JSON.parse(process.argv[2] ?? '') as SinkWorkerOptions)
