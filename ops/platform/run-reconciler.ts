import { type Clock, type Logger, type Metrics, type OutgoingRecord } from '#streams'
import { type BucketDifference, bucketCounts, bucketParameters, bucketStart, runQuery } from '../../sinks/index.ts'
import { applicationId } from '../../topology/index.ts'
import { type Platform } from './connect.ts'
import { keepLooking } from './keep-looking.ts'
import { Reconciler, bucketName } from './reconcile.ts'
import { createAnalyticsSinks } from './topology.ts'
import { violationRecord } from './violation-record.ts'

export interface RunReconcilerOptions {
  readonly platform: Pick<Platform, 'kafka' | 'clickhouse'>
  readonly metrics: Metrics
  readonly logger: Logger
  readonly clock: Clock
  /** Pause between two looks, ms; 0 = never look. */
  readonly everyMs: number
}

/**
 * Holds ClickHouse against the topics every `everyMs`. A difference that two looks in a row find is a violation of the law of counts
 * on audit.invariants, a log line and a gauge. A look that cannot be made is a warning: the next one is made as usual.
 *
 * Several processes may do so at once: they tell the same violation under the same event id.
 */
export function startReconciler ({ platform, metrics, logger, clock, everyMs }: RunReconcilerOptions): { close (): Promise<void> } {
  if (everyMs === 0) return { close: async () => {} }
  const sinks = createAnalyticsSinks(platform)
  const reconciler = new Reconciler({
    kafka: platform.kafka,
    applicationId,
    sinks,
    countRows: async (topic, windows) => await runQuery(platform.clickhouse, bucketCounts, bucketParameters(topic, windows))
  })
  const differing = metrics.gauge({ name: 'reconcile_differing_buckets', help: 'Offset buckets in which ClickHouse does not hold what the topic holds.', labels: ['topic'] })
  const lookedAt = metrics.gauge({ name: 'reconcile_last_look_seconds', help: 'When ClickHouse was last held against the topics, epoch seconds.', labels: [] })
  const look = async (closing: AbortSignal): Promise<void> => {
    const { differences, confirmed } = await reconciler.look(closing)
    for (const { name: topic } of sinks.flatMap(sink => sink.topics)) differing.set({ topic }, differences.filter(({ log }) => log.topic === topic).length)
    lookedAt.set({}, clock.now() / 1000)
    for (const difference of confirmed) {
      logger.error({ bucket: bucketName(difference), log: difference.log, table: difference.table }, 'analytics do not hold what the topic holds')
      await platform.kafka.producer().send([violationOf(difference, clock.now())])
      reconciler.told(difference)
    }
  }
  return keepLooking({
    clock,
    logger,
    firstAfterMs: 0,
    everyMs,
    // A query may take its time: whoever closes does not wait for it.
    look: async (closing, closed) => { await Promise.race([look(closing), closed]) },
    failed: 'analytics could not be held against the topics'
  })
}

/** The violation as a record; its id follows from what it says, so that the same one told twice is known as such. */
export function violationOf (difference: BucketDifference, nowMs: number): OutgoingRecord {
  const { log, table } = difference
  const { topic, partition, bucket } = log
  const subject = `${topic}-${partition}`
  const expected = `${log.rows} records, checksum ${log.checksum}`
  const actual = `${table.rows} rows, ${table.distinct} different ones, checksum ${table.checksum}`
  const identity = `reconcile\n${bucketName(difference)}\n${table.rows - log.rows}\n${table.distinct - log.distinct}\n${table.checksum - log.checksum}`
  const message = `ClickHouse does not hold what the topic holds in offset bucket ${bucket}`
  return violationRecord({ law: 'counts', subject, message, expected, actual, topic, partition, offset: Number(bucketStart(bucket)) }, identity, nowMs)
}
