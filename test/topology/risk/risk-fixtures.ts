import { type AssessOrder, type AssessedOrder, type RiskAccount } from '#schemas'
import { type Body } from '../../../topology/commands/body.ts'
import { type AssessmentEnvironment, assessOrder } from '../../../topology/risk/assess-order.ts'
import { orderId, startMs } from '../orders/order-fixtures.ts'

export const minuteMs = 60_000
/** 2,000 pounds, in 1/10,000. */
export const activityLimit = 20_000_000n

/** Pounds as money. */
export const pounds = (amount: number): bigint => BigInt(Math.round(amount * 10_000))

/** An order id by number. */
export const orderNo = (no: number): string => `${orderId.slice(0, -12)}${no.toString(16).padStart(12, '0')}`

export function question (change: Partial<Body<AssessOrder>> = {}): Body<AssessOrder> {
  return { type: 'AssessOrder', orderId, customerId: 'customer-1', channel: 'storefront', total: pounds(100), currency: 'GBP', placedAt: startMs, ...change }
}

export function environment (change: Partial<AssessmentEnvironment> = {}): AssessmentEnvironment {
  return { nowMs: startMs, activityLimit, maintenance: { enabled: false, version: null }, ...change }
}

/** A customer whose orders are assessed one after the other. */
export class Assessor {
  account: RiskAccount | undefined
  readonly assessed = new Map<string, AssessedOrder>()

  ask (change: Partial<Body<AssessOrder>> = {}, env: Partial<AssessmentEnvironment> = {}) {
    const command = question(change)
    const assessment = assessOrder(this.account, this.assessed.get(command.orderId), command, environment(env))
    this.account = assessment.account ?? this.account
    this.assessed.set(command.orderId, assessment.assessed)
    return assessment.decision
  }
}
