import { type Span, SpanStatusCode, type TimeInput } from '@opentelemetry/api'
import { attribute } from './names.ts'

/** Ends a span well, or with what went wrong: the code of the error, never its text, which may hold what a user sent. */
export function endWith (span: Span, error: Error | undefined, endTime?: TimeInput): void {
  if (error !== undefined) {
    const { code = error.name } = error as { readonly code?: string }
    span.setAttribute(attribute.errorType, code).setStatus({ code: SpanStatusCode.ERROR, message: code })
  }
  span.end(endTime)
}
