export { analyticsQueries, type ExportFormat, type ExportName, exportedViews, exportStatement, type Period } from './clickhouse/analytics-queries.ts'
export { type ClickHouseClient, type ClickHouseOptions, ensureDatabase, openClickHouse } from './clickhouse/client.ts'
export { migrate, type MigrationReport } from './clickhouse/migrate.ts'
export { beginLimit, type NamedQuery, type QueryLimit, runQuery } from './clickhouse/named-query.ts'
export { queries } from './clickhouse/queries.ts'
export {
  type BucketCount, type BucketDifference, bucketCounts, bucketOf, bucketParameters, bucketStart, compareBuckets, type OffsetWindow
} from './clickhouse/reconcile.ts'
export { checksum, type EventDecoder } from './clickhouse/rows.ts'
export { type ClickHouseSinkOptions, createClickHouseSink, createClickHouseSinks, serdeDecoder } from './clickhouse/sink.ts'
export { type Bucket, TableRebuild } from './clickhouse/table-rebuild.ts'
export { type ClickHouseTargetOptions, createClickHouseTarget } from './clickhouse/target.ts'
export { SinkError, type SinkErrorCode, sinkErrors } from './errors.ts'
export { openSagaStates, orderFigures, orderOutcomes } from './clickhouse/order-figures.ts'
