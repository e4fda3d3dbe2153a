import {
  type ArchiveProduct, type Availability, type ChangePrice, type CreateProduct, type Price, type ProductState, type ProductView, type PublishProduct,
  type UnpublishProduct, type UpdateProduct
} from '#schemas'
import { type Body } from '../commands/body.ts'
import { type Rejection } from '../commands/processed-command.ts'
import { bodyHash } from '../envelope.ts'
import { type CatalogEvent } from '../topics.ts'
import { type CategoryLookup, type ProductContent, contentRejection, priceRejection, pricesRejection, rejection } from './product-rules.ts'
import { type StatusMove, productMoves, whyForbidden } from './product-status.ts'

/** A catalog event about a product, without its metadata. */
export type ProductEventBody = Body<Extract<CatalogEvent, { readonly sku: string }>>

/** A command about a product, and as the decision sees it. */
export type ProductCommand = CreateProduct | UpdateProduct | ChangePrice | PublishProduct | UnpublishProduct | ArchiveProduct
export type ProductRequest = Body<ProductCommand>

/** An event with the product after it, or the rule that was broken; neither: a repeat. */
export interface CatalogDecision {
  readonly event?: ProductEventBody
  readonly product?: ProductState
  readonly rejection?: Rejection
}

export interface ProductEnvironment {
  /** Which categories there are. */
  readonly category: CategoryLookup
  /** Context time, epoch ms. */
  readonly nowMs: number
}

type Named<Type extends ProductRequest['type']> = Extract<ProductRequest, { type: Type }>

/** Decides on a command about a product. Pure; `product` undefined = the SKU is not in the catalog. */
export function decideProduct (product: ProductState | undefined, command: ProductRequest, env: ProductEnvironment): CatalogDecision {
  if (command.type === 'CreateProduct') return createProduct(product, command, env)
  if (product === undefined) return reject('unknown-product', 'sku', 'the product is not in the catalog')
  const { expectedVersion } = command
  if (expectedVersion !== null && expectedVersion !== product.version) {
    return reject('version-mismatch', 'expectedVersion', `the product is at version ${product.version}`)
  }
  switch (command.type) {
    case 'PublishProduct': return moveProduct(product, 'publish', env)
    case 'UnpublishProduct': return moveProduct(product, 'unpublish', env)
    case 'ArchiveProduct': return moveProduct(product, 'archive', env)
  }
  if (product.status === 'archived') return reject('state-forbids', null, whyForbidden.archived)
  return command.type === 'ChangePrice' ? changePrice(product, command, env) : updateProduct(product, command, env)
}

function createProduct (product: ProductState | undefined, command: Named<'CreateProduct'>, { category, nowMs }: ProductEnvironment): CatalogDecision {
  const createdHash = createdHashOf(command)
  if (product !== undefined) {
    return product.createdHash === createdHash ? {} : reject('product-exists', 'sku', 'the product exists with other content')
  }
  const { sku, prices, stocked, status } = command
  if (sku === '') return reject('invalid-sku', 'sku', 'the SKU is empty')
  if (status !== 'draft' && status !== 'published') return reject('invalid-status', 'status', 'a new product is a draft or published')
  const broken = contentRejection(command, category) ?? pricesRejection(prices)
  if (broken !== undefined) return { rejection: broken }
  const fields = { sku, ...contentOf(command), prices: sortPrices(prices), stocked, status }
  const made = { createdHash, createdCommandId: '', createdBodyHash: '', updatedAt: nowMs, version: 1 }
  return { event: { type: 'ProductCreated', ...fields }, product: { type: 'ProductState', ...fields, ...made } }
}

function updateProduct (product: ProductState, command: Named<'UpdateProduct'>, { category, nowMs }: ProductEnvironment): CatalogDecision {
  const before = contentOf(product)
  const content: ProductContent = {
    name: command.name ?? before.name,
    description: command.description ?? before.description,
    weightGrams: command.weightGrams ?? before.weightGrams,
    volumeCm3: command.volumeCm3 ?? before.volumeCm3,
    categoryIds: command.categoryIds ?? before.categoryIds,
    attributes: command.attributes ?? before.attributes,
    images: command.images ?? before.images,
    featured: command.featured ?? before.featured
  }
  // Categories that it is in already may have been archived since: only new ones have to be there.
  const broken = contentRejection(content, id => before.categoryIds.includes(id) ? { archived: false } : category(id))
  if (broken !== undefined) return { rejection: broken }
  if (bodyHash(before) === bodyHash(content)) return {}
  return accept(product, { type: 'ProductUpdated', sku: product.sku, ...content }, nowMs)
}

function changePrice (product: ProductState, { sku, currency, amount: newAmount }: Named<'ChangePrice'>, { nowMs }: ProductEnvironment): CatalogDecision {
  const broken = priceRejection({ currency, amount: newAmount })
  if (broken !== undefined) return { rejection: broken }
  const oldAmount = product.prices.find(price => price.currency === currency)?.amount ?? null
  if (oldAmount === newAmount) return {}
  return accept(product, { type: 'ProductPriceChanged', sku, currency, oldAmount, newAmount }, nowMs)
}

const moveEvents = { publish: 'ProductPublished', unpublish: 'ProductUnpublished', archive: 'ProductArchived' } as const satisfies Record<StatusMove, string>

function moveProduct (product: ProductState, move: StatusMove, { nowMs }: ProductEnvironment): CatalogDecision {
  const step = productMoves[product.status][move]
  if (step === 'repeat') return {}
  if (step === 'forbid') return reject('state-forbids', null, whyForbidden[product.status])
  if (move === 'publish' && product.prices.length === 0) return reject('price-missing', 'prices', 'a product without a price cannot be sold')
  return accept(product, { type: moveEvents[move], sku: product.sku }, nowMs)
}

function accept (product: ProductState, event: ProductEventBody, nowMs: number): CatalogDecision {
  return { event, product: evolveProduct(product, event, nowMs) }
}

/**
 * The product after one of its events, which happened at `atMs`. A `ProductCreated` is no change of a product that is there, and its stock is
 * none of its own: neither counts in the version.
 */
export function evolveProduct (product: ProductState, event: ProductEventBody, atMs: number): ProductState {
  if (event.type === 'ProductCreated' || event.type === 'ProductInventoryUpdated') return product
  return { ...product, ...changeOf(product, event), updatedAt: atMs, version: product.version + 1 }
}

function changeOf (product: ProductState, event: Exclude<ProductEventBody, { type: 'ProductCreated' | 'ProductInventoryUpdated' }>): Partial<ProductState> {
  switch (event.type) {
    case 'ProductUpdated': return contentOf(event)
    case 'ProductPriceChanged': {
      const others = product.prices.filter(price => price.currency !== event.currency)
      return { prices: sortPrices([...others, { currency: event.currency, amount: event.newAmount }]) }
    }
    case 'ProductPublished': return { status: 'published' }
    case 'ProductUnpublished': return { status: 'unpublished' }
    case 'ProductArchived': return { status: 'archived' }
  }
}

/** The product as orders and readers see it. */
export function viewOf (product: ProductState, availability: Availability): ProductView {
  const { sku, prices, stocked, version, status, updatedAt } = product
  return { type: 'ProductView', sku, prices, stocked, version, status, updatedAt, availability, ...contentOf(product) }
}

function contentOf ({ name, description, weightGrams, volumeCm3, categoryIds, attributes, images, featured }: ProductContent): ProductContent {
  return { name, description, weightGrams, volumeCm3, categoryIds, attributes, images, featured }
}

/** What a product does not say has no part in its fingerprint: it has the one that it had before such a thing could be said. */
function createdHashOf ({ sku, name, prices, stocked, weightGrams, volumeCm3, status, ...content }: Named<'CreateProduct'>): string {
  const { description, categoryIds, attributes, images, featured } = content
  return bodyHash({
    sku,
    name,
    prices: sortPrices(prices),
    stocked,
    weightGrams,
    volumeCm3: volumeCm3 === 0 ? undefined : volumeCm3,
    description: description === '' ? undefined : description,
    categoryIds: saidOnly(categoryIds),
    attributes: saidOnly(attributes),
    images: saidOnly(images),
    featured: featured ? true : undefined,
    status: status === 'published' ? undefined : status
  })
}

function saidOnly<Item> (list: readonly Item[]): readonly Item[] | undefined {
  return list.length === 0 ? undefined : list
}

function sortPrices (prices: readonly Price[]): readonly Price[] {
  return prices.toSorted((a, b) => a.currency < b.currency ? -1 : a.currency > b.currency ? 1 : 0)
}

function reject (code: string, field: string | null, message: string): CatalogDecision {
  return { rejection: rejection(code, field, message) }
}
