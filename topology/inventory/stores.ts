import { defineStore } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { retentionMs } from '../commands/retention.ts'
import { topics } from '../topics.ts'

/** Name of the sub-topology: in task ids, the changelog and the hash slots of the state. */
export const inventoryName = 'inventory'

/** The stores of a task: one row per SKU, per reservation and per remembered command of its partition. */
export const stockStore = defineStore('stock', stateSerde(inventoryName, 'StockState'))
export const reservationStore = defineStore('reservations', stateSerde(inventoryName, 'ReservationState'))
export const processedStore = defineStore('processed', stateSerde(inventoryName, 'ProcessedCommand'))

/** The queues of those who wait for stock: a row per SKU and waiting reservation, in the order of the queue. */
export const backOrderStore = defineStore('back-orders', stateSerde(inventoryName, 'BackOrderState'), { ordered: true })

/** How long ended reservations, fences and command ids are kept: a day longer than the topic a late command could come from. Unit: ms. */
export const memoryMs = retentionMs(topics.inventory.commands) + 86_400_000
