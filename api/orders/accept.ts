import { type Acceptance, appendOnce, knowledgeOf } from '../commands.ts'
import { type Principal } from '../permissions.ts'
import { type Services } from '../plugins/app/services.ts'
import { type PlaceOrderBody } from '../schemas/order.ts'
import { type OrderIdentity, isTrusted, placeOrderCommand } from './command.ts'

/** Who sends an order, and in which request. */
export interface Sender {
  readonly principal: Principal
  /** Names the request in logs and traces. */
  readonly correlationId: string
  readonly traceparent: string | undefined
  /** Sends many one after another, and waits for each. @default false */
  readonly isPaced?: boolean
}

/**
 * Writes a checked order into the log, once for each identity. Rejects as `appendOnce` does, and with STR_BROKER_UNAVAILABLE when the log
 * does not acknowledge it: a repeat under the same identity is the same order.
 */
export async function acceptOrder (services: Services, body: PlaceOrderBody, identity: OrderIdentity, sender: Sender): Promise<Acceptance> {
  const { principal, correlationId, traceparent, isPaced = false } = sender
  const { commandId, bodyHash, orderId } = identity
  return await appendOnce(services, {
    commandId,
    bodyHash,
    isPaced,
    known: async () => knowledgeOf((await services.orders.read(orderId)).bodyHash, bodyHash),
    append: async () => {
      const command = placeOrderCommand(body, { principal, identity, correlationId, nowMs: services.clock.now() })
      return await services.commandLog.append(command, { trusted: isTrusted(body, principal), traceparent })
    }
  })
}
