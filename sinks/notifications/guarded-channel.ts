import { type CallGuard, type CallGuardOptions, createCallGuard } from '../../streams/effects/call-guard.ts'
import { type Channel } from './channel.ts'

/** `timeoutMs` @default 15000 */
export type ChannelGuardOptions = Partial<CallGuardOptions>

/** A channel behind its guard, and what the guard says about itself. */
export interface GuardedChannel extends Channel, Pick<CallGuard, 'breaker'> {}

/** Puts a guard of its own around a channel, so that a dead one takes nothing from the others. A call that it stops is `unavailable` with code held-back. */
export function guardChannel (channel: Channel, options: ChannelGuardOptions = {}): GuardedChannel {
  const { run, breaker } = createCallGuard({ timeoutMs: 15_000, ...options })
  return {
    ...channel,
    send: async (message, signal) => await run(signal, inner => channel.send(message, inner)),
    close: async () => { await channel.close() },
    breaker
  }
}
