import { beginLimit, type ClickHouseClient } from '../../sinks/index.ts'
import { ensureError } from '../../streams/errors.ts'
import { OpsError } from '../errors.ts'
import { isSingleStatement, outputFormat, statementKind } from '../stack/clickhouse-front/statement.ts'
import { type Answer } from './render.ts'

/** A question of somebody who writes SQL. */
export interface Question {
  readonly sql: string
  /** Rows at most. */
  readonly limit: number
  readonly timeoutS: number
}

/** The first `limit` rows of the answer; `isCut`: there are more. */
export interface Found extends Answer { readonly isCut: boolean }

/**
 * Asks ClickHouse, read-only: nothing that is asked can change anything.
 *
 * @throws {OpsError} OPS_SQL_REFUSED when it is no question, or the engine has no answer to it; OPS_SQL_UNREACHABLE when nobody answers.
 */
export async function ask (client: ClickHouseClient, { sql, limit, timeoutS }: Question): Promise<Found> {
  const query = sql.trim().replace(/;\s*$/, '')
  const problem = problemOf(query)
  if (problem !== undefined) throw new OpsError('OPS_SQL_REFUSED', { problem })
  const { limits, release } = beginLimit({ timeoutMs: timeoutS * 1000 })
  try {
    const result = await client.query({
      query,
      format: 'JSONCompact',
      abort_signal: limits.abort_signal,
      clickhouse_settings: {
        ...limits.clickhouse_settings,
        limit: String(limit + 1),
        readonly: '2',
        output_format_json_quote_decimals: 1,
        output_format_json_quote_64bit_integers: 0,
        output_format_decimal_trailing_zeros: 1
      }
    })
    const { meta = [], data } = await result.json<readonly unknown[]>()
    return { names: meta.map(({ name }) => name), rows: data.slice(0, limit), isCut: data.length > limit }
  } catch (error) {
    throw told(ensureError(error), timeoutS)
  } finally {
    release()
  }
}

/** Why this cannot be asked; undefined = it can. */
function problemOf (query: string): string | undefined {
  if (query === '') return 'there is no query: give it in quotes, or by standard input'
  if (!isSingleStatement(query)) return 'it is more than one statement: ask one after the other'
  if (statementKind(query) !== 'read') return 'it is no question: SELECT, WITH, SHOW, DESCRIBE, EXPLAIN and EXISTS are'
  const format = outputFormat(query)
  return format === undefined ? undefined : `it ends in FORMAT ${format}: leave that out and give --format`
}

function told (error: Error, timeoutS: number): OpsError {
  if ('code' in error && /^\d+$/.test(String(error.code))) {
    return new OpsError('OPS_SQL_REFUSED', { problem: String(error.code) === '159' ? `it takes longer than ${timeoutS} s: ask for less, or give --timeout` : error.message.split('\n')[0] ?? '' }, error)
  }
  if (error.name === 'TimeoutError' || /abort|timeout/i.test(error.message)) return new OpsError('OPS_SQL_REFUSED', { problem: `it takes longer than ${timeoutS} s: ask for less, or give --timeout` }, error)
  return new OpsError('OPS_SQL_UNREACHABLE', { problem: error.message }, error)
}
