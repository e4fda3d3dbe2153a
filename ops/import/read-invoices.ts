import { OpsError } from '../errors.ts'
import { type Columns, readHeader } from './columns.ts'
import { type CsvBreak, type CsvRecord, CsvSplitter } from './csv-splitter.ts'
import { type ImportRow, type RowFault, isFault, readRow } from './import-row.ts'
import { type Invoice, InvoiceWindow } from './invoice-window.ts'
import { type Reading, type SourceFile, readFileChunks } from './source-file.ts'

export interface ReadOptions {
  readonly file: SourceFile
  /** Takes a row that cannot be imported; what it throws ends the reading, else the row is left out. */
  readonly onFault: (fault: RowFault) => void
  /** Lines of rows to leave out without a word: they were found bad before, in a reading that saw more. */
  readonly leaveOut?: ReadonlySet<number>
  /** See InvoiceWindow. */
  readonly remember: boolean
  readonly signal: AbortSignal
}

/** A reading of a file as invoices. */
export interface InvoiceReading extends Pick<Reading, 'readBytes' | 'sha256'> {
  /** Rows that have become part of an invoice so far. */
  readonly rows: number
  /** The invoices in the order of their first rows, those of a chunk of the file at a time. Can be iterated once. */
  readonly batches: AsyncIterable<readonly Invoice[]>
}

/**
 * Reads a file as invoices, row by row, in memory for one chunk of the file and 50 invoices. Iterating throws OpsError when the
 * file as a whole cannot be read (see readFileChunks) or has other columns: OPS_IMPORT_COLUMNS_WRONG.
 */
export function readInvoices (options: ReadOptions): InvoiceReading {
  const { file, onFault, leaveOut, remember, signal } = options
  const reading = readFileChunks(file)
  const window = new InvoiceWindow({ remember })
  let rows = 0

  const add = (row: ImportRow | RowFault, batch: Invoice[]): void => {
    if (leaveOut?.has(row.line) === true) return
    if (isFault(row)) return onFault(row)
    const result = window.add(row)
    if (result !== undefined && 'problem' in result) return onFault(result)
    rows++
    if (result !== undefined) batch.push(result)
  }

  async function * batches (): AsyncGenerator<readonly Invoice[]> {
    let columns: Columns | undefined
    for await (const records of split(reading.chunks)) {
      signal.throwIfAborted()
      const batch: Invoice[] = []
      for (const record of records) {
        if (columns === undefined) columns = headerOf(record, file)
        else add(record.kind === 'break' ? faultOf(record, columns) : readRow(record.fields, columns, record.line), batch)
      }
      yield batch
    }
    yield window.end()
  }

  return {
    batches: batches(),
    get rows () { return rows },
    get readBytes () { return reading.readBytes },
    sha256: () => reading.sha256()
  }
}

async function * split (chunks: AsyncIterable<Buffer>): AsyncGenerator<ReadonlyArray<CsvRecord | CsvBreak>> {
  const splitter = new CsvSplitter()
  for await (const chunk of chunks) yield await splitter.push(chunk)
  yield await splitter.end()
}

function headerOf (record: CsvRecord | CsvBreak, { path }: SourceFile): Columns {
  const header = record.kind === 'break' ? `is no header: ${record.problem}` : readHeader(record.fields)
  if (typeof header === 'string') throw new OpsError('OPS_IMPORT_COLUMNS_WRONG', { file: path, line: record.line, problem: header })
  return header
}

function faultOf ({ line, column, problem }: CsvBreak, { names }: Columns): RowFault {
  return { line, column: names[column] ?? names.at(-1) ?? '', problem }
}
