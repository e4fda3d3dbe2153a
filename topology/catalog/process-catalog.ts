import { type CommandMeta } from '#schemas'
import { type ProcessorContext, type TimerInfo, defineProcessor, defineStore } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { type Rejection, admit, contentHash, processedCommand } from '../commands/processed-command.ts'
import { retentionMs } from '../commands/retention.ts'
import { type Cause, causeOf, commandIdOf, eventMeta } from '../envelope.ts'
import { type CatalogCommand, topics } from '../topics.ts'
import { type CatalogRequest, decideProduct, viewOf } from './product.ts'

/** Name of the sub-topology. */
export const catalogName = 'catalog'

/** One row per product, and one per price command that came with an id. */
export const productStore = defineStore('products', stateSerde(catalogName, 'ProductState'))
export const catalogProcessedStore = defineStore('processed', stateSerde(catalogName, 'ProcessedCommand'))

/** How long command ids are kept: a day longer than their topic. Unit: ms. */
export const catalogMemoryMs = retentionMs(topics.catalog.commands) + 86_400_000

/** Products and prices. See README.md. */
export const catalogProcessor = defineProcessor<CatalogCommand>({
  name: catalogName,
  inputs: [topics.catalog.commands],
  outputs: [topics.catalog.events, topics.catalog.state, topics.orders.rejections],
  stores: [productStore, catalogProcessedStore],
  reads: command => remembers(command)
    ? [[productStore, command.sku], [catalogProcessedStore, command.meta.commandId]]
    : [[productStore, command.sku]],
  handlers: { CreateProduct: handle, ChangePrice: handle },
  onTimer: (context: ProcessorContext, timer: TimerInfo) => context.store(catalogProcessedStore).delete(timer.key),
  // Prices of a product are decided in the order in which they were sent.
  parking: 'key',
  ordering: { record: command => command.sku }
})

function handle (context: ProcessorContext, command: CatalogRequest & { readonly meta: CommandMeta }): void {
  const cause = causeOf(command.meta, context.source)
  const { commandId } = command.meta
  const hash = remembers(command) ? contentHash(command) : ''
  const admission = remembers(command) ? admit(context.store(catalogProcessedStore).get(commandId), hash) : { kind: 'new' as const }
  if (admission.kind !== 'new') {
    if (admission.rejection !== null) emitRejection(context, command, admission.rejection, cause)
    return
  }
  const { event, product, rejection } = decideProduct(context.store(productStore).get(command.sku), command)
  if (remembers(command)) {
    context.store(catalogProcessedStore).put(commandId, processedCommand(commandId, hash, rejection, context.nowMs))
    context.timers.set(commandId, context.nowMs + catalogMemoryMs)
  }
  if (rejection !== undefined) return emitRejection(context, command, rejection, cause)
  if (event === undefined || product === undefined) return
  context.store(productStore).put(product.sku, product)
  context.emit(topics.catalog.events, { key: product.sku, value: { ...event, meta: eventMeta(context, cause, product.version) } })
  context.emit(topics.catalog.state, { key: product.sku, value: viewOf(product) })
}

/** A created product carries its own fingerprint; a price command has to be remembered, or a late repeat would undo a newer price. */
function remembers (command: { readonly type: string, readonly meta: CommandMeta }): boolean {
  return command.type === 'ChangePrice' && command.meta.commandId !== ''
}

/** The catalog has no rejection topic of its own: its refused commands lie on orders.rejections under their SKU. */
function emitRejection (
  context: ProcessorContext, command: CatalogRequest & { readonly meta: CommandMeta }, rejection: Rejection, cause: Cause
): void {
  const commandId = commandIdOf(command.meta, context.source)
  const meta = eventMeta(context, cause)
  const value = { type: 'CommandRejected' as const, meta, orderId: command.sku, command: command.type, commandId, ...rejection }
  context.emit(topics.orders.rejections, { key: command.sku, value })
}
