import { type SubTopology } from '#streams'

/**
 * The platform as nine services, each an image and a workload of its own: what each runs, by sub-topology. The gateway runs none; it is
 * the API. Every sub-topology belongs to exactly one service, so that a deployment of all nine runs everything and nothing twice.
 */
export const services = {
  order: ['orders', 'imports', 'risk'],
  inventory: ['inventory'],
  payment: ['payments', 'ledger'],
  catalog: ['catalog'],
  shipping: ['shipping'],
  notification: ['notifications', 'webhooks'],
  // The audits judge what the others write: in a process of their own they see it as everybody does.
  analytics: ['analytics', 'behaviour', 'audit-stock', 'audit-orders'],
  identity: ['identity', 'privacy'],
  gateway: []
} as const satisfies Readonly<Record<string, readonly string[]>>

export type Service = keyof typeof services
export const serviceNames = Object.keys(services) as readonly Service[]

/** The services that run sub-topologies: each is a role of its name. */
export type StreamService = Exclude<Service, 'gateway'>
export const streamServices = serviceNames.filter((name): name is StreamService => name !== 'gateway')

/** The role that runs a service: `npm start -- --role ROLE`. */
export function roleOf (service: Service): 'api' | StreamService {
  return service === 'gateway' ? 'api' : service
}

/** The service that a sub-topology belongs to; sinks take events to the analysts. Undefined: to none, and only `--role processor` and `all` run it. */
export function serviceOf ({ name, kind }: Pick<SubTopology, 'name' | 'kind'>): StreamService | undefined {
  if (kind === 'sink') return 'analytics'
  return streamServices.find(service => (services[service] as readonly string[]).includes(name))
}
