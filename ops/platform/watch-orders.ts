import { type Clock, type Logger, type Metrics } from '#streams'
import { openSagaStates, orderFigures, orderOutcomes, runQuery } from '../../sinks/index.ts'
import { type Platform } from './connect.ts'
import { keepLooking } from './keep-looking.ts'

export interface WatchOrdersOptions {
  readonly platform: Pick<Platform, 'clickhouse'>
  readonly metrics: Metrics
  readonly logger: Logger
  readonly clock: Clock
  /** Pause between two looks, ms; 0 = never look. */
  readonly everyMs: number
}

/** An answer that takes longer helps nobody, ms. */
const PATIENCE_MS = 10_000
const quantileNames = ['0.5', '0.95', '0.99'] as const

/** Asks ClickHouse every `everyMs` how the orders are, and tells it as gauges: the same in every process that asks. A look that fails is a warning. */
export function watchOrders ({ platform: { clickhouse }, metrics, logger, clock, everyMs }: WatchOrdersOptions): { close (): Promise<void> } {
  if (everyMs === 0) return { close: async () => {} }
  const open = metrics.gauge({ name: 'saga_open', help: 'Orders whose saga is on its way, by what they wait for.', labels: ['state'] })
  const oldest = metrics.gauge({ name: 'saga_oldest_seconds', help: 'How long the order that has waited longest in a state has been in it; 0 without one.', labels: ['state'] })
  const seconds = metrics.gauge({ name: 'saga_seconds', help: 'From placed to confirmed, of the orders confirmed in the last five minutes; 0 without one.', labels: ['quantile'] })
  const orders = metrics.gauge({ name: 'business_orders', help: 'Orders that ever came so far: placed, confirmed, rejected, cancelled, failed, timedOut.', labels: ['what'] })
  const revenue = metrics.gauge({ name: 'business_revenue', help: 'Gross revenue of all orders ever confirmed, in units of the currency.', labels: ['currency'] })

  const look = async (): Promise<void> => {
    const nowMs = clock.now()
    const limit = { timeoutMs: PATIENCE_MS }
    const waiting = new Map((await runQuery(clickhouse, orderFigures.open, { nowMs }, limit)).map(row => [row.state, row]))
    for (const state of openSagaStates) {
      open.set({ state }, waiting.get(state)?.orders ?? 0)
      oldest.set({ state }, (waiting.get(state)?.oldestMs ?? 0) / 1000)
    }
    const counts = new Map((await runQuery(clickhouse, orderFigures.outcomes, {}, limit)).map(row => [row.event, row.orders]))
    for (const [event, what] of Object.entries(orderOutcomes)) orders.set({ what }, counts.get(event as keyof typeof orderOutcomes) ?? 0)
    for (const { currency, gross } of await runQuery(clickhouse, orderFigures.revenue, {}, limit)) revenue.set({ currency }, Number(gross) / 10_000)
    const [duration] = await runQuery(clickhouse, orderFigures.duration, { nowMs }, limit)
    for (const [index, quantile] of quantileNames.entries()) {
      seconds.set({ quantile }, duration === undefined || duration.orders === 0 ? 0 : (duration.quantilesMs[index] ?? 0) / 1000)
    }
  }
  return keepLooking({
    clock,
    logger,
    firstAfterMs: 0,
    everyMs,
    look: async (_closing, closed) => { await Promise.race([look(), closed]) },
    failed: 'the figures of the orders could not be read'
  })
}
