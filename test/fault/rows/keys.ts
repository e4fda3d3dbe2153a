import { setTimeout as sleep } from 'node:timers/promises'
import { rotateTokenKey } from '../../../ops/token-key.ts'
import { newOrderId } from '../../support/orders.ts'
import { type Act } from '../stage/act.ts'
import { until } from '../../support/until.ts'
import { type Row } from './row.ts'

/** Key id in the header of a token. */
function keyIdOf (token: string): string {
  const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { readonly kid?: string }
  return header.kid ?? ''
}

/** Asks the API with a token; the order does not exist, so that a token that counts gets 404. */
async function statusFor ({ stage }: Act, token: string): Promise<number> {
  return (await fetch(`${stage.apiUrl}/v1/orders/${newOrderId()}`, { headers: { authorization: `Bearer ${token}` } })).status
}

export const keyRows: readonly Row[] = [
  {
    number: 31,
    fault: 'key rotation: JWT, webhook secret, SASL',
    done: 'the key of access tokens is rotated while requests with tokens of before, and of the moment, come ten times a second until some seconds after the new key began to sign',
    missing: 'secrets of outgoing webhooks; passwords of the broker under load (they are changed in test/integration/secure-broker)',
    group: 'input',
    run: async act => {
      const { stage } = act
      // A user of each request's own, or nearly: how often one may ask is limited.
      const token = async (user: number): Promise<string> => await stage.token('Customer', `customer-31-${user}`)
      const olds = await Promise.all(Array.from({ length: 50 }, async (_, user) => await token(user)))
      const oldKey = keyIdOf(olds[0] ?? '')
      const seen = new Map<number, number>()
      const signers = new Set<string>()
      const ended = new AbortController()
      const asking = (async () => {
        for (let round = 0; !ended.signal.aborted; round++) {
          const fresh = await token(olds.length + round)
          signers.add(keyIdOf(fresh))
          for (const status of await Promise.all([olds[round % olds.length] ?? '', fresh].map(async each => await statusFor(act, each)))) seen.set(status, (seen.get(status) ?? 0) + 1)
          await sleep(100)
        }
      })()
      try {
        await act.fault('key rotated', async () => { await rotateTokenKey(stage.services.config) })
        await until(async () => keyIdOf(await token(0)) !== oldKey, 'the new key signs', 90_000)
        await act.moves()
        await sleep(5000)
      } finally {
        ended.abort()
        await asking
      }
      act.note(`answers by status: ${[...seen].map(([status, count]) => `${status} × ${count}`).join(', ')}`)
      act.expect(`tokens of two keys were shown, not of ${signers.size}`, signers.size === 2)
      act.expect(`no token was refused: ${seen.get(401) ?? 0} were`, (seen.get(401) ?? 0) === 0 && (seen.get(404) ?? 0) > 0)
    }
  }
]
