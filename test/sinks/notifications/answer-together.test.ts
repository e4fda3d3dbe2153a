import { test } from 'tap'
import { answerTogether } from '../../../sinks/notifications/answer-together.ts'
import { type LetterChannel } from '../../../sinks/notifications/dispatch.ts'
import { createManualClock } from '../../../streams/time/manual-clock.ts'

test('answers that come close together are given together, and those that come later with the next ones', async t => {
  const clock = createManualClock(0)
  const inner: LetterChannel = { policy: 'once', keyLifeMs: 5, send: async letter => ({ kind: 'sent', providerId: letter.deliveryId }) }
  const channel = answerTogether(inner, { clock, windowMs: 20 })
  const given: string[] = []
  const send = (deliveryId: string) => {
    channel.send({ deliveryId } as never, new AbortController().signal).then(answer => { given.push(`${deliveryId} ${JSON.stringify(answer)}`) }, t.fail)
  }
  send('a')
  await clock.advance(19)
  send('b')
  await clock.advance(0)
  t.same(given, [], 'the first one waits for others')
  await clock.advance(1)
  t.same(given, ['a', 'b'].map(id => `${id} ${JSON.stringify({ kind: 'sent', providerId: id })}`))
  send('c')
  await clock.advance(19)
  t.equal(given.length, 2)
  await clock.advance(1)
  t.equal(given.length, 3)
  t.same([channel.policy, channel.keyLifeMs], ['once', 5])
})
