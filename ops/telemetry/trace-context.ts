import { createTraceState, ROOT_CONTEXT, type Context, type SpanContext, trace, TraceFlags } from '@opentelemetry/api'
import { headerText, type RecordHeader } from '../../streams/record.ts'

/**
 * The W3C trace context of a record, and the one member of its `tracestate` that is ours.
 *
 * A record says in `traceparent` which span wrote it. For a compensation the interesting one is the step before that: the one that failed,
 * and that the writer answered to. It travels as `commerce=a:<span id>`; once a compensation was among the causes, as `commerce=f:<span id>`, and
 * stays the same from there on: everything that is undone because of one failure points to that failure.
 */

/** @source W3C Trace Context, version 00; ids of zeros are not valid. */
const FORMAT = /^00-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})$/
const MEMBER = 'commerce'
const MEMBER_FORMAT = /^([af]):([0-9a-f]{16})$/

/** The context that a `traceparent` names; undefined when there is none that is valid. */
export function parseTraceparent (text: string | undefined): SpanContext | undefined {
  const match = text === undefined ? null : FORMAT.exec(text)
  if (match === null) return undefined
  const [, traceId = '', spanId = '', flags = ''] = match
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true }
}

export function formatTraceparent ({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01'}`
}

/** The context that a record carries. */
export function contextOf (headers: readonly RecordHeader[]): SpanContext | undefined {
  if (headers.length === 0) return undefined
  const context = parseTraceparent(headerText(headers, 'traceparent'))
  const state = context === undefined ? undefined : headerText(headers, 'tracestate')
  return context === undefined || state === undefined ? context : { ...context, traceState: createTraceState(state) }
}

/** True when somebody decided that this trace is kept. */
export function isSampled (context: SpanContext | undefined): context is SpanContext {
  return context !== undefined && (context.traceFlags & TraceFlags.SAMPLED) !== 0
}

/** A context to start children of `parent` in. */
export function childOf (parent: SpanContext): Context {
  return trace.setSpanContext(ROOT_CONTEXT, parent)
}

/** The headers that carry a context. `cause`: the member of ours. */
export function headersOf (context: SpanContext, cause?: string): readonly RecordHeader[] {
  const state = cause === undefined ? context.traceState : (context.traceState ?? createTraceState()).set(MEMBER, cause)
  const parent: RecordHeader = ['traceparent', Buffer.from(formatTraceparent(context))]
  const text = state?.serialize() ?? ''
  return text === '' ? [parent] : [parent, ['tracestate', Buffer.from(text)]]
}

/** What a record says of the step that led to it. */
export interface Cause { readonly isFailure: boolean, readonly spanId: string }

export function causeOf ({ traceState }: SpanContext): Cause | undefined {
  const match = MEMBER_FORMAT.exec(traceState?.get(MEMBER) ?? '')
  const [, kind, spanId] = match ?? []
  return spanId === undefined ? undefined : { isFailure: kind === 'f', spanId }
}

/** What follows for what is caused by a record of that context: the failure behind it stays, else it answers to the writer of the record. */
export function nextCause (parent: SpanContext, isCompensation: boolean): string {
  const cause = causeOf(parent)
  return cause !== undefined && (cause.isFailure || isCompensation) ? `f:${cause.spanId}` : `a:${parent.spanId}`
}
