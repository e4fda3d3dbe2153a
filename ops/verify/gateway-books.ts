import { type GatewaySnapshot } from '../../topology/audit/laws.ts'

/** The authorisations in the books of the embedded gateway. Amounts in 1/10,000 of the currency's unit. */
export async function gatewayBooks (url: string): Promise<readonly GatewaySnapshot[]> {
  const response = await fetch(`${url}/v1/ledger`)
  if (!response.ok) throw new Error(`the gateway answered ${response.status} to a request for its ledger`)
  const { entries } = await response.json() as { readonly entries: ReadonlyArray<Readonly<Record<string, string>>> }
  return entries.map(entry => ({
    orderId: String(entry['orderId']),
    authorised: BigInt(String(entry['authorised'])),
    captured: BigInt(String(entry['captured'])),
    voided: BigInt(String(entry['voided'])),
    refunded: BigInt(String(entry['refunded']))
  }))
}
