import { Type } from 'typebox'
import { flagNames } from '../../topology/flags/flags.ts'

/** Name of a flag in a path. */
export const FlagParams = Type.Object({ name: Type.Enum(Object.keys(flagNames), { description: 'Name of the flag.' }) })

export const SetFlagBodySchema = Type.Object({
  enabled: Type.Boolean({ description: 'Whether it is on.' }),
  variant: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Which variant, where there is more than one.' })),
  reason: Type.Optional(Type.String({ maxLength: 200, description: 'Why, in words for people; no personal data.' }))
}, { additionalProperties: false, description: 'A flag as it is to stand.', examples: [{ enabled: true, reason: 'stocktaking until noon' }] })

/** A flag as it stands. */
export const FlagBodySchema = Type.Object({
  name: Type.String(),
  enabled: Type.Boolean(),
  variant: Type.Union([Type.String(), Type.Null()]),
  reason: Type.String(),
  changedAt: Type.String({ format: 'date-time' }),
  changedBy: Type.Union([Type.String(), Type.Null()], { description: 'Subject of the token that changed it; null = nobody, or by topic.' }),
  description: Type.String({ description: 'What it does.' })
}, { description: 'A switch of the platform.' })

export const FlagsBodySchema = Type.Object({ items: Type.Array(FlagBodySchema) }, { description: 'Every flag, by name.' })
