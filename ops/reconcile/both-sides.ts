import { randomUUID } from 'node:crypto'
import { type Kafka, type SinkDef } from '#streams'
import { type ClickHouseClient, TableRebuild, bucketCounts, bucketParameters, openClickHouse, runQuery, serdeDecoder } from '../../sinks/index.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { createConfluentRegistry } from '../../streams/serde/confluent-registry.ts'
import { bindRegistry } from '../../topology/codec.ts'
import { applicationId } from '../../topology/index.ts'
import { loadConfig } from '../config.ts'
import { kafkaOptions } from '../platform/kafka.ts'
import { type RebuildOptions, rebuildBuckets } from '../platform/rebuild.ts'
import { type WholeLook, reconcileOnce } from '../platform/reconcile-once.ts'
import { createAnalyticsSinks } from '../platform/topology.ts'
import { localEndpoints } from '../stack/local.ts'

/** The log and ClickHouse of the running platform, for a command that holds them against each other. */
export interface BothSides {
  readonly kafka: Kafka
  readonly clickhouse: ClickHouseClient
  readonly sinks: readonly SinkDef[]
  /** Compares everything once. */
  look (): Promise<WholeLook>
  /** Makes the rows of these buckets anew from the log. Returns the rows that were put in place. */
  rebuild (buckets: (table: TableRebuild) => Promise<Parameters<typeof rebuildBuckets>[1]>): Promise<number>
  close (): Promise<void>
}

/** Connects to both sides; `tell` is given a line for each topic that was compared and each bucket that was put in place. */
export async function openBothSides (tell: (line: string) => void): Promise<BothSides> {
  const config = loadConfig()
  const { brokers, registryUrl, clickhouseUrl } = { ...localEndpoints(config), ...config.external }
  const { user, password, database } = config.clickhouse
  const kafka = createKafkaJs(await kafkaOptions(config, brokers, 'admin'))
  const clickhouse = openClickHouse({ url: clickhouseUrl, username: user, password, database })
  const sinks = createAnalyticsSinks({ clickhouse })
  const { signal } = new AbortController()
  const close = async (): Promise<void> => { await Promise.all([kafka.close(), clickhouse.close()]) }
  try {
    await kafka.start()
  } catch (error) {
    await close()
    throw error
  }
  return {
    kafka,
    clickhouse,
    sinks,
    close,
    look: async () => await reconcileOnce({
      kafka,
      applicationId,
      sinks,
      countRows: async (topic, windows) => await runQuery(clickhouse, bucketCounts, bucketParameters(topic, windows)),
      signal,
      onTopic: (topic, count) => { tell(`${topic}: ${count} records`) }
    }),
    rebuild: async bucketsOf => {
      await bindRegistry(createConfluentRegistry({ url: registryUrl }))
      const table = new TableRebuild(clickhouse, serdeDecoder(sinks.flatMap(({ topics }) => topics)), randomUUID().replaceAll('-', ''))
      const onPlace: RebuildOptions['onPlace'] = ({ partition, bucket }, rows) => { tell(`partition ${partition}, bucket ${bucket}: ${rows} rows put in place`) }
      return await rebuildBuckets({ kafka, applicationId, sinks, table, signal, onPlace }, await bucketsOf(table))
    }
  }
}
