import { type SinkDef, type Topology } from '#streams'
import { createClickHouseSinks } from '../../sinks/index.ts'
import { createHttpGateway, createTopology, guardGateway, topics } from '../../topology/index.ts'
import { type Platform } from './connect.ts'

/** What analysts see: the event topics. Compacted topics cannot be sunk, commands and replies are the platform's own. */
export const analyticsTopics = [
  topics.orders.events, topics.orders.rejections, topics.inventory.events, topics.payments.events, topics.shipping.events,
  topics.catalog.events, topics.notifications.requests, topics.imports.invoices, topics.returns.events, topics.ledger.entries, topics.audit.invariants
]

/** The nodes that take the event topics to ClickHouse. */
export function createAnalyticsSinks (platform: Pick<Platform, 'clickhouse'>, repair?: SinkDef['repair']): SinkDef[] {
  return createClickHouseSinks({ client: platform.clickhouse, topics: analyticsTopics, ...(repair === undefined ? {} : { repair }) })
}

/** The whole topology of a process: processors with their gateway, and the analytics sinks. */
export function createPlatformTopology (platform: Pick<Platform, 'clickhouse' | 'gatewayUrl'>, repair?: SinkDef['repair']): Topology {
  return createTopology({
    payments: { gateway: guardGateway(createHttpGateway({ url: platform.gatewayUrl })) },
    sinks: createAnalyticsSinks(platform, repair)
  })
}
