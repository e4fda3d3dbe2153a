import { test } from 'tap'
import { isTimeZone, quietUntilMs } from '../../../topology/notifications/quiet-hours.ts'

const at = (text: string): number => Date.parse(text)
const night = (timeZone: string | null) => ({ quietFrom: 22 * 60, quietUntil: 7 * 60, timeZone })

test('quiet hours end at their minute, over midnight and in the time zone of the reader', t => {
  const cases: ReadonlyArray<readonly [zone: string | null, now: string, until: string | undefined]> = [
    [null, '2026-01-01T21:59:59Z', undefined],
    [null, '2026-01-01T22:00:00Z', '2026-01-02T07:00:00Z'],
    [null, '2026-01-02T06:59:59.999Z', '2026-01-02T07:00:00Z'],
    [null, '2026-01-02T07:00:00Z', undefined],
    ['Europe/Berlin', '2026-01-01T21:30:00Z', '2026-01-02T06:00:00Z'],
    ['Europe/Berlin', '2026-07-01T20:30:00Z', '2026-07-02T05:00:00Z'],
    ['Asia/Kolkata', '2026-01-01T16:30:00Z', '2026-01-02T01:30:00Z']
  ]
  for (const [zone, now, until] of cases) t.equal(quietUntilMs(night(zone), at(now)), until === undefined ? undefined : at(until), `${zone} ${now}`)
  t.end()
})

test('there are no quiet hours when none are set, or they have no length', t => {
  for (const [quietFrom, quietUntil] of [[null, null], [60, null], [60, 60]] as const) t.equal(quietUntilMs({ quietFrom, quietUntil, timeZone: null }, at('2026-01-01T01:00:00Z')), undefined)
  t.same([isTimeZone('Europe/Berlin'), isTimeZone('Nowhere')], [true, false])
  t.end()
})
