import { text } from 'node:stream/consumers'
import { openClickHouse } from '../sinks/index.ts'
import { fail, readOptions } from './command-line.ts'
import { loadConfig } from './config.ts'
import { OpsError } from './errors.ts'
import { type Question, ask } from './sql/ask.ts'
import { type SqlFormat, render, sqlFormats } from './sql/render.ts'
import { localEndpoints } from './stack/local.ts'

const usage = `npm run sql -- [--format ${sqlFormats.join('|')}] [--limit ROWS] [--timeout SECONDS] "SELECT …"
echo "SELECT …" | npm run sql

Asks the ClickHouse of the running platform, read-only. --limit: rows at most (1000). --timeout: seconds at most (30).
docs/analytics.md describes tables and views, with queries to begin with.
`

/** What the command line asks; without SQL it comes by standard input. */
export interface SqlRequest extends Omit<Question, 'sql'> { readonly sql: string | undefined, readonly format: SqlFormat }

/**
 * Reads the options of `npm run sql`; undefined when help is asked for.
 *
 * @throws {OpsError} OPS_OPTION_INVALID naming the option.
 */
export function parseSqlOptions (args: readonly string[]): SqlRequest | undefined {
  const { values: { format = 'table', limit = '1000', timeout = '30', help }, positionals } = optionsOf(args)
  if (help === true) return undefined
  const shown = sqlFormats.find(name => name === format)
  if (shown === undefined) throw invalid(`--format must be one of ${sqlFormats.join(', ')}`)
  const limits = { limit: whole('--limit', limit, 1_000_000), timeoutS: whole('--timeout', timeout, 600) }
  return { sql: positionals.length === 0 ? undefined : positionals.join(' '), format: shown, ...limits }
}

function optionsOf (args: readonly string[]) {
  const texts = { format: { type: 'string' }, limit: { type: 'string' }, timeout: { type: 'string' } } as const
  return readOptions({ args: [...args], allowPositionals: true, options: { ...texts, help: { type: 'boolean' } } })
}

function whole (name: string, value: string, most: number): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1 || number > most) throw invalid(`${name} must be a whole number from 1 to ${most}`)
  return number
}

function invalid (problem: string): OpsError {
  return new OpsError('OPS_OPTION_INVALID', { problem })
}

/** Asks, and prints the answer. */
async function main (request: SqlRequest): Promise<void> {
  const config = loadConfig()
  const { clickhouseUrl } = { ...localEndpoints(config), ...config.external }
  const { user, password, database } = config.clickhouse
  const client = openClickHouse({ url: clickhouseUrl, username: user, password, database, requestTimeoutMs: (request.timeoutS + 5) * 1000 })
  try {
    const found = await ask(client, { ...request, sql: request.sql ?? await text(process.stdin) })
    process.stdout.write(render(found, request.format))
    if (found.isCut) process.stderr.write(`only the first ${request.limit} rows: give --limit for more\n`)
  } finally {
    await client.close()
  }
}

if (import.meta.main) {
  try {
    const request = parseSqlOptions(process.argv.slice(2))
    if (request === undefined) process.stdout.write(usage)
    else await main(request)
  } catch (error) {
    fail(error)
  }
}
