import { OpsError } from '../errors.ts'
import { type Invoice } from './invoice-window.ts'
import { readInvoices } from './read-invoices.ts'
import { inspectFile } from './source-file.ts'
import { type Survey } from './survey.ts'

/**
 * Reads the invoices of a surveyed file a second time, without the rows that were found bad.
 *
 * @throws {OpsError} OPS_IMPORT_FILE_CHANGED, before the first invoice where size or time tell, at the end where only the content does.
 */
export async function * readAgain ({ file, sha256, leftOut }: Survey, signal: AbortSignal): AsyncGenerator<readonly Invoice[]> {
  const changed = (): never => { throw new OpsError('OPS_IMPORT_FILE_CHANGED', { file: file.path }) }
  const now = await inspectFile(file.path)
  if (now.sizeBytes !== file.sizeBytes || now.modifiedMs !== file.modifiedMs) changed()
  const reading = readInvoices({ file, onFault: changed, leaveOut: leftOut.lines, remember: false, signal })
  yield * reading.batches
  if (reading.sha256() !== sha256) changed()
}
