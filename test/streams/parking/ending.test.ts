import { test } from 'tap'
import { type Retry } from '../../../streams/index.ts'
import { endingOf, type Failure } from '../../../streams/parking/ending.ts'

const retry: Retry = { kind: 'retry', firstMs: 1, maxMs: 2, tries: 3 }
const forEver: Retry = { kind: 'retry', firstMs: 5, maxMs: 9, tries: Infinity }
const plain: Failure = { verdict: 'dead-letter', isHopeless: false, compensates: false, parks: false, attempts: 1 }

const cases: ReadonlyArray<readonly [what: string, failure: Partial<Failure>, ending: string, retry?: Retry]> = [
  ['a failure', {}, 'dead-letter'],
  ['a failure of a processor that parks', { parks: true }, 'park'],
  ['one that the exception handler passes over', { verdict: 'continue', parks: true }, 'continue'],
  ['one that the exception handler stops at', { verdict: 'fail', parks: true, isHopeless: true, compensates: true }, 'fail'],
  ['bytes that do not decode', { isHopeless: true, parks: true }, 'dead-letter'],
  ['bytes that do not decode and are passed over', { isHopeless: true, verdict: 'continue' }, 'continue'],
  ['bytes that do not decode, whatever retry says', { isHopeless: true, verdict: retry, parks: true }, 'dead-letter'],
  ['a compensation', { compensates: true, parks: true, attempts: 1000 }, 'retry', forEver],
  ['a compensation that is passed over', { compensates: true, verdict: 'continue' }, 'retry', forEver],
  ['a compensation with waits of its own', { compensates: true, verdict: retry, attempts: 1000 }, 'retry', retry],
  ['a compensation that nobody can read', { compensates: true, isHopeless: true }, 'dead-letter'],
  ['the first failure of what is tried again', { verdict: retry, parks: true }, 'retry', retry],
  ['the last but one', { verdict: retry, attempts: 2 }, 'retry', retry],
  ['the last one', { verdict: retry, attempts: 3 }, 'dead-letter'],
  ['the last one of a processor that parks', { verdict: retry, attempts: 3, parks: true }, 'park'],
  ['one more after a redrive', { verdict: retry, attempts: 4, parks: true }, 'park']
]

for (const [what, failure, kind, withRetry] of cases) {
  test(`${what} ends as ${kind}`, t => {
    t.same(endingOf({ ...plain, ...failure }, forEver), withRetry === undefined ? { kind } : { kind, retry: withRetry })
    t.end()
  })
}
