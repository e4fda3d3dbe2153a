import { type StateQueryOptions } from '../../streams/state/query.ts'
import { type Clock } from '../../streams/time/clock.ts'
import { catalogName, catalogProcessedStore, productStore } from '../../topology/catalog/process-catalog.ts'
import { categoriesKey } from '../../topology/catalog/routing.ts'
import { type CatalogKey, type CatalogOutcomes } from '../catalog/ports.ts'
import { createStateRows } from './state-rows.ts'

/** Reads what became of commands where the catalog remembers them. */
export function createCatalogOutcomes (options: StateQueryOptions, clock: Clock): CatalogOutcomes {
  const rows = createStateRows(options, catalogName)
  const taskOf = (command: CatalogKey): string => 'sku' in command ? command.sku : categoriesKey
  return {
    outcome: async (command, commandId, position, wait) => {
      const until = position === undefined ? undefined : { position, clock, ...wait }
      const answer = await rows.readAfter(until, taskOf(command), catalogProcessedStore, commandId)
      if (answer === 'behind') return { kind: 'pending' }
      const { code = null, field = null, message = null } = answer.row ?? {}
      return { kind: 'done', rejection: code === null ? undefined : { code, field, message: message ?? '' } }
    },
    commandHash: async (command, commandId) => {
      const processed = await rows.read(taskOf(command), catalogProcessedStore, commandId)
      if (processed !== undefined || !('sku' in command)) return processed?.bodyHash
      const product = await rows.read(command.sku, productStore, command.sku)
      return product?.createdCommandId === commandId ? product.createdBodyHash : undefined
    }
  }
}
