import { test } from 'tap'
import { render } from '../../../ops/sql/render.ts'

const answer = { names: ['sku', 'gross', 'note'], rows: [['A "1"', '12.5000', null], ['B,2', '1000.0000', ['x', 1]]] }

test('an answer is a table with numbers to the right when nothing else is asked for', t => {
  t.equal(render(answer, 'table'), 'sku        gross  note\n─────  ─────────  ───────\nA "1"    12.5000\nB,2    1000.0000  ["x",1]\n')
  t.end()
})

test('a table shows line ends and control sequences of values instead of sending them to the terminal', t => {
  t.equal(render({ names: ['name'], rows: [['a\nb\x1b[2J\u009b']] }, 'table'), 'name\n───────────────\na\\nb\\x1b[2J\\x9b\n')
  t.end()
})

test('an answer is CSV with quotes where they are needed', t => {
  t.equal(render(answer, 'csv'), 'sku,gross,note\n"A ""1""",12.5000,\n"B,2",1000.0000,"[""x"",1]"\n')
  t.end()
})

test('an answer is TSV in which tabs, lines and backslashes are escaped', t => {
  t.equal(render({ names: ['text'], rows: [['a\tb\nc\\d']] }, 'tsv'), 'text\na\\tb\\nc\\\\d\n')
  t.end()
})

test('an answer is JSON with a member a column, whole or a line a row', t => {
  t.same(JSON.parse(render(answer, 'json')), [{ sku: 'A "1"', gross: '12.5000', note: null }, { sku: 'B,2', gross: '1000.0000', note: ['x', 1] }])
  t.equal(render({ names: ['a'], rows: [[1], [2]] }, 'ndjson'), '{"a":1}\n{"a":2}\n')
  t.end()
})

test('an answer without rows shows its columns', t => {
  t.equal(render({ names: ['a'], rows: [] }, 'table'), 'a\n─\n')
  t.end()
})
