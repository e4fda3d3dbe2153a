import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ClickHouseClient } from '@clickhouse/client'
import { SinkError } from '../errors.ts'

/**
 * A migration as it stands in a file: `001_name.sql`, statements ended by a semicolon at the end of a line. `unless`: a question of a first
 * line `-- unless: SELECT …`; when it answers 1, what the file does is done, and none of it is done again.
 */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly checksum: string
  readonly statements: readonly string[]
  readonly unless: string | undefined
}

export interface MigrationReport { readonly version: number, readonly name: string, readonly action: 'applied' | 'present' }

const FOLDER = new URL('./migrations/', import.meta.url)

/** How often a file that moves a table is tried, and the pause between: two processes that migrate at the same time are in each other's way. */
const MOVE_ATTEMPTS = 5
const MOVE_PAUSE_MS = 500

const HISTORY = `
CREATE TABLE IF NOT EXISTS schema_migrations (
  version UInt32, name String, checksum String, applied_at DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY version`

/** Reads a migration file. Pure. */
export function parseMigration (file: string, text: string): Migration {
  const [, digits, name] = /^(\d{3})_(\w+)\.sql$/.exec(file) ?? []
  if (digits === undefined || name === undefined) throw new SinkError('SNK_MIGRATION_ORDER', { file })
  const normal = text.replace(/\r\n/g, '\n').trim()
  const statements = normal.split(/;[ \t]*(?:\n|$)/).map(statement => statement.trim()).filter(statement => statement !== '')
  return { version: Number(digits), name, checksum: createHash('sha256').update(normal).digest('hex').slice(0, 32), statements, unless: /^-- unless: (.+)/.exec(normal)?.[1] }
}

/**
 * What is still to be applied, in order. Pure.
 *
 * @throws {SinkError} SNK_MIGRATION_CHANGED, SNK_MIGRATION_UNKNOWN, SNK_MIGRATION_ORDER
 */
export function pendingMigrations (known: readonly Migration[], applied: ReadonlyMap<number, string>): Migration[] {
  known.forEach(({ version, name }, index) => {
    if (version !== index + 1) throw new SinkError('SNK_MIGRATION_ORDER', { version, name })
  })
  for (const [version, checksum] of applied) {
    const migration = known[version - 1]
    if (migration === undefined) throw new SinkError('SNK_MIGRATION_UNKNOWN', { version })
    if (migration.checksum !== checksum) throw new SinkError('SNK_MIGRATION_CHANGED', { version, name: migration.name })
  }
  return known.filter(({ version }) => !applied.has(version))
}

export async function readMigrations (folder = FOLDER): Promise<Migration[]> {
  const files = (await readdir(folder)).filter(file => file.endsWith('.sql')).sort()
  return await Promise.all(files.map(async file => parseMigration(file, await readFile(new URL(file, folder), 'utf8'))))
}

/**
 * Brings the client's database to the newest tables and views. Forward only, safe to run twice and at the same time: every
 * statement may be repeated, and is recorded only after all of its file ran.
 *
 * @throws {SinkError} as `pendingMigrations`; SNK_MIGRATION_FAILED with the statement's error as cause
 */
export async function migrate (client: ClickHouseClient, report: (line: MigrationReport) => void = () => {}): Promise<void> {
  const known = await readMigrations()
  await client.command({ query: HISTORY })
  const answer = await client.query({ query: 'SELECT DISTINCT version, checksum FROM schema_migrations ORDER BY version', format: 'JSONEachRow' })
  const rows = await answer.json<{ readonly version: number, readonly checksum: string }>()
  const pending = pendingMigrations(known, new Map(rows.map(row => [row.version, row.checksum])))
  for (const migration of known) {
    const { version, name } = migration
    if (!pending.includes(migration)) {
      report({ version, name, action: 'present' })
      continue
    }
    await apply(client, migration)
    report({ version, name, action: 'applied' })
  }
}

async function apply (client: ClickHouseClient, migration: Migration): Promise<void> {
  const { version, name, checksum } = migration
  try {
    await run(client, migration)
    const values = [{ version, name, checksum, applied_at: Date.now() }]
    await client.insert({ table: 'schema_migrations', values, format: 'JSONEachRow', clickhouse_settings: { async_insert: 0 } })
  } catch (error) {
    throw new SinkError('SNK_MIGRATION_FAILED', { version, name }, error)
  }
}

async function run (client: ClickHouseClient, { statements, unless }: Migration): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (unless !== undefined && await isTrue(client, unless)) return
      for (const query of statements) await client.command({ query, clickhouse_settings: { wait_end_of_query: 1 } })
      return
    } catch (error) {
      if (unless === undefined || attempt === MOVE_ATTEMPTS) throw error
      await sleep(MOVE_PAUSE_MS)
    }
  }
}

async function isTrue (client: ClickHouseClient, query: string): Promise<boolean> {
  const answer = await client.query({ query, format: 'TabSeparated' })
  return (await answer.text()).trim() === '1'
}
