import { type RiskReason } from '#schemas'

const words: Readonly<Record<RiskReason, string>> = {
  other: 'a rule that is not known here',
  activity: 'the customer orders for much within an hour',
  creditLimit: 'the customer would owe more than the credit limit allows',
  creditCurrency: 'the customer has a credit limit in another currency only',
  maintenance: 'no orders are taken during maintenance'
}

/** Reasons in words for people. */
export function describeReasons (reasons: readonly RiskReason[]): string {
  return reasons.map(reason => words[reason]).join('; ')
}
