import { createRandom } from '../../ops/play/random.ts'
import { nameParts, shelve } from '../../ops/play/shelves.ts'
import { type ProductView } from '../../schemas/index.ts'
import { productView } from '../support/catalog.ts'

/** Products like those of the generator: with names, categories, attributes and a price, the same at every run. */
export function benchProducts (count: number): readonly ProductView[] {
  const random = createRandom('catalog-search')
  return Array.from({ length: count }, (_, index) => {
    const look = nameParts.looks[random.integer(0, nameParts.looks.length - 1)]!
    const thing = nameParts.things[random.integer(0, nameParts.things.length - 1)]!
    const prices = [{ currency: 'GBP', amount: BigInt(random.integer(1, 5_000)) * 100n }]
    return productView(skuOf(index), { name: `${look} ${thing} ${index}`, prices, ...shelve(look, thing, index) })
  })
}

/** SKU of the product of that number. */
export function skuOf (index: number): string {
  return `P-${String(index).padStart(5, '0')}`
}
