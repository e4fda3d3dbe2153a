import { test } from 'tap'
import { hasToken, insertTable, isSingleStatement, outputFormat, parseInsert, quote, reachesOut, statementKind } from '../../../../ops/stack/clickhouse-front/statement.ts'

test('statement kind follows the first word, behind comments and brackets', t => {
  const kinds = {
    read: ['SELECT 1', ' select 1', '-- INSERT\nSELECT 1', '/* INSERT */ WITH 1 AS x SELECT x', '(SELECT 1)', 'show tables', 'EXPLAIN SELECT 1', 'DESCRIBE t', 'EXISTS t'],
    insert: ['INSERT INTO t VALUES (1)', '\n insert into t SELECT 1'],
    write: ['CREATE TABLE t (o Int8) ENGINE = Memory', 'ALTER TABLE t DELETE WHERE 1', 'SET a = 1', '', 'SELECTED']
  } as const
  for (const [kind, statements] of Object.entries(kinds)) for (const sql of statements) t.equal(statementKind(sql), kind, sql)
  t.end()
})

test('insert statement is taken apart with its columns, settings and inline rows', t => {
  const sql = "INSERT INTO TABLE `db`.\"t\" (a, `b` ) SETTINGS token='it''s \\'x\\\\', n = 5, f=1.5 FORMAT JSONEachRow {\"a\":1}"
  const insert = parseInsert(sql)
  t.same({ ...insert, settings: [...insert?.settings ?? []] }, {
    table: 'db.t', columns: ['a', 'b'], settings: [['token', "it's 'x\\"], ['n', 5], ['f', '1.5']], format: 'JSONEachRow', inline: '{"a":1}'
  })
  t.match(parseInsert('insert into t format CSV'), { table: 't', columns: [], format: 'CSV', inline: '' })
  for (const other of ['INSERT INTO t VALUES (1)', 'INSERT INTO t SELECT 1', 'INSERT INTO FUNCTION file(x) FORMAT CSV', 'INSERT INTO t FORMAT Values (1)', 'SELECT 1']) {
    t.equal(parseInsert(other), undefined, other)
  }
  t.end()
})

test('insert table and token are found in every shape of insert', t => {
  t.equal(insertTable('INSERT INTO `db`.`t` SELECT 1'), 'db.t')
  t.equal(insertTable('SELECT 1'), undefined)
  t.ok(hasToken("INSERT INTO t SETTINGS a=1, insert_deduplication_token = 'x' VALUES (1)"))
  t.notOk(hasToken("INSERT INTO t SETTINGS insert_deduplication_token = '' VALUES (1)"))
  t.end()
})

test('statement is one when semicolons are in literals, comments or at its end', t => {
  for (const sql of ["SELECT ';'", 'SELECT 1;', 'SELECT 1; -- end', 'SELECT `a;b`', 'SELECT /* ; */ 1', "SELECT 'it\\'s; '", 'SELECT $a$;$a$', 'SELECT 1 # ;', 'SELECT 1 // ;', 'INSERT INTO t FORMAT CSV 1;2;3']) t.ok(isSingleStatement(sql), sql)
  for (const sql of ['SELECT 1; DROP TABLE t', "SELECT ''; INSERT INTO t VALUES (1)", 'SELECT 1; -- x\n SELECT 2', "SELECT $$'$$; DROP TABLE t; SELECT $$'$$", "SELECT 1 #! '\n; DROP TABLE t #! '", 'SELECT 1 AS `a\\` `; DROP TABLE t;`']) t.notOk(isSingleStatement(sql), sql)
  t.end()
})

test('output format is that at the end of the statement', t => {
  t.equal(outputFormat('SELECT 1 FORMAT JSON'), 'JSON')
  t.equal(outputFormat('SELECT 1 FORMAT JSONEachRow SETTINGS a = 1;'), 'JSONEachRow')
  t.equal(outputFormat("SELECT 'FORMAT JSON', 1"), undefined)
  t.end()
})

test('a statement reaches out by files, addresses, programs and quoted functions, however it is written, and by nothing else', t => {
  const outside = [
    "SELECT file('/etc/passwd')", "SELECT * FROM file('x')", "DESCRIBE TABLE url('http://x')", "SELECT * FROM `file` ('x')", 'SELECT * FROM "\\x66ile"(1)', 'SELECT `\\x66ile` /* */ (1)', 'SELECT FILE /* */ (1)',
    'SELECT file -- x\n (1)', 'SELECT file\u200b(1)', "SELECT * FROM eval('SELECT 1')", "SELECT * FROM s3Cluster('a', 'b')", "SELECT * FROM remoteSecure('x')", "SELECT 1 INTO OUTFILE 'x'", "SELECT 1 INTO/**/outfile'x'", "INSERT INTO t FROM INFILE 'x' FORMAT CSV",
    "CREATE TABLE t (a Int8) ENGINE = File(CSV, 'x')"
  ]
  for (const sql of outside) t.type(reachesOut(sql), 'string', sql)
  for (const sql of ['SELECT profile(1)', 'SELECT URLHash(x), domain(url) FROM t', 'SELECT a AS "n" -- note', "SELECT 'a\\\\d' AS n", 'SELECT file FROM t', 'SELECT input, url FROM t WHERE url IN (1)']) t.equal(reachesOut(sql), undefined, sql)
  t.end()
})

test('quote makes a literal that ends where it should', t => {
  t.equal(quote("a'b\\c"), "'a\\'b\\\\c'")
  t.end()
})
