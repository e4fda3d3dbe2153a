import { ROOT_CONTEXT, type Span, SpanKind, type SpanContext, type Tracer, type TraceState } from '@opentelemetry/api'
import { listen, type PlainSend } from '../../streams/diagnostics.ts'
import { type OutgoingRecord } from '../../streams/record.ts'
import { messagingAttributes } from './names.ts'
import { endWith } from './span-end.ts'
import { childOf, contextOf, headersOf, isSampled } from './trace-context.ts'

/**
 * One span for each record that a plain producer sends, from the moment it is handed over to its acknowledgement; its context goes into the
 * record. A record without a context begins a trace here, as often as the sampler says.
 */
export function traceSends (tracer: Tracer, stateOf: (spanId: string) => TraceState | undefined): () => void {
  const open = new WeakMap<PlainSend, Span[]>()

  function begin (record: OutgoingRecord, spans: Span[]): OutgoingRecord {
    const parent = withState(contextOf(record.headers))
    if (parent !== undefined && !isSampled(parent)) return record
    const { topic, partition } = record
    const span = tracer.startSpan(`send ${topic}`, {
      kind: SpanKind.PRODUCER, attributes: messagingAttributes('send', topic, partition)
    }, parent === undefined ? ROOT_CONTEXT : childOf(parent))
    if (!span.isRecording()) return record
    spans.push(span)
    const others = record.headers.filter(([name]) => name !== 'traceparent' && name !== 'tracestate')
    return { ...record, headers: [...others, ...headersOf(span.spanContext())] }
  }

  function withState (context: SpanContext | undefined): SpanContext | undefined {
    const traceState = context === undefined ? undefined : context.traceState ?? stateOf(context.spanId)
    return context === undefined || traceState === undefined ? context : { ...context, traceState }
  }

  const ends = [
    listen('streams:send:begun', ({ send }) => {
      const spans: Span[] = []
      send.records = send.records.map(record => begin(record, spans))
      if (spans.length > 0) open.set(send, spans)
    }),
    listen('streams:send:ended', ({ send, error }) => {
      for (const span of open.get(send) ?? []) endWith(span, error)
    })
  ]
  return () => { for (const end of ends) end() }
}
