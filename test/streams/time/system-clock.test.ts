import { test } from 'tap'
import { systemClock } from '../../../streams/time/system-clock.ts'

test('system clock shows the time of the machine', async t => {
  const before = Date.now()
  const now = systemClock.now()
  t.ok(now >= before && now <= Date.now())
})

test('system clock rejects a sleep with the reason when its signal aborts', async t => {
  const abort = new AbortController()
  const slept = systemClock.sleep(60_000, abort.signal)
  const reason = new Error('enough')
  abort.abort(reason)
  await t.rejects(slept, reason)
})

test('system clock calls back once, unless cancelled', async t => {
  const seen: string[] = []
  const cancel = systemClock.schedule(1, () => { seen.push('cancelled') })
  cancel()
  await new Promise<void>(resolve => {
    systemClock.schedule(5, () => {
      seen.push('called')
      resolve()
    })
  })
  await systemClock.sleep(1)
  t.same(seen, ['called'])
})
