import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { type InventoryCommand, type InventoryCompensation, stockPartitions } from '../topics.ts'

/** The partition that a SKU lives in: the one function that stock is reserved, registered and adjusted by. */
export function stockPartitionOf (sku: string): number {
  return partitionOf(sku, stockPartitions)
}

/** A record of either input of the inventory processor. */
export type InventoryInput = InventoryCommand | InventoryCompensation

/**
 * Partitions that an inventory record belongs to. A reservation belongs where its SKUs are, whatever its key; what refers to one
 * belongs to the partition it names; everything else goes by its SKU. A partition that does not exist falls back to the key, and
 * the handler refuses it.
 */
export function routeInventory (value: TypedValue, key: string, partitions: number): readonly number[] {
  const record = value as InventoryInput
  switch (record.type) {
    case 'ReserveStock': {
      const targets = new Set(record.lines.map(line => partitionOf(line.sku, partitions)))
      return targets.size === 0 ? [namedPartition(record.partition, key, partitions)] : [...targets]
    }
    case 'RegisterSku':
    case 'AdjustStock':
    case 'Restock':
    case 'HoldStock':
    case 'ReleaseHold': return [partitionOf(record.sku, partitions)]
    default: return [namedPartition(record.partition, key, partitions)]
  }
}

function namedPartition (partition: number, key: string, partitions: number): number {
  return partition >= 0 && partition < partitions ? partition : partitionOf(key, partitions)
}
