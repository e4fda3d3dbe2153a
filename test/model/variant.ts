import { type OrderState } from '#schemas'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { type Cell } from './cell.ts'
import { type ProcessName, type Step, type StepResult } from './processes.ts'
import { type Scenario } from './scenario.ts'
import { type Output } from './scene-context.ts'

/** A defect put around the real step of one process. The model must find it. */
export interface Variant {
  /** What is broken, in words. */
  readonly breaks: string
  readonly process: ProcessName
  readonly around: (real: Step) => Step
  /** Disturbances that it takes to show. @default 1 */
  readonly bound?: number
  /** @default 'plenty' */
  readonly scenario?: Scenario
  /** One line in one partition is enough for it to show, and faster. @default false, two lines in two partitions */
  readonly isOfOneLine?: true
}

/** What a variant changes of a step. */
export type Changed = Partial<Pick<StepResult, 'cell' | 'outputs'>>

/** Changes what a real step left, where `change` answers with something. */
export const after = (change: (result: StepResult, type: string, before: Cell) => Changed | undefined) => (real: Step): Step => (cell, stimulus) => {
  const result = real(cell, stimulus)
  const type = stimulus.kind === 'record' ? stimulus.value.type : stimulus.kind
  return { ...result, ...change(result, type, cell) }
}

/** The rows of one type, changed. */
export function changeRows<Row extends TypedValue> (cell: Cell, type: Row['type'], change: (row: Row) => Partial<Row>): Cell {
  const rows = Object.entries(cell.rows).map(([key, row]) => [key, row.type === type ? { ...row, ...change(row as Row) } : row] as const)
  return { ...cell, rows: Object.fromEntries(rows) }
}

/** Does not send the compensations of that type to those partitions, and takes them for answered. */
export function forget ({ cell, outputs }: StepResult, type: string, isForgotten: (partition: number) => boolean): Changed {
  const partitionOf = ({ value }: Output): number => (value as TypedValue & { readonly partition: number }).partition
  const partitions = outputs.filter(({ value }) => value.type === type).map(partitionOf).filter(isForgotten)
  const returned = changeRows<OrderState>(cell, 'OrderState', ({ parts }) =>
    ({ parts: parts.map(part => partitions.includes(part.partition) ? { ...part, progress: 'returned' } : part) }))
  return {
    cell: partitions.length === 0 ? cell : returned,
    outputs: outputs.filter(output => output.value.type !== type || !partitions.includes(partitionOf(output)))
  }
}
