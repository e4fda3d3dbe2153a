import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, ParentBasedSampler, type SpanExporter, type SpanProcessor, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions/incubating'
import { applicationId } from '../../topology/codec.ts'
import { topics } from '../../topology/topics.ts'
import { type TelemetrySettings } from '../telemetry-settings.ts'
import { watchExports } from './export-watch.ts'
import { traceRequests } from './http-spans.ts'
import { traceSends } from './send-spans.ts'
import { traceSink } from './sink-spans.ts'
import { traceTasks } from './task-spans.ts'

/** Spans that wait for the collector at most; beyond it they are dropped, and nothing waits for them. */
const MAX_QUEUED = 8192
const MAX_BATCH = 512
const EXPORT_EVERY_MS = 1000
/** How long the collector may take for one export, and all of them at the end, ms. */
const EXPORT_TIMEOUT_MS = 5000

export interface TracingOptions extends TelemetrySettings {
  /** Names this process among those of the service. */
  readonly instance: string
  /** Told when spans cannot be exported (the error), and when they can again (undefined). */
  readonly onExport?: (error: Error | undefined) => void
  /** @default batches over OTLP, HTTP, JSON */
  readonly processor?: SpanProcessor
}

/** What is traced until it is closed. */
export interface Tracing {
  /** Traces nothing more, and sends what waits, for as long as one export may take. Never rejects. */
  close (): Promise<void>
}

/**
 * Begins to listen to the channels of the process and makes spans of what it hears, from HTTP to ClickHouse. Exactly the traces are kept that
 * somebody before us decided to keep, and of those that begin here the given share.
 *
 * Guarantee: a collector that is slow or away costs spans, and nothing else.
 */
export function startTracing (options: TracingOptions): Tracing {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: options.serviceName, [ATTR_SERVICE_INSTANCE_ID]: options.instance }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.ratio) }),
    spanProcessors: [options.processor ?? batches(options)]
  })
  const tracer = provider.getTracer('commerce-streams')
  const requests = traceRequests(tracer)
  const compensations: ReadonlySet<string> = new Set(Object.values(topics.compensations).map(topic => topic.name))
  const stops = [
    requests.stop,
    traceSends(tracer, requests.stateOf),
    traceTasks({ tracer, group: applicationId, isCompensation: topic => compensations.has(topic) }),
    traceSink(tracer)
  ]
  return {
    close: async () => {
      for (const stop of stops) stop()
      await atMost(EXPORT_TIMEOUT_MS, provider.shutdown())
    }
  }
}

function batches ({ endpoint, headers, onExport = () => {} }: TracingOptions): SpanProcessor {
  const exporter: SpanExporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, headers: { ...headers }, timeoutMillis: EXPORT_TIMEOUT_MS })
  return new BatchSpanProcessor({
    exporter: watchExports(exporter, onExport),
    maxQueueSize: MAX_QUEUED,
    maxExportBatchSize: MAX_BATCH,
    scheduledDelayMillis: EXPORT_EVERY_MS,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS
  })
}

async function atMost (waitMs: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, waitMs)
  work.then(resolve, resolve)
  await promise
  clearTimeout(timer)
}
