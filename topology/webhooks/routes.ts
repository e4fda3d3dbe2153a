import { type WebhookRoute, type WebhookRoutes, type WebhookState } from '#schemas'
import { type ProcessorContext } from '../../streams/processor.ts'
import { partitions, topics } from '../topics.ts'
import { isAskedFor } from './public-events.ts'
import { routesKey, routesStore, routesTable } from './stores.ts'

const keys = Array.from({ length: partitions }, (_, partition) => String(partition))

/** The rows that a topic of routes has before there is any subscription: a row that is not there has to be looked for at each cycle. */
export const initialRoutes: readonly WebhookRoutes[] = keys.map((_, partition) => ({ type: 'WebhookRoutes', partition, routes: [] }))

/** Who asked for an event of that name. */
export function routesOf (context: Pick<ProcessorContext, 'global'>, name: string): readonly WebhookRoute[] {
  const table = context.global(routesTable)
  return keys.flatMap(key => table.get(key)?.value.routes.filter(({ eventTypes }) => isAskedFor(name, eventTypes)) ?? [])
}

/** True when there is anybody to tell anything. */
export function hasRoutes (context: Pick<ProcessorContext, 'global'>): boolean {
  const table = context.global(routesTable)
  return keys.some(key => (table.get(key)?.value.routes.length ?? 0) > 0)
}

/** Tells all tasks how a subscription of this one stands now; undefined = it is gone. Writes nothing where that is what they know. */
export function publishRoute (context: ProcessorContext, webhookId: string, webhook: WebhookState | undefined): void {
  const { partition } = context.task
  const store = context.store(routesStore)
  const before = store.get(routesKey)?.routes ?? []
  const routes = before.filter(route => route.webhookId !== webhookId)
  if (webhook !== undefined && webhook.stopped === null) routes.push({ webhookId, ownerId: webhook.ownerId, eventTypes: webhook.eventTypes })
  if (JSON.stringify(routes) === JSON.stringify(before)) return
  const row: WebhookRoutes = { type: 'WebhookRoutes', partition, routes }
  store.put(routesKey, row)
  context.emit(topics.webhooks.routes, { key: String(partition), value: row })
}
