import { Type } from 'typebox'

const strict = { additionalProperties: false } as const

const Names = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 20, description: 'Names of the experiments.' })
const AttributeName = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' })
const Attributes = Type.Record(AttributeName, Type.Union([Type.String({ maxLength: 256 }), Type.Number(), Type.Boolean()]), {
  ...strict, propertyNames: AttributeName, maxProperties: 20, description: 'What rules of the experiments may look at, as the client says. No personal data.'
})

export const AssignSessionBodySchema = Type.Object({
  sessionId: Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$', description: 'Session of the visitor, the same as in its behaviour.' }),
  experiments: Names,
  attributes: Type.Optional(Attributes)
}, { ...strict, description: 'Whose variants of which experiments.', examples: [{ sessionId: 'session-4711', experiments: ['checkout-button'] }] })

export const AssignMeBodySchema = Type.Object({ experiments: Names, attributes: Type.Optional(Attributes) }, {
  ...strict, description: 'Which experiments.', examples: [{ experiments: ['checkout-button'] }]
})

export const AssignmentsBodySchema = Type.Object({
  items: Type.Array(Type.Object({
    experiment: Type.String(),
    variant: Type.Union([Type.String(), Type.Null()], { description: 'Null = none: fall back to what you do without the experiment.' }),
    value: Type.Unknown({ description: 'Value of the variant; null without one.' }),
    reason: Type.String({ description: 'SPLIT by lot, TARGETING_MATCH by a rule, DEFAULT or STATIC for whoever takes no part, DISABLED, ERROR.' }),
    errorCode: Type.Union([Type.String(), Type.Null()], { description: 'FLAG_NOT_FOUND where there is no such experiment.' })
  }))
}, { description: 'A variant for each experiment, in the order in which they were asked for.' })
