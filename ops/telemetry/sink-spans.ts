import { SpanKind, type SpanContext, type Tracer } from '@opentelemetry/api'
import { listen } from '../../streams/diagnostics.ts'
import { type FetchedRecord } from '../../streams/record.ts'
import { attribute, messagingAttributes } from './names.ts'
import { MAX_LINKS } from './task-spans.ts'
import { childOf, contextOf, isSampled } from './trace-context.ts'

/**
 * One span for each range of rows that landed in ClickHouse with a record of a sampled trace in it, from its first insert to the proof or the
 * answer: a child of the first of these records, linked to the others.
 */
export function traceSink (tracer: Tracer): () => void {
  return listen('streams:sink:landed', ({ processor, partition, tookMs, ranges }) => {
    for (const records of ranges) {
      const [first, ...others] = sampledOf(records)
      const { topic } = records[0] ?? {}
      if (first === undefined || topic === undefined) continue
      tracer.startSpan(`insert ${topic}`, {
        kind: SpanKind.CLIENT,
        startTime: Date.now() - tookMs,
        links: others.map(context => ({ context })),
        attributes: {
          ...messagingAttributes('process', topic, partition),
          [attribute.processor]: processor,
          [attribute.dbSystem]: 'clickhouse',
          [attribute.dbOperation]: 'INSERT',
          [attribute.rows]: records.length
        }
      }, childOf(first)).end()
    }
  })
}

function sampledOf (records: readonly FetchedRecord[]): readonly SpanContext[] {
  const found = new Map<string, SpanContext>()
  for (const { headers } of records) {
    const context = contextOf(headers)
    if (isSampled(context) && !found.has(context.spanId)) found.set(context.spanId, context)
    if (found.size > MAX_LINKS) break
  }
  return [...found.values()]
}
