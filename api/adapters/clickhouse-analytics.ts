import { type NamedQuery, analyticsQueries, beginLimit, exportSettings, exportStatement, runQuery } from '../../sinks/index.ts'
import { type Analytics } from '../analytics/ports.ts'
import { type AnalyticsClient } from './clickhouse-order-history.ts'

export interface ClickHouseAnalyticsOptions {
  /** How long a question may take, ms. @default 5000 */
  readonly timeoutMs?: number
  /** How long an export may take, ms. @default 60000 */
  readonly exportTimeoutMs?: number
}

/** Asks ClickHouse for figures, about a second behind the log. Rejects with the client's error, also when its time is over. */
export function createClickHouseAnalytics (
  client: AnalyticsClient, { timeoutMs = 5_000, exportTimeoutMs = 60_000 }: ClickHouseAnalyticsOptions = {}
): Analytics {
  return {
    ask: async (name, params) => await runQuery(client, analyticsQueries[name] as NamedQuery<object, never>, params as object, { timeoutMs }) as never,
    export: async ({ name, format, ...params }) => {
      const { limits: { clickhouse_settings: settings, abort_signal: signal }, release } = beginLimit({ timeoutMs: exportTimeoutMs })
      try {
        const query = exportStatement(name, format)
        const asked = { ...exportSettings, ...settings, wait_end_of_query: 1 } as const
        const { stream } = await client.exec({ query, query_params: params, clickhouse_settings: asked, abort_signal: signal })
        return stream.once('end', release).once('close', release)
      } catch (error) {
        release()
        throw error
      }
    }
  }
}
