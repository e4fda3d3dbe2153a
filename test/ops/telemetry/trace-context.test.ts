import { test } from 'tap'
import { causeOf, contextOf, formatTraceparent, headersOf, nextCause, parseTraceparent } from '../../../ops/telemetry/trace-context.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'

test('a traceparent is read and written back as it was when it is valid', async t => {
  for (const text of [`00-${traceId}-${spanId}-01`, `00-${traceId}-${spanId}-00`]) {
    const context = parseTraceparent(text)
    t.equal(context === undefined ? undefined : formatTraceparent(context), text)
  }
})

test('a traceparent is ignored when it is not valid', async t => {
  const broken = [
    undefined, '', `00-${traceId}-${spanId}`, `00-${'0'.repeat(32)}-${spanId}-01`, `00-${traceId}-${'0'.repeat(16)}-01`, `01-${traceId}-${spanId}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`, `00-${traceId}-${spanId}-01-more`
  ]
  for (const text of broken) t.equal(parseTraceparent(text), undefined, String(text))
})

test('a tracestate keeps the members of others when ours is set', async t => {
  const context = contextOf([['traceparent', Buffer.from(`00-${traceId}-${spanId}-01`)], ['tracestate', Buffer.from('rojo=1,congo=t61')]])
  const headers = context === undefined ? [] : headersOf(context, 'a:b7ad6b7169203331')
  t.equal(headers[1]?.[1]?.toString(), 'commerce=a:b7ad6b7169203331,rojo=1,congo=t61')
  t.same(causeOf(contextOf(headers) ?? { traceId, spanId, traceFlags: 1 }), { isFailure: false, spanId: 'b7ad6b7169203331' })
})

test('a member of ours that somebody forged is ignored when it is no span id', async t => {
  const context = contextOf([['traceparent', Buffer.from(`00-${traceId}-${spanId}-01`)], ['tracestate', Buffer.from('commerce=f:drop table')]])
  t.ok(context)
  if (context !== undefined) t.equal(causeOf(context), undefined)
})

test('the failure behind a compensation stays the cause of everything after it', async t => {
  const after = (state: string, isCompensation: boolean): string => {
    const context = contextOf([['traceparent', Buffer.from(`00-${traceId}-${spanId}-01`)], ['tracestate', Buffer.from(state)]])
    return context === undefined ? '' : nextCause(context, isCompensation)
  }
  t.equal(after('commerce=a:b7ad6b7169203331', false), `a:${spanId}`)
  t.equal(after('commerce=a:b7ad6b7169203331', true), 'f:b7ad6b7169203331')
  t.equal(after('commerce=f:b7ad6b7169203331', false), 'f:b7ad6b7169203331')
})
