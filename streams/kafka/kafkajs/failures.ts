import { ensureError, isStreamsError, StreamsError } from '../../errors.ts'
import { type BrokerErrorName, BrokerError, brokerErrorName } from '../wire/broker-error.ts'
import { LinkError } from './link.ts'

/** What an answer to a request that has no effect of its own (metadata, offsets, coordinator) means. */
type Meaning = 'again' | 'missing' | 'refused'

const meanings: Partial<Record<BrokerErrorName, Meaning>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'missing',
  INVALID_TOPIC_EXCEPTION: 'missing',
  LEADER_NOT_AVAILABLE: 'again',
  NOT_LEADER_OR_FOLLOWER: 'again',
  REQUEST_TIMED_OUT: 'again',
  BROKER_NOT_AVAILABLE: 'again',
  REPLICA_NOT_AVAILABLE: 'again',
  NETWORK_EXCEPTION: 'again',
  COORDINATOR_LOAD_IN_PROGRESS: 'again',
  COORDINATOR_NOT_AVAILABLE: 'again',
  NOT_COORDINATOR: 'again',
  NOT_ENOUGH_REPLICAS: 'again',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'again',
  REBALANCE_IN_PROGRESS: 'again',
  NOT_CONTROLLER: 'again',
  CONCURRENT_TRANSACTIONS: 'again',
  KAFKA_STORAGE_ERROR: 'again',
  FENCED_LEADER_EPOCH: 'again',
  UNKNOWN_LEADER_EPOCH: 'again',
  OFFSET_NOT_AVAILABLE: 'again',
  THROTTLING_QUOTA_EXCEEDED: 'again',
  UNKNOWN_SERVER_ERROR: 'again'
}

/** True when the same request may succeed later: the broker is away, moving or loading. */
export function isTransient (error: unknown): boolean {
  if (error instanceof LinkError) return true
  return error instanceof BrokerError && meanings[brokerErrorName(error.code) as BrokerErrorName] === 'again'
}

/** The StreamsError for whatever went wrong with a broker. The original is its cause. */
export function translate (thrown: unknown, context: Readonly<Record<string, unknown>> = {}): StreamsError {
  if (isStreamsError(thrown)) return thrown
  const error = ensureError(thrown)
  if (!(error instanceof BrokerError)) return new StreamsError('STR_BROKER_UNAVAILABLE', context, error)
  const details = { ...context, answer: brokerErrorName(error.code) }
  const meaning = meanings[brokerErrorName(error.code) as BrokerErrorName] ?? 'refused'
  const code = ({ again: 'STR_BROKER_UNAVAILABLE', missing: 'STR_TOPIC_MISSING', refused: 'STR_BROKER_REFUSED' } as const)[meaning]
  return new StreamsError(code, details, error)
}
