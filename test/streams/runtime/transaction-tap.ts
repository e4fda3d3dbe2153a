import { type OutgoingRecord } from '../../../streams/index.ts'
import { type CommitResult, type Kafka, type TransactionOptions, type TransactionUnit } from '../../../streams/kafka/port.ts'
import { type World } from './world.ts'

export type AroundCommit = (unit: TransactionUnit, records: readonly OutgoingRecord[]) => Promise<CommitResult>

/** Puts itself between every process of a world and its transactions. Answers the list of calls, which grows. */
export function tapTransactions (world: World, around: AroundCommit): string[] {
  const calls: string[] = []
  const client = world.broker.client.bind(world.broker)
  world.broker.client = (...given) => {
    const made = client(...given)
    if (given.length === 0) tap(made, around, calls)
    return made
  }
  return calls
}

function tap (client: Kafka, around: AroundCommit, calls: string[]): void {
  const open = client.openTransactions.bind(client)
  Object.assign(client, {
    openTransactions: (options: TransactionOptions): TransactionUnit => {
      const unit = open(options)
      return {
        transactionalId: unit.transactionalId,
        init: async signal => {
          calls.push('init')
          await unit.init(signal)
        },
        commit: async records => {
          calls.push('commit')
          return await around(unit, records)
        },
        close: () => { unit.close() }
      }
    }
  })
}
