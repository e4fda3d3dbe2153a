import { type CategoryView, type Price, type ProductAttribute, type ProductImage } from '#schemas'
import { type Rejection } from '../commands/processed-command.ts'
import { isCurrency, isMoney } from '../money.ts'
import { attributeNamePattern, catalogLimits, imageUrlPattern } from './limits.ts'

/** What a product is, beside its prices and its status. */
export interface ProductContent {
  readonly name: string
  readonly description: string
  readonly weightGrams: number
  readonly volumeCm3: number
  readonly categoryIds: readonly string[]
  readonly attributes: readonly ProductAttribute[]
  readonly images: readonly ProductImage[]
  readonly featured: boolean
}

/** The category of that id as it is now; undefined = there is none. */
export type CategoryLookup = (categoryId: string) => Pick<CategoryView, 'archived'> | undefined

/** A rejection with its code, the field and the rule in words. */
export function rejection (code: string, field: string | null, message: string): Rejection {
  return { code, field, message }
}

/** The first rule that the content breaks. `category`: which categories there are. */
export function contentRejection (content: ProductContent, category: CategoryLookup): Rejection | undefined {
  const { name, description, weightGrams, volumeCm3 } = content
  if (name.trim() === '') return rejection('invalid-name', 'name', 'the product has no name')
  if (name.length > catalogLimits.nameLength) return rejection('invalid-name', 'name', `a name has at most ${catalogLimits.nameLength} characters`)
  if (description.length > catalogLimits.descriptionLength) {
    return rejection('invalid-description', 'description', `a description has at most ${catalogLimits.descriptionLength} characters`)
  }
  if (!isMeasure(weightGrams)) return rejection('invalid-weight', 'weightGrams', 'the weight is below zero')
  if (!isMeasure(volumeCm3)) return rejection('invalid-volume', 'volumeCm3', 'the volume is below zero')
  return categoriesRejection(content.categoryIds, category) ?? attributesRejection(content.attributes) ?? imagesRejection(content.images)
}

function categoriesRejection (ids: readonly string[], category: CategoryLookup): Rejection | undefined {
  if (ids.length > catalogLimits.categories) return rejection('too-many-categories', 'categoryIds', `a product is in at most ${catalogLimits.categories} categories`)
  if (new Set(ids).size < ids.length) return rejection('category-repeated', 'categoryIds', 'a category is named twice')
  for (const id of ids) {
    const found = category(id)
    if (found === undefined) return rejection('unknown-category', 'categoryIds', `there is no category ${id}`)
    if (found.archived) return rejection('category-archived', 'categoryIds', `the category ${id} is archived`)
  }
  return undefined
}

function attributesRejection (attributes: readonly ProductAttribute[]): Rejection | undefined {
  if (attributes.length > catalogLimits.attributes) return rejection('too-many-attributes', 'attributes', `a product has at most ${catalogLimits.attributes} attributes`)
  if (new Set(attributes.map(({ name }) => name)).size < attributes.length) return rejection('attribute-repeated', 'attributes', 'an attribute has more than one value')
  const isWrong = ({ name, value }: ProductAttribute): boolean =>
    !attributeNamePattern.test(name) || value.trim() === '' || value.length > catalogLimits.attributeValueLength
  if (!attributes.some(isWrong)) return undefined
  return rejection('invalid-attribute', 'attributes', `an attribute has a name of lower case letters, digits and dashes, and a value of 1 to ${catalogLimits.attributeValueLength} characters`)
}

function imagesRejection (images: readonly ProductImage[]): Rejection | undefined {
  if (images.length > catalogLimits.images) return rejection('too-many-images', 'images', `a product has at most ${catalogLimits.images} images`)
  const isWrong = ({ url, alt }: ProductImage): boolean =>
    !imageUrlPattern.test(url) || url.length > catalogLimits.imageUrlLength || alt.length > catalogLimits.imageAltLength
  return images.some(isWrong) ? rejection('invalid-image', 'images', 'an image has an https address and a short text') : undefined
}

/** The first rule that a list of prices breaks: one for each currency, and none below zero. */
export function pricesRejection (prices: readonly Price[]): Rejection | undefined {
  if (new Set(prices.map(price => price.currency)).size < prices.length) return rejection('price-repeated', 'prices', 'a currency has more than one price')
  return prices.map(priceRejection).find(found => found !== undefined)
}

/** The rule that a price breaks. */
export function priceRejection ({ currency, amount }: Price): Rejection | undefined {
  if (!isCurrency(currency)) return rejection('currency-unknown', 'currency', `${currency} is not an ISO 4217 code`)
  if (amount < 0n || !isMoney(amount)) return rejection('invalid-price', 'amount', 'a price is not below zero')
  return undefined
}

function isMeasure (value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= catalogLimits.measure
}
