import { createRandom } from '../../ops/play/random.ts'

/** A row but for what its invoice says. `price` is text as the file has it. */
interface Item { readonly code: string, readonly quantity: number, readonly price: string }

interface Party { readonly customerId: string | null, readonly country: string }

interface Row extends Item, Party { readonly invoiceNo: string, readonly atMs: number }

const countries = ['United Kingdom', 'United Kingdom', 'United Kingdom', 'France', 'EIRE', 'Germany', 'Channel Islands', 'Unspecified']
const charges = ['POST', 'DOT', 'M', 'C2', 'BANK CHARGES'] as const
const headOffice: Party = { customerId: null, country: 'United Kingdom' }
const firstDayMs = Date.UTC(2010, 11, 1, 8, 26)
const minuteMs = 60_000

/**
 * A made-up file in the form of UCI Online Retail, the same for the same seed: invoices of every kind, and in any file of 60 invoices
 * or more each oddity of the real one at least once (`oddities`). About `invoices` of them, over fourteen months.
 */
export function syntheticYear ({ seed, invoices }: { readonly seed: string, readonly invoices: number }): string {
  const book = new Book(seed, invoices)
  const forced = Object.values(oddities)
  for (let at = 0; at < invoices; at++) {
    const oddity = at % 3 === 2 ? forced[(at - 2) / 3] : undefined
    if (at === 0) book.sell(book.customer(), book.items())
    else (oddity ?? ordinary)(book)
  }
  return book.text
}

/** What usually comes: sales, now and then a credit note or a correction of stock. */
function ordinary (book: Book): void {
  const dice = book.random.unit()
  if (dice < 0.8) book.sell(book.party(), book.items())
  else if (dice < 0.92) book.creditSomeSale()
  else if (dice < 0.97) book.writeOff()
  else book.stockIn()
}

/** What is odd in the real file, one way to write each. */
export const oddities: Readonly<Record<string, (book: Book) => void>> = {
  guest: book => book.sell(headOffice, book.items()),
  duplicateRows: book => {
    const items = book.items()
    book.sell(book.party(), [...items, ...items.slice(0, 2)])
  },
  repeatedSku: book => {
    const [first, ...rest] = book.items()
    if (first !== undefined) book.sell(book.party(), [first, ...rest, { ...first, quantity: first.quantity + 3, price: '9.95' }])
  },
  twoTimes: book => book.sell(book.party(), book.items(4), { laterFrom: 2 }),
  comesBack: book => {
    const given = [1, 2].map(quantity => ({ code: book.code(), quantity: -quantity, price: '1.25' }))
    book.sell(book.customer(), book.items(5), { interruptedBy: () => book.credit(book.customer(), given) })
  },
  lowerCase: book => book.sell(book.party(), book.items().map(item => ({ ...item, code: item.code.toLowerCase() }))),
  charge: book => book.sell(book.party(), [...book.items(), { code: book.pick(charges), quantity: 1, price: '18.0' }]),
  chargesAlone: book => book.sell(book.party(), charges.slice(0, 2).map(code => ({ code, quantity: 1, price: '40.0' }))),
  freeLine: book => book.sell(book.party(), [...book.items(), { code: book.code(), quantity: 2, price: '0.0' }]),
  thirdDecimal: book => book.sell(book.party(), [{ code: book.code(), quantity: 7, price: '0.001' }, { code: book.code(), quantity: 3, price: '12.125' }]),
  namedCodes: book => book.sell(book.party(), ['DCGS0069', 'gift_0001_20', 'PADS', 'DCGSSBOY'].map(code => ({ code, quantity: 1, price: '3.29' }))),
  manyLines: book => book.sell(book.party(), book.items(60)),
  otherCountry: book => {
    const party = book.customer()
    for (const country of [party.country, 'Japan']) book.sell({ ...party, country }, book.items())
  },
  creditSpansPurchases: book => {
    const [party, code] = [book.customer(), book.code()]
    for (const quantity of [4, 6]) book.sell(party, [{ code, quantity, price: '2.10' }, ...book.items(2)])
    book.credit(party, [{ code: code.toLowerCase(), quantity: -9, price: '2.10' }])
    book.credit(party, [{ code, quantity: -1, price: '2.10' }, { code, quantity: -1000, price: '2.10' }])
  },
  creditOfFreeGoods: book => {
    const [party, code] = [book.customer(), book.code()]
    book.sell(party, [{ code, quantity: 5, price: '0.0' }, ...book.items(2)])
    book.credit(party, [{ code, quantity: -5, price: '0.85' }])
  },
  cancelledAtOnce: book => {
    const party = book.customer()
    const items = [{ code: book.code(), quantity: 80_995, price: '2.08' }]
    book.sell(party, items)
    book.credit(party, items.map(item => ({ ...item, quantity: -item.quantity })))
  },
  creditWithoutPurchase: book => book.credit(book.customer(), [{ code: '99999X', quantity: -2, price: '4.95' }, { code: 'D', quantity: -1, price: '27.5' }]),
  creditOfGuest: book => book.credit(headOffice, [book.part(book.pick(book.pick(book.sales).items))]),
  adjustments: book => {
    for (const price of ['11062.06', '-38925.87']) book.write(`A${book.nextNo()}`, headOffice, [{ code: 'B', quantity: 1, price }])
  },
  correctedStock: book => {
    book.writeOff()
    book.stockIn()
  }
}

/** The file as it is written, and what was sold so far. */
export class Book {
  readonly random
  readonly sales: Array<{ readonly party: Party, readonly items: readonly Item[] }> = []
  readonly #rows: Row[] = []
  readonly #parties: readonly Party[]
  readonly #codes: readonly string[]
  readonly #stepMs: number
  #no = 536_364
  #atMs = firstDayMs

  constructor (seed: string, invoices: number) {
    this.random = createRandom(`${seed}/synthetic`)
    this.#codes = Array.from({ length: 60 }, (_, at) => `${10_002 + at * 1_327}${this.pick(['', '', 'A', 'B', 'LP'])}`)
    this.#parties = Array.from({ length: Math.ceil(invoices / 5) }, (_, at) => ({ customerId: `${12_346 + at}.0`, country: this.pick(countries) }))
    this.#stepMs = Math.floor(400 * 24 * 60 / invoices) * minuteMs
  }

  get text (): string {
    const lines = this.#rows.map(({ invoiceNo, code, quantity, atMs, price, customerId, country }) =>
      [invoiceNo, code, `"GOODS ""${code}"", BOXED"`, quantity, new Date(atMs).toISOString().slice(0, 19).replace('T', ' '), price, customerId ?? '', country].join())
    return `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n${lines.join('\n')}\n`
  }

  pick<T> (list: readonly T[]): T {
    return list[this.random.integer(0, list.length - 1)] as T
  }

  /** Any customer, now and then a guest. */
  party (): Party { return this.random.unit() < 0.07 ? headOffice : this.customer() }

  customer (): Party { return this.pick(this.#parties) }

  code (): string { return this.pick(this.#codes) }

  /** Goods of an order, of so many lines or of a likely number of them. */
  items (count = Math.min(40, 1 + Math.floor(this.random.logNormal(4, 0.9)))): Item[] {
    return Array.from({ length: count }, () => ({
      code: this.code(), quantity: Math.max(1, Math.round(this.random.logNormal(4, 1))), price: (this.random.integer(19, 1295) / 100).toString()
    }))
  }

  /** Some or all of a line that was sold, given back. */
  part ({ code, quantity, price }: Item): Item { return { code, quantity: -this.random.integer(1, quantity), price } }

  nextNo (): number { return ++this.#no }

  /** Writes rows of an invoice, the next one in time. */
  write (invoiceNo: string, party: Party, items: readonly Item[]): void {
    this.#atMs += this.random.integer(1, 2 * this.#stepMs / minuteMs) * minuteMs
    this.#rows.push(...items.map(item => ({ ...item, ...party, invoiceNo, atMs: this.#atMs })))
  }

  /** `laterFrom`: rows from there on are a minute later. `interruptedBy`: writes another invoice between the last two rows. */
  sell (party: Party, items: readonly Item[], { laterFrom = items.length, interruptedBy = (): void => {} } = {}): void {
    const no = String(this.nextNo())
    this.sales.push({ party, items })
    this.write(no, party, items)
    const rows = this.#rows.splice(-items.length).map((row, at) => at < laterFrom ? row : { ...row, atMs: row.atMs + minuteMs })
    this.#rows.push(...rows.slice(0, -1))
    interruptedBy()
    this.#rows.push(...rows.slice(-1).map(row => ({ ...row, atMs: Math.max(row.atMs, this.#atMs) })))
  }

  credit (party: Party, items: readonly Item[]): void { this.write(`C${this.nextNo()}`, party, items) }

  creditSomeSale (): void {
    const { party, items } = this.pick(this.sales)
    this.credit(party, [this.part(this.pick(items))])
  }

  writeOff (): void { this.write(String(this.nextNo()), headOffice, [{ code: this.code(), quantity: -this.random.integer(1, 50), price: '0.0' }]) }

  stockIn (): void { this.write(String(this.nextNo()), headOffice, [1, 2].map(() => ({ code: this.code(), quantity: this.random.integer(1, 80), price: '0.0' }))) }
}
