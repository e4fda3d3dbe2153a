import { type RiskAccount, type SetCreditLimit } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type Rejection } from '../commands/processed-command.ts'
import { isCurrency, isMoney } from '../money.ts'
import { blankAccount, withAmount } from './account.ts'

/** The account with the limit set, or the rule that was broken. Orders that were decided before stay so. Pure. */
export function setCreditLimit (
  account: RiskAccount | undefined, { customerId, currency, limit }: Body<SetCreditLimit>
): { readonly account: RiskAccount } | { readonly rejection: Rejection } {
  if (customerId === '') return { rejection: { code: 'customer-missing', field: '/customerId', message: 'a credit limit is about a customer' } }
  if (!isCurrency(currency)) return { rejection: { code: 'currency-unknown', field: '/currency', message: 'the currency is not an active ISO 4217 code' } }
  if (limit !== null && (limit < 0n || !isMoney(limit))) return { rejection: { code: 'invalid-limit', field: '/limit', message: 'a credit limit is not below zero' } }
  const known = account ?? blankAccount(customerId)
  return { account: { ...known, limits: withAmount(known.limits, currency, limit) } }
}
