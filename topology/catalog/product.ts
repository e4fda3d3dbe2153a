import { type ChangePrice, type CreateProduct, type Price, type ProductState, type ProductView } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type Rejection } from '../commands/processed-command.ts'
import { bodyHash } from '../envelope.ts'
import { isCurrency, isMoney } from '../money.ts'
import { type CatalogEvent } from '../topics.ts'

/** A catalog event without its metadata. */
export type CatalogEventBody = Body<CatalogEvent>

/** A command as the decision sees it. */
export type CatalogRequest = Omit<CreateProduct, 'meta'> | Omit<ChangePrice, 'meta'>

/** An event with the product after it, or the rule that was broken; neither: a repeat. */
export interface CatalogDecision {
  readonly event?: CatalogEventBody
  readonly product?: ProductState
  readonly rejection?: Rejection
}

/** Decides on a catalog command. Pure; `product` undefined = the SKU is not in the catalog. */
export function decideProduct (product: ProductState | undefined, command: CatalogRequest): CatalogDecision {
  return command.type === 'CreateProduct' ? createProduct(product, command) : changePrice(product, command)
}

function createProduct (product: ProductState | undefined, command: Omit<CreateProduct, 'meta'>): CatalogDecision {
  const { sku, name, prices, stocked, weightGrams, volumeCm3 } = command
  // A product without volume has the fingerprint that it had before there were volumes.
  const createdHash = bodyHash({ sku, name, prices: sortPrices(prices), stocked, weightGrams, volumeCm3: volumeCm3 === 0 ? undefined : volumeCm3 })
  if (product !== undefined) {
    return product.createdHash === createdHash ? {} : reject('product-exists', 'sku', 'the product exists with other content')
  }
  if (sku === '') return reject('invalid-sku', 'sku', 'the SKU is empty')
  if (name.trim() === '') return reject('invalid-name', 'name', 'the product has no name')
  if (!Number.isInteger(weightGrams) || weightGrams < 0) return reject('invalid-weight', 'weightGrams', 'the weight is below zero')
  if (!Number.isInteger(volumeCm3) || volumeCm3 < 0) return reject('invalid-volume', 'volumeCm3', 'the volume is below zero')
  if (new Set(prices.map(price => price.currency)).size < prices.length) return reject('price-repeated', 'prices', 'a currency has more than one price')
  const wrong = prices.map(priceRejection).find(rejection => rejection !== undefined)
  if (wrong !== undefined) return { rejection: wrong }
  const fields = { sku, name, prices: sortPrices(prices), stocked, weightGrams, volumeCm3 }
  return { event: { type: 'ProductCreated', ...fields }, product: { type: 'ProductState', ...fields, createdHash, version: 1 } }
}

function changePrice (product: ProductState | undefined, command: Omit<ChangePrice, 'meta'>): CatalogDecision {
  const { sku, currency, amount: newAmount } = command
  if (product === undefined) return reject('unknown-product', 'sku', 'the product is not in the catalog')
  const wrong = priceRejection({ currency, amount: newAmount })
  if (wrong !== undefined) return { rejection: wrong }
  const oldAmount = product.prices.find(price => price.currency === currency)?.amount ?? null
  if (oldAmount === newAmount) return {}
  const event: CatalogEventBody = { type: 'ProductPriceChanged', sku, currency, oldAmount, newAmount }
  return { event, product: evolveProduct(product, event) }
}

/** The product after one of its events; a `ProductCreated` is no change of a product that is there. */
export function evolveProduct (product: ProductState, event: CatalogEventBody): ProductState {
  if (event.type === 'ProductCreated') return product
  const others = product.prices.filter(price => price.currency !== event.currency)
  const prices = sortPrices([...others, { currency: event.currency, amount: event.newAmount }])
  return { ...product, prices, version: product.version + 1 }
}

/** The product as orders read it. */
export function viewOf ({ sku, name, prices, stocked, weightGrams, volumeCm3, version }: ProductState): ProductView {
  return { type: 'ProductView', sku, name, prices, stocked, weightGrams, volumeCm3, version }
}

function priceRejection ({ currency, amount }: Price): Rejection | undefined {
  if (!isCurrency(currency)) return { code: 'currency-unknown', field: 'currency', message: `${currency} is not an ISO 4217 code` }
  if (amount < 0n || !isMoney(amount)) return { code: 'invalid-price', field: 'amount', message: 'a price is not below zero' }
  return undefined
}

function sortPrices (prices: readonly Price[]): readonly Price[] {
  return prices.toSorted((a, b) => a.currency < b.currency ? -1 : a.currency > b.currency ? 1 : 0)
}

function reject (code: string, field: string, message: string): CatalogDecision {
  return { rejection: { code, field, message } }
}
