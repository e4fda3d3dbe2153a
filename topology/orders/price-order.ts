import { type OrderLine, type PlaceOrder, type PlaceOrderLine, type ProductView } from '#schemas'
import { isForSale } from '../catalog/product-status.ts'
import { isCurrency, isMoney, multiplyMoney, sumMoney } from '../money.ts'

/** Most lines of one order. */
export const maxLines = 10_000
const maxInt = 2_147_483_647
/** Years that every reader can show, analytics included. Unit: epoch ms; the end is exclusive. */
const placedAtEndMs = Date.UTC(2200)
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Why a command is not carried out. Every code, with what it means: the table is the documentation. */
export const rejectionCodes = {
  'order-id-invalid': 'the order id is not a UUID in lower case',
  'order-id-reused': 'an order with this id exists and has another content',
  'placed-at-invalid': 'an order was placed in the years 1970 to 2199',
  'currency-unknown': 'the currency is not an active ISO 4217 code',
  'lines-missing': 'an order has at least one line',
  'lines-too-many': 'an order has at most 10,000 lines',
  'line-number-invalid': 'line numbers count from 1',
  'line-number-duplicate': 'two lines have the same number',
  'quantity-invalid': 'the quantity is a whole number of at least 1',
  'sku-unknown': 'the catalog does not have this SKU',
  'product-not-for-sale': 'the product is not for sale now',
  'price-missing': 'the catalog has no price in the currency of the order',
  'price-invalid': 'a quoted price is at least 0',
  'total-too-large': 'the total does not fit into decimal(18, 4)',
  'amend-line-unknown': 'the order has no line of this number',
  'amend-not-less': 'an amendment takes less than before: the quantity is a whole number from 0 to one less than now',
  'amend-leaves-nothing': 'an amendment leaves a line at least: an order that nothing is left of is cancelled',
  'amend-too-often': 'the order was amended too often',
  'nothing-to-ship': 'everything has left, or is asked for already',
  'pieces-not-there': 'so many pieces of the line are not there: not ordered, gone, or asked for already',
  'left-already': 'the pieces had left already',
  'return-window-over': 'delivered goods can be returned for 30 days',
  'returns-too-many': 'an order has at most 100 returns',
  'return-unknown': 'the order has no return with this id',
  'return-state-forbids': 'the state of the return does not allow it',
  'command-id-reused': 'the command id was used before with other content',
  'unknown-order': 'there is no order with this id',
  'state-forbids': 'the state of the order does not allow it'
} as const
export type RejectionCode = keyof typeof rejectionCodes

export interface Rejection {
  readonly code: RejectionCode
  /** JSON pointer to the value that broke the rule; null = the whole command. */
  readonly field: string | null
  readonly message: string
}

/** A rejection with the message of its code, and what is special about this one. Never with personal data. */
export function reject (code: RejectionCode, field: string | null, detail?: string): Rejection {
  return { code, field, message: detail === undefined ? rejectionCodes[code] : `${rejectionCodes[code]}: ${detail}` }
}

/** An order whose prices the platform has decided. */
export interface PricedOrder {
  readonly lines: readonly OrderLine[]
  /** In 1/10,000 of the currency unit. */
  readonly total: bigint
  /** Of the stocked lines; capped at the largest Avro int. */
  readonly weightGrams: number
  readonly volumeCm3: number
  /** Prices were quoted by a sender that may not quote them. */
  readonly quotedIgnored: boolean
}

export interface PricingEnvironment {
  /** The product as the catalog has it now; undefined = not in the catalog. */
  readonly product: (sku: string) => ProductView | undefined
  /** True when the command came by the trusted topic: its quoted prices count. */
  readonly trusted: boolean
}

/** True for a time that an order can have been placed at, epoch ms. */
export function isPlacedAt (timeMs: number): boolean {
  return timeMs >= 0 && timeMs < placedAtEndMs
}

/** Checks the order against every rule and decides its prices, once: what it answers goes into OrderCreated. */
export function priceOrder (command: PlaceOrder, env: PricingEnvironment): PricedOrder | Rejection {
  const { lines } = command
  if (!uuidPattern.test(command.orderId)) return reject('order-id-invalid', '/orderId')
  if (!isPlacedAt(command.placedAt)) return reject('placed-at-invalid', '/placedAt')
  if (!isCurrency(command.currency)) return reject('currency-unknown', '/currency')
  if (lines.length === 0) return reject('lines-missing', '/lines')
  if (lines.length > maxLines) return reject('lines-too-many', '/lines', `it has ${lines.length}`)
  const priced: OrderLine[] = []
  const numbers = new Set<number>()
  let [weightGrams, volumeCm3] = [0, 0]
  for (const [index, line] of lines.entries()) {
    const broken = checkLine(line, `/lines/${index}`, numbers)
    if (broken !== undefined) return broken
    const answer = priceLine(line, `/lines/${index}`, command, env)
    if ('code' in answer) return answer
    priced.push(answer.line)
    if (!answer.line.stocked) continue
    weightGrams += line.quantity * answer.product.weightGrams
    volumeCm3 += line.quantity * answer.product.volumeCm3
  }
  const total = sumMoney(priced.map(line => line.lineTotal))
  if (!isMoney(total) || !priced.every(line => isMoney(line.lineTotal))) return reject('total-too-large', '/lines')
  const quotedIgnored = !env.trusted && lines.some(line => line.quotedUnitPrice !== null)
  return { lines: priced, total, weightGrams: Math.min(weightGrams, maxInt), volumeCm3: Math.min(volumeCm3, maxInt), quotedIgnored }
}

function checkLine (line: PlaceOrderLine, path: string, numbers: Set<number>): Rejection | undefined {
  if (!Number.isInteger(line.lineNo) || line.lineNo < 1) return reject('line-number-invalid', `${path}/lineNo`)
  if (numbers.has(line.lineNo)) return reject('line-number-duplicate', `${path}/lineNo`, String(line.lineNo))
  numbers.add(line.lineNo)
  if (!Number.isInteger(line.quantity) || line.quantity < 1) return reject('quantity-invalid', `${path}/quantity`)
  return undefined
}

/** Channels of what was sold before it came here: what the shop offers now is no matter to them. By the trusted topic only. */
const sellsAnything: ReadonlySet<PlaceOrder['channel']> = new Set(['import', 'backoffice'])

function priceLine (
  line: PlaceOrderLine, path: string, { currency, channel }: PlaceOrder, env: PricingEnvironment
): { readonly line: OrderLine, readonly product: ProductView } | Rejection {
  const { lineNo, sku, quantity } = line
  const product = env.product(sku)
  if (product === undefined) return reject('sku-unknown', `${path}/sku`)
  if (!isForSale(product) && !(env.trusted && sellsAnything.has(channel))) return reject('product-not-for-sale', `${path}/sku`)
  const quoted = env.trusted ? line.quotedUnitPrice : null
  if (quoted !== null && quoted < 0n) return reject('price-invalid', `${path}/quotedUnitPrice`)
  const unitPrice = quoted ?? product.prices.find(price => price.currency === currency)?.amount
  if (unitPrice === undefined) return reject('price-missing', `${path}/sku`, currency)
  const priceSource = quoted === null ? 'catalog' : 'quoted'
  const lineTotal = multiplyMoney(unitPrice, quantity)
  return { product, line: { lineNo, sku, quantity, unitPrice, lineTotal, priceSource, catalogVersion: product.version, stocked: product.stocked } }
}
