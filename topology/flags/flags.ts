import { type FlagChanged } from '#schemas'
import { defineGlobalTable } from '../../streams/processor.ts'
import { topics } from '../topics.ts'

/** Every switch of the platform, with what it does: processors and the API act on these, so that they are always there. */
export const flagNames = {
  maintenance: 'No orders are taken: those of the storefront and the API are cancelled once they are assessed, before any money is asked for.'
} as const satisfies Record<string, string>
export type FlagName = keyof typeof flagNames

/** The flags, whole in each process. */
export const flagsTable = defineGlobalTable('flags', topics.flags.state)

/** A flag as a decision reads it: copy the version into what is decided. */
export interface FlagReading { readonly enabled: boolean, readonly version: number | null }

/** What the table says about a flag: one that was never set is off. */
export function readFlag (row: { readonly value: Pick<FlagChanged, 'enabled'>, readonly version: bigint } | undefined): FlagReading {
  return row === undefined ? { enabled: false, version: null } : { enabled: row.value.enabled, version: Number(row.version) }
}

export function isFlagName (name: string): name is FlagName {
  return Object.hasOwn(flagNames, name)
}

/** A row of a switch: it has no variants, and gives whether it is on. */
export function switchRow (
  { name, enabled, reason, changedAt, changedBy }: Pick<FlagChanged, 'name' | 'enabled' | 'reason' | 'changedAt' | 'changedBy'>
): FlagChanged {
  return {
    type: 'FlagChanged',
    name,
    enabled,
    reason,
    changedAt,
    changedBy,
    variant: null,
    kind: 'boolean',
    description: '',
    variants: [],
    rules: [],
    salt: '',
    experiment: false,
    layer: null,
    deleted: false
  }
}

/** Every switch as it stands before anybody has touched it: written once, so that no reader has to find out that there is none. */
export function initialFlags (nowMs: number): readonly FlagChanged[] {
  return Object.keys(flagNames).map(name => switchRow({ name, enabled: false, reason: 'as the platform begins', changedAt: nowMs, changedBy: null }))
}
