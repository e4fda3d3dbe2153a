import { type CallGuard, type CallGuardOptions, createCallGuard } from '../../streams/effects/call-guard.ts'
import { type PaymentGateway } from './gateway.ts'

/** Three of the longest waits fit into the order's step timeout. `timeoutMs` @default 5000 */
export type GuardOptions = Partial<CallGuardOptions>

/** A gateway behind its guard, and what the guard says about itself. */
export interface GuardedGateway extends PaymentGateway, Pick<CallGuard, 'breaker'> {}

/** Puts a guard around a gateway: a declined card says nothing about its health. A call that the guard stops is `unavailable` with code held-back. */
export function guardGateway (gateway: PaymentGateway, options: GuardOptions = {}): GuardedGateway {
  const { run, breaker } = createCallGuard({ timeoutMs: 5_000, ...options })
  return {
    authorise: (request, signal) => run(signal, inner => gateway.authorise(request, inner)),
    capture: (request, signal) => run(signal, inner => gateway.capture(request, inner)),
    void: (request, signal) => run(signal, inner => gateway.void(request, inner)),
    refund: (request, signal) => run(signal, inner => gateway.refund(request, inner)),
    find: (request, signal) => run(signal, inner => gateway.find(request, inner)),
    close: () => gateway.close(),
    breaker
  }
}
