import { type OrderLine, type ProductView } from '#schemas'

const maxInt = 2_147_483_647

/** Weight of the stocked lines in grams, capped at the largest Avro int; undefined when the catalog does not know one of them. */
export function weightOf (lines: ReadonlyArray<Pick<OrderLine, 'sku' | 'quantity' | 'stocked'>>, product: (sku: string) => ProductView | undefined): number | undefined {
  let grams = 0
  for (const { sku, quantity, stocked } of lines) {
    if (!stocked) continue
    const known = product(sku)
    if (known === undefined) return undefined
    grams += quantity * known.weightGrams
  }
  return Math.min(grams, maxInt)
}
