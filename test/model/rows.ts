import { type Cell } from './cell.ts'

const rowsOfCells = new WeakMap<Cell, Map<string, readonly unknown[]>>()

/** The rows of one type in a cell, remembered. */
export function rowsOf<Row> (cell: Cell, type: string): readonly Row[] {
  const known = rowsOfCells.get(cell) ?? new Map<string, readonly unknown[]>()
  let rows = known.get(type)
  if (rows === undefined) {
    rows = Object.values(cell.rows).filter(row => row.type === type)
    rowsOfCells.set(cell, known.set(type, rows))
  }
  return rows as readonly Row[]
}
