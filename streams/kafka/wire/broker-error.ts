/** The error codes of the protocol that some decision of ours depends on. @source Kafka protocol guide, error codes */
export const brokerErrors = {
  UNKNOWN_SERVER_ERROR: -1,
  NONE: 0,
  OFFSET_OUT_OF_RANGE: 1,
  CORRUPT_MESSAGE: 2,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  LEADER_NOT_AVAILABLE: 5,
  NOT_LEADER_OR_FOLLOWER: 6,
  REQUEST_TIMED_OUT: 7,
  BROKER_NOT_AVAILABLE: 8,
  REPLICA_NOT_AVAILABLE: 9,
  MESSAGE_TOO_LARGE: 10,
  NETWORK_EXCEPTION: 13,
  COORDINATOR_LOAD_IN_PROGRESS: 14,
  COORDINATOR_NOT_AVAILABLE: 15,
  NOT_COORDINATOR: 16,
  INVALID_TOPIC_EXCEPTION: 17,
  NOT_ENOUGH_REPLICAS: 19,
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 20,
  ILLEGAL_GENERATION: 22,
  INCONSISTENT_GROUP_PROTOCOL: 23,
  INVALID_GROUP_ID: 24,
  UNKNOWN_MEMBER_ID: 25,
  INVALID_SESSION_TIMEOUT: 26,
  REBALANCE_IN_PROGRESS: 27,
  TOPIC_AUTHORIZATION_FAILED: 29,
  GROUP_AUTHORIZATION_FAILED: 30,
  CLUSTER_AUTHORIZATION_FAILED: 31,
  TOPIC_ALREADY_EXISTS: 36,
  NOT_CONTROLLER: 41,
  OUT_OF_ORDER_SEQUENCE_NUMBER: 45,
  DUPLICATE_SEQUENCE_NUMBER: 46,
  INVALID_PRODUCER_EPOCH: 47,
  INVALID_TXN_STATE: 48,
  INVALID_PRODUCER_ID_MAPPING: 49,
  INVALID_TRANSACTION_TIMEOUT: 50,
  CONCURRENT_TRANSACTIONS: 51,
  TRANSACTION_COORDINATOR_FENCED: 52,
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 53,
  OPERATION_NOT_ATTEMPTED: 55,
  KAFKA_STORAGE_ERROR: 56,
  UNKNOWN_PRODUCER_ID: 59,
  FENCED_LEADER_EPOCH: 74,
  UNKNOWN_LEADER_EPOCH: 75,
  OFFSET_NOT_AVAILABLE: 78,
  MEMBER_ID_REQUIRED: 79,
  GROUP_MAX_SIZE_REACHED: 81,
  FENCED_INSTANCE_ID: 82,
  PRODUCER_FENCED: 90,
  THROTTLING_QUOTA_EXCEEDED: 89
} as const

/** The name of a code in `brokerErrors`. */
export type BrokerErrorName = keyof typeof brokerErrors

const names = new Map<number, BrokerErrorName>(Object.entries(brokerErrors).map(([name, code]) => [code, name as BrokerErrorName]))

/** The protocol's name of an error code, or `CODE_n` for one that no decision depends on. */
export function brokerErrorName (code: number): BrokerErrorName | `CODE_${number}` {
  return names.get(code) ?? `CODE_${code}`
}

/** A broker answered with an error code. Kept as the cause of a StreamsError. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError'
  readonly code: number

  constructor (code: number, operation: string, detail?: string | null) {
    super(`${operation} was answered with ${brokerErrorName(code)}${detail === undefined || detail === null ? '' : `: ${detail}`}`)
    this.code = code
  }
}

/** True when the error is one of those answers. */
export function isBrokerError (error: unknown, ...expected: readonly BrokerErrorName[]): error is BrokerError {
  return error instanceof BrokerError && expected.some((name) => brokerErrors[name] === error.code)
}
