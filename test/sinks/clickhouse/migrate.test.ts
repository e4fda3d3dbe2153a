import { test } from 'tap'
import { parseMigration, pendingMigrations, readMigrations } from '../../../sinks/clickhouse/migrate.ts'
import { BUCKET_OFFSETS, MIN_DEDUPLICATION_WINDOW, PARTITION_KEY } from '../../../sinks/clickhouse/tables.ts'

const of = (version: number, text = `SELECT ${version}`) => parseMigration(`00${version}_m.sql`, text)

test('migration file is split at semicolons that end a line', t => {
  const migration = parseMigration('001_first.sql', "SELECT ';a';\r\n\r\n-- note\r\nSELECT 2 ;  \r\n")
  t.match(migration, { version: 1, name: 'first', statements: ["SELECT ';a'", '-- note\nSELECT 2'] })
  t.equal(parseMigration('001_first.sql', "SELECT ';a';\n\n-- note\nSELECT 2 ;").checksum.length, 32)
  t.throws(() => parseMigration('first.sql', ''), { code: 'SNK_MIGRATION_ORDER' })
  t.end()
})

test('pending migrations are those after the applied ones, which must be unchanged', t => {
  const known = [of(1), of(2), of(3)]
  t.same(pendingMigrations(known, new Map([[1, of(1).checksum]])), known.slice(1))
  t.throws(() => pendingMigrations(known, new Map([[1, 'other']])), { code: 'SNK_MIGRATION_CHANGED' })
  t.throws(() => pendingMigrations(known, new Map([[4, 'x']])), { code: 'SNK_MIGRATION_UNKNOWN' })
  t.throws(() => pendingMigrations([of(1), of(3)], new Map()), { code: 'SNK_MIGRATION_ORDER' })
  t.end()
})

test('shipped migrations make the table that the target relies on', async t => {
  const statements = (await readMigrations()).flatMap(migration => migration.statements)
  const table = statements.findLast(statement => /CREATE TABLE (IF NOT EXISTS )?raw_events/.test(statement)) ?? ''
  t.ok(table.includes(`PARTITION BY ${PARTITION_KEY}`))
  t.ok(PARTITION_KEY.includes(String(BUCKET_OFFSETS)))
  t.ok(Number(/non_replicated_deduplication_window = (\d+)/.exec(table)?.[1]) >= MIN_DEDUPLICATION_WINDOW)
  t.notMatch(table, /\b(DEFAULT|TTL)\b/)
  t.notMatch(table, /MATERIALIZED (?!JSONExtract\(if\(event_type )/, 'a column follows from the payload alone')
  for (const statement of statements) t.notMatch(statement, /MATERIALIZED VIEW/)
})
