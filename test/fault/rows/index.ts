import { analyticsRows } from './analytics.ts'
import { brokerRows } from './broker.ts'
import { endRows } from './end.ts'
import { inputRows } from './input.ts'
import { keyRows } from './keys.ts'
import { processorRows } from './processors.ts'
import { providerRows } from './provider.ts'
import { type Row } from './row.ts'
import { stateRows } from './state.ts'
import { upgradeRows } from './upgrade.ts'

export { type Row, groups } from './row.ts'

/** The fault table, by number; what breaks something on purpose comes last in its group. */
export const rows: readonly Row[] = [
  ...processorRows, ...brokerRows, ...stateRows, ...inputRows, ...keyRows, ...providerRows, ...analyticsRows, ...upgradeRows, ...endRows
]
  .sort((a, b) => Number(a.breaks !== undefined) - Number(b.breaks !== undefined) || a.number - b.number)
