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

/** Defines a query with parameters of that type; the rows' type follows from `row`. */
export function namedQuery<Params extends object> (): <Row>(query: NamedQuery<Params, Row>) => NamedQuery<Params, Row> {
  return query => Object.freeze(query)
}

/** Runs a named query. Rejects with the client's error. Many parameters travel in the body. */
export async function runQuery<Params extends object, Row> (client: ClickHouseClient, query: NamedQuery<Params, Row>, params: Params): Promise<Row[]> {
  const answer = await client.query({ query: query.sql, query_params: Object.fromEntries(Object.entries(params)), format: 'JSONEachRow', use_multipart_params_auto: true })
  const rows = await answer.json<JsonRow>()
  return rows.map(query.row)
}
