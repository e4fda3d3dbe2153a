import { type AvailabilityChanged, type CommandMeta, type ProductState } from '#schemas'
import { type ProcessorContext, type ReadSet, type TimerInfo, defineGlobalTable, defineProcessor, defineStore } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { type Rejection, admit, contentHash, processedCommand } from '../commands/processed-command.ts'
import { retentionMs } from '../commands/retention.ts'
import { type Cause, causeOf, commandIdOf, eventMeta } from '../envelope.ts'
import { type CatalogCommand, topics } from '../topics.ts'
import { type CategoryCommand, decideCategory } from './category.ts'
import { type ProductCommand, type ProductEventBody, decideProduct, viewOf } from './product.ts'
import { type CatalogInput, catalogKeyOf, categoriesKey, routeCatalog } from './routing.ts'

/** Name of the sub-topology. */
export const catalogName = 'catalog'

/** One row per product, and one per SKU that inventory told of, whether or not it is a product. */
export const productStore = defineStore('products', stateSerde(catalogName, 'ProductState'))
export const availabilityStore = defineStore('availability', stateSerde(catalogName, 'ProductAvailability'))
/** The tree of categories: one row, under `categoriesKey`. */
export const categoryStore = defineStore('categories', stateSerde(catalogName, 'CategoryTree'))
/** One row per command that came with an id, but for created products: they remember theirs themselves. */
export const catalogProcessedStore = defineStore('processed', stateSerde(catalogName, 'ProcessedCommand'))
/** Which categories there are, for the tasks that do not have the tree. */
export const categoryTable = defineGlobalTable('categories', topics.catalog.categories)

/** How long command ids are kept: a day longer than their topic. Unit: ms. */
export const catalogMemoryMs = retentionMs(topics.catalog.commands) + 86_400_000

/** Products, prices and categories. See README.md. */
export const catalogProcessor = defineProcessor<CatalogInput>({
  name: catalogName,
  inputs: [{ topic: topics.catalog.commands, route: routeCatalog }, topics.inventory.availability],
  outputs: [topics.catalog.events, topics.catalog.state, topics.catalog.categories, topics.orders.rejections],
  stores: [productStore, availabilityStore, categoryStore, catalogProcessedStore],
  globals: [categoryTable],
  reads,
  handlers: {
    CreateProduct: handleProduct,
    UpdateProduct: handleProduct,
    ChangePrice: handleProduct,
    PublishProduct: handleProduct,
    UnpublishProduct: handleProduct,
    ArchiveProduct: handleProduct,
    CreateCategory: handleCategory,
    RenameCategory: handleCategory,
    MoveCategory: handleCategory,
    ArchiveCategory: handleCategory,
    AvailabilityChanged: handleAvailability
  },
  onTimer: (context: ProcessorContext, timer: TimerInfo) => context.store(catalogProcessedStore).delete(timer.key),
  // What is asked of a product, or of the tree, is decided in the order in which it was sent.
  parking: 'key',
  ordering: { record: catalogKeyOf }
})

function reads (input: CatalogInput): ReadSet {
  const rows: ReadSet = 'sku' in input ? [[productStore, input.sku], [availabilityStore, input.sku]] : [[categoryStore, categoriesKey]]
  return 'commandId' in input.meta && input.meta.commandId !== '' ? [...rows, [catalogProcessedStore, input.meta.commandId]] : rows
}

function handleProduct (context: ProcessorContext, command: ProductCommand): void {
  once(context, command, cause => {
    const products = context.store(productStore)
    const categories = context.global(categoryTable)
    const before = products.get(command.sku)
    const { event, product, rejection } = decideProduct(before, command, { category: id => categories.get(id)?.value, nowMs: context.nowMs })
    if (event === undefined || product === undefined) return rejection
    const { commandId, bodyHash } = command.meta
    const after = before === undefined ? { ...product, createdCommandId: commandId, createdBodyHash: bodyHash ?? contentHash(command) } : product
    products.put(after.sku, after)
    emitProductEvent(context, event, cause, after)
    emitView(context, after)
    return undefined
  })
}

function handleCategory (context: ProcessorContext, command: CategoryCommand): void {
  once(context, command, cause => {
    const { event, tree, rejection } = decideCategory(context.store(categoryStore).get(categoriesKey)?.categories ?? [], command)
    const category = tree?.find(({ categoryId }) => categoryId === command.categoryId)
    if (event === undefined || tree === undefined || category === undefined) return rejection
    context.store(categoryStore).put(categoriesKey, { type: 'CategoryTree', categories: tree })
    context.emit(topics.catalog.events, { key: event.categoryId, value: { ...event, meta: eventMeta(context, cause, category.version) } })
    context.emit(topics.catalog.categories, { key: event.categoryId, value: { type: 'CategoryView', ...category } })
    return undefined
  })
}

/** Inventory tells a class when it changes; told twice, or of a SKU that is no product yet, it is only remembered. */
function handleAvailability (context: ProcessorContext, { sku, availability, meta }: AvailabilityChanged): void {
  const rows = context.store(availabilityStore)
  if (rows.get(sku)?.availability === availability) return
  rows.put(sku, { type: 'ProductAvailability', sku, availability })
  const product = context.store(productStore).get(sku)
  if (product === undefined) return
  emitProductEvent(context, { type: 'ProductInventoryUpdated', sku, availability }, causeOf(meta), product)
  emitView(context, product)
}

/** Carries out what was not carried out before, remembers it, and tells of a rejection: now, or again. */
function once (context: ProcessorContext, command: CatalogCommand, carryOut: (cause: Cause) => Rejection | undefined): void {
  const cause = causeOf(command.meta, context.source)
  const { commandId } = command.meta
  const processed = context.store(catalogProcessedStore)
  const hash = commandId === '' ? '' : contentHash(command)
  const admission = commandId === '' ? { kind: 'new' as const } : admit(processed.get(commandId), hash)
  const rejection = admission.kind === 'new' ? carryOut(cause) : admission.rejection ?? undefined
  // A created product carries its own fingerprint; any other command has to be remembered, or a late repeat would undo a newer one.
  if (admission.kind === 'new' && commandId !== '' && (command.type !== 'CreateProduct' || rejection !== undefined)) {
    processed.put(commandId, processedCommand(commandId, hash, rejection, context.nowMs))
    context.timers.set(commandId, context.nowMs + catalogMemoryMs)
  }
  if (rejection !== undefined) emitRejection(context, command, rejection, cause)
}

function emitProductEvent (context: ProcessorContext, event: ProductEventBody, cause: Cause, product: ProductState): void {
  context.emit(topics.catalog.events, { key: product.sku, value: { ...event, meta: eventMeta(context, cause, product.version) } })
}

function emitView (context: ProcessorContext, product: ProductState): void {
  const availability = context.store(availabilityStore).get(product.sku)?.availability ?? 'unknown'
  context.emit(topics.catalog.state, { key: product.sku, value: viewOf(product, availability) })
}

/** The catalog has no rejection topic of its own: its refused commands lie on orders.rejections under their SKU or category. */
function emitRejection (context: ProcessorContext, command: CatalogCommand & { readonly meta: CommandMeta }, rejection: Rejection, cause: Cause): void {
  const commandId = commandIdOf(command.meta, context.source)
  const subject = 'sku' in command ? command.sku : command.categoryId
  const value = { type: 'CommandRejected' as const, meta: eventMeta(context, cause), orderId: subject, command: command.type, commandId, ...rejection }
  context.emit(topics.orders.rejections, { key: subject, value })
}
