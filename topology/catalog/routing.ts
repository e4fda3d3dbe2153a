import { type AvailabilityChanged } from '#schemas'
import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { type CatalogCommand } from '../topics.ts'

/** Whatever the catalog's tasks take in. */
export type CatalogInput = CatalogCommand | AvailabilityChanged

/** Key of every command about a category: one task has the whole tree. */
export const categoriesKey = 'categories'

/** What a command is filed under, and what its order is kept by: its product, or the tree. */
export function catalogKeyOf (command: CatalogInput): string {
  return 'sku' in command ? command.sku : categoriesKey
}

/** Where a command belongs, whatever its key. */
export function routeCatalog (command: TypedValue, _key: string, partitions: number): readonly number[] {
  return [partitionOf(catalogKeyOf(command as CatalogInput), partitions)]
}
