import { type FlagChanged } from '#schemas'
import { defineGlobalTable } from '../../streams/processor.ts'
import { topics } from '../topics.ts'

/** Every switch of the platform, with what it does: a name that is not here is a mistake, and no flag. */
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

/** Every flag as it stands before anybody has touched it: written once, so that no reader has to find out that there is none. */
export function initialFlags (nowMs: number): readonly FlagChanged[] {
  return Object.keys(flagNames).map(name => ({
    type: 'FlagChanged', name, enabled: false, variant: null, reason: 'as the platform begins', changedAt: nowMs, changedBy: null
  }))
}
