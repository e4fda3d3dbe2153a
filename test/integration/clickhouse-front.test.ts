import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { reachesOut } from '../../ops/stack/clickhouse-front/statement.ts'
import { ownDatabase } from '../support/own-database.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { ownService, type OwnService } from '../support/stack.ts'
import { openClickHouse } from '../../sinks/index.ts'
import { type ClickHouseClient } from '@clickhouse/client'

/** A front of the test's own: it may be killed. */
async function openOwn (t: Test): Promise<{ readonly service: OwnService, readonly client: ClickHouseClient } | undefined> {
  const service = await ownService(t, 'clickhouse')
  if (service === undefined) return undefined
  const client = openClickHouse({ url: service.endpoint, requestTimeoutMs: 20_000 })
  t.teardown(async () => { await client.close() })
  return { service, client }
}

function rows (from: number, count: number): Array<{ readonly o: number, readonly v: string }> {
  return Array.from({ length: count }, (_, index) => ({ o: from + index, v: `row; 'of' \\ ${from + index}` }))
}

const token = (name: string) => ({ clickhouse_settings: { insert_deduplication_token: name } })

async function select<Row> (client: ClickHouseClient, query: string, params: Record<string, unknown> = {}): Promise<Row[]> {
  return await (await client.query({ query, query_params: params, format: 'JSONEachRow' })).json<Row>()
}

/** The port of a killed process is free only when its last thread is gone. */
async function startAgain (service: OwnService): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await service.start()
      return
    } catch (error) {
      if (attempt === 50) throw error
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }
}

async function createTable (client: ClickHouseClient): Promise<void> {
  await client.command({ query: 'CREATE TABLE t (o UInt64, v String) ENGINE = MergeTree ORDER BY o SETTINGS non_replicated_deduplication_window = 1000' })
}

test('front answers the client as a server does', async t => {
  for (const compress of [false, true]) {
    const opened = await ownDatabase(t, { compress })
    if (opened === undefined) return
    const { client } = opened
    t.equal((await client.ping()).success, true)
    await createTable(client)
    const { summary } = await client.insert({ table: 't', columns: ['o', 'v'], values: rows(0, 3), format: 'JSONEachRow', ...token('a') })
    t.equal(summary?.written_rows, '3')
    const found = await select(client, 'SELECT o, v FROM t WHERE o IN {some:Array(UInt64)} AND v = {v:String}', { some: [0, 1, 2], v: "row; 'of' \\ 1" })
    t.same(found, [{ o: 1, v: "row; 'of' \\ 1" }])
    await t.rejects(select(client, 'SELECT nothing FROM t'), { code: '47' })
    await t.rejects(select(client, 'SELECT * FROM absent'), { code: '60' })
    await t.rejects(client.insert({ table: 't', values: [{ o: 'no number' }], format: 'JSONEachRow', ...token('b') }), { code: /\d+/ })
    await t.rejects(select(client, 'SELECT {missing:String}'), { code: '456' })
    await t.rejects(client.query({ query: 'SELECT 1', session_id: 's' }), { code: '48' })
    await t.rejects(client.command({ query: "SELECT ';'; DROP TABLE t" }), { code: '62' })
    const ids = Array.from({ length: 20_000 }, (_, index) => `id ${index}`)
    const many = await client.query({ query: 'SELECT length({ids:Array(String)}) AS n', query_params: { ids }, format: 'JSONEachRow', use_multipart_params: true })
    t.same(await many.json(), [{ n: 20_000 }])
  }
})

test('front refuses an insert without a token into a table that deduplicates', async t => {
  const opened = await ownDatabase(t)
  if (opened === undefined) return
  const { client } = opened
  await createTable(client)
  await t.rejects(client.insert({ table: 't', values: rows(0, 1), format: 'JSONEachRow' }), { code: '36', message: /insert_deduplication_token/ })
  await t.rejects(client.command({ query: `INSERT INTO ${opened.database}.t VALUES (1, 'x')` }), { code: '36' })
  await t.rejects(client.command({ query: "INSERT INTO `t` SELECT 1, 'x'" }), { code: '36' })
  await t.rejects(client.insert({ table: 't', values: rows(0, 1), format: 'JSONEachRow', ...token('') }), { code: '36' })
  t.same(await select(client, 'SELECT count() AS c FROM t'), [{ c: 0 }])
  await client.command({ query: 'CREATE TABLE free (o UInt64) ENGINE = MergeTree ORDER BY o' })
  await client.insert({ table: 'free', values: [{ o: 1 }], format: 'JSONEachRow' })
  t.same(await select(client, 'SELECT count() AS c FROM free'), [{ c: 1 }])
})

test('front never lets a setting of one request reach another', async t => {
  const opened = await ownDatabase(t)
  if (opened === undefined) return
  const { client } = opened
  await createTable(client)
  await client.insert({ table: 't', values: rows(0, 5), format: 'JSONEachRow', ...token('same') })
  await client.insert({ table: 't', values: rows(0, 5), format: 'JSONEachRow', ...token('same') })
  await client.insert({ table: 't', values: rows(5, 5), format: 'JSONEachRow', ...token('other') })
  t.same(await select(client, 'SELECT count() AS c, uniqExact(o) AS d FROM t'), [{ c: 10, d: 10 }])
  const asked = await client.query({ query: "SELECT getSetting('max_threads') AS n", clickhouse_settings: { max_threads: 7, readonly: '1' }, format: 'JSONEachRow' })
  t.same(await asked.json(), [{ n: 7 }])
  t.notSame(await select(client, "SELECT getSetting('max_threads') AS n"), [{ n: 7 }])
  await client.command({ query: 'SET max_threads = 9' })
  t.notSame(await select(client, "SELECT getSetting('max_threads') AS n"), [{ n: 9 }])
  await client.insert({ table: 't', values: rows(10, 1), format: 'JSONEachRow', ...token('after readonly') })
  const names = await Promise.all(Array.from({ length: 60 }, async (_, index) => {
    await client.insert({ table: 't', values: rows(100 + index, 1), format: 'JSONEachRow', ...token(`parallel ${index}`) })
    return await select<{ readonly name: string }>(client, 'SELECT {name:String} AS name', { name: `n${index}` })
  }))
  t.same(names.flat().map(row => row.name), Array.from({ length: 60 }, (_, index) => `n${index}`))
  t.same(await select(client, 'SELECT count() AS c FROM t WHERE o >= 100'), [{ c: 60 }])
})

test('front runs reads read-only and within limits, and answers pings meanwhile', async t => {
  const opened = await ownDatabase(t)
  if (opened === undefined) return
  const { client, url } = opened
  await createTable(client)
  await t.rejects(select(client, 'WITH 1 AS x SELECT x SETTINGS readonly = 0'), { code: '164' })
  const slow = client.query({ query: 'SELECT count() FROM numbers(1000000000000)', clickhouse_settings: { max_execution_time: 1 } })
  let answered = 0
  while (answered < 20) {
    const ping = await fetch(`${url}/ping`)
    if (await ping.text() === 'Ok.\n') answered++
  }
  await t.rejects(slow, { code: '159' })
  t.equal(answered, 20)
})

/** Table functions that stay within the tables, or make rows out of nothing. What an engine has beside them must be refused. */
const inside = new Set([
  'SQLStandardValues', 'dictionary', 'format', 'fuzzJSON', 'fuzzQuery', 'generateRandom', 'generateSeries', 'generate_series', 'loop', 'merge', 'mergeTreeAnalyzeIndexes', 'mergeTreeAnalyzeIndexesUUID',
  'mergeTreeIndex', 'mergeTreeProjection', 'mergeTreeTextIndex', 'null', 'numbers', 'numbers_mt', 'primes', 'prometheusQuery', 'prometheusQueryRange', 'timeSeriesData', 'timeSeriesMetrics', 'timeSeriesSamples',
  'timeSeriesSelector', 'timeSeriesTags', 'values', 'view', 'viewExplain', 'viewIfPermitted', 'zeros', 'zeros_mt'
])

test('front lets no question read or write files, call addresses or lift its own limits', async t => {
  const opened = await ownDatabase(t)
  if (opened === undefined) return
  const { client, url } = opened
  const folder = tempFolder(t)
  const out = join(folder, 'out.txt')
  const called: string[] = []
  const listener = createServer((request, response) => { called.push(request.url ?? ''); response.end('1\n') }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  t.teardown(() => { listener.close() })
  const address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/x`
  const secret = join(folder, 'secret.txt')
  writeFileSync(secret, 'secret')
  const questions = [
    `SELECT file('${secret}')`, `SELECT * FROM file('${secret}', 'LineAsString')`, `SELECT * FROM \`\\x66ile\`('${secret}', 'LineAsString')`, `DESCRIBE TABLE file('${secret}')`, `SELECT * FROM eval('SELECT fi' || 'le(\\'${secret}\\')')`,
    `SELECT 1 INTO OUTFILE '${out}'`, `SELECT * FROM sqlite('${out}', 't')`, `DESCRIBE TABLE sqlite('${out}', 't')`,
    `SELECT * FROM url('${address}', 'CSV', 'a String')`, `SELECT * FROM url('${address}', 'CSV')`, `DESCRIBE TABLE url('${address}', 'CSV')`,
    'SELECT 1 SETTINGS max_execution_time = 0', 'SELECT 1 SETTINGS max_memory_usage = 0', "SELECT $$'$$; SELECT 2; SELECT $$'$$", "SELECT 1 #! '\n; SELECT 2 #! '"
  ]
  for (const query of questions) await t.rejects(client.query({ query }), { code: /^(?:62|164|497)$/ }, query)
  const split = await fetch(`${url}/?query=SELECT`, { method: 'POST', body: `file('${secret}')` })
  t.equal(split.status, 403, await split.text())
  t.same(called, [], 'no address was called')
  t.equal(existsSync(out), false, 'no file was written')
  await client.command({ query: 'CREATE TABLE "quoted" (v String) ENGINE = Memory' })
  await client.command({ query: "INSERT INTO `quoted` (v) VALUES ('a file (1)')" })
  t.same(await select(client, 'SELECT v FROM quoted'), [{ v: 'a file (1)' }], 'what is written is no question')
  const functions = await select<{ readonly name: string }>(client, 'SELECT name FROM system.table_functions')
  t.same(functions.filter(({ name }) => !inside.has(name) && reachesOut(`SELECT * FROM ${name}(1)`) === undefined), [], 'every function of the engine is known')
})

test('front refuses an insert without a token that comes in two pieces', async t => {
  const opened = await ownDatabase(t)
  if (opened === undefined) return
  await createTable(opened.client)
  const answer = await fetch(`${opened.url}/?database=${opened.database}&query=INSERT`, { method: 'POST', body: "INTO t SELECT 1, 'x'" })
  t.match(await answer.text(), /insert_deduplication_token/)
  t.same(await select(opened.client, 'SELECT count() AS c FROM t'), [{ c: 0 }])
})

test('front does not execute a request whose body never arrives whole', async t => {
  const opened = await ownDatabase(t)
  if (opened === undefined) return
  const { client, url, database } = opened
  await createTable(client)
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const query = encodeURIComponent("INSERT INTO t SETTINGS insert_deduplication_token='cut' FORMAT JSONEachRow")
  socket.write(`POST /?database=${database}&query=${query} HTTP/1.1\r\nHost: front\r\nContent-Length: 1000\r\n\r\n{"o":1,"v":"x"}\n`)
  await select(client, 'SELECT 1')
  socket.destroy()
  await once(socket, 'close')
  t.same(await select(client, 'SELECT count() AS c FROM t'), [{ c: 0 }])
})

test('front holds no row twice when it is killed in the middle of inserts and they are repeated, and lacks at most whole inserts', async t => {
  const opened = await openOwn(t)
  if (opened === undefined) return
  const { client, service } = opened
  await createTable(client)
  const open20 = async (round: number): Promise<void> => {
    await Promise.all(Array.from({ length: 20 }, async (_, index) => {
      const name = `${round}/${index}`
      for (let attempt = 0; attempt < 300; attempt++) {
        try {
          await client.insert({ table: 't', values: rows((round * 20 + index) * 100, 100), format: 'JSONEachRow', ...token(name) })
          return
        } catch {
          await new Promise(resolve => setTimeout(resolve, 100))
        }
      }
    }))
  }
  for (let round = 0; round < 3; round++) {
    const done = open20(round)
    await client.query({ query: 'SELECT 1' }).catch(() => {})
    await service.kill()
    await startAgain(service)
    await done
  }
  // The engine writes a token down before the rows are in their place: killed in between, it takes the repeated insert for done. So a sink
  // counts after an insert that it repeated, and whoever refills uses other tokens.
  for (const { batch } of await select<{ batch: number }>(client, 'SELECT batch FROM (SELECT number AS batch FROM numbers(60)) WHERE batch NOT IN (SELECT intDiv(o, 100) FROM t)')) {
    t.comment(`the rows of insert ${batch} are not there`)
    await client.insert({ table: 't', values: rows(batch * 100, 100), format: 'JSONEachRow', ...token(`${batch} again`) })
  }
  t.same(await select(client, 'SELECT count() AS c, uniqExact(o) AS d FROM t'), [{ c: 6000, d: 6000 }])
  await service.stop()
  await service.start()
  t.same(await select(client, 'SELECT count() AS c FROM t'), [{ c: 6000 }], 'an orderly stop keeps everything')
})

test('front says what is wrong when its folder is taken', async t => {
  const opened = await openOwn(t)
  if (opened === undefined) return
  const main = join(import.meta.dirname, '../../ops/stack/clickhouse-front/main.ts')
  const second = spawn(process.execPath, [main, '--port', '0', '--path', join(opened.service.dataDir, 'db')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  second.stderr.on('data', (chunk: Buffer) => { said += String(chunk) })
  const [code] = await once(second, 'exit') as [number]
  t.equal(code, 1)
  t.match(said, /another process has the ClickHouse folder .* open/)
})
