import { isHeard, type PlainSend, publish } from '../diagnostics.ts'
import { ensureError } from '../errors.ts'
import { type OutgoingRecord } from '../record.ts'
import { type PlainProducer } from './port.ts'

/** A plain send of any client: who listens is told when it begins and how it ends, and may have put other headers on its records. */
export async function reportedSend (records: readonly OutgoingRecord[], doSend: PlainProducer['send']): ReturnType<PlainProducer['send']> {
  if (!isHeard('streams:send:begun')) return await doSend(records)
  const send: PlainSend = { records }
  let failure: Error | undefined
  publish('streams:send:begun', () => ({ send }))
  try {
    return await doSend(send.records)
  } catch (error) {
    failure = ensureError(error)
    throw error
  } finally {
    publish('streams:send:ended', () => ({ send, error: failure }))
  }
}
