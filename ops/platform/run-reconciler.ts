import { type Clock, type Logger, type Metrics, NO_HEADERS, type OutgoingRecord, ensureError, partitionOf, uuidOf } from '#streams'
import { type BucketDifference, bucketCounts, bucketParameters, bucketStart, runQuery } from '../../sinks/index.ts'
import { applicationId, defaultTenant, topics } from '../../topology/index.ts'
import { type Platform } from './connect.ts'
import { Reconciler, bucketName } from './reconcile.ts'
import { createAnalyticsSinks } from './topology.ts'

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
  const closing = new AbortController()
  const look = async (): Promise<void> => {
    const { differences, confirmed } = await reconciler.look(closing.signal)
    for (const { name: topic } of sinks.flatMap(sink => sink.topics)) differing.set({ topic }, differences.filter(({ log }) => log.topic === topic).length)
    lookedAt.set({}, clock.now() / 1000)
    for (const difference of confirmed) {
      logger.error({ bucket: bucketName(difference), log: difference.log, table: difference.table }, 'analytics do not hold what the topic holds')
      await platform.kafka.producer().send([violationOf(difference, clock.now())])
      reconciler.told(difference)
    }
  }
  const closed = Promise.withResolvers<void>()
  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const looked = look().catch(error => { if (!closing.signal.aborted) logger.warn({ err: ensureError(error) }, 'analytics could not be held against the topics') })
      // A query may take its time: whoever closes does not wait for it.
      await Promise.race([looked, closed.promise])
      await clock.sleep(everyMs, closing.signal).catch(() => {})
    }
  }
  const running = run()
  return {
    close: async () => {
      closing.abort(new Error('the reconciler is closed'))
      closed.resolve()
      await running
    }
  }
}

/** The violation as a record; its id follows from what it says, so that the same one told twice is known as such. */
export function violationOf (difference: BucketDifference, nowMs: number): OutgoingRecord {
  const { log, table } = difference
  const { topic, partition, bucket } = log
  const subject = `${topic}-${partition}`
  const expected = `${log.rows} records, checksum ${log.checksum}`
  const actual = `${table.rows} rows, ${table.distinct} different ones, checksum ${table.checksum}`
  const eventId = uuidOf(`reconcile\n${bucketName(difference)}\n${table.rows - log.rows}\n${table.distinct - log.distinct}\n${table.checksum - log.checksum}`)
  const key = Buffer.from(subject)
  const invariants = topics.audit.invariants
  return {
    topic: invariants.name,
    partition: partitionOf(key, invariants.partitions),
    key,
    value: invariants.value.encode({
      type: 'InvariantViolated',
      meta: { eventId, occurredAt: nowMs, correlationId: eventId, causationId: '', aggregateVersion: 0, tenant: defaultTenant },
      law: 'counts',
      subject,
      message: `ClickHouse does not hold what the topic holds in offset bucket ${bucket}`,
      expected,
      actual,
      topic,
      partition,
      offset: Number(bucketStart(bucket))
    }),
    headers: NO_HEADERS
  }
}
