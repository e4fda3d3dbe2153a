import { type Static, Type } from 'typebox'

const strict = { additionalProperties: false } as const
const money = (description: string) => Type.String({ pattern: '^\\d{1,14}\\.\\d{4}$', description: `${description} Decimal text with four places.` })
const amounts = (description: string) => Type.Array(Type.Object({ currency: Type.String(), amount: money('The amount.') }), { description })

/** Id of a customer in a path: the subject of his tokens. */
export const CustomerParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100, description: 'Customer id.' }) })

/** What a person says of an order on risk review. */
export const ReviewOrderBodySchema = Type.Object({
  approved: Type.Boolean({ description: 'true: the order goes on to its payment. false: it is cancelled.' }),
  reason: Type.String({ minLength: 1, maxLength: 200, description: 'Why, in words for people; no personal data.' })
}, { ...strict, description: 'The decision on an order that is on risk review.', examples: [{ approved: true, reason: 'known for years' }] })

export const CreditLimitBodySchema = Type.Object({
  currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code; each currency has a limit of its own.' }),
  limit: Type.Union([
    Type.String({ pattern: '^\\d{1,14}(\\.\\d{1,4})?$', description: 'Most that the customer may owe: orders that are neither paid nor over. Decimal text.' }),
    Type.Null()
  ], { description: 'null removes the limit in this currency.' })
}, { ...strict, description: 'A credit limit.', examples: [{ currency: 'GBP', limit: '500.00' }] })
export type CreditLimitBody = Static<typeof CreditLimitBodySchema>

/** What a customer may owe, and owes. */
export const CreditBodySchema = Type.Object({
  customerId: Type.String(),
  limits: amounts('Most that may be owed, by currency; a currency that is not here has no limit.'),
  owed: amounts('Orders that are neither paid nor over, by currency.')
}, { description: 'The credit of a customer.' })

/** The answer to an accepted credit limit. */
export const AcceptedLimit = Type.Object({
  customerId: Type.String(), status: Type.Literal('accepted'), location: Type.String({ description: 'Where the credit of the customer can be read.' })
}, { description: 'The limit is in the log and will not be lost.' })
