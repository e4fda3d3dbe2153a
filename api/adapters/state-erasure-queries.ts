import { type StateQueryOptions } from '../../streams/state/query.ts'
import { erasureStore, privacyName } from '../../topology/privacy/process-privacy.ts'
import { customerKeyId, guestKeyId } from '../../topology/privacy/subject.ts'
import { type ErasureQueries } from '../privacy/ports.ts'
import { createStateRows } from './state-rows.ts'

/** Reads erasures where the privacy processor keeps them, by whom they are about. */
export function createStateErasureQueries (options: StateQueryOptions): ErasureQueries {
  const rows = createStateRows(options, privacyName)
  return {
    read: async subject => await rows.read(subject, erasureStore, customerKeyId(subject)) ?? await rows.read(subject, erasureStore, guestKeyId(subject))
  }
}
