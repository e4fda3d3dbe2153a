import { type Test } from 'tap'
import { type Span } from '@opentelemetry/api'
import { InMemorySpanExporter, ParentBasedSampler, type ReadableSpan, SimpleSpanProcessor, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import { defineProcessor, type EffectDef, jsonSerde, type ProcessorDef, type RecordHeader } from '../../../streams/index.ts'
import { traceSends } from '../../../ops/telemetry/send-spans.ts'
import { traceTasks } from '../../../ops/telemetry/task-spans.ts'
import { topic } from '../../streams/runtime/counting.ts'

export interface Step { readonly type: 'Place' | 'Pay' | 'Declined' | 'Release' | 'Released' | 'Later', readonly orderId: string }

export const orders = topic<Step>('orders')
export const payments = topic<Step>('payments')
export const replies = topic<Step>('replies')
export const undo = topic<Step>('undo')
export const undone = topic<Step>('undone')

/** What arrives at its end; `answer`: what the bank says when it is asked. */
export function saga (answer: EffectDef['call']): readonly ProcessorDef[] {
  const charge: EffectDef<object> = {
    name: 'charge',
    request: jsonSerde<object>(),
    keyLifeMs: 86_400_000,
    policy: 'at-most-once',
    call: answer,
    finish: (context, { key }) => { context.emit(replies, { key, value: { type: 'Declined', orderId: key } }) }
  }
  return [
    defineProcessor<Step>({
      name: 'orders',
      inputs: [orders, replies],
      outputs: [payments, undo],
      handlers: {
        Place: (context, _, { key }) => { context.emit(payments, { key, value: { type: 'Pay', orderId: key } }) },
        Declined: (context, _, { key }) => { context.emit(undo, { key, value: { type: 'Release', orderId: key } }) },
        Later: (context, _, { key }) => { context.timers.set(key, context.nowMs + 1000) }
      },
      onTimer: (context, { key }) => { context.emit(payments, { key, value: { type: 'Pay', orderId: key } }) }
    }),
    defineProcessor<Step>({
      name: 'payments',
      inputs: [payments],
      outputs: [replies],
      effects: [charge],
      handlers: { Pay: (context, { orderId }, { key }) => { context.startEffect(charge, { key, idempotencyKey: key, request: { orderId } }) } }
    }),
    defineProcessor<Step>({
      name: 'stock',
      inputs: [{ topic: undo, compensates: true }],
      outputs: [undone],
      handlers: { Release: (context, _, { key }) => { context.emit(undone, { key, value: { type: 'Released', orderId: key } }) } }
    })
  ]
}

/** Everything that is traced in this process until the test ends. */
export function traceAll (t: Test, { ratio = 1 }: { readonly ratio?: number } = {}) {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }), spanProcessors: [new SimpleSpanProcessor({ exporter })]
  })
  const tracer = provider.getTracer('test')
  const stops = [traceSends(tracer, () => undefined), traceTasks({ tracer, group: 'driver', isCompensation: name => name === undo.name })]
  const stop = (): void => { for (const each of stops) each() }
  t.teardown(stop)
  return {
    tracer,
    stop,
    spans: (): readonly ReadableSpan[] => exporter.getFinishedSpans(),
    /** The one span of that name. */
    span: (name: string): ReadableSpan => {
      const found = exporter.getFinishedSpans().filter(span => span.name === name)
      if (found.length !== 1) throw new Error(`${found.length} spans are called ${name}: ${exporter.getFinishedSpans().map(span => span.name).join(', ')}`)
      return found[0] as ReadableSpan
    }
  }
}

/** Headers of a record that a client sent with its own context. */
export function sampledHeaders (span: Span): readonly RecordHeader[] {
  const { traceId, spanId } = span.spanContext()
  return [['traceparent', Buffer.from(`00-${traceId}-${spanId}-01`)]]
}
