import { type IncomingHttpHeaders } from 'node:http'

/** @source W3C Trace Context, version 00; ids of zeros are not valid. */
const format = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** The trace context that came with a request; undefined when there is none, or one that is not valid. */
export function traceparentOf (headers: IncomingHttpHeaders): string | undefined {
  const { traceparent } = headers
  return typeof traceparent === 'string' && format.test(traceparent) ? traceparent : undefined
}

/** The id of the trace that a request belongs to. */
export function traceIdOf (headers: IncomingHttpHeaders): string | undefined {
  return format.exec(traceparentOf(headers) ?? '')?.[1]
}
