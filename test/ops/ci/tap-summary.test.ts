import { text } from 'node:stream/consumers'
import { test } from 'tap'
import TapSummary from '../../../ops/ci/tap-summary.ts'

async function closing (...lines: string[]): Promise<string[]> {
  const input = `TAP version 14\n${lines.join('\n')}\n`
  const reporter = new TapSummary()
  reporter.end(input)
  const output = await text(reporter)
  return output.slice(input.length).trimEnd().split('\n')
}

test('the closing line counts the asserts of every level, and is the last one', async t => {
  t.same(await closing(
    '# Subtest: a.test.ts', '    # Subtest: one', '        ok 1 - x', '        ok 2 - y', '        1..2', '    ok 1 - one', '    1..1', 'ok 1 - a.test.ts', '1..1'
  ), ['2 passed, 0 failed, 0 skipped'])
})

test('a failure is counted once and named with its path', async t => {
  t.same(await closing(
    '# Subtest: a.test.ts', '    # Subtest: one', '        not ok 1 - x', '        ok 2 - y', '        1..2', '    not ok 1 - one', '    1..1', 'not ok 1 - a.test.ts', '1..1'
  ), ['failed: a.test.ts > one > x', '1 passed, 1 failed, 0 skipped'])
})

test('a failure says where it is and how it differs', async t => {
  t.same(await closing(
    'not ok 1 - x', '  ---', '  at:', '    fileName: a.test.ts', '    lineNumber: 7', '  diff: |', '    --- expected', '    +++ actual', '    -1', '    +2', '  ...', '1..1'
  ), ['failed: x', '  at a.test.ts:7', '  --- expected', '  +++ actual', '  -1', '  +2', '0 passed, 1 failed, 0 skipped'])
})

test('a file that crashes without a failing assert counts as one failure', async t => {
  t.same(await closing(
    '# Subtest: a.test.ts', '    # Subtest: one', '        ok 1 - x', '        1..1', '    ok 1 - one', '    1..1', 'not ok 1 - a.test.ts', '  ---', '  exitCode: 139', '  ...', '1..1'
  ), ['failed: a.test.ts', '1 passed, 1 failed, 0 skipped'])
})

test('a file that runs out of time counts as one failure under its name', async t => {
  t.same(await closing('not ok 1 - timeout!', '  ---', '  expired: test/a.test.ts', '  ...', '1..1'), ['failed: test/a.test.ts > timeout!', '0 passed, 1 failed, 0 skipped'])
})

test('a plan that is not met counts as a failure', async t => {
  const lines = await closing('# Subtest: a.test.ts', '    ok 1 - x', '    1..2', 'not ok 1 - a.test.ts', '1..1')
  t.equal(lines.at(-1), '1 passed, 1 failed, 0 skipped')
})

test('a bail-out counts as a failure', async t => {
  t.equal((await closing('ok 1 - x', 'Bail out! the broker is gone')).at(-1), '1 passed, 1 failed, 0 skipped')
})

test('skips are told with their reasons, the same one once', async t => {
  t.same(await closing(
    '# Subtest: a.test.ts', '    # Subtest: one', '        1..0 # no Java', '    ok 1 - one # SKIP no Java', '    ok 2 - two # SKIP', '    ok 3 - later # TODO', '    ok 4 - four',
    '    1..4', 'ok 1 - a.test.ts', 'ok 2 - again # SKIP slow', 'ok 3 - again # SKIP slow', '1..3'
  ), [
    'skipped: a.test.ts > one: no Java', 'skipped: a.test.ts > two: no reason given', 'skipped: a.test.ts > later: no reason given', 'skipped: again: slow (2 times)', '1 passed, 0 failed, 5 skipped'
  ])
})

test('a test without asserts counts as one pass when it passes', async t => {
  t.same(await closing('# Subtest: a.test.ts', '    # Subtest: property', '        1..0', '    ok 1 - property', '    1..1', 'ok 1 - a.test.ts', '1..1'), ['1 passed, 0 failed, 0 skipped'])
})
