import { test } from 'tap'
import { parseLine, splitLines } from '../../../api/orders/ndjson.ts'

async function linesOf (chunks: ReadonlyArray<string | Buffer>, maxLineBytes = 100): Promise<Array<string | undefined>> {
  async function * source () { for (const chunk of chunks) yield Buffer.from(chunk) }
  const lines = []
  for await (const line of splitLines(source(), maxLineBytes)) {
    lines.push(line.bytes?.toString())
    if (line.number !== lines.length) throw new Error('the numbers have a gap')
  }
  return lines
}

test('lines are the same wherever the stream is cut', async t => {
  const text = Buffer.from('{"a":1}\r\n\n{"b":"ü"}\n  \nlast')
  for (let first = 0; first <= text.length; first++) {
    for (let second = first; second <= text.length; second++) {
      const lines = await linesOf([text.subarray(0, first), text.subarray(first, second), text.subarray(second)])
      if (JSON.stringify(lines) !== JSON.stringify(['{"a":1}', '', '{"b":"ü"}', '  ', 'last'])) t.fail(`${first} ${second}: ${JSON.stringify(lines)}`)
    }
  }
  t.pass()
})

test('a line end at the end begins no line', async t => {
  t.same(await linesOf(['a\n']), ['a'])
  t.same(await linesOf(['a\n\n']), ['a', ''])
  t.same(await linesOf([]), [])
  t.same(await linesOf(['\n']), [''])
})

test('a line may be as long as the limit, and of a longer one nothing is kept', async t => {
  const long = 'x'.repeat(100)
  t.same(await linesOf([`${long}\r\n${long}y\r\n${long}y\nok`]), [long, undefined, undefined, 'ok'])
  t.same(await linesOf([...Array.from({ length: 50 }, () => long), '\nok\n', long, 'y']), [undefined, 'ok', undefined])
})

test('a stream that breaks off gives no line of what it broke off in', async t => {
  async function * broken () {
    yield Buffer.from('{"a":1}\n{"b":')
    throw new Error('gone')
  }
  const lines: unknown[] = []
  await t.rejects(async () => { for await (const line of splitLines(broken(), 100)) lines.push(line.bytes?.toString()) }, { message: 'gone' })
  t.same(lines, ['{"a":1}'])
})

test('a line says what is wrong with it', t => {
  t.same(parseLine(Buffer.from(' {"a":[1]}\t')), { value: { a: [1] } })
  for (const [bytes, fault] of [
    [Buffer.from(''), 'the line is empty'], [Buffer.from(' \t'), 'the line is empty'], [Buffer.from('\uFEFF{}'), 'the line begins with a byte order mark'],
    [Buffer.from([0x7b, 0xff, 0x7d]), 'the line is not UTF-8'], [Buffer.from([0xc3]), 'the line is not UTF-8'],
    [Buffer.from('{} {}'), 'the line is not one JSON value'], [Buffer.from('{"a":1}x'), 'the line is not one JSON value'], [Buffer.from('{'), 'the line is not one JSON value']
  ] as const) t.same(parseLine(bytes), { fault })
  t.end()
})
