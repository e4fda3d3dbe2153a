import { StreamsError, type StreamErrorCode } from '../../errors.ts'

/** Answers of the memory broker other than success, named as the Kafka protocol names them; NETWORK = no answer at all. */
export type BrokerErrorCode =
  | 'NETWORK' | 'UNKNOWN_TOPIC_OR_PARTITION' | 'OFFSET_OUT_OF_RANGE'
  | 'PRODUCER_FENCED' | 'INVALID_PRODUCER_EPOCH' | 'INVALID_TXN_STATE' | 'OUT_OF_ORDER_SEQUENCE_NUMBER' | 'NOT_ENOUGH_REPLICAS'
  | 'UNKNOWN_MEMBER_ID' | 'FENCED_INSTANCE_ID' | 'ILLEGAL_GENERATION' | 'REBALANCE_IN_PROGRESS'

/** What the broker answers with; a client turns it into a StreamsError and keeps it as `cause`. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError'
  readonly code: BrokerErrorCode

  constructor (code: BrokerErrorCode, detail = '') {
    super(detail === '' ? code : `${code}: ${detail}`)
    this.code = code
  }
}

const plainCodes: Readonly<Partial<Record<BrokerErrorCode, StreamErrorCode>>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'STR_TOPIC_MISSING',
  OFFSET_OUT_OF_RANGE: 'STR_OFFSET_OUT_OF_RANGE'
}

const fencingCodes: ReadonlySet<BrokerErrorCode> = new Set(['PRODUCER_FENCED', 'INVALID_PRODUCER_EPOCH'])

/** Translates an answer outside transactions. Errors of other classes pass unchanged. */
export function translatePlain (error: unknown, context: Readonly<Record<string, unknown>> = {}): unknown {
  return error instanceof BrokerError ? new StreamsError(plainCodes[error.code] ?? 'STR_BROKER_UNAVAILABLE', context, error) : error
}

/** Translates an answer within a transaction: fenced, or nothing is known (R4). */
export function translateTransactional (error: unknown, transactionalId: string): StreamsError {
  const fenced = error instanceof BrokerError && fencingCodes.has(error.code)
  return new StreamsError(fenced ? 'STR_TXN_FENCED' : 'STR_TXN_UNKNOWN', { transactionalId }, error)
}
