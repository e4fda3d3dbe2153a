import { test } from 'tap'
import { linePercent, parseLcov, withUnloaded } from '../../../ops/ci/lcov.ts'

const report = 'TN:\nSF:streams/a.ts\nDA:1,1\nLF:10\nLH:8\nend_of_record\nTN:\nSF:streams/b.ts\nLF:5\nLH:5\nend_of_record\n'

test('the lines of every file are read from a report', async t => {
  t.same(parseLcov(report), [{ path: 'streams/a.ts', covered: 8, lines: 10 }, { path: 'streams/b.ts', covered: 5, lines: 5 }])
  t.same(parseLcov(''), [])
})

test('a file that no test loads counts as uncovered', async t => {
  const files = withUnloaded(parseLcov(report), [{ path: 'streams/a.ts', lines: 10 }, { path: 'streams/c.ts', lines: 15 }])
  t.equal(files.length, 3)
  t.equal(linePercent(files), 13 / 30 * 100)
})

test('nothing to cover is covered', async t => {
  t.equal(linePercent([]), 100)
})
