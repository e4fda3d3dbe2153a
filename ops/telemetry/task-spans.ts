import { type Attributes, type Link, ROOT_CONTEXT, type Span, type SpanContext, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api'
import { type ChannelName, type ChannelPayloads, listen } from '../../streams/diagnostics.ts'
import { type Source } from '../../streams/processor.ts'
import { attribute, messagingAttributes } from './names.ts'
import { endWith } from './span-end.ts'
import { causeOf, childOf, contextOf, headersOf, isSampled, nextCause } from './trace-context.ts'

/** Links of one span at most. @source the default of OpenTelemetry's span limits */
export const MAX_LINKS = 128

export interface TaskTraceOptions {
  readonly tracer: Tracer
  /** Consumer group of the tasks. */
  readonly group: string
  /** True for topics whose records undo something. */
  readonly isCompensation: (topic: string) => boolean
}

interface Running { readonly span: Span, readonly processor: string }

/**
 * The spans of processors: `process` for every input that is part of a sampled trace, `commit` for the transaction that makes its results
 * count, `call` for every call of an effect. A timer has no trace behind it: it begins one, as often as the sampler says.
 *
 * A commit is of many inputs: it is a child of the first one's span, and linked to the others'.
 */
export function traceTasks ({ tracer, group, isCompensation }: TaskTraceOptions): () => void {
  let running: Running | undefined
  /** Spans that were processed and not committed, by task. */
  const uncommitted = new Map<string, SpanContext[]>()
  const ends: Array<() => void> = []
  const on = <Name extends ChannelName>(name: Name, listener: (payload: ChannelPayloads[Name]) => void): void => { ends.push(listen(name, listener)) }

  on('streams:input:begun', ({ processor, partition, source, carrier }) => {
    running = undefined
    const parent = contextOf(carrier.trace)
    if (parent === undefined ? !beginsTrace(source) : !isSampled(parent)) return
    const isUndoing = source.kind === 'record' && isCompensation(source.topic)
    const cause = parent === undefined || !isUndoing ? undefined : causeOf(parent)
    const links: Link[] = parent === undefined || cause === undefined
      ? []
      : [{ context: { ...parent, spanId: cause.spanId }, attributes: { [attribute.link]: 'failed step' } }]
    const span = tracer.startSpan(nameOf(source), {
      kind: source.kind === 'record' ? SpanKind.CONSUMER : SpanKind.INTERNAL, links, attributes: { [attribute.processor]: processor, ...attributesOf(source, partition, group) }
    }, parent === undefined ? ROOT_CONTEXT : childOf(parent))
    if (!span.isRecording()) return
    running = { span, processor }
    carrier.trace = headersOf(span.spanContext(), parent === undefined ? undefined : nextCause(parent, isUndoing))
  })

  on('streams:input:ended', ({ processor, partition, how, value, error }) => {
    const ended = running
    running = undefined
    // An input that runs again gets its span then.
    if (ended === undefined || how === 'again') return
    ended.span.setAttributes(subjectOf(value))
    endWith(ended.span, error)
    const waiting = uncommitted.get(taskOf(processor, partition))
    if (waiting === undefined) uncommitted.set(taskOf(processor, partition), [ended.span.spanContext()])
    else if (waiting.length < MAX_LINKS) waiting.push(ended.span.spanContext())
  })

  function commit (processor: string, partition: number, tookMs: number, records: number, error: Error | undefined): void {
    const waiting = uncommitted.get(taskOf(processor, partition))
    if (waiting === undefined) return
    uncommitted.delete(taskOf(processor, partition))
    const [first, ...others] = waiting
    if (first === undefined) return
    endWith(tracer.startSpan(`commit ${processor}`, {
      kind: SpanKind.CLIENT,
      startTime: Date.now() - tookMs,
      links: others.map(context => ({ context })),
      attributes: { ...messagingAttributes('commit', undefined, partition), [attribute.processor]: processor, [attribute.batchSize]: records }
    }, childOf(first)), error)
  }

  on('streams:cycle:committed', ({ processor, partition, commitMs, records }) => { commit(processor, partition, commitMs, records, undefined) })
  on('streams:transaction:failed', ({ processor, partition, error }) => { commit(processor, partition, 0, 0, error) })
  // What was not committed runs again.
  on('streams:cycle:dropped', ({ processor, partition }) => { uncommitted.delete(taskOf(processor, partition)) })
  on('streams:task:acquired', ({ processor, partition }) => { uncommitted.delete(taskOf(processor, partition)) })

  on('streams:effect:called', ({ processor, effect, outcome, attempt, tookMs, carrier }) => {
    const parent = contextOf(carrier.trace)
    if (!isSampled(parent)) return
    const span = tracer.startSpan(`call ${effect}`, {
      kind: SpanKind.CLIENT,
      startTime: Date.now() - tookMs,
      attributes: { [attribute.processor]: processor, [attribute.effect]: effect, [attribute.outcome]: outcome, [attribute.attempt]: attempt }
    }, childOf(parent))
    if (outcome !== 'succeeded') span.setStatus({ code: SpanStatusCode.ERROR, message: outcome })
    span.end()
    // Its finish is caused by the call that had an outcome; one that was rejected is made again.
    if (outcome !== 'rejected') carrier.trace = headersOf(span.spanContext(), nextCause(parent, false))
  })
  return () => { for (const end of ends) end() }
}

function taskOf (processor: string, partition: number): string {
  return `${processor}-${partition}`
}

/** Timers of the runtime's own (U+0000) tidy up: nobody asks for their trace. */
function beginsTrace (source: Source): boolean {
  return source.kind === 'timer' && !source.key.startsWith('\0')
}

function nameOf (source: Source): string {
  if (source.kind === 'record') return `process ${source.topic}`
  return source.kind === 'effect' ? `finish ${source.effect}` : 'fire timer'
}

function attributesOf (source: Source, partition: number, group: string): Attributes {
  if (source.kind === 'effect') return { [attribute.effect]: source.effect }
  if (source.kind === 'timer') return { [attribute.partition]: String(partition) }
  return { ...messagingAttributes('process', source.topic, source.partition), [attribute.group]: group, [attribute.offset]: Number(source.offset) }
}

/** What a record is about, as far as a trace may say it: its type and the order. */
function subjectOf (value: object | undefined): Attributes {
  const { type, orderId } = (value ?? {}) as { readonly type?: unknown, readonly orderId?: unknown }
  return { ...(typeof type === 'string' ? { [attribute.eventType]: type } : {}), ...(typeof orderId === 'string' ? { [attribute.orderId]: orderId } : {}) }
}
