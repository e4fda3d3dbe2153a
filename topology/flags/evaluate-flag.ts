import { type FlagChanged, type FlagVariant } from '#schemas'
import { bucketOf, isIn } from './buckets.ts'

/** Who asks, and what is known of it. `targetingKey` is the subject: a session or a customer. */
export interface Asker { readonly targetingKey?: string | undefined, readonly [attribute: string]: unknown }

export type FlagValueJson = boolean | string | number | object

/**
 * What a flag gives to an asker. Why: `static` nothing depends on the asker; `rule` the first rule that matched; `split` the lot; `default` no
 * rule matched, or the asker's place in the layer takes no part. `off` and `keyless` give nothing: the asker falls back to what it likes.
 */
export type Evaluation =
  | { readonly kind: 'given', readonly value: FlagValueJson, readonly variant: string | undefined, readonly why: 'static' | 'rule' | 'split' | 'default' }
  | { readonly kind: 'off' }
  | { readonly kind: 'keyless' }

/** Evaluates a flag. Pure: the same row and the same asker give the same, in every process and for ever. */
export function evaluateFlag (flag: FlagChanged, asker: Asker): Evaluation {
  if (flag.variants.length === 0) return { kind: 'given', value: flag.enabled, variant: undefined, why: 'static' }
  if (!flag.enabled) return { kind: 'off' }
  const rule = flag.rules.find(({ attribute, values }) => isOne(asker[attribute], values))
  if (rule !== undefined) return give(flag, rule.variant, 'rule')
  const isSplit = flag.variants.some(({ buckets }) => buckets.length > 0)
  if (!isSplit) return give(flag, flag.variant, flag.rules.length === 0 ? 'static' : 'default')
  const { targetingKey } = asker
  if (targetingKey === undefined || targetingKey === '') return { kind: 'keyless' }
  if (!takesPart(flag, targetingKey)) return give(flag, flag.variant, 'default')
  const bucket = bucketOf(saltOf(flag), targetingKey)
  return give(flag, flag.variants.find(({ buckets }) => isIn(buckets, bucket))?.name ?? null, 'split')
}

/** What subjects of a flag are hashed with. */
export function saltOf ({ salt, name }: Pick<FlagChanged, 'salt' | 'name'>): string {
  return salt === '' ? name : salt
}

/** The place of a subject in a layer is drawn apart from its variant: the share that takes part is split like all subjects. */
function takesPart ({ layer }: FlagChanged, subject: string): boolean {
  if (layer === null) return true
  return isIn([layer], bucketOf(`layer/${layer.name}`, subject))
}

function isOne (attribute: unknown, values: readonly string[]): boolean {
  const isPlain = typeof attribute === 'string' || typeof attribute === 'number' || typeof attribute === 'boolean'
  return isPlain && values.includes(String(attribute))
}

/** @throws {Error} for a row that the door would not have written: a variant that is none of the flag's, or a value that is no JSON. */
function give (flag: FlagChanged, name: string | null, why: Extract<Evaluation, { kind: 'given' }>['why']): Evaluation {
  const variant = flag.variants.find(each => each.name === name)
  if (variant === undefined) throw new Error(`the flag ${flag.name} has no variant ${String(name)}`)
  return { kind: 'given', value: valueOf(variant), variant: variant.name, why }
}

function valueOf ({ value }: FlagVariant): FlagValueJson {
  return JSON.parse(value) as FlagValueJson
}
