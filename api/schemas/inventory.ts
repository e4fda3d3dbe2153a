import { type Static, Type } from 'typebox'
import { reservationStatusSymbols } from '#schemas'
import { instant, nullable, uuid } from './order.ts'

const strict = { additionalProperties: false } as const
const pieces = (description: string) => Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: `${description} Pieces.` })

/** A stock keeping unit in a path or a body; read in upper case. */
export const Sku = Type.String({ pattern: '^[!-~]([ -~]{0,62}[!-~])?$', description: 'Stock keeping unit; read in upper case.' })

/** The stock of one SKU. */
export const StockBodySchema = Type.Object({
  sku: Type.String(),
  onHand: pieces('On hand, the reserved part included.'),
  reserved: pieces('Held by orders that are not shipped yet.'),
  available: pieces('On hand and not reserved.'),
  waiting: pieces('Asked for by orders that wait for stock: they come before new ones.'),
  reorderLevel: pieces('At or below this the stock is low.'),
  version: Type.Integer({ description: 'Changes of the stock, counted from 1; also in the ETag.' })
}, { description: 'The stock of one SKU.' })

/** A page of SKUs. */
export const StockPageSchema = Type.Object({
  items: Type.Array(Type.Object({
    sku: Type.String(),
    onHand: pieces('On hand, the reserved part included.'),
    reserved: pieces('Held by orders that are not shipped yet.'),
    available: pieces('On hand and not reserved.'),
    reorderLevel: pieces('At or below this the stock is low.')
  })),
  next: Type.Union([Type.String(), Type.Null()], { description: 'Value of `after` for the next page; null on the last.' })
})

/** A page of what orders hold. */
export const ReservationPageSchema = Type.Object({
  items: Type.Array(Type.Object({
    orderId: Type.String(),
    sku: Type.String(),
    quantity: pieces('Reserved and not taken off the stock yet.'),
    since: Type.String({ format: 'date-time', description: 'When they were reserved.' })
  })),
  next: Type.Union([Type.String(), Type.Null()], { description: 'Value of `after` for the next page; null on the last.' })
})

/** A page of SKUs that are low. */
export const LowStockBodySchema = Type.Object({
  items: Type.Array(Type.Object({ sku: Type.String(), available: pieces('On hand and not reserved.'), reorderLevel: pieces('At or below this the stock is low.') })),
  next: Type.Union([Type.String(), Type.Null()], { description: 'Value of `after` for the next page; null on the last.' })
})

export const RegisterSkuBodySchema = Type.Object({
  sku: Sku, openingStock: pieces('Stock at the beginning.'), reorderLevel: pieces('At or below this the stock is low.')
}, { ...strict, description: 'A SKU that is new.', examples: [{ sku: 'DEMO-MUG', openingStock: 100, reorderLevel: 10 }] })

export const RestockBodySchema = Type.Object({
  quantity: Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Pieces that came in.' })
}, { ...strict, description: 'A delivery.', examples: [{ quantity: 48 }] })

export const AdjustStockBodySchema = Type.Object({
  delta: Type.Integer({ minimum: -1_000_000_000, maximum: 1_000_000_000, not: { const: 0 }, description: 'Pieces found (above 0) or written off (below 0).' }),
  reason: Type.String({ minLength: 1, maxLength: 200, description: 'Why, in words for people.' })
}, { ...strict, description: 'A correction of the stock by hand.', examples: [{ delta: -1, reason: 'broken in the warehouse' }] })

const Reference = Type.String({ minLength: 1, maxLength: 200, description: 'What they are held for, in words for people; never personal data.' })
const ReservationId = uuid('Id of the reservation: a UUID in lower case.')

/** Path of one reservation by hand. */
export const HoldParams = Type.Object({ sku: Sku, id: ReservationId })

export const HoldBodySchema = Type.Object({
  quantity: Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Pieces to hold, all or none.' }),
  expiresInS: Type.Integer({ minimum: 60, maximum: 90 * 86_400, description: 'How long they are held unless they are released before, seconds.' }),
  reference: Reference
}, { ...strict, description: 'A reservation by hand.', examples: [{ quantity: 12, expiresInS: 86_400, reference: 'photo shoot' }] })

/** A reservation by hand. */
export const HoldSchema = Type.Object({
  reservationId: ReservationId,
  sku: Type.String(),
  quantity: pieces('Asked for; they are held while the status is reserved.'),
  status: Type.Enum(reservationStatusSymbols, { description: 'Where it stands.' }),
  reference: Reference,
  expiresAt: nullable(instant('When it ends by itself; null when it never held anything.')),
  endedAt: nullable(instant('When it was released, expired or was rejected; null = it holds its pieces.'))
}, { description: 'A reservation by hand.' })

/** The answer to an accepted reservation by hand, or to its release. */
export const AcceptedHold = Type.Object({
  reservationId: ReservationId,
  status: Type.Literal('accepted'),
  location: Type.String({ description: 'Where the reservation can be read.' })
}, { description: 'It is in the log and will not be lost.' })

/** The answer to an accepted change of the stock. */
export const AcceptedStock = Type.Object({
  sku: Type.String(),
  status: Type.Literal('accepted'),
  location: Type.String({ description: 'Where the stock can be read.' })
}, { description: 'The change is in the log and will not be lost.' })

export type HoldBody = Static<typeof HoldSchema>
export type StockBody = Static<typeof StockBodySchema>
