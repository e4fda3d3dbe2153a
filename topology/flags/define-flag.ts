import { type BucketRange, type FlagChanged, type FlagKind, type FlagLayer } from '#schemas'
import { buckets, dealBuckets, widthOf } from './buckets.ts'
import { isFlagName } from './flags.ts'

/** A flag as somebody wants it. Weights in 1/10,000 of the subjects: all variants have one, or none has. */
export interface FlagWish {
  readonly enabled: boolean
  readonly kind?: FlagKind | undefined
  readonly description?: string | undefined
  readonly variants?: ReadonlyArray<{ readonly name: string, readonly value: unknown, readonly weightBp?: number | undefined }> | undefined
  readonly variant?: string | null | undefined
  readonly rules?: ReadonlyArray<{ readonly attribute: string, readonly values: readonly string[], readonly variant: string }> | undefined
  readonly salt?: string | undefined
  readonly experiment?: boolean | undefined
  readonly layer?: FlagLayer | null | undefined
}

/** Who changes a flag, when and why. */
export interface FlagAuthor { readonly changedAt: number, readonly changedBy: string | null, readonly reason: string }

/** A rule that a wish breaks; `field` is a JSON pointer into it. */
export interface FlagFault { readonly field: string, readonly message: string }

export type FlagDefinition = { readonly flag: FlagChanged } | { readonly faults: readonly FlagFault[] }

/** Bytes of one value as JSON at most. */
const maxValueBytes = 4096

/**
 * The row of a flag that somebody wants, or every rule that the wish breaks. Pure. `before`: the flag as it stands, whose subjects keep their
 * variants as far as the weights allow; `others`: all flags, for layers that may not overlap.
 */
export function defineFlag (
  name: string, wish: FlagWish, author: FlagAuthor, before: FlagChanged | undefined, others: Iterable<FlagChanged> = []
): FlagDefinition {
  const faults = isFlagName(name) ? switchFaults(wish) : [...shapeFaults(wish), ...weightFaults(wish), ...ruleFaults(wish), ...layerFaults(name, wish, others)]
  if (faults.length > 0) return { faults }
  const { kind = 'boolean', description = '', variants = [], variant = null, rules = [], salt = '', experiment = false, layer = null } = wish
  const isSplit = variants.some(({ weightBp }) => weightBp !== undefined)
  const dealt = isSplit ? dealBuckets(bucketsOf(before), variants.map(each => ({ name: each.name, weight: each.weightBp ?? 0 }))) : undefined
  return {
    flag: {
      type: 'FlagChanged',
      name,
      enabled: wish.enabled,
      variant,
      ...author,
      kind,
      description,
      variants: variants.map(each => ({ name: each.name, value: JSON.stringify(each.value), buckets: dealt?.get(each.name) ?? [] })),
      rules,
      salt,
      experiment,
      layer,
      deleted: false
    }
  }
}

/** A flag as a wish, to be changed in parts. */
export function wishOf (flag: FlagChanged): FlagWish {
  const isSplit = flag.variants.some(variant => variant.buckets.length > 0)
  if (flag.variants.length === 0) return { enabled: flag.enabled }
  return {
    enabled: flag.enabled,
    kind: flag.kind,
    description: flag.description,
    variants: flag.variants.map(each => {
      return { name: each.name, value: JSON.parse(each.value) as unknown, ...isSplit ? { weightBp: widthOf(each.buckets) } : {} }
    }),
    variant: flag.variant,
    rules: flag.rules,
    salt: flag.salt,
    experiment: flag.experiment,
    layer: flag.layer
  }
}

function bucketsOf (flag: FlagChanged | undefined): ReadonlyMap<string, readonly BucketRange[]> {
  return new Map(flag?.variants.map(({ name, buckets }) => [name, buckets]))
}

function switchFaults (wish: FlagWish): FlagFault[] {
  const { enabled: _enabled, variant, ...rest } = wish
  const given = Object.entries({ ...rest, ...variant === null ? {} : { variant } }).filter(([, value]) => value !== undefined)
  return given.map(([member]) => ({ field: `/${member}`, message: 'is nothing that a switch of the platform has: it is on or off' }))
}

function shapeFaults ({ kind, variants = [], variant, experiment, salt }: FlagWish): FlagFault[] {
  if (variants.length === 0) return [{ field: '/variants', message: 'is required: no switch of the platform has this name' }]
  const faults: FlagFault[] = []
  if (kind === undefined) faults.push({ field: '/kind', message: 'is required where there are variants' })
  for (const [index, { name, value }] of variants.entries()) {
    if (variants.findIndex(other => other.name === name) !== index) faults.push({ field: `/variants/${index}/name`, message: 'is the name of another variant' })
    if (kind !== undefined && kindOf(value) !== kind) faults.push({ field: `/variants/${index}/value`, message: `is no ${kind}` })
    const bytes = Buffer.byteLength(JSON.stringify(value) ?? '')
    if (bytes > maxValueBytes) faults.push({ field: `/variants/${index}/value`, message: `has ${bytes} bytes of JSON; ${maxValueBytes} are allowed` })
  }
  if (variant === undefined || variant === null) faults.push({ field: '/variant', message: 'is required: it counts where no rule matches and nothing is split' })
  else if (!variants.some(({ name }) => name === variant)) faults.push({ field: '/variant', message: 'is none of the variants' })
  const isSplit = variants.some(({ weightBp }) => weightBp !== undefined)
  if (experiment === true && !isSplit) faults.push({ field: '/experiment', message: 'needs weights: an experiment draws its subjects by lot' })
  if (!isSplit && salt !== undefined && salt !== '') faults.push({ field: '/salt', message: 'is of no use without weights' })
  return faults
}

function weightFaults ({ variants = [] }: FlagWish): FlagFault[] {
  const weights = variants.map(({ weightBp }) => weightBp)
  if (weights.every(weight => weight === undefined)) return []
  const faults = weights.flatMap((weight, index) => {
    const message = weightFault(weight)
    return message === undefined ? [] : [{ field: `/variants/${index}/weightBp`, message }]
  })
  const sum = weights.reduce<number>((total, weight) => total + (weight ?? 0), 0)
  if (faults.length === 0 && sum !== buckets) faults.push({ field: '/variants', message: `have weights of ${sum} basis points together; they must come to 10,000` })
  return faults
}

function weightFault (weight: number | undefined): string | undefined {
  if (weight === undefined) return 'is missing: all variants have a weight, or none has'
  return Number.isInteger(weight) && weight >= 0 && weight <= buckets ? undefined : 'is no whole number from 0 to 10,000'
}

function ruleFaults ({ rules = [], variants = [] }: FlagWish): FlagFault[] {
  return rules.flatMap(({ values, variant }, index) => [
    ...values.length === 0 ? [{ field: `/rules/${index}/values`, message: 'is empty: such a rule never matches' }] : [],
    ...variants.some(({ name }) => name === variant) ? [] : [{ field: `/rules/${index}/variant`, message: 'is none of the variants' }]
  ])
}

function layerFaults (name: string, { layer, variants = [] }: FlagWish, others: Iterable<FlagChanged>): FlagFault[] {
  if (layer === undefined || layer === null) return []
  const { from, to } = layer
  const isRange = Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= buckets
  if (!isRange) return [{ field: '/layer', message: 'is no range of the places 0 to 10,000' }]
  if (variants.every(({ weightBp }) => weightBp === undefined)) return [{ field: '/layer', message: 'is of no use without weights' }]
  return [...others].flatMap(other => {
    if (other.name === name || other.layer?.name !== layer.name || other.layer.from >= to || from >= other.layer.to) return []
    return [{ field: '/layer', message: `shares places with ${other.name}, which has ${other.layer.from} to ${other.layer.to}` }]
  })
}

function kindOf (value: unknown): FlagKind | 'nothing' {
  if (typeof value === 'boolean' || typeof value === 'string') return typeof value as FlagKind
  if (typeof value === 'number') return Number.isFinite(value) ? 'number' : 'nothing'
  return typeof value === 'object' && value !== null ? 'object' : 'nothing'
}
