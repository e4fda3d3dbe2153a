import { type Client, type Hook, OpenFeature } from '@openfeature/server-sdk'
import { FeatureProvider } from './feature-provider.ts'
import { type FlagTable } from './ports.ts'

export { type Client as FeatureClient } from '@openfeature/server-sdk'

/** What evaluates flags, and how it ends. */
export interface Features {
  readonly client: Client
  close (): Promise<void>
}

/** Tables of this process so far: each has a domain of its own in OpenFeature, which knows one provider a domain for the whole process. */
let tables = 0

/** A client of OpenFeature over a table of flags. The hooks see each evaluation. */
export function openFeatures (table: FlagTable, ...hooks: readonly Hook[]): Features {
  const domain = `commerce-${tables++}`
  const provider = new FeatureProvider(table)
  OpenFeature.setProvider(domain, provider)
  const client = OpenFeature.getClient(domain)
  client.addHooks(...hooks)
  return { client, close: async () => { await provider.onClose() } }
}
