import { type BrokerErrorName, BrokerError, brokerErrorName } from '../wire/broker-error.ts'
import { LinkError } from './link.ts'

/** What a member does after an answer of its coordinator. */
export type Reaction = 'join' | 'join-as-new' | 'find-coordinator' | 'wait' | 'give-up'

const reactions: Partial<Record<BrokerErrorName, Reaction>> = {
  REBALANCE_IN_PROGRESS: 'join',
  ILLEGAL_GENERATION: 'join',
  UNKNOWN_MEMBER_ID: 'join-as-new',
  NOT_COORDINATOR: 'find-coordinator',
  COORDINATOR_NOT_AVAILABLE: 'find-coordinator',
  COORDINATOR_LOAD_IN_PROGRESS: 'wait',
  UNKNOWN_SERVER_ERROR: 'wait',
  REQUEST_TIMED_OUT: 'wait',
  FENCED_INSTANCE_ID: 'give-up',
  INCONSISTENT_GROUP_PROTOCOL: 'give-up',
  INVALID_GROUP_ID: 'give-up',
  INVALID_SESSION_TIMEOUT: 'give-up',
  GROUP_AUTHORIZATION_FAILED: 'give-up',
  GROUP_MAX_SIZE_REACHED: 'give-up'
}

/** The reaction to a failed join, sync or heartbeat. A broken connection means that the coordinator may have moved. */
export function reactionTo (error: unknown): Reaction {
  if (error instanceof LinkError) return 'find-coordinator'
  if (!(error instanceof BrokerError)) return 'give-up'
  return reactions[brokerErrorName(error.code) as BrokerErrorName] ?? 'wait'
}
