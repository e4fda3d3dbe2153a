import { type ProductStatus } from '#schemas'

/** What may be asked of the status of a product. */
export type StatusMove = 'publish' | 'unpublish' | 'archive'

/** The status that follows; `repeat`: it is there already; `forbid`: not from here. */
export type StatusStep = ProductStatus | 'repeat' | 'forbid'

/** The life of a product, whole: Draft → Published ⇄ Unpublished → Archived. What was never for sale can be archived at once. */
export const productMoves: Readonly<Record<ProductStatus, Readonly<Record<StatusMove, StatusStep>>>> = {
  draft: { publish: 'published', unpublish: 'forbid', archive: 'archived' },
  published: { publish: 'repeat', unpublish: 'unpublished', archive: 'forbid' },
  unpublished: { publish: 'published', unpublish: 'repeat', archive: 'archived' },
  archived: { publish: 'forbid', unpublish: 'forbid', archive: 'repeat' }
}

/** Why a move is forbidden, by the status that forbids it. */
export const whyForbidden: Readonly<Record<ProductStatus, string>> = {
  draft: 'the product is a draft: it was never published',
  published: 'the product is published: unpublish it first',
  unpublished: 'the product is unpublished',
  archived: 'the product is archived, for good'
}

/** True for a product that anybody may order. */
export function isForSale ({ status }: { readonly status: ProductStatus }): boolean {
  return status === 'published'
}
