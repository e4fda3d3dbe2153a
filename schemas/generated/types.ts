// Generated from schemas/avro by ops/codegen/avro-types.ts. Do not edit: run `npm run generate`.

/** Every CountedBehaviour, in the order of the schema. */
export const countedBehaviourSymbols = ['viewed', 'addedToCart', 'purchased', 'unknown'] as const
/** What was done with products: viewed = looked at; addedToCart = put into the cart; purchased = bought, with an order that was confirmed; unknown = something that this reader does not know. */
export type CountedBehaviour = (typeof countedBehaviourSymbols)[number]

/** Every CountedStatus, in the order of the schema. */
export const countedStatusSymbols = ['pending', 'confirmed', 'fulfilled', 'cancelled', 'failed', 'timedOut', 'unknown'] as const
/** Where an order is counted: pending = accepted, neither sold nor ended; confirmed = sold and on its way; fulfilled = delivered, whatever came back afterwards; cancelled, failed and timedOut = ended otherwise. An order is counted in one of them at a time; unknown = one that this reader does not know. */
export type CountedStatus = (typeof countedStatusSymbols)[number]

/** What one event of an order changes in the figures, as signed deltas: sums over facts are the figures, whatever their order. Key: orderId. */
export interface OrderFact {
  readonly type: 'OrderFact'
  /** Identity, time and causation of the fact. */
  readonly meta: EventMeta
  /** Order that is counted, UUID in lower case; also the record key. */
  readonly orderId: string
  /** When the event that is counted became true, by the clock of the broker. Unit: epoch milliseconds, UTC. */
  readonly at: number
  /** When the customer placed the order: the day that every measure counts for. Unit: epoch milliseconds, UTC; years back for imported orders. */
  readonly placedAt: number
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Where the order came from. */
  readonly channel: Channel
  /** Country that the goods go to: ISO 3166-1 alpha-2, or the name that the source of an import writes. Null = not given in the clear. */
  readonly country: string | null
  /** Customer account. Null = a guest. */
  readonly customerId: string | null
  /** Where the order is counted after the event. */
  readonly status: CountedStatus
  /** Change of the number of orders accepted. Unit: orders, signed. */
  readonly orders: number
  /** Change of the number of orders that are neither sold nor ended. Unit: orders, signed. */
  readonly pending: number
  /** Change of the number of orders that are sold and on their way. Unit: orders, signed. */
  readonly confirmed: number
  /** Change of the number of orders that were delivered. Unit: orders, signed. */
  readonly fulfilled: number
  /** Change of the number of orders that were cancelled. Unit: orders, signed. */
  readonly cancelled: number
  /** Change of the number of orders that failed. Unit: orders, signed. */
  readonly failed: number
  /** Change of the number of orders that timed out. Unit: orders, signed. */
  readonly timedOut: number
  /** Change of the number of orders that were ever confirmed; never taken back. Unit: orders, signed. */
  readonly sales: number
  /** Change of the number of lines sold. Unit: lines, signed. */
  readonly lines: number
  /** Change of the number of pieces sold. Unit: pieces, signed. */
  readonly units: number
  /** Change of the gross revenue: the totals of orders that were ever confirmed. Unit: the currency, scale 4, signed. */
  readonly gross: bigint
  /** Change of what was given back of the gross revenue, for money that went back before the order counted as sold. Unit: the currency, scale 4, signed. */
  readonly refunds: bigint
}

/** What one event of a payment changes in the figures, as signed deltas: sums over facts are the figures, whatever their order. Key: orderId. */
export interface PaymentFact {
  readonly type: 'PaymentFact'
  /** Identity, time and causation of the fact. */
  readonly meta: EventMeta
  /** Order that is counted, UUID in lower case; also the record key. */
  readonly orderId: string
  /** When the event that is counted became true, by the clock of the broker. Unit: epoch milliseconds, UTC. */
  readonly at: number
  /** When the customer placed the order: the day that every measure counts for. Unit: epoch milliseconds, UTC; years back for imported orders. */
  readonly placedAt: number
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Where the order came from. */
  readonly channel: Channel
  /** Country that the goods go to: ISO 3166-1 alpha-2, or the name that the source of an import writes. Null = not given in the clear. */
  readonly country: string | null
  /** Customer account. Null = a guest. */
  readonly customerId: string | null
  /** Id of the payment, one per order and attempt. */
  readonly paymentId: string
  /** Kind of payment instrument. Null = not known. */
  readonly method: PaymentMethod | null
  /** Who said no. Null = nobody. */
  readonly failure: PaymentFailureKind | null
  /** Code of the answer, e.g. CARD_DECLINED. Null = nobody said no. */
  readonly failureCode: string | null
  /** Change of the number of payment attempts that took their money. Unit: attempts, signed. */
  readonly succeeded: number
  /** Change of the number of payment attempts that were declined. Unit: attempts, signed. */
  readonly declined: number
  /** Change of the number of payment attempts that failed for another reason. Unit: attempts, signed. */
  readonly failed: number
  /** Change of the money taken. Unit: the currency, scale 4, signed. */
  readonly captured: bigint
  /** Change of the money given back, of whichever order. Unit: the currency, scale 4, signed. */
  readonly refunded: bigint
  /** Change of what was given back of the gross revenue: the part of refunded that belongs to an order that was ever confirmed. Unit: the currency, scale 4, signed. */
  readonly refunds: bigint
}

/** What a fact changes in the figures of one product. */
export interface ProductDelta {
  /** Stock keeping unit, upper case; it may be none of the catalog. */
  readonly sku: string
  /** Change of the number of order lines with it; 0 for what visitors do. Unit: lines, signed. */
  readonly lines: number
  /** Change of the number of pieces; 0 for a view. Unit: pieces, signed. */
  readonly pieces: number
}

/** What one view, one addition to a cart or one purchase changes in the figures of products, as signed deltas. Key: the session, or the order of a purchase. */
export interface ProductFact {
  readonly type: 'ProductFact'
  /** Identity, time and causation of the fact. */
  readonly meta: EventMeta
  /** When it happened: the day that it counts for. For a purchase when its order was placed. Unit: epoch milliseconds, UTC; years back for imported orders. */
  readonly at: number
  /** What was done with the products. */
  readonly behaviour: CountedBehaviour
  /** Change of how often that was done with each of the products. Unit: times, signed. */
  readonly times: number
  /** The products, each once, in the order in which they are named first. */
  readonly products: readonly ProductDelta[]
}

/** How a registration or a correction changes the stock of a SKU. What orders reserve and take is told by the inventory itself. Key: sku. */
export interface StockFact {
  readonly type: 'StockFact'
  /** Identity, time and causation of the fact. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case; also the record key. */
  readonly sku: string
  /** When the event that is counted became true, by the clock of the broker. Unit: epoch milliseconds, UTC. */
  readonly at: number
  /** What moved the stock. */
  readonly movement: StockMovement
  /** Why, in words for people; never personal data. Empty = it was opened. */
  readonly reason: string
  /** Change of what ever came in beside the opening stock. Unit: pieces, signed. */
  readonly received: number
  /** Change of what was ever written off. Unit: pieces, signed. */
  readonly writtenOff: number
  /** Change of the stock on hand. Unit: pieces, signed. */
  readonly onHandDelta: number
  /** Stock on hand after the event. Unit: pieces. */
  readonly onHand: number
  /** Part of the stock on hand that is reserved after the event. Unit: pieces. */
  readonly reserved: number
}

/** Every StockMovement, in the order of the schema. */
export const stockMovementSymbols = ['opened', 'received', 'writtenOff', 'unknown'] as const
/** What moved stock: opened = the SKU was registered; received = pieces came in; writtenOff = pieces were taken out by a correction; unknown = something that this reader does not know. */
export type StockMovement = (typeof stockMovementSymbols)[number]

/** Every AuditLaw, in the order of the schema. */
export const auditLawSymbols = ['stock', 'money', 'outcome', 'counts', 'ledger', 'other', 'facts'] as const
/** A conservation law. stock: pieces of a SKU; money: of an order; outcome: one life and one end of an order; counts: every record of a topic is one row of analytics; ledger: every entry balances, and the books say what the payments say; facts: the figures of analytics are what the events tell. */
export type AuditLaw = (typeof auditLawSymbols)[number]

/** A conservation law does not hold: a person has to look at it. */
export interface InvariantViolated {
  readonly type: 'InvariantViolated'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Law that is broken. */
  readonly law: AuditLaw
  /** What it is broken for: SKU, order id, or topic and partition; also the record key. */
  readonly subject: string
  /** What is wrong, in words for people; never personal data. */
  readonly message: string
  /** What would keep the law, as text for people. */
  readonly expected: string
  /** What was found instead, as text for people. */
  readonly actual: string
  /** Topic of the record that showed it. */
  readonly topic: string
  /** Partition of that record, from 0. */
  readonly partition: number
  /** Offset of that record; for counts the first offset of the bucket that differs. */
  readonly offset: number
}

/** A visitor went to the checkout. */
export interface CheckoutStarted {
  readonly type: 'CheckoutStarted'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Session of the visitor, made up by the client and about nobody; also the record key. */
  readonly sessionId: string
  /** Id that the client gave the event, unique in its session: the same id changes nothing twice. */
  readonly clientEventId: string
  /** Order that the checkout led to, UUID in lower case, as the client says. Null = it has none yet. */
  readonly orderId: string | null
  /** When it happened, by the clock of the client, held against ours where it came through the API. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** A visitor put a product into the cart. */
export interface ProductAddedToCart {
  readonly type: 'ProductAddedToCart'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Session of the visitor, made up by the client and about nobody; also the record key. */
  readonly sessionId: string
  /** Id that the client gave the event, unique in its session: the same id changes nothing twice. */
  readonly clientEventId: string
  /** Stock keeping unit, upper case; it may be none of the catalog. */
  readonly sku: string
  /** Pieces put into the cart. */
  readonly quantity: number
  /** When it happened, by the clock of the client, held against ours where it came through the API. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** Products were bought: an order was confirmed. One event an order, told by its own events and by no client. */
export interface ProductPurchased {
  readonly type: 'ProductPurchased'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** The order, UUID in lower case; also the record key. */
  readonly orderId: string
  /** Customer account. Null = a guest. */
  readonly customerId: string | null
  /** What was bought, line by line. */
  readonly lines: readonly PurchasedLine[]
  /** Price of the order. Unit: the currency, scale 4. */
  readonly total: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** When the order was placed. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** A visitor looked at a product. */
export interface ProductViewed {
  readonly type: 'ProductViewed'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Session of the visitor, made up by the client and about nobody; also the record key. */
  readonly sessionId: string
  /** Id that the client gave the event, unique in its session: the same id changes nothing twice. */
  readonly clientEventId: string
  /** Stock keeping unit, upper case; it may be none of the catalog. */
  readonly sku: string
  /** When it happened, by the clock of the client, held against ours where it came through the API. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** A line of an order that was bought. */
export interface PurchasedLine {
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Pieces bought. */
  readonly quantity: number
  /** Price of the line. Unit: the currency, scale 4. */
  readonly lineTotal: bigint
}

/** Asks to record: a visitor went to the checkout. */
export interface RecordCheckoutStarted {
  readonly type: 'RecordCheckoutStarted'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Session of the visitor, made up by the client and about nobody; also the record key. */
  readonly sessionId: string
  /** Id that the client gave the event, unique in its session: the same id changes nothing twice. */
  readonly eventId: string
  /** Order that the checkout led to, UUID in lower case, as the client says. Null = it has none yet. */
  readonly orderId: string | null
  /** When it happened, by the clock of the client, held against ours where it came through the API. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** Asks to record: a visitor put a product into the cart. */
export interface RecordProductAddedToCart {
  readonly type: 'RecordProductAddedToCart'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Session of the visitor, made up by the client and about nobody; also the record key. */
  readonly sessionId: string
  /** Id that the client gave the event, unique in its session: the same id changes nothing twice. */
  readonly eventId: string
  /** Stock keeping unit, upper case; it may be none of the catalog. */
  readonly sku: string
  /** Pieces put into the cart. */
  readonly quantity: number
  /** When it happened, by the clock of the client, held against ours where it came through the API. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** Asks to record: a visitor looked at a product. */
export interface RecordProductViewed {
  readonly type: 'RecordProductViewed'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Session of the visitor, made up by the client and about nobody; also the record key. */
  readonly sessionId: string
  /** Id that the client gave the event, unique in its session: the same id changes nothing twice. */
  readonly eventId: string
  /** Stock keeping unit, upper case; it may be none of the catalog. */
  readonly sku: string
  /** When it happened, by the clock of the client, held against ours where it came through the API. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** Takes a category out of the tree for good. */
export interface ArchiveCategory {
  readonly type: 'ArchiveCategory'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Category, a short name in lower case; never changed. */
  readonly categoryId: string
  /** Version that the sender has seen: another one is a conflict. Null = any. */
  readonly expectedVersion: number | null
}

/** Takes a product out of the catalog for good. */
export interface ArchiveProduct {
  readonly type: 'ArchiveProduct'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Version that the sender has seen: another one is a conflict. Null = any. */
  readonly expectedVersion: number | null
}

/** A category was taken out of the tree for good. */
export interface CategoryArchived {
  readonly type: 'CategoryArchived'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Category, a short name in lower case; never changed. */
  readonly categoryId: string
}

/** A category was added. */
export interface CategoryCreated {
  readonly type: 'CategoryCreated'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Category, a short name in lower case; never changed. */
  readonly categoryId: string
  /** Name of the category for people. */
  readonly name: string
  /** Category that it is in. Null = at the top. */
  readonly parentId: string | null
}

/** A category was put into another one, with all that is below it. */
export interface CategoryMoved {
  readonly type: 'CategoryMoved'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Category, a short name in lower case; never changed. */
  readonly categoryId: string
  /** Category that it is in. Null = at the top. */
  readonly parentId: string | null
}

/** A category has another name. */
export interface CategoryRenamed {
  readonly type: 'CategoryRenamed'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Category, a short name in lower case; never changed. */
  readonly categoryId: string
  /** Name of the category for people. */
  readonly name: string
}

/** A category as readers see it: its newest state. */
export interface CategoryView {
  readonly type: 'CategoryView'
  /** Category, a short name in lower case; never changed. */
  readonly categoryId: string
  /** Name of the category for people. */
  readonly name: string
  /** Category that it is in. Null = at the top. */
  readonly parentId: string | null
  /** True once it is out of the tree. */
  readonly archived: boolean
  /** Version of the category, counted from 1. */
  readonly version: number
}

/** Sets the price of a product in one currency. */
export interface ChangePrice {
  readonly type: 'ChangePrice'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** New price of one piece, at least 0. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** Version that the sender has seen: another one is a conflict. Null = any. */
  readonly expectedVersion: number | null
}

/** Adds a category. */
export interface CreateCategory {
  readonly type: 'CreateCategory'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Category, a short name in lower case; never changed. */
  readonly categoryId: string
  /** Name of the category for people. */
  readonly name: string
  /** Category that it is in. Null = at the top. */
  readonly parentId: string | null
}

/** Adds a product to the catalog. */
export interface CreateProduct {
  readonly type: 'CreateProduct'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Name of the product for people. */
  readonly name: string
  /** One price per currency. */
  readonly prices: readonly Price[]
  /** True for goods in stock; false for charges such as postage. */
  readonly stocked: boolean
  /** Weight of one piece. Unit: grams. */
  readonly weightGrams: number
  /** Volume of one piece. Unit: cubic centimetres; 0 = not known. */
  readonly volumeCm3: number
  /** What the product is, in words for people. */
  readonly description: string
  /** Categories that the product is in. */
  readonly categoryIds: readonly string[]
  /** What it can be found by, one value per name. */
  readonly attributes: readonly ProductAttribute[]
  /** Pictures in the order in which they are shown. */
  readonly images: readonly ProductImage[]
  /** True when it is shown on the front page. */
  readonly featured: boolean
  /** draft or published. Senders from before there was a status publish. */
  readonly status: ProductStatus
}

/** Puts a category, with all that is below it, into another one. */
export interface MoveCategory {
  readonly type: 'MoveCategory'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Category, a short name in lower case; never changed. */
  readonly categoryId: string
  /** Category that it is in. Null = at the top. */
  readonly parentId: string | null
  /** Version that the sender has seen: another one is a conflict. Null = any. */
  readonly expectedVersion: number | null
}

/** Price of one piece in one currency. */
export interface Price {
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Price of one piece, at least 0. Unit: the currency, scale 4. */
  readonly amount: bigint
}

/** A product was taken out of the catalog for good. */
export interface ProductArchived {
  readonly type: 'ProductArchived'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
}

/** A property of a product that it can be found by. */
export interface ProductAttribute {
  /** Name in lower case, e.g. colour. */
  readonly name: string
  /** Value for people, e.g. red. */
  readonly value: string
}

/** A product was added to the catalog. */
export interface ProductCreated {
  readonly type: 'ProductCreated'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Name of the product for people. */
  readonly name: string
  /** One price per currency. */
  readonly prices: readonly Price[]
  /** True for goods in stock; false for charges such as postage. */
  readonly stocked: boolean
  /** Weight of one piece. Unit: grams. */
  readonly weightGrams: number
  /** Volume of one piece. Unit: cubic centimetres; 0 = not known. */
  readonly volumeCm3: number
  /** What the product is, in words for people. */
  readonly description: string
  /** Categories that the product is in. */
  readonly categoryIds: readonly string[]
  /** What it can be found by, one value per name. */
  readonly attributes: readonly ProductAttribute[]
  /** Pictures in the order in which they are shown. */
  readonly images: readonly ProductImage[]
  /** True when it is shown on the front page. */
  readonly featured: boolean
  /** draft or published. */
  readonly status: ProductStatus
}

/** A picture of a product. */
export interface ProductImage {
  /** Where it lies, https. */
  readonly url: string
  /** What it shows, in words for people. */
  readonly alt: string
}

/** How much of a product a new order can have has changed from one class to another. */
export interface ProductInventoryUpdated {
  readonly type: 'ProductInventoryUpdated'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** How much of it a new order can have, as inventory told last. */
  readonly availability: Availability
}

/** The price of a product changed. */
export interface ProductPriceChanged {
  readonly type: 'ProductPriceChanged'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Price before. Unit: the currency, scale 4. Null = had no price in that currency. */
  readonly oldAmount: bigint | null
  /** Price from now on. Unit: the currency, scale 4. */
  readonly newAmount: bigint
}

/** A product is for sale from now on. */
export interface ProductPublished {
  readonly type: 'ProductPublished'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
}

/** Every ProductStatus, in the order of the schema. */
export const productStatusSymbols = ['draft', 'published', 'unpublished', 'archived'] as const
/** Where a product stands: only a published one is for sale. An unknown status reads as unpublished. */
export type ProductStatus = (typeof productStatusSymbols)[number]

/** A product is off sale for now. */
export interface ProductUnpublished {
  readonly type: 'ProductUnpublished'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
}

/** What a product is was changed: all of it as it is from now on. */
export interface ProductUpdated {
  readonly type: 'ProductUpdated'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Name of the product for people. */
  readonly name: string
  /** Weight of one piece. Unit: grams. */
  readonly weightGrams: number
  /** Volume of one piece. Unit: cubic centimetres; 0 = not known. */
  readonly volumeCm3: number
  /** What the product is, in words for people. */
  readonly description: string
  /** Categories that the product is in. */
  readonly categoryIds: readonly string[]
  /** What it can be found by, one value per name. */
  readonly attributes: readonly ProductAttribute[]
  /** Pictures in the order in which they are shown. */
  readonly images: readonly ProductImage[]
  /** True when it is shown on the front page. */
  readonly featured: boolean
}

/** A product as orders see it: its newest state. */
export interface ProductView {
  readonly type: 'ProductView'
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Name of the product for people. */
  readonly name: string
  /** One price per currency. */
  readonly prices: readonly Price[]
  /** True for goods in stock; false for charges such as postage. */
  readonly stocked: boolean
  /** Weight of one piece. Unit: grams. */
  readonly weightGrams: number
  /** Version of the product, counted from 1; copied into the order lines decided on it. */
  readonly version: number
  /** Volume of one piece. Unit: cubic centimetres; 0 = not known. */
  readonly volumeCm3: number
  /** What the product is, in words for people. */
  readonly description: string
  /** Categories that the product is in. */
  readonly categoryIds: readonly string[]
  /** What it can be found by, one value per name. */
  readonly attributes: readonly ProductAttribute[]
  /** Pictures in the order in which they are shown. */
  readonly images: readonly ProductImage[]
  /** True when it is shown on the front page. */
  readonly featured: boolean
  /** Where the product stands. Products from before there was a status are published. */
  readonly status: ProductStatus
  /** How much of it a new order can have, as inventory told last. */
  readonly availability: Availability
  /** When it was last changed by people. Unit: epoch milliseconds, UTC; 0 = not known. */
  readonly updatedAt: number
}

/** Offers a product for sale. */
export interface PublishProduct {
  readonly type: 'PublishProduct'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Version that the sender has seen: another one is a conflict. Null = any. */
  readonly expectedVersion: number | null
}

/** Gives a category another name. */
export interface RenameCategory {
  readonly type: 'RenameCategory'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Category, a short name in lower case; never changed. */
  readonly categoryId: string
  /** Name of the category for people. */
  readonly name: string
  /** Version that the sender has seen: another one is a conflict. Null = any. */
  readonly expectedVersion: number | null
}

/** Takes a product off sale for now. */
export interface UnpublishProduct {
  readonly type: 'UnpublishProduct'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Version that the sender has seen: another one is a conflict. Null = any. */
  readonly expectedVersion: number | null
}

/** Changes what a product is. Fields that are null stay as they were; lists are replaced whole. */
export interface UpdateProduct {
  readonly type: 'UpdateProduct'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Version that the sender has seen: another one is a conflict. Null = any. */
  readonly expectedVersion: number | null
  /** Name of the product for people. Null = as it was. */
  readonly name: string | null
  /** What the product is, in words for people. Null = as it was. */
  readonly description: string | null
  /** Weight of one piece. Unit: grams. Null = as it was. */
  readonly weightGrams: number | null
  /** Volume of one piece. Unit: cubic centimetres; 0 = not known. Null = as it was. */
  readonly volumeCm3: number | null
  /** Categories that the product is in. Null = as it was. */
  readonly categoryIds: readonly string[] | null
  /** What it can be found by, one value per name. Null = as it was. */
  readonly attributes: readonly ProductAttribute[] | null
  /** Pictures in the order in which they are shown. Null = as it was. */
  readonly images: readonly ProductImage[] | null
  /** True when it is shown on the front page. Null = as it was. */
  readonly featured: boolean | null
}

/** What every command says about itself. */
export interface CommandMeta {
  /** SHA-256 in hex over length-prefixed (tenant, principal, route, idempotency key). Empty = derived from topic, partition and offset. */
  readonly commandId: string
  /** SHA-256 in hex of the canonical request body: the same command id with another body is a conflict. Null = not given. */
  readonly bodyHash: string | null
  /** When the sender issued the command, by its own clock. Unit: epoch milliseconds, UTC. */
  readonly issuedAt: number
  /** Shared by everything that one request causes; empty = the command id. */
  readonly correlationId: string
  /** Subject on whose behalf the command was sent. Null = not given. */
  readonly principal: string | null
  /** Tenant; always `default` today. */
  readonly tenant: string
}

/** What every event says about itself. */
export interface EventMeta {
  /** UUIDv5 over topic, partition, offset of the cause and index of the output: the same on every repeat. */
  readonly eventId: string
  /** When the fact became true, by the clock of the broker. Unit: epoch milliseconds, UTC. */
  readonly occurredAt: number
  /** Shared by everything that one request caused. */
  readonly correlationId: string
  /** commandId or eventId of the direct cause. */
  readonly causationId: string
  /** Version of the aggregate after this event, counted from 1; 0 where the event has no aggregate. */
  readonly aggregateVersion: number
  /** Tenant; always `default` today. */
  readonly tenant: string
}

/** Encrypted personal data (name, address, e-mail, phone). Destroying the key erases the person. */
export interface Personal {
  /** Id of the data key, one per customer (`customer/<id>`) or order of a guest (`order/<id>`). */
  readonly keyId: string
  /** AES-256-GCM over UTF-8 JSON: 12 bytes nonce, ciphertext, 16 bytes tag; key id and kind of record are authenticated. Empty, with an empty key id: nothing was given. */
  readonly ciphertext: Buffer
}

/** Sets how much a customer may owe in a currency: orders that are neither paid nor over. */
export interface SetCreditLimit {
  readonly type: 'SetCreditLimit'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** The customer; also the record key. */
  readonly customerId: string
  /** ISO 4217 code of the limit; each currency has a limit of its own. */
  readonly currency: string
  /** Most that may be owed. Unit: the currency, scale 4. Null = the limit in this currency is removed. */
  readonly limit: bigint | null
}

/** A subject was given a variant of an experiment. */
export interface ExperimentExposed {
  readonly type: 'ExperimentExposed'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Made of experiment, variant, subject and day (UTC): the same exposure is told once a day. */
  readonly exposureId: string
  /** Name of the flag. */
  readonly experiment: string
  /** Name of the variant that was given. */
  readonly variant: string
  /** Who it was given to; also the record key. */
  readonly subject: string
  /** What the subject is: `session` or `customer`. */
  readonly unit: string
  /** Why this variant: SPLIT by lot, TARGETING_MATCH by a rule. */
  readonly reason: string
  /** Offset of the row of the flag that decided. */
  readonly flagVersion: number
  /** What was served: operation of the API. */
  readonly context: string
  /** When it was given, by the clock of the API. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** Asks to record that a subject was given a variant of an experiment. */
export interface RecordExposure {
  readonly type: 'RecordExposure'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Made of experiment, variant, subject and day (UTC): the same exposure is told once a day. */
  readonly exposureId: string
  /** Name of the flag. */
  readonly experiment: string
  /** Name of the variant that was given. */
  readonly variant: string
  /** Who it was given to; also the record key. */
  readonly subject: string
  /** What the subject is: `session` or `customer`. */
  readonly unit: string
  /** Why this variant: SPLIT by lot, TARGETING_MATCH by a rule. */
  readonly reason: string
  /** Offset of the row of the flag that decided. */
  readonly flagVersion: number
  /** What was served: operation of the API. */
  readonly context: string
  /** When it was given, by the clock of the API. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** Neighbouring buckets of the 10,000 that subjects are hashed into. */
export interface BucketRange {
  /** First bucket, 0 to 9,999. */
  readonly from: number
  /** First bucket after the range, 1 to 10,000. */
  readonly to: number
}

/** A flag as it stands now: a switch of the platform, or a flag with variants that clients and the API ask for. */
export interface FlagChanged {
  readonly type: 'FlagChanged'
  /** Name of the flag; also the record key. */
  readonly name: string
  /** True when it is on. A flag with variants that is off gives everybody what the asker falls back to. */
  readonly enabled: boolean
  /** Variant that counts where no rule matches and nothing is split. Null = a switch: it has none. */
  readonly variant: string | null
  /** Why it was changed, in words for people; never personal data. */
  readonly reason: string
  /** When it was changed. Unit: epoch milliseconds, UTC. */
  readonly changedAt: number
  /** Who changed it: subject of the token. Null = unknown. */
  readonly changedBy: string | null
  /** Of what kind the values of its variants are. */
  readonly kind: FlagKind
  /** What it is for, in words for people; empty for the switches of the platform, which the code describes. */
  readonly description: string
  /** What it can give; empty = a switch, which gives whether it is on. */
  readonly variants: readonly FlagVariant[]
  /** Who gets a variant whatever the split says; the first that matches counts. */
  readonly rules: readonly FlagRule[]
  /** What subjects are hashed with: another one deals them anew. Empty = the name. */
  readonly salt: string
  /** True when it is told who got which variant. */
  readonly experiment: boolean
  /** Part of the subjects that takes part in the split. Null = everybody does. */
  readonly layer: FlagLayer | null
  /** True when it is gone: there is no such flag, and the row says who took it away and why. */
  readonly deleted: boolean
}

/** Every FlagKind, in the order of the schema. */
export const flagKindSymbols = ['boolean', 'string', 'number', 'object'] as const
/** Kind of the values of a flag. */
export type FlagKind = (typeof flagKindSymbols)[number]

/** A share of the subjects. Two flags of one layer with shares apart never have a subject in common. */
export interface FlagLayer {
  /** Name of the layer: what subjects are hashed with to find their place in it. */
  readonly name: string
  /** First of the 10,000 places of the layer that take part. */
  readonly from: number
  /** First place after them, at most 10,000. */
  readonly to: number
}

/** Who gets a variant whatever the split says. */
export interface FlagRule {
  /** Attribute of the asker that is looked at; `targetingKey` = the subject itself. */
  readonly attribute: string
  /** It matches when the attribute, as text, is one of these. */
  readonly values: readonly string[]
  /** Name of the variant. */
  readonly variant: string
}

/** One of the values of a flag. */
export interface FlagVariant {
  /** Name of the variant, once in its flag. */
  readonly name: string
  /** The value as JSON text, of the kind of the flag. */
  readonly value: string
  /** Buckets of the subjects that get it, ascending and apart; their number is its weight. Unit: 1/10,000 of the subjects. */
  readonly buckets: readonly BucketRange[]
}

/** Sets another password. The old one was checked where it came in. */
export interface ChangePassword {
  readonly type: 'ChangePassword'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** True when the old password was right. */
  readonly passwordMatched: boolean
  /** Version of the password that it was held against. */
  readonly credentialVersion: number
  /** Hash of the new password (PHC string); never leaves the identity topics. */
  readonly passwordHash: string
  /** Keyed hash of the network address of the sender, hex. */
  readonly address: string
}

/** Makes an account for a program, which signs in with a secret. */
export interface CreateServiceAccount {
  readonly type: 'CreateServiceAccount'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** What it is for, in words for people; never personal data. */
  readonly name: string
  /** SHA-256 of its secret, hex; never leaves the identity topics. */
  readonly secretHash: string
  /** Permissions of the account. */
  readonly grants: readonly string[]
}

/** Deletes an account. */
export interface DeleteUser {
  readonly type: 'DeleteUser'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Id of the user; the record key. */
  readonly userId: string
}

/** The user has proved that the e-mail address is his. */
export interface EmailVerified {
  readonly type: 'EmailVerified'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the user; the record key. */
  readonly userId: string
}

/** A token that was made for one purpose and is sent to one person. Only its hash is kept. */
export interface IssuedToken {
  /** SHA-256 of the token, hex. */
  readonly hash: string
  /** When it is worth nothing any more. Unit: epoch milliseconds, UTC. */
  readonly expiresAt: number
  /** The token itself, encrypted for the notification that delivers it. Null = it is delivered in another way. */
  readonly sealed: Personal | null
}

/** Every LockScope, in the order of the schema. */
export const lockScopeSymbols = ['address', 'account'] as const
/** Whom a lock turns away: one network address, or everybody. */
export type LockScope = (typeof lockScopeSymbols)[number]

/** Tells of an attempt to log in. The password was checked where it came in; whether a session begins is decided in the order of the log. */
export interface LogIn {
  readonly type: 'LogIn'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** True when the password was right. */
  readonly passwordMatched: boolean
  /** Version of the password that it was held against. */
  readonly credentialVersion: number
  /** Keyed hash of the network address of the sender, hex. */
  readonly address: string
  /** Id of the session to begin: known to nobody but the holder of its tokens. */
  readonly sessionId: string
  /** SHA-256 of its first refresh token, hex. */
  readonly refreshHash: string
  /** Hash of the same password with newer parameters. Null = the old one is good. */
  readonly rehash: string | null
}

/** Ends one session, or all of them. */
export interface LogOut {
  readonly type: 'LogOut'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** Id of the session. */
  readonly sessionId: string
  /** True ends all sessions of the user. */
  readonly everywhere: boolean
}

/** Makes the account that has got its e-mail address, or tells it that somebody registers with the address again. */
export interface OpenUser {
  readonly type: 'OpenUser'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** Keyed hash of the normalised e-mail address, hex. */
  readonly emailKey: string
  /** E-mail address, encrypted with the key of the user. */
  readonly email: Personal
  /** Name, encrypted. Null = not given. */
  readonly profile: Personal | null
  /** Hash of the password with its parameters (PHC string); never leaves the identity topics. Empty = none. */
  readonly passwordHash: string
  /** Roles of the new account. */
  readonly roles: readonly string[]
  /** True: the address needs no proof, because an operator gave it. */
  readonly isVerified: boolean
  /** Proves the address, or sets the first password where there is none. Null = neither is needed. */
  readonly token: IssuedToken | null
}

/** Every PasswordCause, in the order of the schema. */
export const passwordCauseSymbols = ['changed', 'reset'] as const
/** How a password came to be another one. changed: by who knew the old one; reset: by a token from the mail. */
export type PasswordCause = (typeof passwordCauseSymbols)[number]

/** A user has another password. */
export interface PasswordChanged {
  readonly type: 'PasswordChanged'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** How. */
  readonly cause: PasswordCause
}

/** A user says something else of himself. */
export interface ProfileUpdated {
  readonly type: 'ProfileUpdated'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** Name, encrypted. Null = nothing. */
  readonly profile: Personal | null
}

/** Exchanges a refresh token for the next one. */
export interface RefreshSession {
  readonly type: 'RefreshSession'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** Id of the session. */
  readonly sessionId: string
  /** SHA-256 of the token that was shown, hex. */
  readonly refreshHash: string
  /** SHA-256 of the one that takes its place, hex. */
  readonly nextHash: string
}

/** Asks for an account under an e-mail address. Carries the hash of a password: the topic is for the identity processor alone. */
export interface RegisterUser {
  readonly type: 'RegisterUser'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Keyed hash of the normalised e-mail address, hex; the record key. */
  readonly emailKey: string
  /** Account that has the address already, or the one that this command makes. */
  readonly userId: string
  /** E-mail address, encrypted with the key of the user. */
  readonly email: Personal
  /** Name, encrypted. Null = not given. */
  readonly profile: Personal | null
  /** Hash of the password with its parameters (PHC string); never leaves the identity topics. Empty = none. */
  readonly passwordHash: string
  /** Roles of the new account. */
  readonly roles: readonly string[]
  /** True: the address needs no proof, because an operator gave it. */
  readonly isVerified: boolean
  /** Proves the address, or sets the first password where there is none. Null = neither is needed. */
  readonly token: IssuedToken | null
}

/** Gives an e-mail address free. */
export interface ReleaseEmail {
  readonly type: 'ReleaseEmail'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Keyed hash of the normalised e-mail address, hex; the record key. */
  readonly emailKey: string
  /** Account that had it; the address of any other one is left alone. */
  readonly userId: string
}

/** Asks for a token that sets another password. */
export interface RequestPasswordReset {
  readonly type: 'RequestPasswordReset'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** The token, to be sent to the address of the account. */
  readonly token: IssuedToken
}

/** Sets a password by the token that was sent. */
export interface ResetPassword {
  readonly type: 'ResetPassword'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string
  /** Hash of the new password (PHC string); never leaves the identity topics. */
  readonly passwordHash: string
}

/** A user has a role more. */
export interface RoleGranted {
  readonly type: 'RoleGranted'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** Name of the role. */
  readonly role: string
  /** Who gave it. Null = the platform. */
  readonly by: string | null
}

/** A user has a role less. */
export interface RoleRevoked {
  readonly type: 'RoleRevoked'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** Name of the role. */
  readonly role: string
  /** Who took it. Null = the platform. */
  readonly by: string | null
}

/** Every SessionEnd, in the order of the schema. */
export const sessionEndSymbols = ['logout', 'reuse', 'passwordChanged', 'passwordReset', 'tooMany', 'deleted', 'other'] as const
/** Why sessions ended before their time. reuse: a refresh token came a second time, so somebody has a copy. */
export type SessionEnd = (typeof sessionEndSymbols)[number]

/** Sessions have ended before their time: their refresh tokens are worth nothing. */
export interface SessionsRevoked {
  readonly type: 'SessionsRevoked'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** Why. */
  readonly reason: SessionEnd
  /** How many. */
  readonly sessions: number
}

/** Gives a user exactly these roles. */
export interface SetRoles {
  readonly type: 'SetRoles'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** Names of roles. */
  readonly roles: readonly string[]
}

/** Every UnlockCause, in the order of the schema. */
export const unlockCauseSymbols = ['time', 'passwordReset'] as const
/** Why a lock ended. */
export type UnlockCause = (typeof unlockCauseSymbols)[number]

/** Changes what a user says of himself. */
export interface UpdateProfile {
  readonly type: 'UpdateProfile'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** Name, encrypted. Null = nothing. */
  readonly profile: Personal | null
}

/** An account is gone. */
export interface UserDeleted {
  readonly type: 'UserDeleted'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the user; the record key. */
  readonly userId: string
}

/** Every UserKind, in the order of the schema. */
export const userKindSymbols = ['person', 'service'] as const
/** Who signs in with an account. */
export type UserKind = (typeof userKindSymbols)[number]

/** Too many passwords were wrong: no session begins for a while. */
export interface UserLocked {
  readonly type: 'UserLocked'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** Whom it turns away. */
  readonly scope: LockScope
  /** When it ends by itself. Unit: epoch milliseconds, UTC. */
  readonly until: number
}

/** A session has begun. */
export interface UserLoggedIn {
  readonly type: 'UserLoggedIn'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the user; the record key. */
  readonly userId: string
}

/** An account was made. */
export interface UserRegistered {
  readonly type: 'UserRegistered'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** Who signs in with it. */
  readonly kind: UserKind
  /** E-mail address, encrypted. Null = a service account. */
  readonly email: Personal | null
  /** Name, encrypted. Null = not given. */
  readonly profile: Personal | null
  /** Its first roles. */
  readonly roles: readonly string[]
  /** Permissions of a service account. */
  readonly grants: readonly string[]
}

/** Sessions can begin again. */
export interface UserUnlocked {
  readonly type: 'UserUnlocked'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** Why. */
  readonly cause: UnlockCause
}

/** Proves an e-mail address by the token that was sent there. */
export interface VerifyEmail {
  readonly type: 'VerifyEmail'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Id of the user; the record key. */
  readonly userId: string
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string
}

/** An invoice of an imported file, whole, with its lines in the order of the file. */
export interface ImportedInvoice {
  readonly type: 'ImportedInvoice'
  /** Identity, time and origin of the record. */
  readonly meta: CommandMeta
  /** Run of the import; every id that the invoice leads to is derived from it and the invoice number. */
  readonly runId: string
  /** Place of the invoice in the file, counted from 1; rises per customer, so that a repeat is recognised. */
  readonly sequence: number
  /** Invoice number of the source, e.g. 536365 or C536379. */
  readonly invoiceNo: string
  /** What the invoice is. */
  readonly kind: InvoiceKind
  /** First time that the source gives for the invoice, taken as UTC. Unit: epoch milliseconds. */
  readonly invoicedAt: number
  /** Customer account of the source. Null = a guest. */
  readonly customerId: string | null
  /** Country of the customer as the source writes it. */
  readonly country: string
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Name and country of the customer, encrypted: the address of the order that a sale becomes. */
  readonly shippingAddress: Personal
  /** Lines in the order of the file, at least one. */
  readonly lines: readonly ImportedLine[]
}

/** One line of an imported invoice, as the source has it. */
export interface ImportedLine {
  /** Line number in the invoice, counted from 1 in the order of the source. */
  readonly lineNo: number
  /** Stock keeping unit: the code of the source in upper case. */
  readonly sku: string
  /** The code as the source writes it. */
  readonly sourceCode: string
  /** True when the line is about goods in stock; false for charges such as postage or a discount. */
  readonly stocked: boolean
  /** Quantity as the source has it, negative for goods given back or written off. Unit: pieces. */
  readonly quantity: number
  /** Price of one piece as the source has it, 0 for free lines. Unit: the currency of the invoice, scale 4. */
  readonly unitPrice: bigint
}

/** An imported order of a customer is confirmed, or has ended otherwise: what credit notes of the customer wait for. */
export interface ImportedOrderSettled {
  readonly type: 'ImportedOrderSettled'
  /** Identity, time and cause of the event. */
  readonly meta: EventMeta
  /** The order, UUID in lower case. */
  readonly orderId: string
  /** Its customer; also the record key. */
  readonly customerId: string
  /** True when the order was confirmed: its lines can be credited. False when it ended without being confirmed, or was cancelled after it: they cannot. */
  readonly confirmed: boolean
}

/** Every InvoiceKind, in the order of the schema. */
export const invoiceKindSymbols = ['sale', 'stockIn', 'writeOff', 'creditNote', 'adjustment', 'unknown'] as const
/** What an imported invoice is: sale = at least one priced line with a positive quantity; stockIn = only free lines with positive quantities; writeOff = negative quantities without being a credit note; creditNote = lines given back; adjustment = a correction of the books without goods; unknown = a kind that this reader does not know. */
export type InvoiceKind = (typeof invoiceKindSymbols)[number]

/** Corrects the stock on hand by hand. */
export interface AdjustStock {
  readonly type: 'AdjustStock'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Change of the stock on hand, negative for a write-off. Unit: pieces. */
  readonly delta: number
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** Version of the stock the change was decided on; another one rejects the command. Null = whatever the version is. */
  readonly expectedVersion: number | null
}

/** Every Availability, in the order of the schema. */
export const availabilitySymbols = ['unknown', 'inStock', 'low', 'out'] as const
/** How much of a SKU a new order can have, roughly: inStock = more than the reorder level, low = that or less, out = nothing. unknown = nothing was told yet. */
export type Availability = (typeof availabilitySymbols)[number]

/** The class of availability of a SKU has changed: written at the change only, and kept as the newest. */
export interface AvailabilityChanged {
  readonly type: 'AvailabilityChanged'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** The class from now on. */
  readonly availability: Availability
}

/** Stock came: a waiting reservation has what it asked for. */
export interface BackOrderFilled {
  readonly type: 'BackOrderFilled'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case; the record key. */
  readonly sku: string
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
  /** Pieces of the SKU that the reservation asks for. Unit: pieces. */
  readonly quantity: number
  /** Pieces of the SKU that waiting reservations ask for after the event, all together. Unit: pieces. */
  readonly waiting: number
}

/** A reservation waits for stock of the SKU. */
export interface BackOrderQueued {
  readonly type: 'BackOrderQueued'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case; the record key. */
  readonly sku: string
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
  /** Pieces of the SKU that the reservation asks for. Unit: pieces. */
  readonly quantity: number
  /** Pieces of the SKU that waiting reservations ask for after the event, all together. Unit: pieces. */
  readonly waiting: number
}

/** A reservation waits no longer for stock of the SKU, without having got it. */
export interface BackOrderWithdrawn {
  readonly type: 'BackOrderWithdrawn'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case; the record key. */
  readonly sku: string
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
  /** Pieces of the SKU that the reservation asks for. Unit: pieces. */
  readonly quantity: number
  /** Pieces of the SKU that waiting reservations ask for after the event, all together. Unit: pieces. */
  readonly waiting: number
}

/** Turns a reservation into a deduction of stock. */
export interface ConfirmReservation {
  readonly type: 'ConfirmReservation'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
}

/** Moves the end of a reservation. */
export interface ExtendReservation {
  readonly type: 'ExtendReservation'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
  /** After this the reservation ends by itself. Unit: epoch milliseconds, UTC, wall clock. */
  readonly expiresAt: number
}

/** Reserves pieces of one SKU by hand, for no order. Answered by StockReserved, or by CommandRejected under the SKU. */
export interface HoldStock {
  readonly type: 'HoldStock'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Reservation, UUID in lower case: new for each. Its events carry it where those of an order carry the order id. */
  readonly reservationId: string
  /** Pieces to reserve, all or none. Unit: pieces, at least 1. */
  readonly quantity: number
  /** When the reservation ends by itself; in the future, at most 91 days ahead. Unit: epoch milliseconds, UTC, wall clock. */
  readonly expiresAt: number
  /** What the pieces are held for, in words for people; never personal data. 1 to 200 characters. */
  readonly reference: string
}

/** Answer: not all lines of this partition are free; the reservation waits for them, LinesReserved follows. */
export interface LinesBackOrdered {
  readonly type: 'LinesBackOrdered'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
}

/** Answer: the reservation could not be confirmed, e.g. it has expired. */
export interface LinesConfirmRejected {
  readonly type: 'LinesConfirmRejected'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
  /** Rule that was broken, e.g. RESERVATION_EXPIRED. */
  readonly code: string
}

/** Answer: all lines of this partition are deducted from stock. */
export interface LinesConfirmed {
  readonly type: 'LinesConfirmed'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
}

/** The reservation ended by itself. */
export interface LinesExpired {
  readonly type: 'LinesExpired'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
}

/** Answer: nothing of this partition is reserved. */
export interface LinesRejected {
  readonly type: 'LinesRejected'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
  /** Rule that was broken, e.g. STOCK_SHORT. */
  readonly code: string
  /** What was short; empty for other reasons. */
  readonly shortages: readonly Shortage[]
}

/** Answer: whatever was held was given back. */
export interface LinesReleased {
  readonly type: 'LinesReleased'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
}

/** Answer: all lines of this partition are reserved. */
export interface LinesReserved {
  readonly type: 'LinesReserved'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
}

/** Answer: deducted stock was put back. */
export interface LinesUnconfirmed {
  readonly type: 'LinesUnconfirmed'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
}

/** Free stock fell below the reorder level. */
export interface LowStockDetected {
  readonly type: 'LowStockDetected'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Free stock after the event. Unit: pieces. */
  readonly available: number
  /** Level it fell below. Unit: pieces. */
  readonly reorderLevel: number
}

/** Opens the stock of a SKU. */
export interface RegisterSku {
  readonly type: 'RegisterSku'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Stock on hand at the start, at least 0. Unit: pieces. */
  readonly openingStock: number
  /** Free stock below this is low. Unit: pieces. */
  readonly reorderLevel: number
}

/** Gives back what a reservation by hand holds. One that has ended stays as it is; the reservation of an order is refused. */
export interface ReleaseHold {
  readonly type: 'ReleaseHold'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Reservation, UUID in lower case. */
  readonly reservationId: string
}

/** Gives back everything the reservation holds, deducted stock included. Idempotent; leaves a fence where nothing was reserved. */
export interface ReleaseReservation {
  readonly type: 'ReleaseReservation'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
  /** Why, in words for people; never personal data. */
  readonly reason: string
}

/** A reservation was turned into a deduction. */
export interface ReservationConfirmed {
  readonly type: 'ReservationConfirmed'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** First SKU of the reservation in this partition, upper case; the record key. */
  readonly sku: string
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
}

/** A reservation ended by itself. */
export interface ReservationExpired {
  readonly type: 'ReservationExpired'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** First SKU of the reservation in this partition, upper case; the record key. */
  readonly sku: string
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
}

/** One line of a reservation. */
export interface ReservationLine {
  /** Line number in the order, counted from 1. */
  readonly lineNo: number
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Quantity to reserve, at least 1. Unit: pieces. */
  readonly quantity: number
}

/** A confirmed reservation was undone. */
export interface ReservationUnconfirmed {
  readonly type: 'ReservationUnconfirmed'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** First SKU of the reservation in this partition, upper case; the record key. */
  readonly sku: string
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
}

/** Reserves every line of the order that lives in this partition, all or nothing. */
export interface ReserveStock {
  readonly type: 'ReserveStock'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
  /** Lines to reserve, all of this partition. */
  readonly lines: readonly ReservationLine[]
  /** After this the reservation ends by itself. Unit: epoch milliseconds, UTC, wall clock. */
  readonly expiresAt: number
  /** Since when the order waits for stock: the place of the reservation in the queue. Unit: epoch milliseconds, UTC. Null = it does not wait, short stock rejects it. */
  readonly waitsSince: number | null
}

/** Adds delivered stock. */
export interface Restock {
  readonly type: 'Restock'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Quantity delivered, at least 1. Unit: pieces. */
  readonly quantity: number
}

/** A SKU that could not be reserved. */
export interface Shortage {
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Quantity asked for, all lines of the SKU together. Unit: pieces. */
  readonly requested: number
  /** Quantity that was free. Unit: pieces. */
  readonly available: number
}

/** The stock of a SKU was opened. */
export interface SkuRegistered {
  readonly type: 'SkuRegistered'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Stock on hand at the start. Unit: pieces. */
  readonly openingStock: number
  /** Free stock below this is low. Unit: pieces. */
  readonly reorderLevel: number
}

/** Stock on hand was changed by a correction or a delivery. */
export interface StockAdjusted {
  readonly type: 'StockAdjusted'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Change of the stock on hand. Unit: pieces. */
  readonly delta: number
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** Stock on hand after the event. Unit: pieces. */
  readonly onHand: number
  /** Part of the stock on hand that is reserved after the event. Unit: pieces. */
  readonly reserved: number
}

/** Reserved stock was deducted from stock on hand. */
export interface StockDeducted {
  readonly type: 'StockDeducted'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Quantity moved. Unit: pieces. */
  readonly quantity: number
  /** Stock on hand after the event. Unit: pieces. */
  readonly onHand: number
  /** Part of the stock on hand that is reserved after the event. Unit: pieces. */
  readonly reserved: number
}

/** Stock held for an order is free again. */
export interface StockReleased {
  readonly type: 'StockReleased'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Quantity moved. Unit: pieces. */
  readonly quantity: number
  /** Stock on hand after the event. Unit: pieces. */
  readonly onHand: number
  /** Part of the stock on hand that is reserved after the event. Unit: pieces. */
  readonly reserved: number
  /** True when the stock had been deducted and was put back on hand. */
  readonly restored: boolean
}

/** Stock of a SKU was short. */
export interface StockReservationRejected {
  readonly type: 'StockReservationRejected'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Quantity asked for. Unit: pieces. */
  readonly requested: number
  /** Quantity that was free. Unit: pieces. */
  readonly available: number
}

/** Stock was reserved for an order. */
export interface StockReserved {
  readonly type: 'StockReserved'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Quantity moved. Unit: pieces. */
  readonly quantity: number
  /** Stock on hand after the event. Unit: pieces. */
  readonly onHand: number
  /** Part of the stock on hand that is reserved after the event. Unit: pieces. */
  readonly reserved: number
}

/** Puts deducted stock back and ends the reservation. Idempotent; leaves a fence where nothing was reserved. */
export interface UnconfirmReservation {
  readonly type: 'UnconfirmReservation'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Partition of the inventory topics that holds the stock lines, from 0; part of the reservation id (orderId, attempt, partition). */
  readonly partition: number
  /** Why, in words for people; never personal data. */
  readonly reason: string
}

/** Every LedgerEntryKind, in the order of the schema. */
export const ledgerEntryKindSymbols = ['authorised', 'captured', 'voided', 'refunded', 'adjusted', 'fee', 'released', 'credited', 'reopened', 'unknown'] as const
/** What a movement books: authorised, captured, voided, refunded = money of an order as payments tell it; released = the hold that ends when its money is captured; fee = what a provider charges; adjusted = a correction of the books without goods; credited = a line of a credit note, owed to the customer from then on; reopened = a credit that was paid out of an order is owed again, because all that was paid for that order went back; unknown = a kind that this reader does not know. */
export type LedgerEntryKind = (typeof ledgerEntryKindSymbols)[number]

/** An amount that moves from the credited to the debited account as part of an entry. Its currency is that of the entry. */
export interface LedgerMovement {
  /** What the movement books. */
  readonly kind: LedgerEntryKind
  /** Account that is debited, in lower case, e.g. fees. */
  readonly debitAccount: string
  /** Account that is credited, in lower case, e.g. cash; another one than the debited. */
  readonly creditAccount: string
  /** Amount of both halves, above 0. Unit: the currency of the entry, scale 4. */
  readonly amount: bigint
}

/** A double entry: the amount moves from the credited to the debited account, and so does that of every further movement. An entry is never changed; what was wrong is booked back. Key: the order, or the entry where there is none. */
export interface LedgerPosted {
  readonly type: 'LedgerPosted'
  /** Identity, time and cause of the event. */
  readonly meta: EventMeta
  /** Id of the entry, derived from what it books: the same thing is never booked under two ids. UUID in lower case. */
  readonly entryId: string
  /** Order that the entry belongs to, UUID in lower case. Null = none. */
  readonly orderId: string | null
  /** What was booked, for people: e.g. the run of an import and the invoice number, or the payment. */
  readonly reference: string
  /** What the entry books. */
  readonly kind: LedgerEntryKind
  /** Account that is debited, in lower case, e.g. receivables. */
  readonly debitAccount: string
  /** Account that is credited, in lower case, e.g. adjustments; another one than the debited. */
  readonly creditAccount: string
  /** Amount of both halves, at least 0. Unit: the currency of the entry, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of the amount, three capital letters. */
  readonly currency: string
  /** Day that the entry counts for, by its source. Unit: epoch milliseconds, UTC; years back for imported entries. */
  readonly bookedAt: number
  /** Movements that the same event leads to, e.g. the hold that a capture ends, and the fee. Empty = none. */
  readonly further: readonly LedgerMovement[]
  /** Customer account that is credited. Null = nobody's, a guest, or told by the order. */
  readonly customerId: string | null
}

/** Asks not to deliver what is not on its way yet. */
export interface CancelNotification {
  readonly type: 'CancelNotification'
  /** Identity and time of the command. */
  readonly meta: CommandMeta
  /** Account of the reader, the order id of a guest, or the name of a team; the record key. */
  readonly userId: string
  /** Id of the notification. */
  readonly notificationId: string
}

/** Every DeliveryPolicy, in the order of the schema. */
export const deliveryPolicySymbols = ['atLeastOnce', 'atMostOnce', 'once'] as const
/** How often a delivery may reach its reader when an answer is lost: once = the provider knows repeats by their key, or it is written in the transaction; atLeastOnce = it is repeated; atMostOnce = it is not, and called failed. */
export type DeliveryPolicy = (typeof deliveryPolicySymbols)[number]

/** Says that a reader has seen his inbox. */
export interface MarkNotificationsRead {
  readonly type: 'MarkNotificationsRead'
  /** Identity and time of the command. */
  readonly meta: CommandMeta
  /** Account of the reader, the order id of a guest, or the name of a team; the record key. */
  readonly userId: string
  /** Everything asked for until then. Unit: epoch milliseconds, UTC. */
  readonly upTo: number
}

/** A notification is not delivered on a channel, because somebody wants it so or there is no way. */
export interface NotificationCancelled {
  readonly type: 'NotificationCancelled'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the notification. */
  readonly notificationId: string
  /** Account of the reader, the order id of a guest, or the name of a team; the record key. */
  readonly userId: string
  /** How the reader is reached. */
  readonly channel: NotificationChannel
  /** Name of the template. */
  readonly template: string
  /** Order it is about. Null = not about an order. */
  readonly orderId: string | null
  /** Why, for programs: no-address, address-refused, no-channel, unwanted, erased or asked-for. */
  readonly reason: string
}

/** Every NotificationChannel, in the order of the schema. */
export const notificationChannelSymbols = ['email', 'sms', 'push', 'inApp'] as const
/** How a notification reaches its reader. */
export type NotificationChannel = (typeof notificationChannelSymbols)[number]

/** On which channels a reader wants to be told of something. */
export interface NotificationChoice {
  /** What it is about. */
  readonly kind: NotificationKind
  /** How; none = not at all. */
  readonly channels: readonly NotificationChannel[]
}

/** A notification has reached its reader, as far as anybody can know. */
export interface NotificationDelivered {
  readonly type: 'NotificationDelivered'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the notification. */
  readonly notificationId: string
  /** Account of the reader, the order id of a guest, or the name of a team; the record key. */
  readonly userId: string
  /** How the reader is reached. */
  readonly channel: NotificationChannel
  /** Name of the template. */
  readonly template: string
  /** Order it is about. Null = not about an order. */
  readonly orderId: string | null
  /** Id of the message at the provider. Null = it has none, or none is known. */
  readonly providerId: string | null
}

/** A notification did not reach its reader, and is not tried again. */
export interface NotificationFailed {
  readonly type: 'NotificationFailed'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the notification. */
  readonly notificationId: string
  /** Account of the reader, the order id of a guest, or the name of a team; the record key. */
  readonly userId: string
  /** How the reader is reached. */
  readonly channel: NotificationChannel
  /** Name of the template. */
  readonly template: string
  /** Order it is about. Null = not about an order. */
  readonly orderId: string | null
  /** Id of the message at the provider. Null = it has none, or none is known. */
  readonly providerId: string | null
  /** Why, for programs. */
  readonly code: string
  /** Why, for people. Never personal data. */
  readonly message: string
  /** Calls that were made. */
  readonly tries: number
  /** What was declared for the channel. */
  readonly policy: DeliveryPolicy
  /** True when it may have reached its reader all the same: the last answer was lost, and the policy allows no second call. */
  readonly inDoubt: boolean
}

/** Every NotificationKind, in the order of the schema. */
export const notificationKindSymbols = ['message', 'order', 'account', 'stock'] as const
/** What a notification is about, as readers choose by: message = something that a person wrote; order; account = what concerns the safety of an account; stock = for those who look after it. */
export type NotificationKind = (typeof notificationKindSymbols)[number]

/** What a provider tells by itself of a message that it took. */
export interface NotificationReceipt {
  readonly type: 'NotificationReceipt'
  /** Identity and time of the command. */
  readonly meta: CommandMeta
  /** Account of the reader, the order id of a guest, or the name of a team; the record key. */
  readonly userId: string
  /** Id of the notification. */
  readonly notificationId: string
  /** How the reader is reached. */
  readonly channel: NotificationChannel
  /** Id of the receipt at the provider: the same one counts once. */
  readonly receiptId: string
  /** What became of it. */
  readonly outcome: ReceiptOutcome
  /** Why, in the words of the provider. Null = not told. */
  readonly code: string | null
  /** Id of the message at the provider. Null = it has none, or none is known. */
  readonly providerId: string | null
}

/** Asks to tell a person something. */
export interface NotificationRequested {
  readonly type: 'NotificationRequested'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the notification: the same id is delivered once. */
  readonly notificationId: string
  /** Account of the reader, the order id for a guest, or the name of a team; the record key. */
  readonly userId: string
  /** How the reader is reached. */
  readonly channel: NotificationChannel
  /** Name of the template. */
  readonly template: string
  /** Order it is about. Null = not about an order. */
  readonly orderId: string | null
  /** Values for the template, by name; never personal data. */
  readonly variables: Readonly<Record<string, string>>
  /** Address of the reader, encrypted. Null = the address of the account. */
  readonly recipient: Personal | null
  /** Values for the template that nobody may read on the way, such as a token: encrypted like personal data. Null = none. */
  readonly sealed: Personal | null
  /** True when it does not wait: not for the morning, nor for a digest. */
  readonly urgent: boolean
  /** When it is to be delivered. Unit: epoch milliseconds, UTC. Null = now. */
  readonly notBefore: number | null
  /** Language, BCP 47. Null = that of the reader. */
  readonly locale: string | null
  /** Hash of the request that asked for it, SHA-256 in hex. Null = it came by topic. */
  readonly bodyHash: string | null
}

/** A provider has taken a notification. */
export interface NotificationSent {
  readonly type: 'NotificationSent'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the notification. */
  readonly notificationId: string
  /** Account of the reader, the order id of a guest, or the name of a team; the record key. */
  readonly userId: string
  /** How the reader is reached. */
  readonly channel: NotificationChannel
  /** Name of the template. */
  readonly template: string
  /** Order it is about. Null = not about an order. */
  readonly orderId: string | null
  /** Id of the message at the provider. Null = it has none, or none is known. */
  readonly providerId: string | null
  /** What that is worth when an answer is lost. */
  readonly policy: DeliveryPolicy
  /** True when an earlier call may have been carried out as well: the reader may have it twice. */
  readonly repeated: boolean
  /** Digest that it went in. Null = it went by itself. */
  readonly digestId: string | null
}

/** Every ReceiptOutcome, in the order of the schema. */
export const receiptOutcomeSymbols = ['undelivered', 'delivered', 'refused'] as const
/** What a provider tells of a message that it took: delivered; undelivered = this one was not; refused = the address does not exist or wants no more. */
export type ReceiptOutcome = (typeof receiptOutcomeSymbols)[number]

/** Says how a reader wants to be told things; replaces what he said before. */
export interface SetNotificationPreferences {
  readonly type: 'SetNotificationPreferences'
  /** Identity and time of the command. */
  readonly meta: CommandMeta
  /** Account of the reader, the order id of a guest, or the name of a team; the record key. */
  readonly userId: string
  /** Language, BCP 47. Null = that of the platform. */
  readonly locale: string | null
  /** Time zone of the quiet hours, IANA. Null = UTC. */
  readonly timeZone: string | null
  /** When the quiet hours begin. Unit: minutes after midnight. Null = there are none. */
  readonly quietFrom: number | null
  /** When they end, perhaps on the next day. Unit: minutes after midnight. Null = there are none. */
  readonly quietUntil: number | null
  /** Channels by kind; a kind that is not named is told as whoever asks for it thinks best. */
  readonly choices: readonly NotificationChoice[]
  /** Phone number, encrypted. Null = none. */
  readonly phone: Personal | null
  /** Subscriptions of the browsers of the reader (Web Push), encrypted. */
  readonly pushSubscriptions: readonly Personal[]
  /** Version of the preferences that this is about; they are left alone when it is another one by then. Null = whatever they are. */
  readonly expectedVersion: number | null
}

/** Every ActionReason, in the order of the schema. */
export const actionReasonSymbols = ['shortStock', 'paymentDeclined'] as const
/** What the customer has to decide. */
export type ActionReason = (typeof actionReasonSymbols)[number]

/** A line of an order with the quantity that it is to have. */
export interface AmendLine {
  /** Number of the line in the order, from 1. */
  readonly lineNo: number
  /** Quantity that is kept, less than before; 0 drops the line. Unit: pieces. */
  readonly quantity: number
}

/** The customer takes less than was ordered, because stock is short: lines are dropped or reduced. */
export interface AmendOrder {
  readonly type: 'AmendOrder'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Lines that change; the others stay as they are. */
  readonly lines: readonly AmendLine[]
}

/** Says whether a return that was asked for is accepted. */
export interface ApproveReturn {
  readonly type: 'ApproveReturn'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the return, UUID in lower case, derived from the command that asked for it. */
  readonly returnId: string
  /** True = the goods may be sent back; false = the return is declined. */
  readonly approved: boolean
  /** Why, in words for people; never personal data. */
  readonly reason: string
}

/** Asks to cancel an order that has not been shipped. */
export interface CancelOrder {
  readonly type: 'CancelOrder'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Why, in words for people; never personal data. */
  readonly reason: string
}

/** Every Channel, in the order of the schema. */
export const channelSymbols = ['storefront', 'api', 'import', 'backoffice'] as const
/** Where an order came from. An unknown channel reads as api. */
export type Channel = (typeof channelSymbols)[number]

/** A readable command broke a rule; nothing was changed. */
export interface CommandRejected {
  readonly type: 'CommandRejected'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order named by the command, as it came. */
  readonly orderId: string
  /** Record name of the command. */
  readonly command: string
  /** Id of the command, SHA-256 in hex. */
  readonly commandId: string
  /** Rule that was broken, e.g. ORDER_SKU_UNKNOWN. */
  readonly code: string
  /** JSON pointer to the value that broke the rule. Null = the whole command. */
  readonly field: string | null
  /** The rule in words for people; never personal data. */
  readonly message: string
}

/** Asks the order saga to undo everything done for the order. Idempotent, repeated until done. */
export interface CompensateOrder {
  readonly type: 'CompensateOrder'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Why the order is undone; decides its outcome. */
  readonly cause: OutcomeCause
  /** Why, in words for people; never personal data. */
  readonly reason: string
}

/** Every DeclinePolicy, in the order of the schema. */
export const declinePolicySymbols = ['cancel', 'retry'] as const
/** What to do when the payment is declined: cancel, or let the customer pay again. */
export type DeclinePolicy = (typeof declinePolicySymbols)[number]

/** Every DeliverySpeed, in the order of the schema. */
export const deliverySpeedSymbols = ['standard', 'express', 'overnight', 'sameDay'] as const
/** Delivery promise. An unknown one reads as standard. */
export type DeliverySpeed = (typeof deliverySpeedSymbols)[number]

/** What became of the pieces of one line. Law: shipped + cancelled is at most what was ordered, delivered at most shipped, returned at most delivered. */
export interface LineProgress {
  /** Number of the line in the order, from 1. */
  readonly lineNo: number
  /** Left the warehouse and did not come back undelivered. Unit: pieces. */
  readonly shipped: number
  /** Will not be delivered: cancelled before they left, or brought back by the carrier. Unit: pieces. */
  readonly cancelled: number
  /** Delivered with the order. Unit: pieces. */
  readonly delivered: number
  /** Given back after delivery. Unit: pieces. */
  readonly returned: number
}

/** Pieces of one line of an order. */
export interface LineQuantity {
  /** Number of the line in the order, from 1. */
  readonly lineNo: number
  /** Pieces of it, at least 1. Unit: pieces. */
  readonly quantity: number
}

/** The customer has to decide before the deadline. */
export interface OrderActionRequired {
  readonly type: 'OrderActionRequired'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** What has to be decided. */
  readonly reason: ActionReason
  /** After this the order is compensated. Unit: epoch milliseconds, UTC. */
  readonly deadline: number
  /** What was short. Empty = the reason is another. */
  readonly shortages: readonly Shortage[]
}

/** The order has fewer pieces than before; its stock is reserved anew. */
export interface OrderAmended {
  readonly type: 'OrderAmended'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** All lines that are left, at their prices of before. */
  readonly lines: readonly OrderLine[]
  /** Sum of the line totals. Unit: the currency, scale 4. */
  readonly total: bigint
}

/** Stock is short and the order waits for it. */
export interface OrderBackOrdered {
  readonly type: 'OrderBackOrdered'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** After this the order is compensated. Unit: epoch milliseconds, UTC. */
  readonly deadline: number
  /** What was short. */
  readonly shortages: readonly Shortage[]
}

/** Outcome: cancelled by the customer, by short stock, by a declined payment or by the risk check; everything is undone. */
export interface OrderCancelled {
  readonly type: 'OrderCancelled'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Why the order ended so. */
  readonly cause: OutcomeCause
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** Sum of the line totals. Unit: the currency, scale 4. */
  readonly total: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Money given back after it was captured. Unit: the currency, scale 4. */
  readonly refunded: bigint
  /** When the customer placed the order, as the sender says. Unit: epoch milliseconds, UTC; years back for imported orders. */
  readonly placedAt: number
}

/** What was done for the order is being undone. */
export interface OrderCompensationStarted {
  readonly type: 'OrderCompensationStarted'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Why; decides the outcome. */
  readonly cause: OutcomeCause
  /** Why, in words for people; never personal data. */
  readonly message: string
}

/** Stock is deducted and money is taken: the order will be shipped. */
export interface OrderConfirmed {
  readonly type: 'OrderConfirmed'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Sum of the line totals. Unit: the currency, scale 4. */
  readonly total: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Priced lines in the order they were placed. */
  readonly lines: readonly OrderLine[]
  /** Customer account. Null = a guest. */
  readonly customerId: string | null
  /** When the customer placed the order, as the sender says. Unit: epoch milliseconds, UTC; years back for imported orders. */
  readonly placedAt: number
}

/** The order was accepted, with prices and total decided by the platform. */
export interface OrderCreated {
  readonly type: 'OrderCreated'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** When the customer placed the order, as the sender says. Unit: epoch milliseconds, UTC; years back for imported orders. */
  readonly placedAt: number
  /** Where the order came from. */
  readonly channel: Channel
  /** Customer account. Null = a guest. */
  readonly customerId: string | null
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Priced lines in the order they were placed. */
  readonly lines: readonly OrderLine[]
  /** Sum of the line totals. Unit: the currency, scale 4. */
  readonly total: bigint
  /** Name and postal address, encrypted. */
  readonly shippingAddress: Personal
  /** E-mail address of a guest, encrypted. Null = an account holder. */
  readonly guestEmail: Personal | null
  /** Delivery promise chosen. */
  readonly deliverySpeed: DeliverySpeed
  /** How the order is to be paid. */
  readonly payment: PaymentChoice
  /** What happens when stock is short. */
  readonly onShortage: ShortagePolicy
  /** What happens when the payment is declined. */
  readonly onDecline: DeclinePolicy
  /** Reference of the sender, e.g. an invoice number; returned as it came. Null = none. */
  readonly clientReference: string | null
  /** SHA-256 in hex of the body of the command: tells a repeat from a conflict. */
  readonly bodyHash: string
  /** True when the sender quoted prices that it may not set. */
  readonly quotedIgnored: boolean
  /** Country that the goods go to: ISO 3166-1 alpha-2, or the name that the source of an import writes. Null = not given in the clear. */
  readonly country: string | null
}

/** Outcome: fulfilled. Everything that left was delivered, and nothing more is to leave. */
export interface OrderDelivered {
  readonly type: 'OrderDelivered'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** What was delivered, lines without stock included. */
  readonly lines: readonly LineQuantity[]
  /** When the last of it was delivered, as the carrier says. Unit: epoch milliseconds, UTC. */
  readonly deliveredAt: number
  /** Sum of the line totals. Unit: the currency, scale 4. */
  readonly total: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Customer account. Null = a guest. */
  readonly customerId: string | null
  /** When the customer placed the order, as the sender says. Unit: epoch milliseconds, UTC; years back for imported orders. */
  readonly placedAt: number
}

/** Outcome: failed for a technical reason; everything is undone. */
export interface OrderFailed {
  readonly type: 'OrderFailed'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Why the order ended so. */
  readonly cause: OutcomeCause
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** Sum of the line totals. Unit: the currency, scale 4. */
  readonly total: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Money given back after it was captured. Unit: the currency, scale 4. */
  readonly refunded: bigint
  /** When the customer placed the order, as the sender says. Unit: epoch milliseconds, UTC; years back for imported orders. */
  readonly placedAt: number
}

/** Every stocked line of the order is reserved. */
export interface OrderInventoryReserved {
  readonly type: 'OrderInventoryReserved'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
}

/** One line of an accepted order, priced by the platform. */
export interface OrderLine {
  /** Line number, counted from 1, unique in the order. */
  readonly lineNo: number
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Quantity ordered, at least 1. Unit: pieces. */
  readonly quantity: number
  /** Price of one piece. Unit: the currency of the order, scale 4. */
  readonly unitPrice: bigint
  /** unitPrice × quantity. Unit: the currency of the order, scale 4. */
  readonly lineTotal: bigint
  /** Who set the unit price. */
  readonly priceSource: PriceSource
  /** Version of the product the line was decided on; 0 = the product was not in the catalog. */
  readonly catalogVersion: number
  /** True when the line reserves stock; false for charges such as postage. */
  readonly stocked: boolean
}

/** A part of the order will not be delivered: it was cancelled before it left, or the carrier brought it back. The order goes on without it, or ends when nothing is left. */
export interface OrderLinesCancelled {
  readonly type: 'OrderLinesCancelled'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Why. */
  readonly cause: OutcomeCause
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** Shipment that came back, counted from 1. Null = the pieces had not left. */
  readonly shipmentNo: number | null
  /** What will not be delivered. */
  readonly lines: readonly LineQuantity[]
  /** What these pieces cost. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
}

/** Every OrderOutcome, in the order of the schema. */
export const orderOutcomeSymbols = ['Fulfilled', 'Cancelled', 'Failed', 'TimedOut', 'Rejected'] as const
/** How an order ended; every order has at most one outcome. */
export type OrderOutcome = (typeof orderOutcomeSymbols)[number]

/** One shipment of an order, as shipping tells it. */
export interface OrderParcel {
  /** Number of the shipment in the order, counted from 1. */
  readonly shipmentNo: number
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Name of the carrier. */
  readonly carrier: string
  /** Tracking number of the carrier. */
  readonly trackingNumber: string
  /** Where it is. */
  readonly stage: ShipmentStage
  /** What is in it. */
  readonly lines: readonly LineQuantity[]
  /** Attempts to deliver it that failed. */
  readonly attempts: number
  /** Where it was seen last, as the carrier says. Null = not told. */
  readonly location: string | null
  /** When it was promised to be there. Unit: epoch milliseconds, UTC. Null = no promise. */
  readonly promisedBy: number | null
  /** True once the promise was not kept. */
  readonly isLate: boolean
  /** When it was delivered, as the carrier says. Unit: epoch milliseconds, UTC. Null = not delivered. */
  readonly deliveredAt: number | null
}

/** A part of what was delivered has come back. */
export interface OrderPartiallyReturned {
  readonly type: 'OrderPartiallyReturned'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the return, UUID in lower case, derived from the command that asked for it. */
  readonly returnId: string
  /** What came back with this return. */
  readonly lines: readonly LineQuantity[]
  /** What these pieces cost; it is given back. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
}

/** A part of the order has left; more is to leave. */
export interface OrderPartiallyShipped {
  readonly type: 'OrderPartiallyShipped'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Number of the shipment in the order, counted from 1. Null = the event is not about one. */
  readonly shipmentNo: number | null
  /** Shipment that left. Null = the event is not about one. */
  readonly shipmentId: string | null
  /** Name of the carrier. Null = the event is not about one. */
  readonly carrier: string | null
  /** Tracking number of the carrier. Null = the event is not about one. */
  readonly trackingNumber: string | null
  /** What left with it; empty when nothing did. */
  readonly lines: readonly LineQuantity[]
}

/** The payment is authorised: the money is held, not yet taken. */
export interface OrderPaymentAuthorized {
  readonly type: 'OrderPaymentAuthorized'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Id of the payment, one per order and attempt. */
  readonly paymentId: string
  /** Amount authorised. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
}

/** The payment is captured: the money is taken. */
export interface OrderPaymentCompleted {
  readonly type: 'OrderPaymentCompleted'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Id of the payment, one per order and attempt. */
  readonly paymentId: string
  /** Amount captured. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
}

/** The payment was asked for. */
export interface OrderPaymentInitiated {
  readonly type: 'OrderPaymentInitiated'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Amount to authorise. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
}

/** Outcome: the order was never accepted. */
export interface OrderRejected {
  readonly type: 'OrderRejected'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Rule that was broken, e.g. ORDER_SKU_UNKNOWN. */
  readonly code: string
  /** The rule in words for people; never personal data. */
  readonly message: string
}

/** No return is asked for any more: the last one was declined, or its goods never came. */
export interface OrderReturnDeclined {
  readonly type: 'OrderReturnDeclined'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the return, UUID in lower case, derived from the command that asked for it. */
  readonly returnId: string
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** True when it was approved and nothing arrived in time; false when it was declined. */
  readonly expired: boolean
}

/** The customer wants to give delivered pieces back. */
export interface OrderReturnRequested {
  readonly type: 'OrderReturnRequested'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the return, UUID in lower case, derived from the command that asked for it. */
  readonly returnId: string
  /** What is to come back. */
  readonly lines: readonly LineQuantity[]
  /** What these pieces cost. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Why, in words for people; never personal data. */
  readonly reason: string
}

/** Everything that was delivered has come back. */
export interface OrderReturned {
  readonly type: 'OrderReturned'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the return, UUID in lower case, derived from the command that asked for it. */
  readonly returnId: string
  /** What came back with this return. */
  readonly lines: readonly LineQuantity[]
  /** What these pieces cost; it is given back. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
}

/** A person has looked at the order, and lets it go on to its payment. */
export interface OrderRiskCleared {
  readonly type: 'OrderRiskCleared'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** Who decided: subject of the token. Null = unknown. */
  readonly reviewer: string | null
}

/** A person has to look at the order before the deadline; its stock is kept meanwhile. */
export interface OrderRiskReviewRequested {
  readonly type: 'OrderRiskReviewRequested'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Every rule that speaks against the order. */
  readonly reasons: readonly RiskReason[]
  /** After this the order is compensated. Unit: epoch milliseconds, UTC. */
  readonly deadline: number
}

/** Everything that will leave has left: the last of it now, or the rest was cancelled. */
export interface OrderShipped {
  readonly type: 'OrderShipped'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Number of the shipment in the order, counted from 1. Null = nothing left now: the rest was cancelled. */
  readonly shipmentNo: number | null
  /** Shipment that left. Null = nothing left now: the rest was cancelled. */
  readonly shipmentId: string | null
  /** Name of the carrier. Null = nothing left now: the rest was cancelled. */
  readonly carrier: string | null
  /** Tracking number of the carrier. Null = nothing left now: the rest was cancelled. */
  readonly trackingNumber: string | null
  /** What left with it; empty when nothing did. */
  readonly lines: readonly LineQuantity[]
}

/** Every OrderStatus, in the order of the schema. */
export const orderStatusSymbols = ['Pending', 'InventoryReserved', 'OnRiskReview', 'PaymentAuthorized', 'Confirmed', 'PartiallyShipped', 'Shipped', 'Delivered', 'ReturnRequested', 'PartiallyReturned', 'Returned', 'ActionRequired', 'BackOrdered', 'Compensating', 'Cancelled', 'Failed', 'TimedOut', 'Rejected'] as const
/** State of an order. */
export type OrderStatus = (typeof orderStatusSymbols)[number]

/** Outcome: a step or the whole saga took too long; everything is undone. */
export interface OrderTimedOut {
  readonly type: 'OrderTimedOut'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Why the order ended so. */
  readonly cause: OutcomeCause
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** Sum of the line totals. Unit: the currency, scale 4. */
  readonly total: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Money given back after it was captured. Unit: the currency, scale 4. */
  readonly refunded: bigint
  /** When the customer placed the order, as the sender says. Unit: epoch milliseconds, UTC; years back for imported orders. */
  readonly placedAt: number
}

/** The order as its readers see it: the newest state of one order. */
export interface OrderView {
  readonly type: 'OrderView'
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** State of the order. */
  readonly state: OrderStatus
  /** How the order ended. Null = still open. */
  readonly outcome: OrderOutcome | null
  /** Why it ended so. Null = still open, or fulfilled. */
  readonly outcomeCause: OutcomeCause | null
  /** Reason of the newest change, in words for people. Null = none. */
  readonly reason: string | null
  /** Where the order came from. */
  readonly channel: Channel
  /** Customer account. Null = a guest. */
  readonly customerId: string | null
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Priced lines in the order they were placed. */
  readonly lines: readonly OrderLine[]
  /** Sum of the line totals. Unit: the currency, scale 4. */
  readonly total: bigint
  /** Money ever authorised. Unit: the currency, scale 4. */
  readonly authorised: bigint
  /** Money ever captured. Unit: the currency, scale 4. */
  readonly captured: bigint
  /** Money given back after capture. Unit: the currency, scale 4. */
  readonly refunded: bigint
  /** Money released before capture. Unit: the currency, scale 4. */
  readonly voided: bigint
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Payment of the newest attempt. Null = no payment yet. */
  readonly paymentId: string | null
  /** Shipment of the order. Null = no shipment yet. */
  readonly shipmentId: string | null
  /** Tracking number of the carrier. Null = no shipment yet. */
  readonly trackingNumber: string | null
  /** Name of the carrier. Null = no shipment yet. */
  readonly carrier: string | null
  /** When the customer placed the order, as the sender says. Unit: epoch milliseconds, UTC; years back for imported orders. */
  readonly placedAt: number
  /** When the order was confirmed. Unit: epoch milliseconds, UTC. Null = never confirmed. */
  readonly confirmedAt: number | null
  /** When the view changed last. Unit: epoch milliseconds, UTC. */
  readonly updatedAt: number
  /** Number of events of the order seen by this view, from 1. */
  readonly version: number
  /** True once the order was confirmed, whatever came later. */
  readonly everConfirmed: boolean
  /** Reference of the sender, e.g. an invoice number; returned as it came. Null = none. */
  readonly clientReference: string | null
  /** What the customer has to decide. Null = nothing. */
  readonly actionReason: ActionReason | null
  /** When the wait for the customer or for stock is over. Unit: epoch milliseconds, UTC. Null = the order waits for neither. */
  readonly deadline: number | null
  /** What is short while the order waits for the customer or for stock. */
  readonly shortages: readonly Shortage[]
  /** Shipments of the order, in their order. */
  readonly parcels: readonly OrderParcel[]
  /** What became of the pieces, by line; a line that nothing happened to yet is not listed. */
  readonly progress: readonly LineProgress[]
  /** When the last of the order was delivered. Unit: epoch milliseconds, UTC. Null = not delivered. */
  readonly deliveredAt: number | null
  /** Returns of the order, oldest first. */
  readonly returns: readonly OrderReturn[]
}

/** Every OutcomeCause, in the order of the schema. */
export const outcomeCauseSymbols = ['shortStock', 'paymentDeclined', 'customer', 'technical', 'stepTimeout', 'sagaTimeout', 'riskRejected', 'actionTimeout', 'backOrderTimeout', 'reviewTimeout', 'undeliverable'] as const
/** Why an order was compensated or ended. */
export type OutcomeCause = (typeof outcomeCauseSymbols)[number]

/** Payment instrument as a token of the provider; card numbers never enter the platform. */
export interface PaymentChoice {
  /** Kind of payment instrument. */
  readonly method: PaymentMethod
  /** Opaque token of the payment provider. */
  readonly token: string
}

/** Asks the platform to accept an order. */
export interface PlaceOrder {
  readonly type: 'PlaceOrder'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** When the customer placed the order, as the sender says. Unit: epoch milliseconds, UTC; years back for imported orders. */
  readonly placedAt: number
  /** Where the order came from. */
  readonly channel: Channel
  /** Customer account. Null = a guest. */
  readonly customerId: string | null
  /** E-mail address of a guest, encrypted. Null = an account holder. */
  readonly guestEmail: Personal | null
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Lines asked for, 1 to 10,000. */
  readonly lines: readonly PlaceOrderLine[]
  /** Name and postal address, encrypted. */
  readonly shippingAddress: Personal
  /** Delivery promise chosen. */
  readonly deliverySpeed: DeliverySpeed
  /** How the order is to be paid. */
  readonly payment: PaymentChoice
  /** What to do when stock is short. Null = the default of the channel. */
  readonly onShortage: ShortagePolicy | null
  /** What to do when the payment is declined. Null = the default of the channel. */
  readonly onDecline: DeclinePolicy | null
  /** Reference of the sender, e.g. an invoice number; returned as it came. Null = none. */
  readonly clientReference: string | null
  /** Country that the goods go to: ISO 3166-1 alpha-2, or the name that the source of an import writes. Null = not given in the clear. */
  readonly country: string | null
}

/** One line of an order as asked for. */
export interface PlaceOrderLine {
  /** Line number, counted from 1, unique in the order. */
  readonly lineNo: number
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Quantity asked for, at least 1. Unit: pieces. */
  readonly quantity: number
  /** Unit price quoted by a trusted sender; ignored and recorded as such from others. Unit: the currency of the order, scale 4. Null = the catalog decides. */
  readonly quotedUnitPrice: bigint | null
}

/** Every PriceSource, in the order of the schema. */
export const priceSourceSymbols = ['catalog', 'quoted'] as const
/** Who set the unit price of a line. */
export type PriceSource = (typeof priceSourceSymbols)[number]

/** The goods of an approved return have arrived: they go back to the stock, their money to the customer. */
export interface ReceiveReturn {
  readonly type: 'ReceiveReturn'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the return, UUID in lower case, derived from the command that asked for it. */
  readonly returnId: string
  /** What really arrived, at most what was asked for; empty = all of it. */
  readonly lines: readonly LineQuantity[]
}

/** The customer wants to give pieces of a delivered order back. */
export interface RequestReturn {
  readonly type: 'RequestReturn'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** What is to come back, at least one line. */
  readonly lines: readonly LineQuantity[]
  /** Why, in words for people; never personal data. */
  readonly reason: string
}

/** The customer pays again after a declined payment. */
export interface RetryPayment {
  readonly type: 'RetryPayment'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** How the order is to be paid now. Null = as before. */
  readonly payment: PaymentChoice | null
}

/** A person has looked at an order on risk review, and decides it. */
export interface ReviewDecision {
  readonly type: 'ReviewDecision'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** True: the order goes on to its payment. False: it is cancelled. */
  readonly approved: boolean
  /** Why, in words for people; never personal data. */
  readonly reason: string
}

/** Hands pieces of a confirmed order to the carrier, as a parcel of its own. */
export interface ShipOrder {
  readonly type: 'ShipOrder'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** What goes into the parcel; empty = everything that has not left yet. */
  readonly lines: readonly LineQuantity[]
}

/** Every ShortagePolicy, in the order of the schema. */
export const shortagePolicySymbols = ['reject', 'amend', 'backorder'] as const
/** What to do when stock is short: cancel, ask the customer, or wait for stock. */
export type ShortagePolicy = (typeof shortagePolicySymbols)[number]

/** Asks to hold money for an order. */
export interface AuthorizePayment {
  readonly type: 'AuthorizePayment'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Amount to hold. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Kind of payment instrument. */
  readonly method: PaymentMethod
  /** Opaque token of the payment provider. */
  readonly token: string
}

/** Every CallbackOutcome, in the order of the schema. */
export const callbackOutcomeSymbols = ['done', 'declined', 'failed'] as const
/** What became of a step, as the provider tells. */
export type CallbackOutcome = (typeof callbackOutcomeSymbols)[number]

/** Every CallbackStep, in the order of the schema. */
export const callbackStepSymbols = ['authorise', 'capture', 'void', 'refund'] as const
/** Step of a payment that a provider tells of. */
export type CallbackStep = (typeof callbackStepSymbols)[number]

/** Asks to take money that is held. */
export interface CapturePayment {
  readonly type: 'CapturePayment'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Amount to take, at most what is held. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
}

/** The provider holds the money. */
export interface PaymentAuthorized {
  readonly type: 'PaymentAuthorized'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Id of the payment, one per order and attempt. */
  readonly paymentId: string
  /** Amount held. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Reference of the payment provider. */
  readonly providerReference: string
}

/** A payment provider tells by itself what became of a step. Its signature was checked; it may come twice, late, or before the answer to the call. */
export interface PaymentCallback {
  readonly type: 'PaymentCallback'
  /** Identity, time and origin; the command id is derived from provider and callback id. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key. */
  readonly orderId: string
  /** Id that the provider gave it: the same one is heard once. */
  readonly callbackId: string
  /** What was asked of the provider. */
  readonly step: CallbackStep
  /** Attempt of the order, counted from 1. */
  readonly attempt: number
  /** Id of the refund; empty for other steps. */
  readonly effectId: string
  /** What became of it. */
  readonly outcome: CallbackOutcome
  /** Code of the refusal; empty when it was done. */
  readonly code: string
  /** Answer in words for people; never personal data. */
  readonly message: string
  /** Id of the authorisation at the provider. */
  readonly reference: string
  /** ISO 4217 code of the amounts. */
  readonly currency: string
  /** Authorised so far. Unit: the currency, scale 4. */
  readonly authorised: bigint
  /** Captured so far. Unit: the currency, scale 4. */
  readonly captured: bigint
  /** Given up so far. Unit: the currency, scale 4. */
  readonly voided: bigint
  /** Given back so far. Unit: the currency, scale 4. */
  readonly refunded: bigint
}

/** A payment was opened. */
export interface PaymentCreated {
  readonly type: 'PaymentCreated'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Id of the payment, one per order and attempt. */
  readonly paymentId: string
  /** Amount to hold. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Kind of payment instrument. */
  readonly method: PaymentMethod
}

/** The provider cannot be reached; the step goes on later. */
export interface PaymentDeferred {
  readonly type: 'PaymentDeferred'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Step that answered. */
  readonly step: PaymentStep
  /** Answer in words for people; never personal data. */
  readonly message: string
}

/** A step of the payment ended without success. */
export interface PaymentFailed {
  readonly type: 'PaymentFailed'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Id of the payment, one per order and attempt. */
  readonly paymentId: string
  /** Step that answered. */
  readonly step: PaymentStep
  /** Who said no. */
  readonly kind: PaymentFailureKind
  /** Code of the answer, e.g. CARD_DECLINED. */
  readonly code: string
  /** Answer in words for people; never personal data. */
  readonly message: string
}

/** Every PaymentFailureKind, in the order of the schema. */
export const paymentFailureKindSymbols = ['declined', 'technical', 'fenced'] as const
/** declined: the provider said no; technical: it could not be done; fenced: the payment was voided before it began. */
export type PaymentFailureKind = (typeof paymentFailureKindSymbols)[number]

/** Every PaymentMethod, in the order of the schema. */
export const paymentMethodSymbols = ['card', 'paypal', 'bankTransfer', 'invoice'] as const
/** Kind of payment instrument. */
export type PaymentMethod = (typeof paymentMethodSymbols)[number]

/** Part of the taken money was given back. */
export interface PaymentPartiallyRefunded {
  readonly type: 'PaymentPartiallyRefunded'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the payment, one per order and attempt. */
  readonly paymentId: string
  /** Id of the refund: the same id gives money back once. */
  readonly effectId: string
  /** Amount given back by this refund. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** Amount given back by all refunds of the payment. Unit: the currency, scale 4. */
  readonly totalRefunded: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
}

/** All of the taken money was given back. */
export interface PaymentRefunded {
  readonly type: 'PaymentRefunded'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the payment, one per order and attempt. */
  readonly paymentId: string
  /** Id of the refund: the same id gives money back once. */
  readonly effectId: string
  /** Amount given back by this refund. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** Amount given back by all refunds of the payment. Unit: the currency, scale 4. */
  readonly totalRefunded: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
}

/** Every PaymentStep, in the order of the schema. */
export const paymentStepSymbols = ['authorise', 'capture'] as const
/** Step of a payment that answered. */
export type PaymentStep = (typeof paymentStepSymbols)[number]

/** The provider took the money. */
export interface PaymentSucceeded {
  readonly type: 'PaymentSucceeded'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Id of the payment, one per order and attempt. */
  readonly paymentId: string
  /** Amount taken. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
}

/** Held money is free, or there was none. */
export interface PaymentVoided {
  readonly type: 'PaymentVoided'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Id of the payment, one per order and attempt. */
  readonly paymentId: string
  /** Amount set free. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** True when no money was held; the attempt is fenced now. */
  readonly nothingToVoid: boolean
}

/** A try to give money back failed; it is repeated. */
export interface RefundFailed {
  readonly type: 'RefundFailed'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the payment, one per order and attempt. */
  readonly paymentId: string
  /** Id of the refund: the same id gives money back once. */
  readonly effectId: string
  /** Answer in words for people; never personal data. */
  readonly message: string
  /** Tries so far, counted from 1. */
  readonly tries: number
}

/** Gives taken money back. Idempotent by effect id, repeated until done. */
export interface RefundPayment {
  readonly type: 'RefundPayment'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the refund: the same id gives money back once. */
  readonly effectId: string
  /** Amount to give back. Unit: the currency of the payment, scale 4. Null = all that is captured and not refunded. */
  readonly amount: bigint | null
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** Most that all refunds of the payment may come to with this one; else it is refused. Unit: the currency of the payment, scale 4. Null = all that was captured. */
  readonly ceiling: bigint | null
  /** True gives back at most what is captured and not refunded: less than asked for, or nothing. False refuses a refund that asks for more than that. */
  readonly capped: boolean
}

/** Gives held money free, and fences an authorisation that has not come yet. Idempotent, repeated until done. */
export interface VoidPayment {
  readonly type: 'VoidPayment'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Attempt of the order at this step, counted from 1; answers to older attempts are compensated, never applied. */
  readonly attempt: number
  /** Why, in words for people; never personal data. */
  readonly reason: string
}

/** Erases a person: destroys the data key, and deletes the account. */
export interface EraseSubject {
  readonly type: 'EraseSubject'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Id of the data key of the person: `customer/<id>`, or `order/<id>` of a guest. */
  readonly keyId: string
  /** Id of the customer, or of the order of a guest; the key of the record on the topics of privacy. */
  readonly subject: string
  /** Account that is deleted with it. Null = there is none. */
  readonly accountId: string | null
  /** Why, in words for people; never personal data. */
  readonly reason: string
}

/** Proof that a person was erased: no copy of what was encrypted for him can be read any more. */
export interface SubjectErased {
  readonly type: 'SubjectErased'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Id of the data key of the person: `customer/<id>`, or `order/<id>` of a guest. */
  readonly keyId: string
  /** Id of the customer, or of the order of a guest; the key of the record on the topics of privacy. */
  readonly subject: string
  /** Account that is deleted with it. Null = there is none. */
  readonly accountId: string | null
  /** Who asked for it. Null = unknown. */
  readonly requestedBy: string | null
  /** When the request was taken up. Unit: epoch milliseconds, UTC. */
  readonly requestedAt: number
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** When the data key was destroyed. Unit: epoch milliseconds, UTC, by the clock of the key store's process. */
  readonly destroyedAt: number
  /** SHA-256 in hex of the wrapped data key that was destroyed. Null = no key was ever made: nothing personal was kept. */
  readonly digest: string | null
}

/** A line of a credit note was matched to earlier purchases of its customer. Key: the newest order it takes from. */
export interface CreditNoteMatched {
  readonly type: 'CreditNoteMatched'
  /** Identity, time and cause of the event. */
  readonly meta: EventMeta
  /** Run of the import and number of the credit note: what the clientReference of its orders is for sales. */
  readonly reference: string
  /** Number of the credit note in the source, e.g. C536379. */
  readonly creditNoteNo: string
  /** Line of the credit note, counted from 1. */
  readonly lineNo: number
  /** Decisions about this line so far, this one included, counted from 1; the greatest holds and replaces the others, wherever they lie. More than 1 only when an order was cancelled after the line was decided. */
  readonly revision: number
  /** Customer account. */
  readonly customerId: string
  /** Stock keeping unit, upper case; charges without stock take part. */
  readonly sku: string
  /** Quantity given back, at least 1. Unit: pieces. */
  readonly quantity: number
  /** Price of one piece as the credit note has it. Unit: the currency of the event, scale 4. */
  readonly unitPrice: bigint
  /** quantity × unitPrice. Unit: the currency of the event, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Time of the credit note in the source. Unit: epoch milliseconds, UTC; years back for imported credits. */
  readonly creditedAt: number
  /** Where the pieces were bought, newest purchase first; the quantities add up to the quantity of the line. */
  readonly takes: readonly CreditTake[]
}

/** A line of a credit note belongs to no purchase and is kept as it is. Key: a UUID derived from the run and the credit note. */
export interface CreditNoteUnmatched {
  readonly type: 'CreditNoteUnmatched'
  /** Identity, time and cause of the event. */
  readonly meta: EventMeta
  /** Run of the import and number of the credit note: what the clientReference of its orders is for sales. */
  readonly reference: string
  /** Number of the credit note in the source, e.g. C536379. */
  readonly creditNoteNo: string
  /** Line of the credit note, counted from 1. */
  readonly lineNo: number
  /** Decisions about this line so far, this one included, counted from 1; the greatest holds and replaces the others, wherever they lie. More than 1 only when an order was cancelled after the line was decided. */
  readonly revision: number
  /** Customer account. Null = a guest. */
  readonly customerId: string | null
  /** Stock keeping unit, upper case; charges without stock take part. */
  readonly sku: string
  /** Quantity given back, at least 1. Unit: pieces. */
  readonly quantity: number
  /** Price of one piece as the credit note has it. Unit: the currency of the event, scale 4. */
  readonly unitPrice: bigint
  /** quantity × unitPrice. Unit: the currency of the event, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Time of the credit note in the source. Unit: epoch milliseconds, UTC; years back for imported credits. */
  readonly creditedAt: number
  /** Why. */
  readonly reason: UnmatchedReason
}

/** Pieces that a credit line takes back from one line of an order. */
export interface CreditTake {
  /** The order, UUID in lower case. */
  readonly orderId: string
  /** Line of the order, counted from 1. */
  readonly lineNo: number
  /** Pieces taken back, at least 1. Unit: pieces. */
  readonly quantity: number
}

/** An order that credits were paid out of was cancelled: all its money went back, so those payments are part of that, and the credits are owed again. Key: the order. */
export interface CreditedOrderWithdrawn {
  readonly type: 'CreditedOrderWithdrawn'
  /** Identity, time and cause of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Customer account. */
  readonly customerId: string
  /** ISO 4217 code of the credits, three capital letters. */
  readonly currency: string
}

/** One return of an order, as its events tell it. */
export interface OrderReturn {
  /** Id of the return, UUID in lower case, derived from the command that asked for it. */
  readonly returnId: string
  /** State of the return. */
  readonly status: ReturnStatus
  /** What is to come back; once it is received, what came back. */
  readonly lines: readonly ReturnLine[]
  /** What these pieces cost. Unit: the currency of the order, scale 4. */
  readonly amount: bigint
  /** Money given back. Unit: the currency of the order, scale 4. */
  readonly refunded: bigint
  /** Why the customer gives them back, in words for people; never personal data. */
  readonly reason: string
  /** What was said when the return was approved or declined. Null = not decided yet. */
  readonly answer: string | null
  /** When it was asked for. Unit: epoch milliseconds, UTC. */
  readonly requestedAt: number
  /** Until when the goods are waited for. Unit: epoch milliseconds, UTC. Null = they are not. */
  readonly expectedBy: number | null
  /** When the return changed last. Unit: epoch milliseconds, UTC. */
  readonly updatedAt: number
}

/** The money of a return was given back. */
export interface RefundIssued {
  readonly type: 'RefundIssued'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the return, UUID in lower case, derived from the command that asked for it. */
  readonly returnId: string
  /** Customer account. Null = a guest. */
  readonly customerId: string | null
  /** Id of the refund at the payment: the same id gives money back once. */
  readonly effectId: string
  /** Money given back; less than what the pieces cost where less was left of what was captured. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
}

/** The goods may be sent back. */
export interface ReturnApproved {
  readonly type: 'ReturnApproved'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the return, UUID in lower case, derived from the command that asked for it. */
  readonly returnId: string
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** Until when they are waited for. Unit: epoch milliseconds, UTC. */
  readonly expectedBy: number
}

/** The return is not accepted; nothing changes hands. */
export interface ReturnDeclined {
  readonly type: 'ReturnDeclined'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the return, UUID in lower case, derived from the command that asked for it. */
  readonly returnId: string
  /** Why, in words for people; never personal data. */
  readonly reason: string
}

/** The goods of an approved return did not come in time; nothing changes hands. */
export interface ReturnExpired {
  readonly type: 'ReturnExpired'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the return, UUID in lower case, derived from the command that asked for it. */
  readonly returnId: string
}

/** Pieces of one line of an order that come back. */
export interface ReturnLine {
  /** Number of the line in the order, from 1. */
  readonly lineNo: number
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Pieces that come back, at least 1. Unit: pieces. */
  readonly quantity: number
  /** What these pieces cost. Unit: the currency of the order, scale 4. */
  readonly amount: bigint
}

/** Goods have come back: stocked ones are on their way to the stock, their money on its way to the customer. */
export interface ReturnReceived {
  readonly type: 'ReturnReceived'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the return, UUID in lower case, derived from the command that asked for it. */
  readonly returnId: string
  /** Customer account. Null = a guest. */
  readonly customerId: string | null
  /** What really arrived. */
  readonly lines: readonly ReturnLine[]
  /** What these pieces cost. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
}

/** A customer wants to give delivered pieces back. */
export interface ReturnRequested {
  readonly type: 'ReturnRequested'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the return, UUID in lower case, derived from the command that asked for it. */
  readonly returnId: string
  /** Customer account. Null = a guest. */
  readonly customerId: string | null
  /** What is to come back. */
  readonly lines: readonly ReturnLine[]
  /** What these pieces cost. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Why, in words for people; never personal data. */
  readonly reason: string
}

/** Every ReturnStatus, in the order of the schema. */
export const returnStatusSymbols = ['requested', 'approved', 'declined', 'received', 'refunded', 'expired'] as const
/** State of a return. */
export type ReturnStatus = (typeof returnStatusSymbols)[number]

/** Every UnmatchedReason, in the order of the schema. */
export const unmatchedReasonSymbols = ['guest', 'neverBought', 'notEnoughLeft', 'unknown'] as const
/** Why a credit line belongs to no purchase: guest = the credit note names no customer; neverBought = no order of the customer that counts has the SKU; notEnoughLeft = it was bought, but less is left than is given back; unknown = a reason that this reader does not know. */
export type UnmatchedReason = (typeof unmatchedReasonSymbols)[number]

/** Asks whether an order may go on to its payment. The same order is assessed once, however often it is asked about. */
export interface AssessOrder {
  readonly type: 'AssessOrder'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record is about, UUID in lower case. */
  readonly orderId: string
  /** Customer of the order. Null = a guest. */
  readonly customerId: string | null
  /** Where the order came from: of some channels the decision is only recorded. */
  readonly channel: Channel
  /** Price of the order. Unit: the currency of the order, scale 4. */
  readonly total: bigint
  /** ISO 4217 code of the amounts. */
  readonly currency: string
  /** When the order was placed, as its sender says; an imported order is judged by this time. Unit: epoch milliseconds, UTC. */
  readonly placedAt: number
}

/** The customer owes nothing for the order any more: it is paid, or over. */
export interface ReleaseExposure {
  readonly type: 'ReleaseExposure'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record is about, UUID in lower case. */
  readonly orderId: string
  /** Customer of the order; also the record key. */
  readonly customerId: string
}

/** Nothing speaks against the order. */
export interface RiskApproved {
  readonly type: 'RiskApproved'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Customer of the order. Null = a guest. */
  readonly customerId: string | null
  /** True when nobody waits for the decision: it is written down and changes nothing. */
  readonly recordedOnly: boolean
  /** Price of the order. Unit: the currency of the order, scale 4. */
  readonly total: bigint
  /** ISO 4217 code of the amounts. */
  readonly currency: string
  /** What the decision was made on. */
  readonly figures: RiskFigures
}

/** What a decision was made on, in the currency of the order. */
export interface RiskFigures {
  /** Orders of the customer within an hour, this one included. Unit: the currency of the order, scale 4. */
  readonly activity: bigint
  /** From here on an order is reviewed. Unit: the currency of the order, scale 4. 0 = there is no such rule. */
  readonly activityLimit: bigint
  /** What the customer would owe with this order: orders that are neither paid nor over. Unit: the currency of the order, scale 4. */
  readonly exposure: bigint
  /** Most that the customer may owe. Unit: the currency of the order, scale 4. Null = no limit in this currency. */
  readonly creditLimit: bigint | null
  /** Version of the maintenance flag that was read. Null = it was never set. */
  readonly maintenanceVersion: number | null
}

/** Every RiskReason, in the order of the schema. */
export const riskReasonSymbols = ['other', 'activity', 'creditLimit', 'creditCurrency', 'maintenance'] as const
/** Why an order is not simply approved. activity: the orders of its customer within an hour come to too much. creditLimit: more would be open than the customer may owe. creditCurrency: the customer has a credit limit, but none in the currency of the order. maintenance: no orders are taken at the moment. */
export type RiskReason = (typeof riskReasonSymbols)[number]

/** The order may not go on. */
export interface RiskRejected {
  readonly type: 'RiskRejected'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Customer of the order. Null = a guest. */
  readonly customerId: string | null
  /** True when nobody waits for the decision: it is written down and changes nothing. */
  readonly recordedOnly: boolean
  /** Every rule that speaks against the order. */
  readonly reasons: readonly RiskReason[]
  /** Price of the order. Unit: the currency of the order, scale 4. */
  readonly total: bigint
  /** ISO 4217 code of the amounts. */
  readonly currency: string
  /** What the decision was made on. */
  readonly figures: RiskFigures
}

/** A person has to look at the order before it goes on. */
export interface RiskReviewRequired {
  readonly type: 'RiskReviewRequired'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Customer of the order. Null = a guest. */
  readonly customerId: string | null
  /** True when nobody waits for the decision: it is written down and changes nothing. */
  readonly recordedOnly: boolean
  /** Every rule that speaks against the order. */
  readonly reasons: readonly RiskReason[]
  /** Price of the order. Unit: the currency of the order, scale 4. */
  readonly total: bigint
  /** ISO 4217 code of the amounts. */
  readonly currency: string
  /** What the decision was made on. */
  readonly figures: RiskFigures
}

/** Every RiskVerdict, in the order of the schema. */
export const riskVerdictSymbols = ['approved', 'review', 'rejected'] as const
/** What was decided about an order. */
export type RiskVerdict = (typeof riskVerdictSymbols)[number]

/** Asks to stop a shipment, and fences one that has not been created yet. Idempotent, repeated until done. */
export interface CancelShipment {
  readonly type: 'CancelShipment'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Why, in words for people; never personal data. */
  readonly reason: string
}

/** Tells that a shipment was received. */
export interface ConfirmDelivery {
  readonly type: 'ConfirmDelivery'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Name of who took it, encrypted. Null = not told. */
  readonly receivedBy: Personal | null
  /** When it happened, by the clock of whoever saw it. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** Asks to ship lines of a confirmed order. Shipment 1 has all of them; a later one takes its pieces out of what has not left yet. */
export interface CreateShipment {
  readonly type: 'CreateShipment'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Customer account. Null = a guest. */
  readonly customerId: string | null
  /** Name and postal address, encrypted. */
  readonly shippingAddress: Personal
  /** Delivery promise chosen. */
  readonly deliverySpeed: DeliverySpeed
  /** Total of the order; decides the carrier. Unit: the currency, scale 4. */
  readonly orderTotal: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Weight of all lines. Unit: grams. */
  readonly weightGrams: number
  /** Lines to ship. */
  readonly lines: readonly ShipmentLine[]
  /** Number of the shipment in its order, counted from 1: the same number is the same shipment, however often it is asked for. */
  readonly shipmentNo: number
  /** True when the carrier has the parcel already: it is picked up at once. */
  readonly handedOver: boolean
  /** Volume of all lines. Unit: cubic centimetres; 0 = not known. */
  readonly volumeCm3: number
}

/** Tells that a shipment was brought to the door in vain. */
export interface RecordDeliveryAttempt {
  readonly type: 'RecordDeliveryAttempt'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** When it happened, by the clock of whoever saw it. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** Tells where a shipment is. News older than what is known is kept and moves nothing. */
export interface RecordTracking {
  readonly type: 'RecordTracking'
  /** Identity, time and origin of the command. */
  readonly meta: CommandMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Stage that the shipment was seen in. */
  readonly stage: ShipmentStage
  /** Where, in words for people. Null = not told. */
  readonly location: string | null
  /** What was said of it, in words for people; never personal data. Null = nothing. */
  readonly note: string | null
  /** When it happened, by the clock of whoever saw it. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** What had not left yet of an order was stopped, or nothing was left to stop. The answer to every cancellation. */
export interface ShipmentCancelled {
  readonly type: 'ShipmentCancelled'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Shipment that was stopped, the first where there are several. Null = there was none. */
  readonly shipmentId: string | null
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** True when no shipment was stopped: there was none, which fences a later one, all had left, or it was stopped before. */
  readonly nothingToCancel: boolean
  /** Number of that shipment in its order, counted from 1; 0 = there was none. */
  readonly shipmentNo: number
  /** Pieces that were stopped by this cancellation; told once, a repeated one stops nothing. */
  readonly lines: readonly ShipmentLine[]
  /** True when something had left before. */
  readonly shipped: boolean
}

/** A shipment was handed to a carrier. */
export interface ShipmentCreated {
  readonly type: 'ShipmentCreated'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Name of the carrier. */
  readonly carrier: string
  /** Service of the carrier. */
  readonly service: string
  /** Tracking number of the carrier. */
  readonly trackingNumber: string
  /** Price of the shipment for the customer. Unit: the currency, scale 4. */
  readonly cost: bigint
  /** ISO 4217 code of every amount in the record, three capital letters. */
  readonly currency: string
  /** Number of the shipment in its order, counted from 1. */
  readonly shipmentNo: number
  /** Lines of the shipment. */
  readonly lines: readonly ShipmentLine[]
  /** When it is promised to be delivered. Unit: epoch milliseconds, UTC. Null = no promise. */
  readonly promisedBy: number | null
}

/** The shipment is not delivered by the time that was promised. Told once. */
export interface ShipmentDelayed {
  readonly type: 'ShipmentDelayed'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Number of the shipment in its order, counted from 1. */
  readonly shipmentNo: number
  /** When it was promised to be delivered. Unit: epoch milliseconds, UTC. */
  readonly promisedBy: number
}

/** The shipment was received: the end of it. */
export interface ShipmentDelivered {
  readonly type: 'ShipmentDelivered'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Number of the shipment in its order, counted from 1. */
  readonly shipmentNo: number
  /** Lines of the shipment. */
  readonly lines: readonly ShipmentLine[]
  /** When it happened, by the clock of whoever saw it. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** The shipment was brought to the door in vain. */
export interface ShipmentDeliveryFailed {
  readonly type: 'ShipmentDeliveryFailed'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Number of the shipment in its order, counted from 1. */
  readonly shipmentNo: number
  /** Number of the attempt, counted from 1. */
  readonly attempt: number
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** True for the last attempt: the carrier brings it back. */
  readonly final: boolean
  /** When it happened, by the clock of whoever saw it. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** The shipment is on its way. */
export interface ShipmentInTransit {
  readonly type: 'ShipmentInTransit'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Number of the shipment in its order, counted from 1. */
  readonly shipmentNo: number
  /** When it happened, by the clock of whoever saw it. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** One line of a shipment. */
export interface ShipmentLine {
  /** Line number in the order, counted from 1. */
  readonly lineNo: number
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Quantity to ship. Unit: pieces. */
  readonly quantity: number
}

/** The shipment is brought to the door. */
export interface ShipmentOutForDelivery {
  readonly type: 'ShipmentOutForDelivery'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Number of the shipment in its order, counted from 1. */
  readonly shipmentNo: number
  /** When it happened, by the clock of whoever saw it. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** The carrier has the shipment: it cannot be stopped any more. */
export interface ShipmentPickedUp {
  readonly type: 'ShipmentPickedUp'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Number of the shipment in its order, counted from 1. */
  readonly shipmentNo: number
  /** Lines of the shipment. */
  readonly lines: readonly ShipmentLine[]
  /** When it happened, by the clock of whoever saw it. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** The shipment that was asked for cannot be made: its pieces have left or were stopped. */
export interface ShipmentRefused {
  readonly type: 'ShipmentRefused'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Number of the shipment in its order, counted from 1. */
  readonly shipmentNo: number
  /** Why, in words for people; never personal data. */
  readonly reason: string
}

/** The shipment could not be delivered and came back: the end of it. */
export interface ShipmentReturned {
  readonly type: 'ShipmentReturned'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Number of the shipment in its order, counted from 1. */
  readonly shipmentNo: number
  /** Lines of the shipment. */
  readonly lines: readonly ShipmentLine[]
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** When it happened, by the clock of whoever saw it. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** Every ShipmentStage, in the order of the schema. */
export const shipmentStageSymbols = ['created', 'pickedUp', 'inTransit', 'outForDelivery', 'attemptFailed', 'delivered', 'returned', 'cancelled'] as const
/** Where a shipment stands on its way; attemptFailed = brought to the door in vain. An unknown one reads as inTransit. */
export type ShipmentStage = (typeof shipmentStageSymbols)[number]

/** The carrier told where the shipment is. */
export interface ShipmentTrackingUpdated {
  readonly type: 'ShipmentTrackingUpdated'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Order the record belongs to, UUID in lower case; also the record key unless the topic says otherwise. */
  readonly orderId: string
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Number of the shipment in its order, counted from 1. */
  readonly shipmentNo: number
  /** Stage that the shipment was seen in. */
  readonly stage: ShipmentStage
  /** Where, in words for people. Null = not told. */
  readonly location: string | null
  /** What was said of it, in words for people; never personal data. Null = nothing. */
  readonly note: string | null
  /** When it happened, by the clock of whoever saw it. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** What was ordered in one minute, in one currency. */
export interface ActivityBucket {
  /** The minute. Unit: minutes since 1970-01-01, UTC. */
  readonly minute: number
  /** ISO 4217 code. */
  readonly currency: string
  /** Sum of the orders of that minute. Unit: the currency, scale 4. */
  readonly amount: bigint
}

/** An order that was assessed, and how: the same question is answered alike, and counts once. Kept while it is owed, and as long as its commands can be repeated after that. */
export interface AssessedOrder {
  readonly type: 'AssessedOrder'
  /** The order; also the key. */
  readonly orderId: string
  /** Whose account it was judged by. */
  readonly accountId: string
  /** Customer of the order. Null = a guest. */
  readonly customerId: string | null
  /** True when nobody waits for the decision. */
  readonly recordedOnly: boolean
  /** What was decided. */
  readonly verdict: RiskVerdict
  /** Every rule that speaks against the order. */
  readonly reasons: readonly RiskReason[]
  /** Price of the order. Unit: the currency of the order, scale 4. */
  readonly total: bigint
  /** ISO 4217 code of the amounts. */
  readonly currency: string
  /** What the decision was made on. */
  readonly figures: RiskFigures
  /** True while the order counts as owed. */
  readonly exposed: boolean
  /** Commands about it that changed nothing. */
  readonly repeats: number
}

/** Every AuditClaim, in the order of the schema. */
export const auditClaimSymbols = ['none', 'paid', 'ended'] as const
/** What an order says about its money. none: nothing yet; paid: so much was taken; ended: all that was taken was given back. */
export type AuditClaim = (typeof auditClaimSymbols)[number]

/** A reservation in the queue of one SKU; the order of the keys is the order of the queue. */
export interface BackOrderState {
  readonly type: 'BackOrderState'
  /** Order, UUID in lower case. */
  readonly orderId: string
  /** Attempt of the order, counted from 1. */
  readonly attempt: number
  /** Partition of the inventory topics, from 0. */
  readonly partition: number
  /** Everything that the reservation asks for, by SKU: it is filled all at once. */
  readonly pieces: readonly StockPieces[]
}

/** A category in the tree. */
export interface CategoryEntry {
  /** Category, a short name in lower case; never changed. */
  readonly categoryId: string
  /** Name of the category for people. */
  readonly name: string
  /** Category that it is in. Null = at the top. */
  readonly parentId: string | null
  /** True once it is out of the tree. */
  readonly archived: boolean
  /** Version of the category, counted from 1. */
  readonly version: number
}

/** All categories: one row, because no rule about a tree can be decided by looking at a part of it. */
export interface CategoryTree {
  readonly type: 'CategoryTree'
  /** Every category that ever was, archived ones too, in the order of creation. */
  readonly categories: readonly CategoryEntry[]
}

/** What a channel is asked to deliver: frozen when it was accepted. */
export interface ChannelLetter {
  readonly type: 'ChannelLetter'
  /** Id of the delivery: the key by which a provider knows a repeat. */
  readonly deliveryId: string
  /** Id of the notification. */
  readonly notificationId: string
  /** Account of the reader, the order id of a guest, or the name of a team; the record key. */
  readonly userId: string
  /** How the reader is reached. */
  readonly channel: NotificationChannel
  /** Language, BCP 47. */
  readonly locale: string
  /** Time zone that times are told in, IANA. Null = UTC. */
  readonly timeZone: string | null
  /** Addresses, encrypted; more than one only for push. */
  readonly recipients: readonly Personal[]
  /** What it tells; more than one = a digest. */
  readonly parts: readonly LetterPart[]
}

/** What analytics knows of an order: how it is counted, and what its facts are told by. Key: orderId. */
export interface CountedOrder {
  readonly type: 'CountedOrder'
  /** Version of the order after the newest event that was counted: what is not above it came before. */
  readonly version: number
  /** Version of the payment after the newest event that was counted. */
  readonly paymentVersion: number
  /** Where the order is counted. Null = its first event has not come yet. */
  readonly status: CountedStatus | null
  /** When the customer placed the order. Unit: epoch milliseconds, UTC; 0 = its first event has not come yet. */
  readonly placedAt: number
  /** ISO 4217 code of the order, three capital letters. Empty = its first event has not come yet. */
  readonly currency: string
  /** Where the order came from. */
  readonly channel: Channel
  /** Country that the goods go to: ISO 3166-1 alpha-2, or the name that the source of an import writes. Null = not given in the clear. */
  readonly country: string | null
  /** Customer account. Null = a guest. */
  readonly customerId: string | null
  /** True when the order was ever confirmed. */
  readonly isSold: boolean
  /** Kind of payment instrument of the newest attempt. Null = no payment was opened. */
  readonly method: PaymentMethod | null
  /** Money that went back before the order counted as sold. Unit: the currency of the order, scale 4. */
  readonly refundedUnsold: bigint
  /** Facts of payments that wait for the first event of the order: it is told in another topic. Empty = none. */
  readonly held: readonly HeldPayment[]
  /** True when what was bought with the order was counted for its products. */
  readonly isPurchaseCounted: boolean
}

/** What analytics has counted of a SKU. Key: sku. */
export interface CountedSku {
  readonly type: 'CountedSku'
  /** Version of the stock after the newest event that was counted: what is not above it came before. */
  readonly version: number
}

/** An amount in one currency. */
export interface CurrencySum {
  /** ISO 4217 code. */
  readonly currency: string
  /** The amount. Unit: the currency, scale 4. */
  readonly amount: bigint
}

/** The newest command that a task has decided on. */
export interface DecidedCommand {
  readonly type: 'DecidedCommand'
  /** Id of the command. */
  readonly commandId: string
}

/** Every DeliveryStatus, in the order of the schema. */
export const deliveryStatusSymbols = ['failed', 'scheduled', 'held', 'calling', 'sent', 'delivered', 'bounced', 'cancelled'] as const
/** Where a delivery stands: scheduled = waits for its time or the next try; held = waits for a digest; calling = the provider is asked; sent = it took it; delivered; bounced = it was taken and did not arrive; failed; cancelled. */
export type DeliveryStatus = (typeof deliveryStatusSymbols)[number]

/** Which account has an e-mail address. One row an address: whoever registers first has it. */
export interface EmailClaim {
  readonly type: 'EmailClaim'
  /** Keyed hash of the normalised address, hex. */
  readonly emailKey: string
  /** The account. */
  readonly userId: string
  /** Since when. Unit: epoch milliseconds, UTC. */
  readonly claimedAt: number
}

/** How far the erasure of a person is; one row a person, kept for ever. */
export interface Erasure {
  readonly type: 'Erasure'
  /** Id of the data key of the person: `customer/<id>`, or `order/<id>` of a guest. */
  readonly keyId: string
  /** Id of the customer, or of the order of a guest; the key of the record on the topics of privacy. */
  readonly subject: string
  /** Account that is deleted with it. Null = there is none. */
  readonly accountId: string | null
  /** Who asked for it first. Null = unknown. */
  readonly requestedBy: string | null
  /** When the first request was taken up. Unit: epoch milliseconds, UTC. */
  readonly requestedAt: number
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** Correlation id of the first request. */
  readonly correlationId: string
  /** When the data key was destroyed. Unit: epoch milliseconds, UTC. Null = not yet. */
  readonly destroyedAt: number | null
  /** SHA-256 in hex of the wrapped data key that was destroyed. Null = none yet, or there never was one. */
  readonly digest: string | null
}

/** Frozen request to the payment gateway: every repeat of a call sends exactly this. */
export interface GatewayRequest {
  readonly type: 'GatewayRequest'
  /** What is asked of the gateway. */
  readonly step: GatewayStep
  /** Idempotency key at the gateway: order, step, attempt and the id of a refund. */
  readonly key: string
  /** Order, UUID in lower case. */
  readonly orderId: string
  /** Attempt of the order. */
  readonly attempt: number
  /** Idempotency key of the authorisation that the step is about. */
  readonly authorisationKey: string
  /** Id of that authorisation at the gateway; empty = not known. */
  readonly reference: string
  /** Amount; for a void what the authorisation asked for. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** ISO 4217 code of the amount. */
  readonly currency: string
  /** How the payment is made. */
  readonly method: PaymentMethod
  /** Token of the means of payment; empty where the step is about an authorisation with a known reference. */
  readonly token: string
  /** True when an earlier call may have been carried out: ask before repeating. */
  readonly lookupFirst: boolean
}

/** Every GatewayStep, in the order of the schema. */
export const gatewayStepSymbols = ['authorise', 'capture', 'void', 'refund'] as const
/** What is asked of the payment gateway. */
export type GatewayStep = (typeof gatewayStepSymbols)[number]

/** A parcel that was handed to shipping and is not picked up yet. */
export interface HandOver {
  /** Number of the shipment in the order, counted from 1. */
  readonly shipmentNo: number
  /** Id of the command that asked for it: who is told when the pieces had left already. */
  readonly commandId: string
  /** What is in it. */
  readonly lines: readonly LineQuantity[]
}

/** What a payment fact says that waits for the first event of its order. */
export interface HeldPayment {
  /** When the event that is counted became true, by the clock of the broker. Unit: epoch milliseconds, UTC. */
  readonly at: number
  /** Id of the payment, one per order and attempt. */
  readonly paymentId: string
  /** Kind of payment instrument. Null = not known. */
  readonly method: PaymentMethod | null
  /** Who said no. Null = nobody. */
  readonly failure: PaymentFailureKind | null
  /** Code of the answer, e.g. CARD_DECLINED. Null = nobody said no. */
  readonly failureCode: string | null
  /** Change of the number of payment attempts that took their money. Unit: attempts, signed. */
  readonly succeeded: number
  /** Change of the number of payment attempts that were declined. Unit: attempts, signed. */
  readonly declined: number
  /** Change of the number of payment attempts that failed for another reason. Unit: attempts, signed. */
  readonly failed: number
  /** Change of the money taken. Unit: the currency of the order, scale 4, signed. */
  readonly captured: bigint
  /** Change of the money given back, of whichever order. Unit: the currency of the order, scale 4, signed. */
  readonly refunded: bigint
}

/** What the import knows of a customer, or of a guest invoice, in one run. Key: the run and the customer or invoice. Orders and credit notes are named by the sequence of their invoice. */
export interface ImportAccountState {
  readonly type: 'ImportAccountState'
  /** Greatest sequence handled so far: an invoice that is not above it is a repeat. */
  readonly lastSequence: number
  /** Sequences of sales whose orders are neither confirmed nor ended, ascending. */
  readonly openOrders: readonly number[]
  /** Sequences of sales whose lines do not count: their orders ended without being confirmed, or were cancelled after it. */
  readonly withdrawnOrders: readonly number[]
  /** Sequences of credit notes that wait for an earlier order, ascending. */
  readonly waitingCredits: readonly number[]
  /** Lines of stock movements that are not about goods in stock and moved nothing. */
  readonly linesWithoutStock: number
  /** Invoices that came again and changed nothing. */
  readonly repeats: number
}

/** A decided line of a credit note: all that its events say, so that a cancellation that comes later can have it decided anew. */
export interface ImportCredit {
  /** Sequence of the credit note. */
  readonly sequence: number
  /** Its number. */
  readonly creditNoteNo: string
  /** The line, counted from 1. */
  readonly lineNo: number
  /** Decisions so far, counted from 1. */
  readonly revision: number
  /** Quantity given back. Unit: pieces. */
  readonly quantity: number
  /** Price of one piece. Unit: the currency of the credit, scale 4. */
  readonly unitPrice: bigint
  /** ISO 4217 code, three capital letters. */
  readonly currency: string
  /** Time of the credit note. Unit: epoch milliseconds, UTC. */
  readonly creditedAt: number
  /** What the events about it are correlated by. */
  readonly correlationId: string
  /** What it takes, newest purchase first; empty = unmatched. */
  readonly takes: readonly CreditTake[]
  /** Why it is unmatched. Null = matched. */
  readonly reason: UnmatchedReason | null
  /** True when the line is about goods in stock: they are put back when it is matched. */
  readonly stocked: boolean
  /** Pieces whose money was asked back for this line, by the line of an order that they were bought in, whatever was decided later. */
  readonly given: readonly CreditTake[]
  /** True once the line was matched: its goods were put back into stock then, and stay there. */
  readonly cameBack: boolean
}

/** A line of a credit note that waits. */
export interface ImportCreditLine {
  /** The line, counted from 1. */
  readonly lineNo: number
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Quantity given back, at least 1. Unit: pieces. */
  readonly quantity: number
  /** Price of one piece. Unit: the currency of the credit, scale 4. */
  readonly unitPrice: bigint
  /** True when the line is about goods in stock: they are put back when it is matched. */
  readonly stocked: boolean
}

/** A credit note that waits until every earlier order of its customer is settled. Key: the account and its sequence. */
export interface ImportCreditNoteState {
  readonly type: 'ImportCreditNoteState'
  /** Its place in the file. */
  readonly sequence: number
  /** Its number. */
  readonly creditNoteNo: string
  /** Its time in the source. Unit: epoch milliseconds, UTC. */
  readonly creditedAt: number
  /** ISO 4217 code, three capital letters. */
  readonly currency: string
  /** What the events about it are correlated by. */
  readonly correlationId: string
  /** Its lines in the order of the file. */
  readonly lines: readonly ImportCreditLine[]
}

/** An invoice that was imported. Key: the id of the order that a sale becomes, whatever the invoice is. */
export interface ImportInvoiceState {
  readonly type: 'ImportInvoiceState'
  /** Run of the import. */
  readonly runId: string
  /** Customer account. Null = a guest. */
  readonly customerId: string | null
  /** Place of the invoice in the file. */
  readonly sequence: number
  /** Stock keeping units of a customer's sale, each once: where its purchases lie. Empty for everything else. */
  readonly skus: readonly string[]
}

/** A line that a customer bought, and what credits have left of it. */
export interface ImportPurchase {
  /** Sequence of its invoice. */
  readonly sequence: number
  /** Number of its invoice; the order id follows from it. */
  readonly invoiceNo: string
  /** Its line, counted from 1. */
  readonly lineNo: number
  /** Quantity bought. Unit: pieces. */
  readonly quantity: number
  /** Part of it that no credit has taken back. Unit: pieces. */
  readonly left: number
}

/** What a customer has bought and given back of one SKU in one run. Key: the run, the customer and the SKU. */
export interface ImportPurchasesState {
  readonly type: 'ImportPurchasesState'
  /** Every line bought, oldest first, whatever became of its order. */
  readonly purchases: readonly ImportPurchase[]
  /** Every line given back and decided, in the order of the file. */
  readonly credits: readonly ImportCredit[]
}

/** Frozen request to the key store: destroy this data key. */
export interface KeyDestruction {
  readonly type: 'KeyDestruction'
  /** Id of the data key. */
  readonly keyId: string
  /** Correlation id of the request that led to it. */
  readonly correlationId: string
}

/** What the ledger has booked of an order, or of a line of a credit note. Key: the order, or the entry of the line. */
export interface LedgerBook {
  readonly type: 'LedgerBook'
  /** Version of the payment after the newest event that was booked: what is not above it came before. Of a credit line its revision. */
  readonly version: number
  /** Authorised, and neither captured nor voided. Unit: the currency of the order, scale 4. */
  readonly open: bigint
  /** Credits that were paid out of the money of the order, and count as paid. Unit: the currency of the order, scale 4. */
  readonly paidCredits: bigint
  /** True when the order was cancelled after credits had been paid out of it: such payments are part of giving its money back. */
  readonly isWithdrawn: boolean
}

/** One thing that a letter tells. */
export interface LetterPart {
  /** Name of the template. */
  readonly template: string
  /** Values for the template, by name. */
  readonly variables: Readonly<Record<string, string>>
  /** Values that nobody may read on the way, encrypted. Null = none. */
  readonly sealed: Personal | null
}

/** A wrong password. */
export interface LoginFailure {
  /** Id of the command that told of it. */
  readonly attempt: string
  /** Keyed hash of the network address of the sender, hex. */
  readonly address: string
  /** When. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** Turns logins away for a while. */
export interface LoginLock {
  /** Keyed hash of the one network address it is for, hex. Null = all. */
  readonly address: string | null
  /** When it ends. Unit: epoch milliseconds, UTC. */
  readonly until: number
}

/** A notification on one channel. */
export interface NotificationDelivery {
  /** How the reader is reached. */
  readonly channel: NotificationChannel
  /** Where it stands. */
  readonly status: DeliveryStatus
  /** Calls that were made, those that left the house. */
  readonly tries: number
  /** Calls that were accepted, those that were held back too: part of the identity of each. */
  readonly calls: number
  /** When it is to be tried. Unit: epoch milliseconds, UTC. Null = nothing waits. */
  readonly dueAt: number | null
  /** True when an answer was lost: the reader may have it already. */
  readonly unknown: boolean
  /** Why it ended, or is tried again. Null = nothing to say. */
  readonly code: string | null
  /** Id of the message at the provider. Null = it has none, or none is known. */
  readonly providerId: string | null
  /** When it came to where it stands. Unit: epoch milliseconds, UTC. */
  readonly at: number
}

/** A notification and what became of it on each channel. */
export interface NotificationState {
  readonly type: 'NotificationState'
  /** Id of the notification. */
  readonly notificationId: string
  /** Account of the reader, the order id of a guest, or the name of a team; the record key. */
  readonly userId: string
  /** Order it is about. Null = not about an order. */
  readonly orderId: string | null
  /** What it is about. */
  readonly kind: NotificationKind
  /** Channel that was asked for: the one that `recipient` is an address on. */
  readonly channel: NotificationChannel
  /** Name of the template. */
  readonly template: string
  /** Language it was asked for in, BCP 47. Null = that of the reader. */
  readonly locale: string | null
  /** Values for the template, by name; never personal data. */
  readonly variables: Readonly<Record<string, string>>
  /** Address of the reader, encrypted. Null = that of the account. */
  readonly recipient: Personal | null
  /** Values for the template that nobody may read on the way, encrypted. Null = none. */
  readonly sealed: Personal | null
  /** True when it does not wait: not for the morning, nor for a digest. */
  readonly urgent: boolean
  /** When it was asked for. Unit: epoch milliseconds, UTC. */
  readonly requestedAt: number
  /** When it was to be delivered. Unit: epoch milliseconds, UTC. Null = at once. */
  readonly notBefore: number | null
  /** Hash of the request that asked for it, SHA-256 in hex. Null = it came by topic. */
  readonly bodyHash: string | null
  /** Shared by everything that one request causes. */
  readonly correlationId: string
  /** One per channel. */
  readonly deliveries: readonly NotificationDelivery[]
  /** Notifications that this one is the digest of. */
  readonly digestOf: readonly string[]
}

/** One order as its own events and those of its payment tell it: what the next event, and the two sides of each other, are held against. */
export interface OrderAudit {
  readonly type: 'OrderAudit'
  /** Number of the newest event of the order; 0 = none came yet. */
  readonly version: number
  /** What the order costs. Unit: its currency, scale 4. Null = not told yet, or told differently by two events. */
  readonly total: bigint | null
  /** What the order says about its money. */
  readonly claim: AuditClaim
  /** What was taken (paid) or given back after it was taken (ended), as the order says. Unit: its currency, scale 4. */
  readonly claimed: bigint
  /** Number of the newest payment event that moved money; 0 = none came yet. */
  readonly paymentVersion: number
  /** Authorised and neither captured nor voided, as the payment says. Unit: the currency, scale 4. */
  readonly open: bigint
  /** Captured, as the payment says. Unit: the currency, scale 4. */
  readonly captured: bigint
  /** Given back after capture, as the payment says. Unit: the currency, scale 4. */
  readonly refunded: bigint
  /** True while a timer waits to judge the two sides. */
  readonly isTimed: boolean
  /** True once the money was reported: it is not followed any more. */
  readonly moneyBroken: boolean
  /** True once the events of the order were reported: no second report. */
  readonly outcomeBroken: boolean
  /** Pieces that were delivered, as the order says; 0 = not delivered. Unit: pieces. */
  readonly delivered: number
  /** Pieces that were given back after that, as the order says. Unit: pieces. */
  readonly returned: number
}

/** Every OrderPhase, in the order of the schema. */
export const orderPhaseSymbols = ['reserving', 'authorising', 'confirming', 'capturing', 'fulfilling', 'compensating', 'closed', 'amending', 'clearing', 'queued', 'voiding', 'repaying', 'assessing', 'reviewing', 'stopping', 'delivered'] as const
/** Step of the order saga that waits for an answer; fulfilling = confirmed and on its way, stopping = the same while shipping is asked what can still be stopped, delivered = fulfilled, may come back; closed = has its outcome or was never accepted. assessing waits for the risk decision, reviewing for a person; amending and repaying wait for the customer, queued for stock; clearing gives the reservation of the attempt before back, voiding its money. */
export type OrderPhase = (typeof orderPhaseSymbols)[number]

/** What the order saga remembers besides the view of the order. */
export interface OrderState {
  readonly type: 'OrderState'
  /** Order the record belongs to; also the key. */
  readonly orderId: string
  /** Step the saga is in. */
  readonly phase: OrderPhase
  /** Attempt of the order, counted from 1; part of the reservation id. */
  readonly attempt: number
  /** SHA-256 in hex of the body of PlaceOrder: tells a repeat from a conflict. */
  readonly bodyHash: string
  /** Correlation id of PlaceOrder, given to everything the order causes. */
  readonly correlationId: string
  /** Name and postal address, encrypted. Null = never accepted. */
  readonly shippingAddress: Personal | null
  /** E-mail address of a guest, encrypted. Null = an account holder, or never accepted. */
  readonly guestEmail: Personal | null
  /** Delivery promise chosen. */
  readonly deliverySpeed: DeliverySpeed
  /** How the order is to be paid. Null = never accepted. */
  readonly paymentChoice: PaymentChoice | null
  /** Weight of all stocked lines, at most 2,147,483,647. Unit: grams. */
  readonly weightGrams: number
  /** Inventory partitions the order touches, ascending; never recomputed. */
  readonly parts: readonly ReservationPart[]
  /** Newest answer of the payment. */
  readonly payment: PaymentProgress
  /** Newest answer of shipping. */
  readonly shipment: ShipmentProgress
  /** Why the order is compensated. Null = it is not. */
  readonly cause: OutcomeCause | null
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** When the step, or the wait for a compensation, is over. Unit: epoch milliseconds, UTC. Null = nothing is waited for. */
  readonly stepDueMs: number | null
  /** When the saga is over. Unit: epoch milliseconds, UTC. Null = its clock does not run. */
  readonly sagaDueMs: number | null
  /** Due time of the timer row that is set. Unit: epoch milliseconds, UTC. Null = none is set. */
  readonly timerDueMs: number | null
  /** How often the unanswered compensations were sent again. */
  readonly resends: number
  /** Ids of the commands that were carried out. */
  readonly commandIds: readonly string[]
  /** Records that changed nothing: repeats and answers that came too late to matter. */
  readonly repeats: number
  /** Attempt at the payment, counted from 1. */
  readonly paymentAttempt: number
  /** What happens when stock is short. */
  readonly onShortage: ShortagePolicy
  /** What happens when the payment is declined. */
  readonly onDecline: DeclinePolicy
  /** What was short in the attempt under way. */
  readonly shortages: readonly Shortage[]
  /** When the wait for the customer or for stock is over. Unit: epoch milliseconds, UTC. Null = the order waits for neither. */
  readonly waitDueMs: number | null
  /** What is left of the time of the saga while its clock stands. Unit: milliseconds. Null = it does not stand. */
  readonly sagaLeftMs: number | null
  /** Since when the order waits for stock. Unit: epoch milliseconds, UTC. Null = it does not. */
  readonly waitsSince: number | null
  /** SHA-256 in hex of the body of each command that was carried out, by its id: tells a repeat from a conflict. */
  readonly commandHashes: Readonly<Record<string, string>>
  /** True while risk counts the order as owed by its customer: it has to be told when that is over. */
  readonly exposed: boolean
  /** Cancellation that waits for what shipping could stop. Null = none. */
  readonly stop: OrderStop | null
  /** Number of the newest shipment that was asked for; 0 = none. */
  readonly shipments: number
  /** Parcels asked for beside the first shipment and not picked up yet. */
  readonly handOvers: readonly HandOver[]
  /** Parts of the money that are to be given back; asked for again until they are. */
  readonly refunds: readonly OwedRefund[]
  /** Volume of the stocked lines. Unit: cubic centimetres; 0 = not known. */
  readonly volumeCm3: number
}

/** A cancellation that waits for what shipping could stop. */
export interface OrderStop {
  /** Record name of the command that asked for it; empty = none did. */
  readonly command: string
  /** Id of that command: who is told when everything had left already. */
  readonly commandId: string
  /** Why. */
  readonly cause: OutcomeCause
  /** Why, in words for people; never personal data. */
  readonly reason: string
}

/** A part of the money that is to be given back and was not yet. */
export interface OwedRefund {
  /** Id of the refund at the payment: the same id gives money back once. */
  readonly effectId: string
  /** Amount to give back. Unit: the currency of the order, scale 4. */
  readonly amount: bigint
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** Return that it is paid for. Null = none. */
  readonly returnId: string | null
}

/** Every PartProgress, in the order of the schema. */
export const partProgressSymbols = ['asked', 'reserved', 'rejected', 'confirming', 'confirmed', 'refused', 'expired', 'returned', 'planned', 'waiting', 'restocked'] as const
/** What the saga knows of the reservation in one inventory partition; planned = not asked for yet, waiting = in the queue for stock, returned = given back and answered, restocked = given back piece by piece after a part had left. */
export type PartProgress = (typeof partProgressSymbols)[number]

/** A payment of an order that was followed by another attempt. */
export interface PaymentAttempt {
  /** Attempt of the order, counted from 1. */
  readonly attempt: number
  /** Id of the payment. */
  readonly paymentId: string
  /** How it ended. */
  readonly status: PaymentStatus
  /** How it was to be made. */
  readonly method: PaymentMethod
  /** Amount asked for. Unit: the currency of the order's payments, scale 4. */
  readonly amount: bigint
  /** Authorised, and given up since. Unit: the currency, scale 4. */
  readonly authorised: bigint
  /** Code of its failure; empty = it was voided. */
  readonly failure: string
}

/** Finds the order of a payment. */
export interface PaymentIndexEntry {
  readonly type: 'PaymentIndexEntry'
  /** Id of the payment. */
  readonly paymentId: string
  /** Order it pays for, UUID in lower case. */
  readonly orderId: string
}

/** A step at the gateway that is under way or waits for its turn. */
export interface PaymentOperation {
  /** What is asked of the gateway. */
  readonly step: GatewayStep
  /** Attempt of the order it belongs to. */
  readonly attempt: number
  /** Id of the refund; empty for other steps. */
  readonly effectId: string
  /** Amount. Unit: the currency of the payment, scale 4. Null = all there is. */
  readonly amount: bigint | null
  /** Why, in words for people; never personal data. */
  readonly reason: string
  /** True for the refund that stands in for a void of captured money. */
  readonly answersVoid: boolean
  /** Calls that failed so far; those that the breaker held back do not count. */
  readonly tries: number
  /** True once a call may have been carried out without an answer. */
  readonly unknown: boolean
  /** True while a call is accepted and not finished; false while it waits for its timer or its turn. */
  readonly inFlight: boolean
  /** When it is called again. Unit: epoch milliseconds, UTC. Null = it is in flight or waits for its turn. */
  readonly dueAt: number | null
  /** Most that all refunds of the payment may come to with this one. Unit: the currency of the payment, scale 4. Null = all that was captured. */
  readonly ceiling: bigint | null
  /** True for a refund that gives back at most what is captured and not refunded, instead of being refused. */
  readonly capped: boolean
}

/** Every PaymentProgress, in the order of the schema. */
export const paymentProgressSymbols = ['untouched', 'asked', 'authorised', 'capturing', 'captured', 'declined', 'voided', 'refunded'] as const
/** What the saga knows of the payment of the order; untouched = nothing was asked of it. */
export type PaymentProgress = (typeof paymentProgressSymbols)[number]

/** A refund that was asked for: the same id is paid once. */
export interface PaymentRefundEntry {
  /** Id of the refund. */
  readonly effectId: string
  /** Amount asked for. Unit: the currency of the payment, scale 4. Null = all there is. */
  readonly requested: bigint | null
  /** Amount given back. Unit: the currency of the payment, scale 4. */
  readonly refunded: bigint
  /** True when the gateway has confirmed it. */
  readonly done: boolean
  /** Why it was asked for, in words for people. */
  readonly reason: string
  /** Code of the rule that it broke; empty = it was not refused. */
  readonly refusal: string
}

/** The payment of one order over all its attempts. Law: authorised = captured + voided + open; captured = net + refunded. */
export interface PaymentState {
  readonly type: 'PaymentState'
  /** Order, UUID in lower case. */
  readonly orderId: string
  /** Where the payment stands. */
  readonly status: PaymentStatus
  /** Attempt of the current payment, counted from 1; 0 = none yet. */
  readonly attempt: number
  /** Id of the current payment; empty = none yet. */
  readonly paymentId: string
  /** ISO 4217 code of every amount in the record; empty = none yet. */
  readonly currency: string
  /** How the current payment is made. */
  readonly method: PaymentMethod
  /** Token of the means of payment, never a card number. */
  readonly token: string
  /** Id of the current authorisation at the gateway; empty = none known. */
  readonly reference: string
  /** Amount asked for by the current attempt. Unit: the currency, scale 4. */
  readonly amount: bigint
  /** Authorised, all attempts together. Unit: the currency, scale 4. */
  readonly authorised: bigint
  /** Captured, all attempts together. Unit: the currency, scale 4. */
  readonly captured: bigint
  /** Authorised and given up, all attempts together. Unit: the currency, scale 4. */
  readonly voided: bigint
  /** Captured and given back. Unit: the currency, scale 4. */
  readonly refunded: bigint
  /** True when a failed step may have been carried out at the gateway: a void asks for it. */
  readonly unresolved: boolean
  /** Attempts up to this one are refused: they were voided before they came; 0 = none. */
  readonly fencedThrough: number
  /** The one step under way. Null = none. */
  readonly operation: PaymentOperation | null
  /** Voids and refunds that came meanwhile, in order. */
  readonly waiting: readonly PaymentOperation[]
  /** Every refund asked for. */
  readonly refunds: readonly PaymentRefundEntry[]
  /** Shared by everything that one request caused; for what timers and the gateway lead to. */
  readonly correlationId: string
  /** Changes of this row, counted from 1. */
  readonly version: number
  /** Code of the failure of the current payment; empty = it has not failed. */
  readonly failure: string
  /** Payments of earlier attempts, oldest first. */
  readonly earlier: readonly PaymentAttempt[]
}

/** Every PaymentStatus, in the order of the schema. */
export const paymentStatusSymbols = ['none', 'authorising', 'authorised', 'capturing', 'captured', 'voiding', 'voided', 'refunding', 'partiallyRefunded', 'refunded', 'failed', 'fenced'] as const
/** Where the payment of an order stands. */
export type PaymentStatus = (typeof paymentStatusSymbols)[number]

/** A token that can be used once. */
export interface PendingToken {
  /** SHA-256 of the token, hex. */
  readonly hash: string
  /** When it is worth nothing any more. Unit: epoch milliseconds, UTC. */
  readonly expiresAt: number
}

/** A command that was processed, kept as long as its topic, so that a repeat changes nothing and is answered alike. */
export interface ProcessedCommand {
  readonly type: 'ProcessedCommand'
  /** Id of the command, SHA-256 in hex. */
  readonly commandId: string
  /** Fingerprint of its content: another one under the same id is a conflict. */
  readonly bodyHash: string
  /** Code of the rejection. Null = it was carried out. */
  readonly code: string | null
  /** Field the rejection names. Null = none. */
  readonly field: string | null
  /** Words of the rejection, for people. Null = it was carried out. */
  readonly message: string | null
  /** When. Unit: epoch milliseconds, UTC. */
  readonly processedAt: number
}

/** What inventory told last about a SKU, whether or not the catalog has it. */
export interface ProductAvailability {
  readonly type: 'ProductAvailability'
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** The newest class. */
  readonly availability: Availability
}

/** A product in the catalog with what makes repeats of its commands harmless. */
export interface ProductState {
  readonly type: 'ProductState'
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Name of the product for people. */
  readonly name: string
  /** One price per currency, in order of the currency code. */
  readonly prices: readonly Price[]
  /** True for goods in stock; false for charges such as postage. */
  readonly stocked: boolean
  /** Weight of one piece. Unit: grams. */
  readonly weightGrams: number
  /** Fingerprint of the command that created it: an identical one is a repeat. */
  readonly createdHash: string
  /** Version of the product, counted from 1. */
  readonly version: number
  /** Volume of one piece. Unit: cubic centimetres; 0 = not known. */
  readonly volumeCm3: number
  /** What the product is, in words for people. */
  readonly description: string
  /** Categories that the product is in. */
  readonly categoryIds: readonly string[]
  /** What it can be found by, one value per name. */
  readonly attributes: readonly ProductAttribute[]
  /** Pictures in the order in which they are shown. */
  readonly images: readonly ProductImage[]
  /** True when it is shown on the front page. */
  readonly featured: boolean
  /** Where the product stands. Products from before there was a status are published. */
  readonly status: ProductStatus
  /** When it was last changed by people. Unit: epoch milliseconds, UTC; 0 = not known. */
  readonly updatedAt: number
  /** Id of the command that created it. Empty = it came without one. */
  readonly createdCommandId: string
  /** Fingerprint of the request behind that command, as its sender made it. Empty = not given. */
  readonly createdBodyHash: string
}

/** What a reader was sent on a channel in short time. */
export interface ReaderBurst {
  /** How the reader is reached. */
  readonly channel: NotificationChannel
  /** When the time began that is counted in. Unit: epoch milliseconds, UTC. */
  readonly since: number
  /** Notifications that were sent by themselves since then. */
  readonly count: number
  /** Those that wait for the digest, oldest first. */
  readonly held: readonly string[]
}

/** What a reader was told, the newest of it. */
export interface ReaderHistory {
  readonly type: 'ReaderHistory'
  /** Account of the reader, the order id of a guest, or the name of a team; the record key. */
  readonly userId: string
  /** Ids, newest first. */
  readonly notificationIds: readonly string[]
  /** Until when he has seen his inbox. Unit: epoch milliseconds, UTC. */
  readonly readUpTo: number
  /** By channel. */
  readonly bursts: readonly ReaderBurst[]
}

/** How a reader is reached, and how he wants to be. */
export interface ReaderProfile {
  readonly type: 'ReaderProfile'
  /** Account of the reader, the order id of a guest, or the name of a team; the record key. */
  readonly userId: string
  /** E-mail address of the account, encrypted. Null = it has none. */
  readonly email: Personal | null
  /** Phone number, encrypted. Null = none. */
  readonly phone: Personal | null
  /** Subscriptions of browsers, encrypted. */
  readonly pushSubscriptions: readonly Personal[]
  /** Channels on which the address of the account was refused: nothing is sent there until it changes. */
  readonly refused: readonly NotificationChannel[]
  /** Language, BCP 47. Null = that of the platform. */
  readonly locale: string | null
  /** Time zone of the quiet hours, IANA. Null = UTC. */
  readonly timeZone: string | null
  /** When the quiet hours begin. Unit: minutes after midnight. Null = there are none. */
  readonly quietFrom: number | null
  /** When they end. Unit: minutes after midnight. Null = there are none. */
  readonly quietUntil: number | null
  /** Channels by kind. */
  readonly choices: readonly NotificationChoice[]
  /** True for who can log in, and so read an inbox. */
  readonly hasAccount: boolean
  /** Changes of this row, counted from 1. */
  readonly version: number
  /** Ids of the commands that changed the preferences, the newest 5, oldest first: by them whoever asked for a change learns whether it counted. */
  readonly changedBy: readonly string[]
}

/** A session: the refresh tokens that follow one another from one login. Only the newest is worth something. */
export interface RefreshFamily {
  /** Id of the session. */
  readonly sessionId: string
  /** SHA-256 of the newest token, hex. */
  readonly refreshHash: string
  /** When the user logged in. Unit: epoch milliseconds, UTC. */
  readonly startedAt: number
  /** When the newest token is worth nothing any more. Unit: epoch milliseconds, UTC. */
  readonly expiresAt: number
  /** How often a token was exchanged. */
  readonly rotations: number
}

/** One member of the set of inventory partitions that the order touches. */
export interface ReservationPart {
  /** Partition of the inventory topics, from 0. */
  readonly partition: number
  /** Newest answer of that partition. */
  readonly progress: PartProgress
}

/** A reservation in its partition, by (order, attempt, partition); or the fence that a compensation left where it found none. */
export interface ReservationState {
  readonly type: 'ReservationState'
  /** Order, UUID in lower case. */
  readonly orderId: string
  /** Attempt of the order, counted from 1. */
  readonly attempt: number
  /** Partition of the inventory topics, from 0. */
  readonly partition: number
  /** Where the reservation stands. */
  readonly status: ReservationStatus
  /** Lines as asked for; empty for a fence. */
  readonly lines: readonly ReservationLine[]
  /** Rule that was broken, for a rejected reservation; else empty. */
  readonly code: string
  /** What was short, for a rejected reservation. */
  readonly shortages: readonly Shortage[]
  /** Shared by everything that one request caused; for what timers lead to. */
  readonly correlationId: string
  /** End of the reservation if nothing happens. Unit: epoch milliseconds, UTC. Null = it never held anything. */
  readonly expiresAt: number | null
  /** When it was rejected, released, unconfirmed, expired or fenced. Unit: epoch milliseconds, UTC. Null = it holds stock. */
  readonly endedAt: number | null
  /** Changes of this row, counted from 1. */
  readonly version: number
  /** Since when its order waits for stock. Unit: epoch milliseconds, UTC. Null = short stock rejects it. */
  readonly waitsSince: number | null
  /** What a reservation by hand holds its pieces for, in words for people; its id stands in place of the order. Null = it is an order's. */
  readonly reference: string | null
}

/** Every ReservationStatus, in the order of the schema. */
export const reservationStatusSymbols = ['reserved', 'confirmed', 'released', 'unconfirmed', 'expired', 'rejected', 'fence', 'waiting'] as const
/** Where a reservation stands in its partition. */
export type ReservationStatus = (typeof reservationStatusSymbols)[number]

/** What the risk rules know of a customer; or of a guest's order, which is a customer of its own. Bounded: an hour of activity by minute, a sum a currency. */
export interface RiskAccount {
  readonly type: 'RiskAccount'
  /** Customer id, or the id of a guest's order; also the key. */
  readonly accountId: string
  /** Orders of the newest hour, by minute and currency, ascending. */
  readonly activity: readonly ActivityBucket[]
  /** The same of imported orders, at the time at which they were placed. */
  readonly importedActivity: readonly ActivityBucket[]
  /** What is owed now, by currency, ascending; no entry = nothing. */
  readonly exposures: readonly CurrencySum[]
  /** Most that may be owed, by currency, ascending; no entry = no limit. */
  readonly limits: readonly CurrencySum[]
}

/** Finds the order of a shipment. */
export interface ShipmentIndexEntry {
  readonly type: 'ShipmentIndexEntry'
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Order that it is a part of, UUID in lower case. */
  readonly orderId: string
}

/** One shipment of an order. */
export interface ShipmentParcel {
  /** Number of the shipment in its order, counted from 1. */
  readonly shipmentNo: number
  /** Id of the shipment. */
  readonly shipmentId: string
  /** Lines of the shipment; none when all its pieces went into other shipments. */
  readonly lines: readonly ShipmentLine[]
  /** Name of the carrier. */
  readonly carrier: string
  /** Service of the carrier. */
  readonly service: string
  /** Tracking number of the carrier. */
  readonly trackingNumber: string
  /** Where it stands. */
  readonly stage: ShipmentStage
  /** When it came to its stage, by the clock of whoever saw it. Unit: epoch milliseconds, UTC. */
  readonly stageAt: number
  /** Failed attempts to deliver it. */
  readonly attempts: number
  /** When it was created. Unit: epoch milliseconds, UTC. */
  readonly createdAt: number
  /** When it is promised to be delivered. Unit: epoch milliseconds, UTC. Null = no promise. */
  readonly promisedBy: number | null
  /** True once it was told that the promise is missed. */
  readonly delayed: boolean
  /** The task was held up: it is neither picked up nor called late before. Unit: epoch milliseconds, UTC. Null = it was not. */
  readonly heldUntil: number | null
  /** Name of who took it, encrypted. Null = not told. */
  readonly receivedBy: Personal | null
  /** What was told of it, oldest first; the newest twenty. */
  readonly history: readonly ShipmentTrace[]
}

/** Every ShipmentProgress, in the order of the schema. */
export const shipmentProgressSymbols = ['none', 'asked', 'created', 'cancelled', 'left'] as const
/** What the saga knows of the shipments of the order; left = something has left. */
export type ShipmentProgress = (typeof shipmentProgressSymbols)[number]

/** The shipments of one order, or the fence that keeps them from being created. */
export interface ShipmentState {
  readonly type: 'ShipmentState'
  /** Order the record belongs to; also the key. */
  readonly orderId: string
  /** Whether anything may still be shipped. */
  readonly status: ShipmentStatus
  /** Price of shipping for the customer, however many shipments it takes; 0 when fenced. Unit: the currency, scale 4. */
  readonly cost: bigint
  /** ISO 4217 code of the cost, three capital letters; XXX when fenced. */
  readonly currency: string
  /** Records that changed nothing. */
  readonly repeats: number
  /** Delivery promise chosen. */
  readonly deliverySpeed: DeliverySpeed
  /** Shipments by number. */
  readonly shipments: readonly ShipmentParcel[]
  /** Shared by everything that the order caused. */
  readonly correlationId: string
  /** When its timer fires. Unit: epoch milliseconds, UTC. Null = none is set. */
  readonly timerDueMs: number | null
}

/** Every ShipmentStatus, in the order of the schema. */
export const shipmentStatusSymbols = ['fenced', 'created', 'cancelled'] as const
/** Whether an order is shipped; cancelled = what had not left was stopped, and nothing more leaves; fenced = cancelled before anything was created, so nothing ever will be. */
export type ShipmentStatus = (typeof shipmentStatusSymbols)[number]

/** One entry of the tracking history of a shipment. */
export interface ShipmentTrace {
  /** Stage that the shipment was seen in. */
  readonly stage: ShipmentStage
  /** When it happened, by the clock of whoever saw it. Unit: epoch milliseconds, UTC. */
  readonly at: number
  /** Where, in words for people. Null = not told. */
  readonly location: string | null
  /** What was said of it, in words for people; never personal data. Null = nothing. */
  readonly note: string | null
}

/** The stock of one SKU as its events tell it: what the next event is held against. */
export interface StockAudit {
  readonly type: 'StockAudit'
  /** Number of the newest event that moved the stock. */
  readonly version: number
  /** Stock on hand after it. Unit: pieces. */
  readonly onHand: number
  /** Reserved stock after it. Unit: pieces. */
  readonly reserved: number
  /** Sold and not put back. Unit: pieces. Null = not known any more, since events were missing or wrong. */
  readonly deducted: number | null
  /** What the newest event should have said, when it said something else: the next event tells which was right. Null = it was right. */
  readonly instead: StockLevel | null
}

/** Where the log of stock events began for the audit: in a log that is whole every SKU begins with its registration. */
export interface StockAuditLog {
  readonly type: 'StockAuditLog'
  /** Offset of the first stock event that was seen in the partition. */
  readonly firstOffset: number
}

/** Pieces of a SKU at one moment. */
export interface StockLevel {
  /** Stock on hand, the reserved part included. Unit: pieces. */
  readonly onHand: number
  /** Part of it held by open reservations. Unit: pieces. */
  readonly reserved: number
}

/** Pieces of one SKU. */
export interface StockPieces {
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Unit: pieces. */
  readonly quantity: number
}

/** Stock of one SKU. Law: opening + in - out - deducted = onHand, and 0 <= reserved <= onHand. */
export interface StockState {
  readonly type: 'StockState'
  /** Stock keeping unit, upper case. */
  readonly sku: string
  /** Stock on hand when the SKU was registered. Unit: pieces. */
  readonly opening: number
  /** Delivered or found since, all together. Unit: pieces. */
  readonly in: number
  /** Written off since, all together. Unit: pieces. */
  readonly out: number
  /** Sold since: confirmed reservations that were not put back. Unit: pieces. */
  readonly deducted: number
  /** Stock on hand, the reserved part included. Unit: pieces. */
  readonly onHand: number
  /** Part of the stock on hand held by open reservations. Unit: pieces. */
  readonly reserved: number
  /** Free stock at or below this is low. Unit: pieces. */
  readonly reorderLevel: number
  /** Changes of this row, counted from 1. */
  readonly version: number
  /** Pieces that waiting reservations ask for: new orders leave so many free. Unit: pieces. */
  readonly waiting: number
}

/** An account, as the identity processor knows it. */
export interface UserState {
  readonly type: 'UserState'
  /** Id of the user. */
  readonly userId: string
  /** Who signs in with it. */
  readonly kind: UserKind
  /** How it stands. */
  readonly status: UserStatus
  /** Keyed hash of the normalised e-mail address, hex. Empty = none. */
  readonly emailKey: string
  /** E-mail address, encrypted. Null = none. */
  readonly email: Personal | null
  /** Name, encrypted. Null = none. */
  readonly profile: Personal | null
  /** Name of a service account. Empty = a person. */
  readonly label: string
  /** Names of roles. */
  readonly roles: readonly string[]
  /** Permissions of a service account. */
  readonly grants: readonly string[]
  /** Hash of the password with its parameters, of a service account SHA-256 of its secret. Empty = none yet. */
  readonly passwordHash: string
  /** Passwords so far. */
  readonly credentialVersion: number
  /** Token that proves the e-mail address. Null = none is out. */
  readonly verification: PendingToken | null
  /** Token that sets another password. Null = none is out. */
  readonly reset: PendingToken | null
  /** Sessions, oldest first. */
  readonly sessions: readonly RefreshFamily[]
  /** Wrong passwords of the last minutes, oldest first. */
  readonly failures: readonly LoginFailure[]
  /** Locks that are shut. */
  readonly locks: readonly LoginLock[]
  /** When it was made. Unit: epoch milliseconds, UTC. */
  readonly registeredAt: number
  /** Names what one request caused, for what timers cause. */
  readonly correlationId: string
  /** Public events of the account. */
  readonly version: number
}

/** Every UserStatus, in the order of the schema. */
export const userStatusSymbols = ['unverified', 'active', 'deleted'] as const
/** How an account stands. deleted: kept without content as long as a late command can come. */
export type UserStatus = (typeof userStatusSymbols)[number]

/** One try to send a message. */
export interface WebhookAttempt {
  /** When it ended. Unit: epoch milliseconds, UTC. */
  readonly at: number
  /** delivered, or why it failed. */
  readonly code: string
  /** HTTP status of the answer. Null = there was none. */
  readonly status: number | null
  /** How long it took. Unit: milliseconds. */
  readonly tookMs: number
  /** Beginning of the answer, as text. */
  readonly excerpt: string
  /** True when the process that sent it was lost before it could say so: the endpoint may have had it once more. */
  readonly mayBeTwice: boolean
}

/** A try that is accepted: everything that is sent, but the secrets. */
export interface WebhookCall {
  readonly type: 'WebhookCall'
  /** Id of the subscription. */
  readonly webhookId: string
  /** Account that the subscription belongs to. */
  readonly ownerId: string
  /** Id of the message. */
  readonly messageId: string
  /** Where it is posted to. */
  readonly url: string
  /** What is posted. */
  readonly body: string
  /** Secrets that sign it. */
  readonly secrets: readonly WebhookSecret[]
}

/** A command on a subscription that was carried out. */
export interface WebhookCommandEntry {
  /** Id of the command. */
  readonly commandId: string
  /** Hash of its body: another body under the same id is refused. */
  readonly bodyHash: string
}

/** A message for a subscription, and its tries. */
export interface WebhookDelivery {
  readonly type: 'WebhookDelivery'
  /** Id of the message. */
  readonly messageId: string
  /** Id of the subscription. */
  readonly webhookId: string
  /** Account that the subscription belongs to. */
  readonly ownerId: string
  /** Public name of the event. */
  readonly eventType: string
  /** What the event is about. */
  readonly subject: string
  /** What is posted. */
  readonly body: string
  /** When the event became true. Unit: epoch milliseconds, UTC. */
  readonly createdAt: number
  /** How it stands. */
  readonly status: WebhookDeliveryStatus
  /** Tries of this round: a resend begins a new one. */
  readonly tries: number
  /** Calls accepted so far, over all rounds. */
  readonly calls: number
  /** When it is tried again. Null = it does not wait for a time. Unit: epoch milliseconds, UTC. */
  readonly dueAt: number | null
  /** The newest tries, oldest first. */
  readonly attempts: readonly WebhookAttempt[]
}

/** Every WebhookDeliveryStatus, in the order of the schema. */
export const webhookDeliveryStatusSymbols = ['waiting', 'sending', 'retrying', 'delivered', 'failed', 'unknown'] as const
/** How a message stands: it waits for its turn, is being sent, waits for its next try, arrived, or was given up. */
export type WebhookDeliveryStatus = (typeof webhookDeliveryStatusSymbols)[number]

/** A secret of a subscription. */
export interface WebhookSecret {
  /** Names it. */
  readonly secretId: string
  /** When it signs no more. Null = it is the newest. Unit: epoch milliseconds, UTC. */
  readonly until: number | null
}

/** A subscription, and how its endpoint answers. */
export interface WebhookState {
  readonly type: 'WebhookState'
  /** Id of the subscription. */
  readonly webhookId: string
  /** Account that it belongs to. */
  readonly ownerId: string
  /** Where events are posted to. */
  readonly url: string
  /** Public names of the events, or of groups. */
  readonly eventTypes: readonly string[]
  /** What it is for. */
  readonly description: string
  /** Why nothing is sent. Null = it is active. */
  readonly stopped: WebhookStop | null
  /** Secrets that sign, the newest first. */
  readonly secrets: readonly WebhookSecret[]
  /** When it was made. Unit: epoch milliseconds, UTC. */
  readonly createdAt: number
  /** When it was changed last. Unit: epoch milliseconds, UTC. */
  readonly updatedAt: number
  /** Changes so far, counted from 1. */
  readonly version: number
  /** Messages that are being sent now. */
  readonly openCalls: number
  /** Tries that failed since the last one that did not. */
  readonly failuresInRow: number
  /** When a message arrived last. Null = never. Unit: epoch milliseconds, UTC. */
  readonly lastSuccessAt: number | null
  /** The newest commands that were carried out, oldest first. */
  readonly commands: readonly WebhookCommandEntry[]
}

/** A message that waits for its turn. */
export interface WebhookTurn {
  readonly type: 'WebhookTurn'
  /** Id of the message. */
  readonly messageId: string
  /** Its subscription. */
  readonly webhookId: string
}

/** Asks to change a subscription. What is null stays as it is. */
export interface ChangeWebhook {
  readonly type: 'ChangeWebhook'
  /** Identity, time and sender of the command. */
  readonly meta: CommandMeta
  /** Account that the subscription belongs to; also the record key. */
  readonly ownerId: string
  /** Id of the subscription. */
  readonly webhookId: string
  /** Where events are posted to from now on, those that wait included. */
  readonly url: string | null
  /** Public names of the events from now on. */
  readonly eventTypes: readonly string[] | null
  /** What it is for, in words for people. */
  readonly description: string | null
  /** True: events are sent again, what waited included. False: nothing is sent. */
  readonly enabled: boolean | null
}

/** Asks to send a test message, once. */
export interface PingWebhook {
  readonly type: 'PingWebhook'
  /** Identity, time and sender of the command. */
  readonly meta: CommandMeta
  /** Account that the subscription belongs to; also the record key. */
  readonly ownerId: string
  /** Id of the subscription. */
  readonly webhookId: string
}

/** Asks to end a subscription. What waits is not sent. */
export interface RemoveWebhook {
  readonly type: 'RemoveWebhook'
  /** Identity, time and sender of the command. */
  readonly meta: CommandMeta
  /** Account that the subscription belongs to; also the record key. */
  readonly ownerId: string
  /** Id of the subscription. */
  readonly webhookId: string
}

/** Asks to send again what was sent, or given up: the same messages under the same ids. */
export interface ResendWebhook {
  readonly type: 'ResendWebhook'
  /** Identity, time and sender of the command. */
  readonly meta: CommandMeta
  /** Account that the subscription belongs to; also the record key. */
  readonly ownerId: string
  /** Id of the subscription. */
  readonly webhookId: string
  /** The one message. Null = those of a time. */
  readonly messageId: string | null
  /** Messages from then on. Unit: epoch milliseconds, UTC. */
  readonly from: number
  /** Messages before. Null = up to now. Unit: epoch milliseconds, UTC. */
  readonly until: number | null
  /** True: only those that were given up. */
  readonly isFailedOnly: boolean
}

/** Asks for another secret. The one before signs too, for a while. */
export interface RotateWebhookSecret {
  readonly type: 'RotateWebhookSecret'
  /** Identity, time and sender of the command. */
  readonly meta: CommandMeta
  /** Account that the subscription belongs to; also the record key. */
  readonly ownerId: string
  /** Id of the subscription. */
  readonly webhookId: string
  /** Names the new secret. */
  readonly secretId: string
  /** How long the secrets before still sign. Unit: milliseconds. */
  readonly overlapMs: number
}

/** Asks that events are told to an endpoint of the account. */
export interface SubscribeWebhook {
  readonly type: 'SubscribeWebhook'
  /** Identity, time and sender of the command. */
  readonly meta: CommandMeta
  /** Account that the subscription belongs to; also the record key. */
  readonly ownerId: string
  /** Id of the subscription. */
  readonly webhookId: string
  /** Where events are posted to. It may hold a secret of the receiver: it is on no event. */
  readonly url: string
  /** Public names of the events, such as orders.confirmed, or all of a group: orders.*. */
  readonly eventTypes: readonly string[]
  /** What it is for, in words for people; never personal data. */
  readonly description: string
  /** Names the secret that signs; the secret itself is derived from it, and is on no topic. */
  readonly secretId: string
}

/** Every WebhookChange, in the order of the schema. */
export const webhookChangeSymbols = ['subscribed', 'updated', 'secretRotated', 'enabled', 'removed', 'unknown'] as const
/** What became of a subscription. */
export type WebhookChange = (typeof webhookChangeSymbols)[number]

/** A subscription was made, changed or ended. */
export interface WebhookChanged {
  readonly type: 'WebhookChanged'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Account that the subscription belongs to; also the record key. */
  readonly ownerId: string
  /** Id of the subscription. */
  readonly webhookId: string
  /** What was done. */
  readonly change: WebhookChange
  /** Public names of the events that it asks for now. */
  readonly eventTypes: readonly string[]
}

/** Nothing is sent for a subscription any more, until its owner enables it. */
export interface WebhookDisabled {
  readonly type: 'WebhookDisabled'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Account that the subscription belongs to; also the record key. */
  readonly ownerId: string
  /** Id of the subscription. */
  readonly webhookId: string
  /** Why. */
  readonly reason: WebhookStop
  /** Message that was given up. Null = it is about none. */
  readonly messageId: string | null
}

/** A message for one subscription: an event that it asked for, in its public form. */
export interface WebhookDue {
  readonly type: 'WebhookDue'
  /** Identity, time and causation of the event. */
  readonly meta: EventMeta
  /** Account that the subscription belongs to; also the record key. */
  readonly ownerId: string
  /** Id of the subscription. */
  readonly webhookId: string
  /** Id of the message: derived from event and subscription, the same over every try. */
  readonly messageId: string
  /** Public name of the event. */
  readonly eventType: string
  /** What the event is about, such as the order id. */
  readonly subject: string
  /** What is posted: JSON, byte by byte; never personal data. */
  readonly body: string
}

/** One subscription that is active, and what it asks for. */
export interface WebhookRoute {
  /** Id of the subscription. */
  readonly webhookId: string
  /** Account that it belongs to. */
  readonly ownerId: string
  /** Public names of the events, or of groups. */
  readonly eventTypes: readonly string[]
}

/** The active subscriptions of one task. All rows together say whom an event is told to. */
export interface WebhookRoutes {
  readonly type: 'WebhookRoutes'
  /** Partition of the task; as text the record key. */
  readonly partition: number
  /** Its active subscriptions. */
  readonly routes: readonly WebhookRoute[]
}

/** Every WebhookStop, in the order of the schema. */
export const webhookStopSymbols = ['exhausted', 'gone', 'owner', 'access', 'unknown'] as const
/** Why nothing is sent for a subscription: the tries of a message are used up, the endpoint says that it is gone for good, its owner wants it so, or what the owner may see has changed. */
export type WebhookStop = (typeof webhookStopSymbols)[number]

/** Every record that stands alone in a log, by its `type`. */
export interface MessageTypes {
  readonly OrderFact: OrderFact
  readonly PaymentFact: PaymentFact
  readonly ProductFact: ProductFact
  readonly StockFact: StockFact
  readonly InvariantViolated: InvariantViolated
  readonly CheckoutStarted: CheckoutStarted
  readonly ProductAddedToCart: ProductAddedToCart
  readonly ProductPurchased: ProductPurchased
  readonly ProductViewed: ProductViewed
  readonly RecordCheckoutStarted: RecordCheckoutStarted
  readonly RecordProductAddedToCart: RecordProductAddedToCart
  readonly RecordProductViewed: RecordProductViewed
  readonly ArchiveCategory: ArchiveCategory
  readonly ArchiveProduct: ArchiveProduct
  readonly CategoryArchived: CategoryArchived
  readonly CategoryCreated: CategoryCreated
  readonly CategoryMoved: CategoryMoved
  readonly CategoryRenamed: CategoryRenamed
  readonly CategoryView: CategoryView
  readonly ChangePrice: ChangePrice
  readonly CreateCategory: CreateCategory
  readonly CreateProduct: CreateProduct
  readonly MoveCategory: MoveCategory
  readonly ProductArchived: ProductArchived
  readonly ProductCreated: ProductCreated
  readonly ProductInventoryUpdated: ProductInventoryUpdated
  readonly ProductPriceChanged: ProductPriceChanged
  readonly ProductPublished: ProductPublished
  readonly ProductUnpublished: ProductUnpublished
  readonly ProductUpdated: ProductUpdated
  readonly ProductView: ProductView
  readonly PublishProduct: PublishProduct
  readonly RenameCategory: RenameCategory
  readonly UnpublishProduct: UnpublishProduct
  readonly UpdateProduct: UpdateProduct
  readonly SetCreditLimit: SetCreditLimit
  readonly ExperimentExposed: ExperimentExposed
  readonly RecordExposure: RecordExposure
  readonly FlagChanged: FlagChanged
  readonly ChangePassword: ChangePassword
  readonly CreateServiceAccount: CreateServiceAccount
  readonly DeleteUser: DeleteUser
  readonly EmailVerified: EmailVerified
  readonly LogIn: LogIn
  readonly LogOut: LogOut
  readonly OpenUser: OpenUser
  readonly PasswordChanged: PasswordChanged
  readonly ProfileUpdated: ProfileUpdated
  readonly RefreshSession: RefreshSession
  readonly RegisterUser: RegisterUser
  readonly ReleaseEmail: ReleaseEmail
  readonly RequestPasswordReset: RequestPasswordReset
  readonly ResetPassword: ResetPassword
  readonly RoleGranted: RoleGranted
  readonly RoleRevoked: RoleRevoked
  readonly SessionsRevoked: SessionsRevoked
  readonly SetRoles: SetRoles
  readonly UpdateProfile: UpdateProfile
  readonly UserDeleted: UserDeleted
  readonly UserLocked: UserLocked
  readonly UserLoggedIn: UserLoggedIn
  readonly UserRegistered: UserRegistered
  readonly UserUnlocked: UserUnlocked
  readonly VerifyEmail: VerifyEmail
  readonly ImportedInvoice: ImportedInvoice
  readonly ImportedOrderSettled: ImportedOrderSettled
  readonly AdjustStock: AdjustStock
  readonly AvailabilityChanged: AvailabilityChanged
  readonly BackOrderFilled: BackOrderFilled
  readonly BackOrderQueued: BackOrderQueued
  readonly BackOrderWithdrawn: BackOrderWithdrawn
  readonly ConfirmReservation: ConfirmReservation
  readonly ExtendReservation: ExtendReservation
  readonly HoldStock: HoldStock
  readonly LinesBackOrdered: LinesBackOrdered
  readonly LinesConfirmRejected: LinesConfirmRejected
  readonly LinesConfirmed: LinesConfirmed
  readonly LinesExpired: LinesExpired
  readonly LinesRejected: LinesRejected
  readonly LinesReleased: LinesReleased
  readonly LinesReserved: LinesReserved
  readonly LinesUnconfirmed: LinesUnconfirmed
  readonly LowStockDetected: LowStockDetected
  readonly RegisterSku: RegisterSku
  readonly ReleaseHold: ReleaseHold
  readonly ReleaseReservation: ReleaseReservation
  readonly ReservationConfirmed: ReservationConfirmed
  readonly ReservationExpired: ReservationExpired
  readonly ReservationUnconfirmed: ReservationUnconfirmed
  readonly ReserveStock: ReserveStock
  readonly Restock: Restock
  readonly SkuRegistered: SkuRegistered
  readonly StockAdjusted: StockAdjusted
  readonly StockDeducted: StockDeducted
  readonly StockReleased: StockReleased
  readonly StockReservationRejected: StockReservationRejected
  readonly StockReserved: StockReserved
  readonly UnconfirmReservation: UnconfirmReservation
  readonly LedgerPosted: LedgerPosted
  readonly CancelNotification: CancelNotification
  readonly MarkNotificationsRead: MarkNotificationsRead
  readonly NotificationCancelled: NotificationCancelled
  readonly NotificationDelivered: NotificationDelivered
  readonly NotificationFailed: NotificationFailed
  readonly NotificationReceipt: NotificationReceipt
  readonly NotificationRequested: NotificationRequested
  readonly NotificationSent: NotificationSent
  readonly SetNotificationPreferences: SetNotificationPreferences
  readonly AmendOrder: AmendOrder
  readonly ApproveReturn: ApproveReturn
  readonly CancelOrder: CancelOrder
  readonly CommandRejected: CommandRejected
  readonly CompensateOrder: CompensateOrder
  readonly OrderActionRequired: OrderActionRequired
  readonly OrderAmended: OrderAmended
  readonly OrderBackOrdered: OrderBackOrdered
  readonly OrderCancelled: OrderCancelled
  readonly OrderCompensationStarted: OrderCompensationStarted
  readonly OrderConfirmed: OrderConfirmed
  readonly OrderCreated: OrderCreated
  readonly OrderDelivered: OrderDelivered
  readonly OrderFailed: OrderFailed
  readonly OrderInventoryReserved: OrderInventoryReserved
  readonly OrderLinesCancelled: OrderLinesCancelled
  readonly OrderPartiallyReturned: OrderPartiallyReturned
  readonly OrderPartiallyShipped: OrderPartiallyShipped
  readonly OrderPaymentAuthorized: OrderPaymentAuthorized
  readonly OrderPaymentCompleted: OrderPaymentCompleted
  readonly OrderPaymentInitiated: OrderPaymentInitiated
  readonly OrderRejected: OrderRejected
  readonly OrderReturnDeclined: OrderReturnDeclined
  readonly OrderReturnRequested: OrderReturnRequested
  readonly OrderReturned: OrderReturned
  readonly OrderRiskCleared: OrderRiskCleared
  readonly OrderRiskReviewRequested: OrderRiskReviewRequested
  readonly OrderShipped: OrderShipped
  readonly OrderTimedOut: OrderTimedOut
  readonly OrderView: OrderView
  readonly PlaceOrder: PlaceOrder
  readonly ReceiveReturn: ReceiveReturn
  readonly RequestReturn: RequestReturn
  readonly RetryPayment: RetryPayment
  readonly ReviewDecision: ReviewDecision
  readonly ShipOrder: ShipOrder
  readonly AuthorizePayment: AuthorizePayment
  readonly CapturePayment: CapturePayment
  readonly PaymentAuthorized: PaymentAuthorized
  readonly PaymentCallback: PaymentCallback
  readonly PaymentCreated: PaymentCreated
  readonly PaymentDeferred: PaymentDeferred
  readonly PaymentFailed: PaymentFailed
  readonly PaymentPartiallyRefunded: PaymentPartiallyRefunded
  readonly PaymentRefunded: PaymentRefunded
  readonly PaymentSucceeded: PaymentSucceeded
  readonly PaymentVoided: PaymentVoided
  readonly RefundFailed: RefundFailed
  readonly RefundPayment: RefundPayment
  readonly VoidPayment: VoidPayment
  readonly EraseSubject: EraseSubject
  readonly SubjectErased: SubjectErased
  readonly CreditNoteMatched: CreditNoteMatched
  readonly CreditNoteUnmatched: CreditNoteUnmatched
  readonly CreditedOrderWithdrawn: CreditedOrderWithdrawn
  readonly RefundIssued: RefundIssued
  readonly ReturnApproved: ReturnApproved
  readonly ReturnDeclined: ReturnDeclined
  readonly ReturnExpired: ReturnExpired
  readonly ReturnReceived: ReturnReceived
  readonly ReturnRequested: ReturnRequested
  readonly AssessOrder: AssessOrder
  readonly ReleaseExposure: ReleaseExposure
  readonly RiskApproved: RiskApproved
  readonly RiskRejected: RiskRejected
  readonly RiskReviewRequired: RiskReviewRequired
  readonly CancelShipment: CancelShipment
  readonly ConfirmDelivery: ConfirmDelivery
  readonly CreateShipment: CreateShipment
  readonly RecordDeliveryAttempt: RecordDeliveryAttempt
  readonly RecordTracking: RecordTracking
  readonly ShipmentCancelled: ShipmentCancelled
  readonly ShipmentCreated: ShipmentCreated
  readonly ShipmentDelayed: ShipmentDelayed
  readonly ShipmentDelivered: ShipmentDelivered
  readonly ShipmentDeliveryFailed: ShipmentDeliveryFailed
  readonly ShipmentInTransit: ShipmentInTransit
  readonly ShipmentOutForDelivery: ShipmentOutForDelivery
  readonly ShipmentPickedUp: ShipmentPickedUp
  readonly ShipmentRefused: ShipmentRefused
  readonly ShipmentReturned: ShipmentReturned
  readonly ShipmentTrackingUpdated: ShipmentTrackingUpdated
  readonly AssessedOrder: AssessedOrder
  readonly BackOrderState: BackOrderState
  readonly CategoryTree: CategoryTree
  readonly ChannelLetter: ChannelLetter
  readonly CountedOrder: CountedOrder
  readonly CountedSku: CountedSku
  readonly DecidedCommand: DecidedCommand
  readonly EmailClaim: EmailClaim
  readonly Erasure: Erasure
  readonly GatewayRequest: GatewayRequest
  readonly ImportAccountState: ImportAccountState
  readonly ImportCreditNoteState: ImportCreditNoteState
  readonly ImportInvoiceState: ImportInvoiceState
  readonly ImportPurchasesState: ImportPurchasesState
  readonly KeyDestruction: KeyDestruction
  readonly LedgerBook: LedgerBook
  readonly NotificationState: NotificationState
  readonly OrderAudit: OrderAudit
  readonly OrderState: OrderState
  readonly PaymentIndexEntry: PaymentIndexEntry
  readonly PaymentState: PaymentState
  readonly ProcessedCommand: ProcessedCommand
  readonly ProductAvailability: ProductAvailability
  readonly ProductState: ProductState
  readonly ReaderHistory: ReaderHistory
  readonly ReaderProfile: ReaderProfile
  readonly ReservationState: ReservationState
  readonly RiskAccount: RiskAccount
  readonly ShipmentIndexEntry: ShipmentIndexEntry
  readonly ShipmentState: ShipmentState
  readonly StockAudit: StockAudit
  readonly StockAuditLog: StockAuditLog
  readonly StockState: StockState
  readonly UserState: UserState
  readonly WebhookCall: WebhookCall
  readonly WebhookDelivery: WebhookDelivery
  readonly WebhookState: WebhookState
  readonly WebhookTurn: WebhookTurn
  readonly ChangeWebhook: ChangeWebhook
  readonly PingWebhook: PingWebhook
  readonly RemoveWebhook: RemoveWebhook
  readonly ResendWebhook: ResendWebhook
  readonly RotateWebhookSecret: RotateWebhookSecret
  readonly SubscribeWebhook: SubscribeWebhook
  readonly WebhookChanged: WebhookChanged
  readonly WebhookDisabled: WebhookDisabled
  readonly WebhookDue: WebhookDue
  readonly WebhookRoutes: WebhookRoutes
}

/** Names of the records that stand alone in a log. */
export type MessageName = keyof MessageTypes
