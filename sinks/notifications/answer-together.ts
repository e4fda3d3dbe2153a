import { type Clock } from '../../streams/time/clock.ts'
import { systemClock } from '../../streams/time/system-clock.ts'
import { type LetterChannel } from './dispatch.ts'

export interface AnswerTogetherOptions {
  /** @default systemClock */
  readonly clock?: Pick<Clock, 'sleep'>
  /** How long an answer waits for others at most, ms. @default 20 */
  readonly windowMs?: number
}

/**
 * Gives the answers of calls that end close together at the same moment, so that what they lead to is written in one transaction: at many letters a
 * second their transactions cost the broker more than anything else. A letter arrives no later for it; only that it did is known a moment later.
 */
export function answerTogether (channel: LetterChannel, { clock = systemClock, windowMs = 20 }: AnswerTogetherOptions = {}): LetterChannel {
  let window: Promise<void> | undefined
  const end = async (): Promise<void> => {
    await clock.sleep(windowMs)
    window = undefined
  }
  return {
    ...channel,
    send: async (letter, signal) => {
      const answer = await channel.send(letter, signal)
      await (window ??= end())
      return answer
    }
  }
}
