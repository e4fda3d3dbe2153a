import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel'
import { type IncomingMessage, type ServerResponse } from 'node:http'
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, type Tracer, createTraceState, type TraceState } from '@opentelemetry/api'
import { attribute } from './names.ts'
import { childOf, formatTraceparent, isSampled, parseTraceparent } from './trace-context.ts'

/** Paths that are asked every few seconds and tell nothing. */
const QUIET = /^\/(metrics|health)(\/|\?|$)/

/** Published by Node for every HTTP server of the process. */
interface RequestStart { readonly request: IncomingMessage, readonly response: ServerResponse }
/** Published by Fastify when a request has reached its route. */
interface RouteStart { readonly request: { readonly raw: IncomingMessage }, readonly route?: { readonly url?: string, readonly method?: string } }

/** Open server spans, for whoever goes on with their trace. */
export interface RequestTraces {
  /** What the client sent as `tracestate`, by the id of the server span. */
  stateOf (spanId: string): TraceState | undefined
  stop (): void
}

/**
 * One span for each request. The `traceparent` of the request is replaced by that of its span, before anybody has read it: the API hands on
 * what it finds there, and knows nothing of spans.
 */
export function traceRequests (tracer: Tracer): RequestTraces {
  const open = new WeakMap<IncomingMessage, Span>()
  const states = new Map<string, TraceState>()

  const onStart = (message: unknown): void => {
    const { request, response } = message as RequestStart
    const { url = '', method = '', headers } = request
    const parent = parseTraceparent(textOf(headers['traceparent']))
    if (QUIET.test(url) || (parent !== undefined && !isSampled(parent))) return
    const span = tracer.startSpan(method, {
      kind: SpanKind.SERVER, attributes: { [attribute.httpMethod]: method, [attribute.urlPath]: url.split('?')[0] ?? '' }
    }, parent === undefined ? ROOT_CONTEXT : childOf(parent))
    if (!span.isRecording()) return
    const { spanId } = span.spanContext()
    const given = parent === undefined ? undefined : textOf(headers['tracestate'])
    headers['traceparent'] = formatTraceparent(span.spanContext())
    if (given !== undefined) states.set(spanId, createTraceState(given))
    open.set(request, span)
    // Comes whether the answer was sent or the client went away.
    response.once('close', () => {
      states.delete(spanId)
      end(span, response)
    })
  }
  const onRoute = (message: unknown): void => {
    const { request, route } = message as RouteStart
    if (route?.url === undefined) return
    open.get(request.raw)?.updateName(`${route.method ?? request.raw.method ?? ''} ${route.url}`).setAttribute(attribute.httpRoute, route.url)
  }
  const routes = tracingChannel('fastify.request.handler').start
  subscribe('http.server.request.start', onStart)
  routes.subscribe(onRoute)
  return {
    stateOf: spanId => states.get(spanId),
    stop: () => {
      unsubscribe('http.server.request.start', onStart)
      routes.unsubscribe(onRoute)
    }
  }
}

function end (span: Span, { statusCode, writableFinished }: ServerResponse): void {
  if (writableFinished) span.setAttribute(attribute.httpStatus, statusCode)
  const error = !writableFinished ? 'client went away' : statusCode >= 500 ? String(statusCode) : undefined
  if (error !== undefined) span.setAttribute(attribute.errorType, error).setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}

function textOf (value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(',')
}
