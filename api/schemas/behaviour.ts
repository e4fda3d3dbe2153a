import { type Static, type TSchema, Type } from 'typebox'
import { Sku } from './inventory.ts'

const strict = { additionalProperties: false } as const

const common = {
  eventId: Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$', description: 'Id of your own, unique in the session: repeat it when you repeat the event.' }),
  sessionId: Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$', description: 'Session of the visitor: made up by you, about nobody.' }),
  at: Type.String({ format: 'date-time', description: 'When it happened: not more than 24 hours ago, nor more than 5 minutes ahead.' })
}
const kind = <Name extends string>(name: Name, more: Readonly<Record<string, TSchema>> = {}, description = '') =>
  Type.Object({ type: Type.Literal(name), ...common, ...more }, { ...strict, description })

const sku = { sku: Sku }

/** What a client may tell, by its type. Purchases are told by the orders themselves. */
export const visitSchemas = {
  ProductViewed: kind('ProductViewed', sku, 'A visitor looked at a product.'),
  ProductAddedToCart: kind('ProductAddedToCart', {
    ...sku, quantity: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Pieces.' })
  }, 'A visitor put a product into the cart.'),
  CheckoutStarted: kind('CheckoutStarted', {
    orderId: Type.Optional(Type.Union([Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }), Type.Null()], {
      description: 'The order that it led to, once there is one: it ties the session to what was bought.'
    }))
  }, 'A visitor went to the checkout.')
} as const
export type VisitType = keyof typeof visitSchemas

/** A visit as it stands in a body, once its schema has passed it. */
export interface VisitBody {
  readonly type: VisitType
  readonly eventId: string
  readonly sessionId: string
  readonly at: string
  readonly sku?: string
  readonly quantity?: number
  readonly orderId?: string | null
}

/** Events of a request at most, and its bytes. */
export const maxEvents = 500
export const maxBehaviourBytes = 512 * 1024

/** The body as it is described. */
export const BehaviourBodySchema = Type.Object({
  events: Type.Array(Type.Union(Object.values(visitSchemas)), { minItems: 1, maxItems: maxEvents })
}, {
  ...strict,
  description: 'What visitors did, of one or many sessions.',
  examples: [{ events: [{ type: 'ProductViewed', eventId: 'view-0001', sessionId: 'session-4711', at: '2026-03-01T12:00:00Z', sku: 'DEMO-MUG' }] }]
})

/** The body as it is checked first: each event is judged alone, so that a bad one does not stop the others. */
export const BehaviourEnvelopeSchema = Type.Object({ events: Type.Array(Type.Unknown(), { minItems: 1, maxItems: maxEvents }) }, strict)
export type BehaviourEnvelope = Static<typeof BehaviourEnvelopeSchema>

export const BehaviourAnswerSchema = Type.Object({
  accepted: Type.Integer({ description: 'Events that are in the log.' }),
  refused: Type.Array(Type.Object({
    index: Type.Integer({ description: 'Place of the event in the request, from 0.' }),
    field: Type.String({ description: 'JSON pointer into the body.' }),
    message: Type.String()
  }), { description: 'Events that will never be taken, one entry each: do not send them again as they are.' })
}, { description: 'What became of the events.' })
