import { type OrderLine, type ProductView } from '#schemas'

const maxInt = 2_147_483_647

type Goods = ReadonlyArray<Pick<OrderLine, 'sku' | 'quantity' | 'stocked'>>
type Catalog = (sku: string) => ProductView | undefined

/** Weight of the stocked lines in grams, capped at the largest Avro int; undefined when the catalog does not know one of them. */
export function weightOf (lines: Goods, product: Catalog): number | undefined {
  return sumOf(lines, product, ({ weightGrams }) => weightGrams)
}

/** Volume of the stocked lines in cubic centimetres, capped and undefined likewise. */
export function volumeOf (lines: Goods, product: Catalog): number | undefined {
  return sumOf(lines, product, ({ volumeCm3 }) => volumeCm3)
}

function sumOf (lines: Goods, product: Catalog, measure: (product: ProductView) => number): number | undefined {
  let sum = 0
  for (const { sku, quantity, stocked } of lines) {
    if (!stocked) continue
    const known = product(sku)
    if (known === undefined) return undefined
    sum += quantity * measure(known)
  }
  return Math.min(sum, maxInt)
}
