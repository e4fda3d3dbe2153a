import { type StateQueryOptions } from '../../streams/state/query.ts'
import { riskAccountStore, riskName, riskProcessedStore } from '../../topology/risk/process-risk.ts'
import { type RiskQueries } from '../ports.ts'
import { createStateRows } from './state-rows.ts'

/** Reads the account of a customer where risk keeps it. */
export function createStateRiskQueries (options: StateQueryOptions): RiskQueries {
  const rows = createStateRows(options, riskName)
  return {
    read: async customerId => await rows.read(customerId, riskAccountStore, customerId),
    commandHash: async (customerId, commandId) => (await rows.read(customerId, riskProcessedStore, commandId))?.bodyHash
  }
}
