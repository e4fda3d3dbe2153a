import { type ProcessorContext, type RecordInfo, defineProcessor, defineStore } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { causeOf } from '../envelope.ts'
import { topics } from '../topics.ts'
import { type StockMove, followStock, stockMoves } from './follow-stock.ts'
import { auditLingerMs, reportBreak } from './report-break.ts'

/** Name of the sub-topology: in task ids, the changelog and the hash slots of the state. */
export const auditStockName = 'audit-stock'

/** The stock of every SKU as its events tell it, by SKU: a row of about ten bytes, kept as long as the SKU. */
export const stockAuditStore = defineStore('skus', stateSerde(auditStockName, 'StockAudit'))
/** Where the log began: one row per task. */
export const stockLogStore = defineStore('log', stateSerde(auditStockName, 'StockAuditLog'))
const logKey = 'start'

/** Watches the conservation of stock while the platform runs. See README.md. */
export const auditStockProcessor = defineProcessor<StockMove>({
  name: auditStockName,
  inputs: [topics.inventory.events],
  outputs: [topics.audit.invariants],
  stores: [stockAuditStore, stockLogStore],
  reads: (_event, sku) => [[stockAuditStore, sku]],
  handlers: Object.fromEntries(stockMoves.map(type => [type, watch])),
  lingerMs: auditLingerMs
})

function watch (context: ProcessorContext, event: StockMove, record: RecordInfo): void {
  const skus = context.store(stockAuditStore)
  const before = skus.get(record.key)
  const { row, breaks } = followStock(before, event, before !== undefined || isLogWhole(context, record))
  if (row !== before) skus.put(record.key, row)
  for (const found of breaks) reportBreak(context, record.key, found, record, causeOf(event.meta))
}

/** True when the first event that this task ever saw is the first of the log: older ones were not deleted before it came. */
function isLogWhole (context: ProcessorContext, record: RecordInfo): boolean {
  const logs = context.store(stockLogStore)
  const known = logs.get(logKey)
  if (known !== undefined) return known.firstOffset === 0
  logs.put(logKey, { type: 'StockAuditLog', firstOffset: Number(record.offset) })
  return record.offset === 0n
}
