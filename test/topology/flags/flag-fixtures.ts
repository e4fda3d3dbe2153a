import { type FlagChanged } from '#schemas'
import { type FlagWish, defineFlag } from '../../../topology/flags/define-flag.ts'

export const author = { changedAt: 5, changedBy: 'admin-1', reason: 'a test' } as const

/** An experiment of two variants, half and half. */
export const halves: FlagWish = {
  enabled: true,
  kind: 'string',
  variants: [{ name: 'control', value: 'old', weightBp: 5000 }, { name: 'treatment', value: 'new', weightBp: 5000 }],
  variant: 'control',
  experiment: true
}

/** The row of a wish that breaks no rule. */
export function flagOf (name: string, wish: FlagWish, before?: FlagChanged): FlagChanged {
  const defined = defineFlag(name, wish, author, before)
  if ('faults' in defined) throw new Error(JSON.stringify(defined.faults))
  return defined.flag
}
