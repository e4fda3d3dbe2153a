import { StreamsError } from '../../streams/errors.ts'
import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { type StoreDef } from '../../streams/processor.ts'
import { createStateQuery } from '../../streams/state/query.ts'
import { riskAccountStore, riskName, riskProcessedStore } from '../../topology/risk/process-risk.ts'
import { partitions } from '../../topology/topics.ts'
import { type RiskQueries } from '../ports.ts'
import { type StateQueriesOptions } from './state-order-queries.ts'

/** Reads the account of a customer where risk keeps it. A task whose state is missing or being restored is not read: STR_STATE_UNAVAILABLE. */
export function createStateRiskQueries (options: StateQueriesOptions): RiskQueries {
  const query = createStateQuery(options)
  const read = async <V>(customerId: string, store: StoreDef<V>, key: string): Promise<V | undefined> => {
    const partition = partitionOf(customerId, partitions)
    const answer = await query.get(riskName, partition, [[store, key]])
    if (answer.status !== 'ready') throw new StreamsError('STR_STATE_UNAVAILABLE', { node: riskName, partition, reason: answer.status })
    return answer.values[0]
  }
  return {
    read: async customerId => await read(customerId, riskAccountStore, customerId),
    commandHash: async (customerId, commandId) => (await read(customerId, riskProcessedStore, commandId))?.bodyHash
  }
}
