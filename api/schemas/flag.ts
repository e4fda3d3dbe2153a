import { type Static, Type } from 'typebox'

const strict = { additionalProperties: false } as const
const basisPoints = (description: string) => Type.Integer({ minimum: 0, maximum: 10_000, description })
const Reason = Type.String({ minLength: 1, maxLength: 200, description: 'Why, in words for people; no personal data.' })
const Name = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,63}$', description: 'Name of the flag.' })
const VariantName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', description: 'Name of the variant, once in its flag.' })

/** Name of a flag in a path. */
export const FlagParams = Type.Object({ name: Name })

const Variant = Type.Object({
  name: VariantName,
  value: Type.Unknown({ description: 'What it gives: of the kind of the flag, at most 4,096 bytes of JSON.' }),
  weightBp: Type.Optional(basisPoints('Share of the subjects, in 1/10,000: all variants have one, or none has; together they come to 10,000.'))
}, { ...strict, description: 'One of the values of a flag.' })

const Rule = Type.Object({
  attribute: Type.String({ minLength: 1, maxLength: 64, description: 'Attribute of the asker; `targetingKey` = the subject itself.' }),
  values: Type.Array(Type.String({ maxLength: 256 }), { maxItems: 100, description: 'It matches when the attribute, as text, is one of these.' }),
  variant: VariantName
}, { ...strict, description: 'Who gets a variant whatever the split says; the first rule that matches counts.' })

const Layer = Type.Object({
  name: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,63}$', description: 'Name of the layer.' }),
  from: basisPoints('First of the 10,000 places of the layer that take part.'),
  to: basisPoints('First place after them.')
}, { ...strict, description: 'A share of the subjects: flags of one layer have places apart, so that no subject is in two of them.' })

const definition = {
  kind: Type.Enum(['boolean', 'string', 'number', 'object'], { description: 'Of what kind the values are.' }),
  description: Type.String({ maxLength: 500, description: 'What it is for.' }),
  variants: Type.Array(Variant, { maxItems: 20 }),
  variant: Type.Union([VariantName, Type.Null()], { description: 'What counts where no rule matches and nothing is split.' }),
  rules: Type.Array(Rule, { maxItems: 50 }),
  salt: Type.String({ maxLength: 64, description: 'What subjects are hashed with: another one deals them anew. Empty = the name.' }),
  experiment: Type.Boolean({ description: 'True: it is told who got which variant, and clients may ask for theirs.' }),
  layer: Type.Union([Layer, Type.Null()])
}

/** A flag as it is to stand. A switch of the platform takes `enabled` alone. */
export const SetFlagBodySchema = Type.Object({
  enabled: Type.Boolean({ description: 'Whether it is on.' }), reason: Type.Optional(Reason), ...Type.Partial(Type.Object(definition)).properties
}, {
  ...strict, description: 'A flag as it is to stand. A switch of the platform takes `enabled` alone.', examples: [{ enabled: true, reason: 'stocktaking until noon' }]
})

/** What is to be another at a flag. */
export const PatchFlagBodySchema = Type.Object({
  enabled: Type.Optional(Type.Boolean({ description: 'Whether it is on.' })),
  reason: Reason,
  weights: Type.Optional(Type.Record(Type.String(), basisPoints('Share of the subjects, in 1/10,000.'), {
    propertyNames: VariantName, description: 'New weights of variants that are there, by name.'
  })),
  ...Type.Partial(Type.Object(definition)).properties
}, { ...strict, description: 'What is to be another; the rest stays.', examples: [{ enabled: false, reason: 'stocktaking is over' }] })

export const DeleteFlagQuery = Type.Object({ reason: Reason }, strict)

/** A flag as it stands. */
export const FlagBodySchema = Type.Object({
  name: Type.String(),
  enabled: Type.Boolean(),
  kind: Type.String(),
  variant: Type.Union([Type.String(), Type.Null()], { description: 'What counts where no rule matches and nothing is split; null for a switch.' }),
  variants: Type.Array(Type.Object({
    name: Type.String(), value: Type.Unknown(), weightBp: Type.Union([Type.Integer(), Type.Null()], { description: 'Null = the flag is not split.' })
  })),
  rules: Type.Array(Type.Object({ attribute: Type.String(), values: Type.Array(Type.String()), variant: Type.String() })),
  salt: Type.String(),
  experiment: Type.Boolean(),
  layer: Type.Union([Type.Object({ name: Type.String(), from: Type.Integer(), to: Type.Integer() }), Type.Null()]),
  reason: Type.String(),
  changedAt: Type.String({ format: 'date-time' }),
  changedBy: Type.Union([Type.String(), Type.Null()], { description: 'Subject of the token that changed it; null = nobody, or by topic.' }),
  description: Type.String({ description: 'What it does.' })
}, { description: 'A switch of the platform, or a flag with variants.' })
export type FlagBody = Static<typeof FlagBodySchema>

export const FlagsBodySchema = Type.Object({ items: Type.Array(FlagBodySchema) }, { description: 'Every flag, by name.' })
