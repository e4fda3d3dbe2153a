import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'tap'

const root = resolve(import.meta.dirname, '../..')
const rows = readFileSync(resolve(root, 'docs/protocol-tests.md'), 'utf8').split('\n')
  .map(line => line.split('|').slice(1, -1).map(cell => cell.trim()))
  .filter(cells => cells.length === 5 && cells[3]?.startsWith('`'))
  .map(([scenario = '', , name = '', file = '']) => ({ scenario, name, file: file.replaceAll('`', '') }))

test('every test that docs/protocol-tests.md names is there', async t => {
  t.ok(rows.length > 70, `${rows.length} rows`)
  for (const { name, file } of rows) {
    const path = resolve(root, 'test', file)
    t.ok(existsSync(path) && hasTest(readFileSync(path, 'utf8'), name), `${file}: ${name}`)
  }
})

test('every scenario that is promised has a test in docs/protocol-tests.md', async t => {
  const scenarios = new Set(rows.map(({ scenario }) => scenario))
  const promised = ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7', 'A11', 'A12', 'B1', 'B2', 'B3', 'B5', 'B6', 'B7', 'B8', 'B9', 'B10', 'C1', 'C2', 'R8', 'R9', 'R10']
  for (const scenario of promised) t.ok(scenarios.has(scenario), scenario)
})

/** The name stands in the file as that of a test, or at the end of one that begins with the invariant or the implementation. */
function hasTest (source: string, name: string): boolean {
  return source.split('\n').some(line => /^\s*(?:t\.)?(?:test|it)\(|^\s*'[^']+': async/.test(line) && line.includes(name))
}
