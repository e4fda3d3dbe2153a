import { type Kafka } from '#streams'
import { countRecords } from '../../ops/verify/topic-count.ts'
import { deadLetterTopic } from '../../topology/index.ts'

/** Totals of the payment gateway's ledger by currency, in 1/10,000 of the unit. */
export type GatewayTotals = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What the payment gateway at this address says that it took and gave back. */
export async function gatewayTotals (url: string): Promise<GatewayTotals> {
  const ledger = await fetch(`${url}/v1/ledger`)
  return (await ledger.json() as { readonly totals: GatewayTotals }).totals
}

/** Records in the topic of dead letters. */
export async function countDeadLetters (kafka: Kafka): Promise<number> {
  const letters = await countRecords(kafka, [deadLetterTopic as never], new Map())
  return [...letters.values()].reduce((sum, count) => sum + count, 0)
}
