import fc from 'fast-check'
import { test } from 'tap'
import { type CsvBreak, type CsvRecord, CsvSplitter } from '../../../ops/import/csv-splitter.ts'

/** Splits a text that arrives in pieces of so many bytes. */
async function split (text: string | Buffer, pieceBytes = 7): Promise<ReadonlyArray<CsvRecord | CsvBreak>> {
  const bytes = Buffer.from(text)
  const splitter = new CsvSplitter()
  const results = []
  for (let at = 0; at < bytes.length; at += pieceBytes) results.push(...await splitter.push(bytes.subarray(at, at + pieceBytes)))
  return [...results, ...await splitter.end()]
}

const record = (line: number, ...fields: string[]): CsvRecord => ({ kind: 'record', line, fields })

const good: ReadonlyArray<readonly [string, string, readonly CsvRecord[]]> = [
  ['rows end with a line feed', 'a,b\nc,d\n', [record(1, 'a', 'b'), record(2, 'c', 'd')]],
  ['rows end as on Windows', 'a,b\r\nc,d\r\n', [record(1, 'a', 'b'), record(2, 'c', 'd')]],
  ['the last row has no end', 'a,b\nc,d', [record(1, 'a', 'b'), record(2, 'c', 'd')]],
  ['lines are blank', '\n\r\na,b\n\n\nc,d\n\n', [record(3, 'a', 'b'), record(6, 'c', 'd')]],
  ['fields are quoted', '"a, with ""quotes""","b"\n"","d"\n', [record(1, 'a, with "quotes"', 'b'), record(2, '', 'd')]],
  ['a quoted field goes over lines', '"a\nb\r\nc",d\ne,f\n', [record(1, 'a\nb\r\nc', 'd'), record(4, 'e', 'f')]],
  ['fields are missing or too many', 'a\nb,c,d,\n', [record(1, 'a'), record(2, 'b', 'c', 'd', '')]],
  ['the text is empty', '', []]
]

for (const [what, text, records] of good) {
  test(`csv is split into rows with their lines when ${what}`, async t => {
    for (const pieceBytes of [1, 2, 7, 1000]) t.same(await split(text, pieceBytes), records)
  })
}

const broken: ReadonlyArray<readonly [string, string, number, number, RegExp]> = [
  ['something follows a closing quote', '"x"y,2', 2, 0, /follows the closing quote/],
  ['a quote stands inside a plain field', '1,12" ruler', 2, 1, /a quote stands inside a field/],
  ['a quote is never closed before other quotes', '1,"open', 2, 1, /follows the closing quote/],
  ['a row is endless', `1,${'x'.repeat(70_000)}`, 2, 1, /more than 65536 characters/]
]

for (const [what, row, line, column, problem] of broken) {
  test(`csv goes on with the next line when ${what}`, async t => {
    for (const pieceBytes of [1, 5, 100_000]) {
      if (row.length > 1000 && pieceBytes === 1) continue
      const results = await split(`a,b\n${row}\n"c","d"\n\ne,f\n`, pieceBytes)
      const [first, bad, ...rest] = results
      t.same(first, record(1, 'a', 'b'))
      t.match(bad, { kind: 'break', line, column, problem })
      t.same(rest, [record(3, 'c', 'd'), record(5, 'e', 'f')], 'no other row is lost')
    }
  })
}

test('csv goes on with the next line when a quote is open to the end of the text', async t => {
  for (const pieceBytes of [1, 6, 1000]) {
    t.match(await split('a,b\n1,"open\nc,d\n', pieceBytes), [record(1, 'a', 'b'), { kind: 'break', line: 2, column: 1, problem: /never closed/ }, record(3, 'c', 'd')])
    t.match(await split('a,b\n1,"open', pieceBytes), [record(1, 'a', 'b'), { kind: 'break', line: 2, column: 1, problem: /never closed/ }])
  }
})

test('csv goes on with the next line when every second line is broken', async t => {
  const rows = Array.from({ length: 400 }, (_, index) => index % 2 === 0 ? `${index},"broken` : `${index},"whole"`)
  const results = await split(rows.join('\n'), 64)
  t.same(results.map(({ kind, line }) => [kind, line]), rows.map((_, index) => [index % 2 === 0 ? 'break' : 'record', index + 1]))
})

test('csv is split into what was written, whatever is in the fields and wherever the pieces are cut', async t => {
  const field = fc.string({ unit: fc.constantFrom('a', 'é', '€', '"', ',', '\n', '\r\n', ' ', '7'), maxLength: 6 })
  const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 8 })
  await fc.assert(fc.asyncProperty(rows, fc.integer({ min: 1, max: 20 }), fc.constantFrom('\n', '\r\n'), async (rows, pieceBytes, end) => {
    const text = rows.map(fields => fields.map(value => `"${value.replaceAll('"', '""')}"`).join(',') + end).join('')
    const results = await split(text, pieceBytes)
    let line = 1
    const expected = rows.map(fields => {
      const written = record(line, ...fields)
      line += 1 + fields.join('').split('\n').length - 1
      return written
    })
    return JSON.stringify(results) === JSON.stringify(expected)
  }), { numRuns: 300 })
})
