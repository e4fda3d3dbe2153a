import { invariants, meanings } from '../detectors/index.ts'
import { type RowResult } from './run-row.ts'

/** What a run of the table was. */
export interface TableFigures {
  readonly seed: string
  readonly orders: number
  readonly seconds: number
  readonly versions: Readonly<Record<string, string>>
}

export function isPassed ({ faults }: RowResult): boolean {
  return faults.length === 0
}

/** One line with everything that a run came to. */
export function lastLine (results: readonly RowResult[], { seed, orders, seconds }: TableFigures): string {
  const failed = results.filter(result => !isPassed(result)).length
  return `fault table: ${results.length} rows run, ${results.length - failed} passed, ${failed} failed, ${seconds} s, ${orders} orders a row, seed ${seed}`
}

/** Faults × invariants as a Markdown table, and what each row did. `✓n`: so many things were looked at and are right. */
export function formatReport (results: readonly RowResult[], figures: TableFigures): string {
  const versions = Object.entries(figures.versions).map(([name, version]) => `${name} ${version}`).join(', ')
  return [
    `${new Date().toISOString().slice(0, 10)}, ${figures.seconds} s, seed ${figures.seed}, ${figures.orders} orders a row; ${versions}, Node ${process.versions.node}`,
    '',
    `| # | fault | ${invariants.join(' | ')} | s | result |`,
    `| --- | --- | ${invariants.map(() => '---').join(' | ')} | --- | --- |`,
    ...results.map(result => `| ${result.row.number} | ${result.row.fault} | ${invariants.map(name => cell(result, name)).join(' | ')} | ${result.seconds} | ${word(result)} |`),
    '',
    ...invariants.map(name => `- **${name}** ${meanings[name]}`),
    '',
    '| # | what is done | what is not shown |',
    '| --- | --- | --- |',
    ...results.map(({ row }) => `| ${row.number} | ${row.done} | ${row.missing ?? ''} |`),
    ''
  ].join('\n')
}

function cell ({ verdicts, row }: RowResult, name: typeof invariants[number]): string {
  const verdict = verdicts[name]
  if (verdict === undefined) return '·'
  if (row.breaks?.includes(name) === true) return verdict.findings.length > 0 ? 'found' : 'NOT FOUND'
  return verdict.findings.length === 0 ? `✓${verdict.checked}` : `✗${verdict.findings.length}`
}

function word (result: RowResult): string {
  return isPassed(result) ? 'passed' : 'failed'
}
