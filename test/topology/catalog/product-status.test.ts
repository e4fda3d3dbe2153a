import { type ProductState, type ProductStatus, productStatusSymbols } from '#schemas'
import { test } from 'tap'
import { type StatusMove, isForSale, productMoves } from '../../../topology/catalog/product-status.ts'
import { decideProduct } from '../../../topology/catalog/product.ts'
import { createProduct, moveProduct } from '../../support/catalog.ts'

const env = { category: () => undefined, nowMs: 1 }
const made = decideProduct(undefined, createProduct('A'), env).product as ProductState
const commands = { publish: 'PublishProduct', unpublish: 'UnpublishProduct', archive: 'ArchiveProduct' } as const
const events = { publish: 'ProductPublished', unpublish: 'ProductUnpublished', archive: 'ProductArchived' } as const

const life: ReadonlyArray<readonly [from: ProductStatus, move: StatusMove, to: ProductStatus | 'repeat' | 'forbid']> = [
  ['draft', 'publish', 'published'], ['draft', 'unpublish', 'forbid'], ['draft', 'archive', 'archived'],
  ['published', 'publish', 'repeat'], ['published', 'unpublish', 'unpublished'], ['published', 'archive', 'forbid'],
  ['unpublished', 'publish', 'published'], ['unpublished', 'unpublish', 'repeat'], ['unpublished', 'archive', 'archived'],
  ['archived', 'publish', 'forbid'], ['archived', 'unpublish', 'forbid'], ['archived', 'archive', 'repeat']
]

for (const [from, move, to] of life) {
  test(`a product that is ${from} answers ${to} when it is asked to ${move}`, t => {
    const { event, product, rejection } = decideProduct({ ...made, status: from }, moveProduct(commands[move], 'A'), env)
    if (to === 'repeat') t.same([event, product, rejection], [undefined, undefined, undefined])
    else if (to === 'forbid') t.match(rejection, { code: 'state-forbids', field: null })
    else t.match([event, product], [{ type: events[move], sku: 'A' }, { status: to, version: 2 }])
    t.end()
  })
}

test('the life of a product is decided for every status and every move', t => {
  t.equal(life.length, productStatusSymbols.length * Object.keys(commands).length)
  t.same(Object.keys(productMoves).toSorted(), productStatusSymbols.toSorted())
  t.end()
})

test('a product without a price is not published', t => {
  const draft: ProductState = { ...made, status: 'draft', prices: [] }
  t.match(decideProduct(draft, moveProduct('PublishProduct', 'A'), env).rejection, { code: 'price-missing', field: 'prices' })
  t.end()
})

test('only a published product is for sale', t => {
  t.same(productStatusSymbols.filter(status => isForSale({ status })), ['published'])
  t.end()
})
