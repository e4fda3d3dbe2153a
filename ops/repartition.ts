import { type OutgoingRecord } from '#streams'
import { createKafkaJs } from '../streams/kafka/kafkajs/index.ts'
import { createConfluentRegistry } from '../streams/serde/confluent-registry.ts'
import { allTopics, bindRegistry, createHttpGateway, createTopology, deadLetterTopics, guardGateway, partitions, topics } from '../topology/index.ts'
import { initialRoutes } from '../topology/webhooks/routes.ts'
import { routesStore } from '../topology/webhooks/stores.ts'
import { fail, readOptions } from './command-line.ts'
import { type Config, loadConfig } from './config.ts'
import { OpsError } from './errors.ts'
import { kafkaOptions } from './platform/kafka.ts'
import { toRecord } from './play/commands.ts'
import { type LocalLogs, openLocalLogs } from './repartition/local-logs.ts'
import { type Derived } from './repartition/plan.ts'
import { discardTarget } from './repartition/prepare-target.ts'
import { repartition } from './repartition/repartition.ts'
import { localEndpoints } from './stack/local.ts'

const usage = `npm run repartition -- --from DIR --data-dir DIR [--discard]
npm run repartition -- --from-brokers HOST:PORT,… [--discard]

Makes a log with as many partitions as this release declares (topology/partitions.ts) out of the log of a platform at rest, in a new place: a new data folder,
or the brokers of COMMERCE_BROKERS. The old one is only read. Cut short, give it again: it goes on. Everything is compared before the new log
can be used. The way back: start the old release where it was; --discard takes the new log away, unless a task has run on it.
`
const tell = (line: string): void => { process.stdout.write(`${line}\n`) }

/** Whom events are told to, as one row a task: written anew for the tasks that there are now. */
const derived = new Map<string, Derived>([['webhooks/routes', {
  topic: topics.webhooks.routes.name,
  record: async (partition, value) => {
    if (value === null) return toRecord(topics.webhooks.routes, String(partition), { type: 'WebhookRoutes', partition, routes: [] })
    await routesStore.value.prepare?.(value)
    return toRecord(topics.webhooks.routes, String(partition), routesStore.value.decode(value))
  }
}]])

interface Logs extends Pick<LocalLogs, 'sourceBrokers' | 'targetBrokers' | 'endpoints' | 'close'> { readonly old: Config }

async function openLogs (config: Config, from: string | undefined, fromBrokers: string | undefined): Promise<Logs> {
  if (from !== undefined && fromBrokers === undefined) return await openLocalLogs(from, config, tell)
  const { brokers: targetBrokers, registryUrl = localEndpoints(config).registryUrl } = config.external
  if (fromBrokers === undefined || from !== undefined || targetBrokers === undefined) {
    throw new OpsError('OPS_OPTION_INVALID', { problem: 'name the old log by --from DIR, or by --from-brokers and the new one by COMMERCE_BROKERS' })
  }
  return { old: config, sourceBrokers: fromBrokers.split(','), targetBrokers, endpoints: { registryUrl }, close: async () => {} }
}

async function main (config: Config, logs: Logs, isDiscard: boolean, signal: AbortSignal): Promise<void> {
  const [source, target] = [createKafkaJs(await kafkaOptions(logs.old, logs.sourceBrokers, 'admin')), createKafkaJs(await kafkaOptions(config, logs.targetBrokers, 'admin'))]
  try {
    await Promise.all([source.start(), target.start()])
    const topology = createTopology({ payments: { gateway: guardGateway(createHttpGateway({ url: localEndpoints(config).gatewayUrl })) } })
    const nodes = topology.nodes.filter(node => node.kind === 'processor')
    const everything = [...allTopics, ...deadLetterTopics]
    if (isDiscard) return tell(`${await discardTarget({ target, topology, topics: everything, nodes })} topics are gone; the old log is as it was`)
    await bindRegistry(createConfluentRegistry({ url: logs.endpoints.registryUrl }))
    const initial = initialRoutes.map((row): OutgoingRecord => toRecord(topics.webhooks.routes, String(row.partition), row))
    const done = await repartition({ source, target, topology, topics: everything, derived, initial, report: tell, signal })
    tell(done === undefined
      ? 'the new log was finished before: nothing was changed'
      : `${done.records} records and ${done.rows} rows are the same, ${done.tasks} tasks can start: the new log has ${partitions} partitions`)
  } finally {
    await Promise.all([source.close(), target.close()])
  }
}

if (import.meta.main) {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { stop.abort(new Error(`ended by ${signal}: give the command again, it goes on`)) })
  try {
    const { values } = readOptions({
      options: { from: { type: 'string' }, 'from-brokers': { type: 'string' }, 'data-dir': { type: 'string' }, discard: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } }
    })
    if (values.help === true) {
      process.stdout.write(usage)
    } else {
      const config = loadConfig({ overrides: { COMMERCE_DATA_DIR: values['data-dir'] } })
      const logs = await openLogs(config, values.from, values['from-brokers'])
      try {
        await main(config, logs, values.discard, stop.signal)
      } finally {
        await logs.close()
      }
    }
  } catch (error) {
    fail(error)
  }
}
