import { type ClickHouseClient } from '@clickhouse/client'

/** A query with bound parameters and typed rows. Nothing is ever put into its text. */
export interface NamedQuery<Params extends object, Row> {
  /** One line for people. */
  readonly title: string
  readonly sql: string
  /** Turns a row of JSON into a typed one. */
  readonly row: (json: JsonRow) => Row
  /** Never set: carries the parameters' type. */
  readonly params?: Params
}

export type JsonRow = Readonly<Record<string, unknown>>

/** How long a query may take. */
export interface QueryLimit {
  /** The engine gives up after this, in whole seconds, and so does whoever waits for it, ms. */
  readonly timeoutMs: number
}

/** Defines a query with parameters of that type; the rows' type follows from `row`. */
export function namedQuery<Params extends object> (): <Row>(query: NamedQuery<Params, Row>) => NamedQuery<Params, Row> {
  return query => Object.freeze(query)
}

/** Runs a named query. Rejects with the client's error, with a limit also when it takes longer. Many parameters travel in the body. */
export async function runQuery<Params extends object, Row> (
  client: ClickHouseClient, query: NamedQuery<Params, Row>, params: Params, limit?: QueryLimit
): Promise<Row[]> {
  const bound = { query_params: Object.fromEntries(Object.entries(params)), use_multipart_params_auto: true }
  const request = { query: query.sql, ...bound, format: 'JSONEachRow' } as const
  const ask = async (limits: object): Promise<readonly JsonRow[]> => await (await client.query({ ...request, ...limits })).json<JsonRow>()
  if (limit === undefined) return (await ask({})).map(query.row)
  const { limits, release } = beginLimit(limit)
  try {
    return (await ask(limits)).map(query.row)
  } finally {
    release()
  }
}

/**
 * What keeps a request to the limit: the engine ends the query, and the request ends whether the engine answers or not. `release` when it is
 * over: a signal that fires afterwards would end whatever has the connection by then.
 */
export function beginLimit ({ timeoutMs }: QueryLimit) {
  const over = new AbortController()
  const timer = setTimeout(() => { over.abort() }, timeoutMs)
  return {
    limits: { clickhouse_settings: { max_execution_time: Math.max(1, Math.ceil(timeoutMs / 1000)) }, abort_signal: over.signal },
    release: () => { clearTimeout(timer) }
  }
}
