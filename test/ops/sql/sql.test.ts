import { test } from 'tap'
import { type ClickHouseClient } from '../../../sinks/index.ts'
import { parseSqlOptions } from '../../../ops/sql.ts'
import { ask } from '../../../ops/sql/ask.ts'

const question = { limit: 10, timeoutS: 5 }

/** A client that answers, or fails; what it was asked is kept. */
function client (answer: () => object) {
  const asked: Array<{ readonly query: string, readonly clickhouse_settings: Readonly<Record<string, unknown>> }> = []
  const fake = { query: async (given: typeof asked[number]) => { asked.push(given); return { json: async () => answer() } } }
  return { asked, client: fake as unknown as ClickHouseClient }
}

test('the command line asks for a table of a thousand rows within half a minute when it says nothing else', t => {
  t.same(parseSqlOptions(['SELECT 1']), { sql: 'SELECT 1', format: 'table', limit: 1000, timeoutS: 30 })
  t.same(parseSqlOptions(['--format', 'csv', '--limit', '5', '--timeout', '1']), { sql: undefined, format: 'csv', limit: 5, timeoutS: 1 })
  t.equal(parseSqlOptions(['--help']), undefined)
  t.end()
})

test('the command line is refused when an option is wrong', t => {
  for (const args of [['--format', 'xml'], ['--limit', '0'], ['--limit', '1000001'], ['--timeout', 'soon'], ['--what']]) {
    t.throws(() => parseSqlOptions(args), { code: 'OPS_OPTION_INVALID' }, args.join(' '))
  }
  t.end()
})

test('a question is asked read-only, with one row more than is shown', async t => {
  const { asked, client: clickhouse } = client(() => ({ meta: [{ name: 'n', type: 'UInt8' }], data: Array.from({ length: 11 }, (_, n) => [n]) }))
  const found = await ask(clickhouse, { ...question, sql: ' SELECT n FROM numbers;\n' })
  t.match(asked, [{ query: 'SELECT n FROM numbers', clickhouse_settings: { limit: '11', readonly: '2', max_execution_time: 5 } }])
  t.match(found, { names: ['n'], isCut: true })
  t.equal(found.rows.length, 10)
})

test('what is no question never reaches the engine', async t => {
  const { asked, client: clickhouse } = client(() => ({}))
  for (const [sql, problem] of [
    ['', /there is no query/], ['DROP TABLE raw_events', /it is no question/], ['INSERT INTO raw_events VALUES (1)', /it is no question/], ['SET readonly = 0', /it is no question/],
    ['SELECT 1; DROP TABLE raw_events', /more than one statement/], ['SELECT 1 FORMAT CSV', /leave that out and give --format/]
  ] as const) await t.rejects(ask(clickhouse, { ...question, sql }), { code: 'OPS_SQL_REFUSED', message: problem }, sql)
  t.same(asked, [])
})

test('an error of the engine is told in its words, a slow one and a missing engine in ours', async t => {
  const failing = (error: Error) => client(() => { throw error }).client
  const sql = 'SELECT nothing'
  await t.rejects(ask(failing(Object.assign(new Error('Unknown expression identifier `nothing`'), { code: '47' })), { ...question, sql }), { code: 'OPS_SQL_REFUSED', message: /Unknown expression/ })
  await t.rejects(ask(failing(Object.assign(new Error('Timeout exceeded'), { code: '159' })), { ...question, sql }), { code: 'OPS_SQL_REFUSED', message: /longer than 5 s/ })
  await t.rejects(ask(failing(new Error('connect ECONNREFUSED 127.0.0.1:18123')), { ...question, sql }), { code: 'OPS_SQL_UNREACHABLE', message: /ECONNREFUSED/ })
})
