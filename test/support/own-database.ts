import { type Test } from 'tap'
import { type ClickHouseClient, ensureDatabase, openClickHouse } from '../../sinks/index.ts'
import { uniquePrefix, useStack } from './stack.ts'

/** A database of a test's own, and a client of it. */
export interface OwnDatabase { readonly client: ClickHouseClient, readonly url: string, readonly database: string }

/** Makes a database in the shared ClickHouse, without tables; it is dropped with the test. Undefined, with the test skipped, where there is no ClickHouse. */
export async function ownDatabase (t: Test, { compress = false }: { readonly compress?: boolean } = {}): Promise<OwnDatabase | undefined> {
  const stack = await useStack(t, { services: ['clickhouse'] })
  if (stack === undefined) return undefined
  const { clickhouseUrl: url } = stack.endpoints
  const database = uniquePrefix().replaceAll('-', '')
  await ensureDatabase({ url, database, compress })
  const client = openClickHouse({ url, database, compress })
  t.teardown(async () => {
    await client.command({ query: `DROP DATABASE ${database}` })
    await client.close()
  })
  return { client, url, database }
}
