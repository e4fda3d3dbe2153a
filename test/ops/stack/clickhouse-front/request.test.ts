import { test } from 'tap'
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { Lane } from '../../../../ops/stack/clickhouse-front/lane.ts'
import { describeProblem, FrontError } from '../../../../ops/stack/clickhouse-front/problem.ts'
import { decodeBody, readRequest } from '../../../../ops/stack/clickhouse-front/request.ts'

const read = async (query: string, body = '', headers: Record<string, string> = {}) => await readRequest(new URL(`http://front/?${query}`), headers, Buffer.from(body))

test('request takes the statement from the body or the URL, and what follows it as rows', async t => {
  t.match(await read('', 'SELECT 1'), { sql: 'SELECT 1', data: Buffer.alloc(0) })
  const insert = await read(`query=${encodeURIComponent('INSERT INTO t FORMAT CSV')}`, '1,2')
  t.equal(insert.sql, 'INSERT INTO t FORMAT CSV')
  t.equal(String(insert.data), '1,2')
  await t.rejects(read('', '  '), { code: 62 })
})

test('request tells settings, parameters and the interface apart', async t => {
  const request = await read('query_id=q&database=d&param_a=x&param_b=%5C%5C&max_threads=3&wait_end_of_query=1&default_format=JSON&enable_http_compression=1', 'SELECT 1', { 'accept-encoding': 'gzip, br' })
  t.same([...request.settings], [['max_threads', '3']])
  t.same([...request.params], [['a', 'x'], ['b', '\\\\']])
  t.match(request, { queryId: 'q', database: 'd', defaultFormat: 'JSON', compressAnswer: true })
  await t.rejects(read('session_id=s', 'SELECT 1'), { code: 48 })
  await t.rejects(read('a%20b=1', 'SELECT 1'), { code: 115 })
})

test('request reads statement and parameters from a multipart body', async t => {
  const body = '--x\r\nContent-Disposition: form-data; name="query"\r\n\r\nSELECT {a:String}\r\n--x\r\nContent-Disposition: form-data; name="param_a"\r\n\r\n1\\n2\r\n--x--\r\n'
  const request = await read('', body, { 'content-type': 'multipart/form-data; boundary=x' })
  t.equal(request.sql, 'SELECT {a:String}')
  t.same([...request.params], [['a', '1\\n2']])
})

test('body is decoded as its encoding says', t => {
  const text = Buffer.from('rows')
  t.equal(String(decodeBody(gzipSync(text), 'gzip')), 'rows')
  t.equal(String(decodeBody(brotliCompressSync(text), 'br')), 'rows')
  t.equal(String(decodeBody(zstdCompressSync(text), 'zstd')), 'rows')
  t.equal(String(decodeBody(text, undefined)), 'rows')
  t.throws(() => decodeBody(text, 'gzip'), { code: 354 })
  t.throws(() => decodeBody(text, 'lz4'), { code: 48 })
  t.end()
})

test('problem keeps the code of the engine and maps it to a status', t => {
  t.match(describeProblem(new Error('Code: 60. DB::Exception: no table. (UNKNOWN_TABLE)')), { code: 60, status: 404, text: /UNKNOWN_TABLE/ })
  t.match(describeProblem(new FrontError(36, 'BAD_ARGUMENTS', 'no token')), { code: 36, status: 400, text: 'Code: 36. DB::Exception: no token. (BAD_ARGUMENTS)' })
  t.match(describeProblem('lost'), { code: 1002, status: 500, text: /DB::Exception: lost/ })
  t.end()
})

test('lane runs as many as it is wide, in order, and never starts what came too late', async t => {
  const lane = new Lane(2)
  const started: number[] = []
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
  const work = async (index: number, deadlineMs = Infinity): Promise<void> => {
    await lane.run(deadlineMs, async () => {
      started.push(index)
      await gates[index]?.promise
    })
  }
  const runs = [work(0), work(1), work(2), work(3, -1)]
  const late = t.rejects(runs[3] as Promise<void>, { code: 159 })
  await new Promise(resolve => setImmediate(resolve))
  t.same(started, [0, 1])
  gates.forEach(gate => { gate.resolve() })
  await Promise.all([...runs.slice(0, 3), late])
  t.same(started, [0, 1, 2])
  t.equal(lane.running, 0)
})
