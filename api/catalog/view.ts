import { hash } from 'node:crypto'
import { type ProductView } from '#schemas'
import { formatMoney } from '../../topology/money.ts'
import { type Principal } from '../permissions.ts'
import { type ProductBody, type ProductPage } from '../schemas/product.ts'
import { type Facets } from './facets.ts'

/** A product as its readers get it: amounts as decimal text, instants as ISO 8601. */
export function productBody ({ type, prices, categoryIds, attributes, images, updatedAt, ...rest }: ProductView): ProductBody {
  return {
    id: rest.sku,
    ...rest,
    prices: prices.map(({ currency, amount }) => ({ currency, amount: formatMoney(amount) })),
    categoryIds: [...categoryIds],
    attributes: [...attributes],
    images: [...images],
    updatedAt: updatedAt === 0 ? null : new Date(updatedAt).toISOString()
  }
}

/** The facets of a list as its readers get them. */
export function facetsBody ({ total, categories, availability, attributes, price }: Facets): ProductPage['facets'] {
  return {
    total,
    categories: [...categories],
    availability: [...availability],
    attributes: attributes.map(({ name, values }) => ({ name, values: [...values] })),
    price: price === null ? null : { currency: price.currency, lowest: formatMoney(price.lowest), highest: formatMoney(price.highest) }
  }
}

/** True when the reader may see the product: one that is not published is for those who write the catalog, one that is archived for nobody, as in lists. */
export function mayReadProduct (product: ProductView, principal: Principal): boolean {
  return product.status === 'published' || (product.status !== 'archived' && isEditor(principal))
}

/** True for who sees what is not published. */
export function isEditor (principal: Principal): boolean {
  return principal.permissions.has('products:write') || principal.permissions.has('products:delete')
}

/** The product as an entity tag: its version, and how much of it there is. */
export function productEtag ({ version, availability }: Pick<ProductView, 'version' | 'availability'>): string {
  return `"${version}-${availability}"`
}

/** An answer that derives from the whole catalog as an entity tag; `audience`: what besides the catalog it depends on. */
export function catalogEtag (fingerprint: string, audience: string): string {
  return `"${hash('sha1', `${fingerprint} ${audience}`, 'base64url')}"`
}

/** The version that an entity tag of a product or category stands for; undefined when it is none. */
export function versionOfEtag (etag: string): number | undefined {
  const match = /^"(\d{1,15})(?:-\w{1,20})?"$/.exec(etag)
  return match === null ? undefined : Number(match[1])
}
