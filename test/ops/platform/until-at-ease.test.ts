import { test } from 'tap'
import { createManualClock } from '#streams/testing'
import { untilAtEase } from '../../../ops/platform/until-at-ease.ts'

test('a server opens its door when its own making does not press it any more, and at the latest after five seconds', async t => {
  const clock = createManualClock()
  let pressed = true
  let isOpen = false
  const opening = untilAtEase({ isUnderPressure: () => pressed }, clock).then(() => { isOpen = true })
  await clock.advance(1_000)
  t.equal(isOpen, false)
  pressed = false
  await clock.advance(100)
  await opening
  pressed = true
  const late = untilAtEase({ isUnderPressure: () => pressed }, clock)
  await clock.advance(6_000)
  await late
  t.equal(clock.waiting, 0)
})
