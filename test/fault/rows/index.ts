import { processorRows } from './processors.ts'
import { type Row } from './row.ts'

export { type Row, groups } from './row.ts'

/** The fault table, by number. */
export const rows: readonly Row[] = [...processorRows].sort((a, b) => a.number - b.number)
