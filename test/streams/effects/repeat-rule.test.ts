import { test } from 'tap'
import { effectBackoffMs, effectStep } from '../../../streams/effects/repeat-rule.ts'

const lookup = async (): Promise<never> => { throw new Error('not called') }
const rows: ReadonlyArray<readonly [string, Parameters<typeof effectStep>, string]> = [
  ['never called, however old', [{ keyLifeMs: 0, policy: 'at-most-once' }, false, 1e12], 'call'],
  ['called, the provider knows the key', [{ keyLifeMs: 1000, policy: 'at-most-once' }, true, 999], 'call'],
  ['called, the key is forgotten, it can be looked up', [{ keyLifeMs: 1000, policy: 'at-least-once', lookup }, true, 1000], 'lookup'],
  ['called, the key is forgotten, at most once', [{ keyLifeMs: 1000, policy: 'at-most-once' }, true, 1000], 'unknown'],
  ['called, the key is forgotten, at least once', [{ keyLifeMs: 1000, policy: 'at-least-once' }, true, 1000], 'call'],
  ['called, there is no key, at most once', [{ keyLifeMs: 0, policy: 'at-most-once' }, true, 0], 'unknown'],
  ['called, there is no key, at least once', [{ keyLifeMs: 0, policy: 'at-least-once' }, true, 0], 'call'],
  ['called, there is no key, it can be looked up', [{ keyLifeMs: 0, policy: 'at-most-once', lookup }, true, 0], 'lookup']
]

for (const [what, args, step] of rows) {
  test(`an open effect that was ${what}: ${step}`, async t => { t.equal(effectStep(...args), step) })
}

test('the wait before an effect is called again doubles up to 30 s', async t => {
  t.same([1, 2, 3, 9, 10, 1000].map(effectBackoffMs), [100, 200, 400, 25_600, 30_000, 30_000])
})
