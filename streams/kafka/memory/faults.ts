import { FaultPlan } from '../../fault-plan.ts'
import { BrokerError } from './broker-error.ts'

export type BrokerApi =
  | 'metadata' | 'listOffsets' | 'fetch' | 'produce' | 'initProducerId' | 'addPartitions' | 'endTxn'
  | 'joinGroup' | 'heartbeat' | 'leaveGroup' | 'offsetCommit' | 'admin'

/** One request of a client, as faults see it. */
export interface BrokerCall {
  readonly api: BrokerApi
  readonly clientId: string
  readonly transactionalId?: string
  readonly groupId?: string
  readonly topic?: string
  readonly partition?: number
  /** What the broker does when the request arrives: a network that delivers it late, or twice, calls it. */
  readonly act?: () => unknown
}

export type BrokerFaults = FaultPlan<BrokerCall>

export function createBrokerFaults (): BrokerFaults {
  return new FaultPlan(() => new BrokerError('NETWORK', 'injected'))
}
