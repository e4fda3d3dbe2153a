import { type ChannelLetter } from '#schemas'
import { type EffectDef, type ProcessorContext } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { type ChannelAnswer, type ChannelPort, type OutsideChannel } from './channel.ts'

/** Name of the sub-topology: in task ids, the changelog and the hash slots of the state. */
export const notificationsName = 'notifications'

/** The answer of a channel. `mayBeTwice`: an earlier call with the same letter may have been carried out. */
export interface Answered { readonly answer: ChannelAnswer, readonly mayBeTwice: boolean }

export type FinishLetter = (context: ProcessorContext, letter: ChannelLetter, answered: Answered) => void

const letterSerde = stateSerde(notificationsName, 'ChannelLetter')

/**
 * The effect of one channel, with a lane of its own: a channel that does not answer delays no other. What an answer that was lost leads to is the
 * channel's policy: `once` is called again under its key; `atLeastOnce` likewise, after the time that a call may take, and it is written down that it may
 * have been twice; `atMostOnce` is not, and ends in doubt.
 */
export function createChannelEffect (name: OutsideChannel, port: ChannelPort, finish: FinishLetter): EffectDef<ChannelLetter, Answered> {
  const { policy, keyLifeMs, timeoutMs = 30_000, concurrency = 32 } = port
  /** Letters that an earlier call may have been made for. The runtime asks for them, and only for them, before it calls. */
  const doubted = new Set<string>()
  return {
    name,
    request: letterSerde,
    keyLifeMs,
    policy: policy === 'atMostOnce' ? 'at-most-once' : 'at-least-once',
    timeoutMs,
    concurrency,
    call: async ({ request, idempotencyKey }, signal) => {
      const answer = await send(port, request, signal)
      return { kind: 'succeeded', result: { answer, mayBeTwice: doubted.delete(idempotencyKey) } }
    },
    ...policy === 'atLeastOnce'
      ? {
          lookup: async ({ idempotencyKey }) => {
            doubted.add(idempotencyKey)
            return null
          }
        }
      : {},
    finish: (context, { request }, outcome) => {
      const answered = outcome.kind === 'succeeded' ? outcome.result : { answer: { kind: 'unknown' as const, message: outcome.message }, mayBeTwice: false }
      finish(context, request, answered)
    }
  }
}

/** A channel that throws has told nothing: its call may have been carried out. */
async function send (port: ChannelPort, letter: ChannelLetter, signal: AbortSignal): Promise<ChannelAnswer> {
  try {
    return await port.send(letter, signal)
  } catch (error) {
    return { kind: 'unknown', message: `the call failed (${(error as Error).name})` }
  }
}
