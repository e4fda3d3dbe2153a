export { defineTopic, type Cleanup, type TopicDef } from './topic.ts'
export { defineTopology, inputTopics, topicsOf, type SubTopology, type Topology } from './topology.ts'
export {
  defineGlobalTable, defineProcessor, defineStore, type EffectDef, type EffectOutcome, type EffectRow, type GlobalTableDef, type Handler, type InputDef,
  type KeyValueStore, type ProcessorContext, type ProcessorDef, type ReadSet, type RecordInfo, type Source, type StoreDef, type StoreOptions,
  type TimerInfo, type Timers
} from './processor.ts'
export { counterSerde, increment } from './state/counter.ts'
export { type KeyRange } from './state/key-range.ts'
export {
  createStateQuery, hasProcessed, type InputPosition, type NotReady, type PositionWait, type QueryAnswer, type RangeRequest, type ScanPage, type StateQuery
} from './state/query.ts'
export { defineSink, type FrozenRows, type PlannedRange, type SinkDef, type SinkTarget } from './sink/port.ts'
export { type FetchedRecord, headerText, NO_HEADERS, type OutgoingRecord, partitionKey, type RecordHeader, type TopicPartition } from './record.ts'
export { type Serde, type TypedValue } from './serde/serde.ts'
export { jsonSerde } from './serde/json.ts'
export { ensureError, isStreamsError, streamErrors, StreamsError, type Disposition, type StreamErrorCode } from './errors.ts'
export { type ExceptionHandlers, type FailureOrigin, type Verdict } from './handlers.ts'
export { compileOptions, type RuntimeOptions } from './options.ts'
export { type ChannelName, type ChannelPayloads, listen, type Logger, silentLogger } from './diagnostics.ts'
export { collectMetrics, type MetricDefinition, type Metrics, runtimeMetrics } from './metrics.ts'
export { type Clock } from './time/clock.ts'
export { systemClock } from './time/system-clock.ts'
export { type Kafka, type TopicSpec } from './kafka/port.ts'
export { murmur2, partitionOf } from './kafka/murmur2.ts'
export { type StateBackend } from './state/port.ts'
export { changelogNames, changelogTopic, decodeProgress, type Progress, taskKey, transactionalId } from './state/changelog.ts'
export { type ChangelogSettings, changelogTopics, type InitialiseOptions, type InitialiseReport, initialiseTasks, partitionsOf } from './runtime/initialise.ts'
export { type TaskRunner, type TaskState, type TaskStatus } from './runtime/runner.ts'
export { type AppState, type StreamsHealth, type StreamsOptions } from './runtime/app-options.ts'
export { createStreams, type Streams } from './runtime/app.ts'
export { describeNodes, describeTopology, type DescriptionFormat, type TopologyDescription } from './describe.ts'
export { DEAD_LETTER_HEADERS } from './runtime/dead-letter.ts'
export { uuidOf } from './runtime/identity.ts'
